"""The nginx configuration of docs/deploy.md, tried with the nginx of this machine."""

import gzip
import http.client
import os
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.server.conftest import ROOT, Endpoint, run_server, wait_until
from tests.server.connection import Connection, head
from tests.server.engines import free_port

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
DEPLOY = (ROOT / "docs" / "deploy.md").read_text("utf-8")
(SITE,) = re.findall(r"```nginx\n(.*?)```", DEPLOY, re.DOTALL)
DIRECT = "application/sparql-query"
PUBLIC = "https://maillage.example.org"
SLOW = "SELECT (COUNT(*) AS ?n) {" + " ".join(f"?s{i} ?p{i} ?o{i} ." for i in range(12)) + "}"
MAIN = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{ }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    {site}
}}
"""

pytestmark = pytest.mark.skipif(
    NGINX is None and not os.environ.get("CI"), reason="there is no nginx"
)


@contextmanager
def in_front(folder: Path, endpoints: list[Endpoint]) -> Iterator[str]:
    """nginx as the document has it, but for ports and places."""
    servers = [f"server {endpoint.address.removeprefix('http://')};" for endpoint in endpoints]
    site = SITE.replace("server 127.0.0.1:8000;", " ".join(servers))
    site = site.replace("/var/log/nginx", str(folder)).replace("    listen [::]:80;\n", "")
    folder.mkdir(exist_ok=True)
    for _ in range(5):  # another may take the port first
        port = free_port()
        listening = site.replace("listen 80;", f"listen 127.0.0.1:{port};")
        assert listening != site
        (folder / "nginx.conf").write_text(MAIN.format(folder=folder, site=listening))
        process = subprocess.Popen(
            [NGINX, "-c", str(folder / "nginx.conf"), "-p", str(folder), "-e", str(folder / "e")]
        )
        while process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
            except OSError:
                time.sleep(0.02)
                continue
            try:
                yield f"http://127.0.0.1:{port}"
            finally:
                process.terminate()
                process.wait(20)
            return
    pytest.fail((folder / "error.log").read_text())


@pytest.fixture(scope="module")
def server(tmp_path_factory, data_file) -> Iterator[Endpoint]:
    """A server that is told of its proxy."""
    yield from run_server(
        tmp_path_factory.mktemp("server"), data=[data_file], proxies=1, client_requests=2,
        deadline=8, max_query_length=100_000, evaluators=1, slow_queries=8, access_log="",
    )  # fmt: skip


@pytest.fixture(scope="module")
def proxied(tmp_path_factory, server) -> Iterator[Endpoint]:
    """That server as the public sees it."""
    with in_front(tmp_path_factory.mktemp("nginx"), [server]) as address:
        yield Endpoint(address, server.home, server.process)


def ask_from(source: str, endpoint: Endpoint, path: str, headers=None):
    """The status, headers and body that a client at that address gets."""
    host, _, port = endpoint.address.removeprefix("http://").partition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=60, source_address=(source, 0))
    try:
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def test_what_is_compressed_passes_as_it_is(proxied, server):
    query = "SELECT * { VALUES ?x { " + " ".join(map(str, range(2000))) + " } }"
    for asked, coding in (("gzip", "gzip"), ("zstd", "zstd"), ("identity", None)):
        headers = {"Accept-Encoding": asked, "Accept": "text/csv"}
        through, direct = (e.get(query, headers=headers) for e in (proxied, server))
        assert through.headers["Content-Encoding"] == coding
        assert through.body == direct.body
        assert "Accept-Encoding" in through.headers["Vary"]
        if coding == "gzip":
            assert gzip.decompress(through.body).count(b"\n") == 2001


def test_what_is_had_already_is_not_sent_again(proxied):
    first = proxied.get("SELECT * { ?s ?p ?o }")
    known = {"If-None-Match": first.headers["ETag"]}
    again = proxied.get("SELECT * { ?s ?p ?o }", headers=known)
    assert (again.status, again.body, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert again.headers["Access-Control-Allow-Origin"] == "*"


def test_head_tells_what_get_would(proxied):
    path = f"/sparql?query={quote('ASK {}')}"
    got, told = proxied.request(path), proxied.request(path, method="HEAD")
    assert (told.status, told.body) == (200, b"")
    for name in ("Content-Type", "Content-Length", "ETag", "Content-Security-Policy"):
        assert told.headers[name] == got.headers[name]


def test_no_answer_names_the_version_of_nginx(proxied):
    assert not re.search(r"\d", proxied.request("/health").headers["Server"])


def test_the_limits_hold_for_the_client_that_nginx_sees(proxied, server):
    slow = [Connection(proxied) for _ in range(2)]
    for connection in slow:
        connection.send(head(f"/sparql?query={quote(SLOW)}"))
    wait_until(lambda: server.running == 2)
    claims = {"X-Forwarded-For": "203.0.113.9", "Accept-Language": "en"}
    small = f"/sparql?query={quote('ASK { FILTER (1 >= 0) }')}"
    status, headers, body = ask_from("127.0.0.1", proxied, small, claims)
    assert (status, headers["Retry-After"]) == (429, "1")
    assert headers["Content-Type"] == "application/problem+json"
    assert b"Too many requests" in body
    assert ask_from("127.0.0.2", proxied, "/sparql?query=ASK%7B%7D")[0] == 200
    for connection in slow:
        connection.reset()
    wait_until(lambda: server.running == 0)  # at their deadline


def test_a_refusal_passes_with_its_reason(proxied):
    reply = proxied.get(SLOW, timeout="0.3")
    assert (reply.status, reply.json["limit"]) == (503, 0.3)
    assert reply.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(("length", "status"), [(20_000, 200), (60_000, 200), (200_000, 414)])
def test_an_address_may_be_as_long_as_the_document_says(proxied, length, status):
    assert proxied.request(f"/sparql?query=ASK%7B%7D&x={'x' * length}").status == status


@pytest.mark.parametrize(
    ("size", "kind"), [(90_000, None), (150_000, "query-length"), (2_000_000, "body-size")]
)
def test_it_is_the_server_that_refuses_a_long_body(proxied, size, kind):
    reply = proxied.post(f"ASK {{}} #{'x' * size}".encode(), DIRECT)
    assert reply.status == (413 if kind else 200)
    assert kind is None or reply.json["type"].endswith(kind)


def test_nginx_refuses_what_is_longer_still(proxied):
    assert proxied.post(b"x" * 9_000_000, DIRECT).status in (413, 0)


def test_a_slow_reader_keeps_no_thread_of_the_server(proxied, server):
    rows = " ".join(f"VALUES ?{n} {{ {' '.join(map(str, range(60)))} }}" for n in "abc")
    query = quote(f"SELECT ?t {{ {rows} BIND ('{'x' * 90}' AS ?t) }}")
    host, _, port = proxied.address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=60) as reader:
        reader.sendall(f"GET /sparql?format=csv&query={query} HTTP/1.0\r\n\r\n".encode())
        beginning = reader.recv(4096)
        assert beginning.startswith(b"HTTP/1.1 200")
        wait_until(lambda: server.running == 0)  # it waits for the reader no more
        whole = beginning + b"".join(iter(lambda: reader.recv(1 << 20), b""))
    assert whole.endswith(b"x" * 90 + b"\r\n")
    assert whole.count(b"x" * 90) == 60**3


def test_a_slow_sender_reaches_the_server_when_all_is_there(proxied):
    host, _, port = proxied.address.removeprefix("http://").partition(":")
    lines = ("POST /sparql HTTP/1.0", f"Content-Type: {DIRECT}", "Content-Length: 6", "", "ASK {}")
    with socket.create_connection((host, int(port)), timeout=60) as sender:
        for byte in "\r\n".join(lines).encode():
            sender.sendall(bytes([byte]))
        assert b'"boolean":true' in b"".join(iter(lambda: sender.recv(65536), b""))


def test_the_metrics_are_for_this_machine(proxied):
    assert ask_from("127.0.0.1", proxied, "/metrics")[0] == 200
    assert ask_from("127.0.0.2", proxied, "/metrics")[0] == 403


def test_links_begin_with_the_public_address(tmp_path, data_file):
    port = free_port()
    for server in run_server(tmp_path, data=[data_file], evaluators=1, base_url=PUBLIC, port=port):
        behind = Endpoint(f"http://127.0.0.1:{port}", server.home, server.process)
        with in_front(tmp_path / "nginx", [behind]) as address:
            site = Endpoint(address, server.home, server.process)
            page = site.request("/queries", headers={"Accept": "text/html"})
            described = site.request("/sparql", headers={"Accept": "application/n-triples"})
        assert f'href="{PUBLIC}/queries' in page.text
        assert address not in page.text
        assert f"<{PUBLIC}/sparql> " in described.text
        assert address not in described.text


def test_a_server_that_stops_costs_no_request_where_there_are_two(tmp_path, data_file):
    settings = {"data": [data_file], "evaluators": 1, "access_log": ""}
    for first in run_server(tmp_path, **settings):
        for second in run_server(tmp_path, **settings):
            with in_front(tmp_path / "nginx", [first, second]) as address:
                site = Endpoint(address, tmp_path, first.process)
                statuses: list[int] = []
                done = threading.Event()

                def ask(site: Endpoint = site, done=done, statuses=statuses) -> None:
                    while not done.is_set():
                        query = f"ASK {{ FILTER ({len(statuses)} >= 0) }}".encode()
                        statuses.append(site.post(query, DIRECT).status)

                asking = threading.Thread(target=ask)
                asking.start()
                wait_until(lambda seen=statuses: len(seen) > 20)
                first.process.terminate()
                first.process.wait(120)
                after = len(statuses)
                wait_until(lambda seen=statuses, after=after: len(seen) > after + 20)
                done.set()
                asking.join()
    assert set(statuses) == {200}
