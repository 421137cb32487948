"""What stands before the application: answers out of memory, and no client before the others."""

import threading
from urllib.parse import quote

import pytest

from server.clients import Clients
from server.engine.errors import TooManyRequests
from tests.server.conftest import run_server, switch_to, write_version

COUNT = "SELECT (SUM(?n) AS ?sum) { ?s <https://example.org/gave> ?n }"
SLOW = "SELECT (COUNT(*) AS ?n) {" + " ".join(f"?s{i} ?p{i} ?o{i} ." for i in range(12)) + "}"
LABELS = "SELECT ?s ?l { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l } ORDER BY ?s"


def test_the_same_query_in_other_words_has_the_same_etag_and_gets_304(endpoint):
    first = endpoint.get(COUNT)
    other = endpoint.post(
        f"# the sum\n{COUNT.replace(' ', '  ')}\n".encode(), "application/sparql-query"
    )
    assert (first.values, other.values) == ([("390",)], [("390",)])
    assert first.headers["ETag"] == other.headers["ETag"]
    again = endpoint.get(COUNT, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.body, again.headers["Content-Type"]) == (304, b"", None)
    assert again.headers["ETag"] == first.headers["ETag"]


def test_formats_and_codings_are_kept_apart(endpoint):
    types = [endpoint.get(LABELS, format=name).headers["Content-Type"] for name in ("json", "csv")]
    assert types == ["application/sparql-results+json", "text/csv; charset=utf-8"]
    for _ in range(2):
        for coding in ("gzip", "identity"):
            reply = endpoint.get(LABELS, headers={"Accept-Encoding": coding})
            assert "Évry".encode() in reply.body  # too short to be worth a coding
    assert endpoint.get(LABELS).headers["Vary"] == "Accept, Accept-Encoding"


def test_a_new_version_has_new_answers(own_endpoint):
    assert own_endpoint.get(COUNT).values == [("390",)]
    own_endpoint.publish("second", "@prefix ex: <https://example.org/> . ex:evry ex:gave 7 .")
    for _ in range(200):
        if own_endpoint.request("/health").json["version"] == "second":
            break
        threading.Event().wait(0.05)
    assert own_endpoint.get(COUNT).values == [("7",)]


def test_what_is_new_each_time_is_not_kept(endpoint):
    draws = {endpoint.get("SELECT (RAND() AS ?x) {}").values[0] for _ in range(3)}
    assert len(draws) == 3
    assert endpoint.get("SELECT (RAND() AS ?x) {}").headers["Cache-Control"] == "no-store"


def test_a_head_out_of_memory_has_no_body(endpoint):
    got = endpoint.get(COUNT)
    head = endpoint.request(f"/sparql?query={quote(COUNT)}", method="HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["ETag"] == got.headers["ETag"]


@pytest.fixture
def behind_a_proxy(tmp_path):
    write_version(tmp_path, "first")
    switch_to(tmp_path, "first")
    yield from run_server(
        tmp_path, deadline=2, evaluators=2, client_requests=1, proxies=1, access_log=""
    )


def test_one_client_may_have_so_many_requests_and_another_is_served(behind_a_proxy):
    greedy, other = {"X-Forwarded-For": "203.0.113.9"}, {"X-Forwarded-For": "203.0.113.10"}
    running = threading.Thread(target=lambda: behind_a_proxy.get(SLOW, headers=greedy))
    running.start()
    threading.Event().wait(0.5)
    refused = behind_a_proxy.get(LABELS, headers={**greedy, "Accept-Language": "en"})
    served = behind_a_proxy.get(LABELS, headers=other)
    running.join()
    assert (refused.status, refused.headers["Retry-After"]) == (429, "1")
    assert (refused.json["limit"], refused.json["title"]) == (1, "Too many requests at once")
    assert served.status == 200
    assert behind_a_proxy.get(LABELS, headers=greedy).status == 200


@pytest.mark.parametrize(
    ("proxies", "remote", "told", "address"),
    [
        (0, "127.0.0.1", "203.0.113.9", None),
        (0, "203.0.113.1", "203.0.113.9", "203.0.113.1"),
        (0, "2001:db8::1", "", "2001:db8::/64"),
        (1, "127.0.0.1", "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        (2, "127.0.0.1", "198.51.100.7, 203.0.113.9", "198.51.100.7"),
        (1, "127.0.0.1", "2001:db8:0:1:2::3", "2001:db8:0:1::/64"),
    ],
)
def test_a_client_is_who_the_last_known_proxy_saw(proxies, remote, told, address):
    clients = Clients(1, proxies)
    client = clients.address(remote, told)
    assert client == address
    clients.enter(client)
    if address is not None:
        with pytest.raises(TooManyRequests):
            clients.enter(client)
    clients.leave(client)
    assert not clients.running
