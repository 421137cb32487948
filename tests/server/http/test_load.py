"""Many clients, and one that reads slowly: what they are answered, and what the server keeps."""

import socket
import time
from collections.abc import Iterator
from itertools import count
from urllib.parse import quote

import pytest

from benchmarks.endpoint.load import Watch, family, hammer, memory
from tests.server.conftest import Endpoint, run_server

CLIENTS = 200
SECONDS = 10
EVALUATORS = 2
SLOW = "SELECT (COUNT(*) AS ?n) {" + " ".join(f"?s{i} ?p{i} ?o{i} ." for i in range(12)) + "}"
# What a server that has too much to do says, with what to do about it.
ANNOUNCED = {"200", "503 busy", "503 slow", "503 deadline"}
MIB = 1024 * 1024
# A million rows of 210 bytes.
DIGITS = " ".join(f"VALUES ?{name} {{ {' '.join(map(str, range(100)))} }}" for name in "abc")
HUGE = f"SELECT ?t {{ {DIGITS} BIND ('{'x' * 208}' AS ?t) }}"


@pytest.fixture
def server(tmp_path, data_file) -> Iterator[Endpoint]:
    yield from run_server(
        tmp_path, data=[data_file], evaluators=EVALUATORS, deadline=100, cache=8, access_log=""
    )


def settled(endpoint: Endpoint, condition, seconds: float = 120) -> None:
    """Wait until something is so of a server that has nothing to do any more."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, (
            len(endpoint.evaluators),
            memory(family(endpoint.process.pid)),
        )
        time.sleep(0.1)


def paths(number: int) -> Iterator[str]:
    """The requests of one client: hardly any twice, and now and then one that takes too long."""
    for asked in count():
        if (number + asked) % 50 == 0:
            yield f"/sparql?timeout=1&query={quote(SLOW)}"
        elif asked % 5:
            query = f"SELECT * {{ ?s ?p ?o FILTER ({number} >= 0 && {asked} >= 0) }}"
            yield f"/sparql?query={quote(query)}"
        else:
            yield "/health"


def test_two_hundred_clients_are_answered_or_told_why_not_and_nothing_stays(server):
    pid = server.process.pid
    hammer(server.address, lambda _: iter(["/health", "/sparql?query=ASK%7B%7D"] * 5), 20, 60)
    before = memory(family(pid))
    tally = hammer(server.address, paths, CLIENTS, SECONDS)
    assert set(tally.answers) <= ANNOUNCED
    assert tally.answers["200"] > CLIENTS
    assert server.get("ASK {}").json["boolean"] is True
    settled(server, lambda: len(server.evaluators) == EVALUATORS)
    settled(server, lambda: memory(family(pid)) < before + 64)


@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_a_large_result_goes_to_a_slow_reader_in_little_memory(server, coding):
    server.get("SELECT * { ?s ?p ?o }")
    watch = Watch(server.process.pid, 0.02)
    before = watch.most
    watch.start()
    host, _, port = server.address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=100) as reader:
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        path = f"/sparql?format=csv&query={quote(HUGE)}"
        asked = f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: {coding}\r\n"
        reader.sendall(f"{asked}Connection: close\r\n\r\n".encode())
        got = 0
        for _ in range(100):  # a slow beginning: what is not read has to wait somewhere
            got += len(reader.recv(4096))
            time.sleep(0.02)
        end = b""
        while part := reader.recv(MIB):
            got += len(part)
            end = (end + part)[-300:]
    watch.done.set()
    watch.join()
    if coding == "identity":
        assert got > 200 * MIB
        assert end.endswith(b"x" * 208 + b"\r\n")
    assert watch.most < before + 50
