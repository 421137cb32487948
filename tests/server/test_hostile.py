"""The harm that the endpoint's own users do, mostly by accident: the rest never notices.

While these cases run, a probe asks a small query every tenth of a second and is always answered;
no request leaves the machine; in the end the processes are those of the beginning and their memory
has come back.
"""

import resource
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from select import select
from urllib.parse import quote

import pytest

from tests.server.conftest import Endpoint, run_server, switch_to, wait_until, write_version
from tests.server.hostile_messages import GET, MESSAGES
from tests.server.hostile_queries import EX, KNOWS, QUERIES, SPO, TEXT

EVALUATORS = 2
CONNECTIONS = 2000
WAIT = 60
"""Seconds within which the server has to do something; it waits longer for who is idle."""


def raw(address: str, data: bytes) -> bytes:
    """The answer to bytes as they stand; nothing where the server hangs up at once."""
    host, _, port = address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=WAIT) as connection:
        try:
            connection.sendall(data)
            if b"Connection: close" not in data:
                connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b""))
        except OSError:
            return b""


class Probe(threading.Thread):
    """Asks a query that no cache knows every tenth of a second."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__()
        self.endpoint = endpoint
        self.done = threading.Event()
        self.statuses: list[int] = []
        self.longest = 0.0

    def run(self) -> None:
        while not self.done.wait(0.1):
            start = time.monotonic()
            query = f"SELECT ?n {{ <{EX}n1> {KNOWS} ?n FILTER({len(self.statuses)} >= 0) }}"
            self.statuses.append(self.endpoint.get(query).status)
            self.longest = max(self.longest, time.monotonic() - start)


@pytest.fixture(scope="module")
def besieged(tmp_path_factory) -> Iterator[Endpoint]:
    """A server over a ring of acquaintances with a text each."""
    home = tmp_path_factory.mktemp("home")
    ring = (
        f"<{EX}n{n}> {KNOWS} <{EX}n{(n + 1) % 2000}> ; <{EX}text> '{'a' * 30}b{n}' ."
        for n in range(2000)
    )
    write_version(home, "first", "\n".join(ring))
    switch_to(home, "first")
    yield from run_server(
        home, deadline=WAIT, evaluators=EVALUATORS, memory=256, max_result=2, patience=0.3,
        max_query_length=200_000, max_merged_quads=1000, queue=100, queue_wait=WAIT,
        slow_queries=100, access_log="",
    )  # fmt: skip


@pytest.fixture(scope="module")
def canary() -> Iterator[str]:
    """An address on this machine, which nobody may call."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        listener.settimeout(0.1)
        with pytest.raises(TimeoutError):
            listener.accept()


@pytest.fixture(scope="module", autouse=True)
def others(besieged: Endpoint, canary: str) -> Iterator[Probe]:
    """The rest of the world, which notices nothing."""
    for _ in range(20):
        besieged.get(f"SELECT * {{ {SPO} }}")
    wait_until(lambda: len(besieged.evaluators) == EVALUATORS)
    processes, memory = len(besieged.processes), held(besieged)
    probe = Probe(besieged)
    probe.start()
    yield probe
    answered(probe, 50)
    probe.done.set()
    probe.join()
    assert set(probe.statuses) == {200}
    wait_until(lambda: len(besieged.processes) == processes)
    wait_until(lambda: len(besieged.evaluators) == EVALUATORS)
    wait_until(lambda: held(besieged) < memory + 64 * 1024)


def answered(probe: Probe, more: int) -> None:
    """Wait until the probe has had so many answers more."""
    wanted = len(probe.statuses) + more
    wait_until(lambda: len(probe.statuses) >= wanted)


def held(endpoint: Endpoint) -> int:
    """The memory of all processes of a server (KiB), what they share counted once."""
    total = 0
    for pid in endpoint.processes:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_gets_its_answer_or_a_clear_refusal(besieged: Endpoint, canary: str, name: str):
    query, expected = QUERIES[name]
    seconds = 1 if (503, "deadline") in expected else WAIT
    reply = besieged.post(
        query.replace("{canary}", canary).encode(), "application/sparql-query",
        path=f"/sparql?timeout={seconds}", headers={"Accept-Language": "en"},
    )  # fmt: skip
    kind = "" if reply.status == 200 else reply.json["type"].rpartition("/")[2]
    assert (reply.status, kind) in expected, reply.text[:300]
    assert "Traceback" not in reply.text
    assert "script" in query or "<script>" not in reply.text


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_is_refused_or_the_connection_ends(besieged: Endpoint, name: str):
    answer = raw(besieged.address, MESSAGES[name])
    assert answer[:10] in (b"HTTP/1.1 4", b"HTTP/1.1 5", b""), answer[:200]
    assert b"root:" not in answer
    assert b"Traceback" not in answer
    assert besieged.request("/health").status == 200


def connect(endpoint: Endpoint) -> socket.socket:
    host, _, port = endpoint.address.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=WAIT)


def test_slow_senders_keep_nobody_waiting(besieged: Endpoint, others: Probe):
    senders = [connect(besieged) for _ in range(100)]
    for byte in GET[:20]:
        for sender in senders:
            sender.sendall(bytes([byte]))
        time.sleep(0.05)
    answered(others, 4)
    # Not only once they had been given up, who then could be read from.
    assert len(select(senders, [], [], 0)[0]) < len(senders)
    for sender in senders:
        sender.close()


def test_idle_connections_keep_nobody_out(besieged: Endpoint):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < 2 * CONNECTIONS:  # which this process needs as well
        if hard < 2 * CONNECTIONS:
            pytest.skip("there may be too few open files")
        resource.setrlimit(resource.RLIMIT_NOFILE, (2 * CONNECTIONS, hard))
    with ExitStack() as idle:
        for _ in range(CONNECTIONS):
            connection = idle.enter_context(connect(besieged))
            connection.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            # One that is not taken is not answered before others are given up.
            assert connection.recv(12) == b"HTTP/1.1 200"


def test_slow_readers_keep_nobody_waiting(besieged: Endpoint, others: Probe):
    # Each answer is larger than the buffers of a connection.
    query = quote(f"SELECT * {{ {TEXT} . ?x <{EX}knows> ?y . ?y <{EX}text> ?u ; ?p ?o }}")
    readers = []
    for number in range(60):
        reader = connect(besieged)
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        address = f"/sparql?query={query}%20LIMIT%20{3000 - number}&format=xml"
        reader.sendall(f"GET {address} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        readers.append(reader)
    assert {reader.recv(12) for reader in readers} == {b"HTTP/1.1 200"}
    answered(others, 10)
    for reader in readers:
        reader.close()


def test_who_leaves_while_the_answer_is_made_blocks_nobody(besieged: Endpoint, others: Probe):
    for number in range(8):
        query = quote(QUERIES["cross join counted"][0] + f" LIMIT {number + 1}")
        with connect(besieged) as leaver:
            address = f"/sparql?query={query}&timeout=8"
            leaver.sendall(f"GET {address} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            time.sleep(0.3)
    answered(others, 10)
