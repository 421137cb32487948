"""What stands before the application: answers out of memory, and no client before the others."""

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO
from urllib.parse import quote

import pytest

from server import front
from server.cache import Cache
from server.clients import Clients
from server.engine import Answer
from server.engine.embedded import Limits
from server.engine.errors import Busy, TooManyRequests
from server.message import question_of
from server.querying import LONG, Queries
from server.reply import OVERHEAD
from server.sparql.federation import Federation
from server.sparql.protocol import ProtocolError, QueryRequest
from tests.server.conftest import run_server, switch_to, wait_until, write_version
from tests.server.connection import Connection, head

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
    wait_until(lambda: own_endpoint.request("/health").json["version"] == "second")
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
        tmp_path, deadline=600, evaluators=2, client_requests=1, proxies=1, access_log=""
    )


def test_one_client_may_have_so_many_requests_and_another_is_served(behind_a_proxy):
    greedy, other = {"X-Forwarded-For": "203.0.113.9"}, {"X-Forwarded-For": "203.0.113.10"}
    with Connection(behind_a_proxy) as running:
        told = (f"{name}: {value}" for name, value in greedy.items())
        running.send(head(f"/sparql?query={quote(SLOW)}", *told))
        wait_until(lambda: behind_a_proxy.running == 1)
        refused = behind_a_proxy.get(LABELS, headers={**greedy, "Accept-Language": "en"})
        served = behind_a_proxy.get(LABELS, headers=other)
    assert (refused.status, refused.headers["Retry-After"]) == (429, "1")
    assert (refused.json["limit"], refused.json["title"]) == (1, "Too many requests at once")
    assert served.status == 200
    wait_until(lambda: behind_a_proxy.running == 0)  # its query ended when it went
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


def test_an_answer_of_a_version_that_came_meanwhile_is_not_kept_for_the_old_one():
    class Engine:
        async def ask(self, *_, **__) -> Answer:
            body = b'{"head":{},"boolean":true}'
            return Answer("ask", "application/sparql-results+json", "new", len(body), BytesIO(body))

    limits = Limits()
    queries = Queries(Engine(), limits, Cache(10**6), Federation((), limits))
    for version, kept in (("old", False), ("new", True)):
        reply = asyncio.run(queries.fetch(version, QueryRequest("ASK {}"), "", None, "http://x"))
        assert (bool(reply.etag), reply.weight is not None) == (kept, kept)
        assert ("Cache-Control", "no-cache" if kept else "no-store") in reply.headers
    assert len(queries.cache.entries) == 1


def test_a_long_address_takes_no_more_memory_than_is_counted():
    def key(query: str, **headers: str):
        return question_of("GET", "/sparql", query, headers)

    long = "a" * 100_000
    keys = {key(f"{long}1"), key(f"{long}2"), key("", accept=long), key("", host=long)}
    assert len(keys) == 4
    assert all(len(str(each)) < OVERHEAD for each in keys)
    assert key("b") != key("c")


class Sender:
    """A client that sends these pieces of a body and, if it is to, never the rest."""

    def __init__(self, *pieces: int, hangs: bool = False) -> None:
        self.pieces = pieces
        self.hangs = hangs

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for size in self.pieces:
            yield b"x" * size
        if self.hangs:
            await asyncio.Event().wait()


def read(sender: Sender, held: int = 0) -> tuple[int, int]:
    """The bytes of a body that are read, and of all bodies while this one is held."""
    before = front.Front(None, None, Cache(0), Clients(1, 0), None, threads=1, longest=10**6)
    before.held = held
    body = bytearray()
    asyncio.run(before.read(sender, body))
    return len(body), before.held


def test_a_body_that_does_not_come_in_time_is_given_up(monkeypatch):
    monkeypatch.setattr(front, "SENDING", 0.01)
    with pytest.raises(ProtocolError) as raised:
        read(Sender(10, hangs=True))
    assert (raised.value.status, raised.value.kind) == (408, "slow-body")


def test_while_many_bodies_are_held_long_ones_are_refused_and_short_ones_read():
    assert read(Sender(LONG, 1)) == (LONG + 1, LONG + 1)
    assert read(Sender(10, 10), held=front.BODIES) == (20, front.BODIES + 20)
    with pytest.raises(Busy):
        read(Sender(LONG, 1), held=front.BODIES)


def test_a_body_that_is_too_long_is_read_no_further():
    assert read(Sender(600_000, 600_000, 600_000))[0] == 1_200_000
