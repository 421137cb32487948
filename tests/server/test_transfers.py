"""Bodies that come in and go out: whole, slowly, never, or too many at a time."""

import gzip
import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO
from urllib.parse import quote

import pytest

from server.engine.errors import Busy
from server.engine.result_files import ResultFiles
from tests.server.conftest import Endpoint, run_server, wait_until
from tests.server.connection import CHUNKED, LAST, QUERY, Connection, chunk, head, post, said, sized

DIRECT = "application/sparql-query"
THREADS = 32
READING, SENDING = THREADS // 8, THREADS // 2
DIGITS = " ".join(f"VALUES ?{name} {{ {' '.join(map(str, range(100)))} }}" for name in "abc")
LONG = f"SELECT ?t {{ {DIGITS} BIND ('{'x' * 100}' AS ?t) }} LIMIT"
ROWS = 200_000


@pytest.fixture(scope="module")
def few_threads(tmp_path_factory, data_file) -> Iterator[Endpoint]:
    """A server with few threads, so that a test can have them all."""
    yield from run_server(
        tmp_path_factory.mktemp("few"), data=[data_file], threads=THREADS, evaluators=2,
        access_log="", deadline=60, queue_wait=60, patience=60,
    )  # fmt: skip


@pytest.mark.parametrize("length", [len(QUERY) + 1, 5000])
def test_a_query_of_which_the_end_does_not_come_is_not_evaluated(connection, length):
    connection.send(post(f"Content-Length: {length}", body=QUERY))
    connection.socket.shutdown(socket.SHUT_WR)
    reply = connection.answer()
    assert (reply.status, reply.json["type"].rpartition("/")[2]) == (400, "broken-body")


def test_a_query_in_chunks_is_read_whole(connection):
    connection.send(post(CHUNKED, body=chunk(QUERY[:9]) + chunk(QUERY[9:]) + LAST))
    assert connection.answer().body == "x\r\nété\r\n".encode()


@pytest.mark.parametrize("told", [True, False])
def test_a_body_that_is_too_large_is_refused(endpoint, told):
    size = 8 * 1024 * 1024
    with Connection(endpoint) as connection:
        if told:
            connection.send(post(f"Content-Length: {size}"))  # none of it is waited for
        else:
            connection.send(post(CHUNKED, body=chunk(b"#" * size)))
        assert connection.answer().status == 413
    assert endpoint.get("ASK {}").status == 200


def test_bodies_that_never_come_leave_threads_for_others(few_threads):
    with ExitStack() as stack:
        held = [stack.enter_context(Connection(few_threads)) for _ in range(2 * THREADS)]
        for connection in held:
            connection.send(post("Content-Length: 999", body=b"ASK"))
        wait_until(lambda: few_threads.running == READING)
        assert few_threads.request("/", headers={"Accept": "text/html"}).status == 200
        assert few_threads.get("ASK {}").status == 200
        told = few_threads.post(b"ASK {}", DIRECT)
        assert (told.status, told.json["type"].rpartition("/")[2]) == (503, "busy")
        assert int(told.headers["Retry-After"]) > 0
    wait_until(lambda: few_threads.running == 0)
    assert few_threads.post(b"ASK {}", DIRECT).status == 200


def test_long_answers_that_nobody_takes_leave_threads_for_others(few_threads):
    answers = []
    with ExitStack() as stack:
        for number in range(SENDING + 2):
            connection = stack.enter_context(Connection(few_threads, buffer=4096))
            query = quote(f"{LONG} {ROWS + number}")
            connection.send(head(f"/sparql?format=csv&query={query}", "Accept-Encoding: identity"))
            answers.append(connection.socket.recv(12))
        assert answers == [b"HTTP/1.1 200"] * SENDING + [b"HTTP/1.1 503"] * 2
        assert few_threads.get("ASK { ?s ?p 1 }").status == 200
        assert few_threads.request("/health").status == 200
    wait_until(lambda: few_threads.running == 0)
    whole = few_threads.get(f"{LONG} {ROWS}", {"Accept": "text/csv"})
    assert (whole.status, whole.body.count(b"\n")) == (200, ROWS + 1)


def test_the_dump_is_unpacked_as_it_is_sent(own_endpoint):
    (path,) = own_endpoint.home.glob("versions/*/maillage.nq.gz")
    line = b'<https://example.org/a> <https://example.org/b> "%s" .\n' % (b"c" * 1000)
    with gzip.open(path, "wb", compresslevel=1) as dump:
        for _ in range(200):
            dump.write(line * 1000)
    (speaker,) = own_endpoint.speakers
    before = resident(speaker)
    with Connection(own_endpoint) as connection:
        connection.send(head("/export.nq", "Accept-Encoding: identity"))
        first = connection.socket.recv(100_000)
        assert first.startswith(b"HTTP/1.1 200")
        time.sleep(1)
        assert resident(speaker) < before + 50
    unchanged = own_endpoint.request("/export.nq", method="HEAD")
    assert (unchanged.status, unchanged.body) == (200, b"")
    assert unchanged.headers["Content-Length"] is None
    refused = own_endpoint.request("/export.nq", headers={"If-Match": '"other"'})
    assert (refused.status, refused.json["type"].rpartition("/")[2]) == (412, "condition")
    etag = unchanged.headers["ETag"]
    assert own_endpoint.request("/export.nq", headers={"If-None-Match": etag}).status == 304
    assert own_endpoint.request("/health").status == 200


def resident(pid: int) -> int:
    """The memory of a process (MiB)."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 // 2**20


@pytest.mark.parametrize("path", ["/sparql?query=ASK%7B%7D", "/"])
def test_a_condition_that_does_not_hold_is_told_without_the_content(endpoint, path):
    reply = endpoint.request(path, headers={"If-Match": '"other"', "Accept-Language": "en"})
    assert reply.status == 412
    assert "If-Match" in json.loads(reply.body)["detail"]


@pytest.mark.parametrize("host", ["a" * 64, "a" * 100_000, "a..b", "a/b", "a b", "a,b", "-" * 999])
@pytest.mark.parametrize("path", ["/", "/nothing", "/sparql?query=x", "/id/a"])
def test_a_host_that_is_none_is_left_out(endpoint, host, path):
    reply = endpoint.request(path, headers={"Host": host, "Accept": "text/html"})
    assert reply.status in (200, 404, 400)
    assert host not in reply.text.replace(" ", "") or len(host) == 3
    assert endpoint.address.removeprefix("http://") in reply.text or "/static/" in reply.text


@pytest.mark.parametrize("size", [1, 1_000_000])
def test_a_full_disk_is_told_and_nothing_stays_counted(monkeypatch, size):
    def full(_: int) -> IO[bytes]:
        return Path("/dev/full").open("w+b")

    monkeypatch.setattr("server.engine.result_files.SpooledTemporaryFile", full)
    files = ResultFiles(10**9)

    def take(size: int) -> None:
        with files.open() as result:
            result.write(b"x" * size)
            result.seek(0)  # where what waited in a buffer finds no room

    with pytest.raises(Busy):
        take(size)
    assert not files.held


def test_what_is_asked_after_a_body_on_the_same_connection_is_answered(connection):
    connection.send(sized(QUERY) + head("/sparql?format=csv&query=SELECT('here'AS%3Fx)%7B%7D"))
    assert connection.answer().body == "x\r\nété\r\n".encode()
    assert connection.answer().body == said("here")
