"""Evaluators on loan, to clients that go away at the worst moment."""

import asyncio
import os
import socket
from contextlib import suppress
from urllib.parse import quote

import pytest

from server.engine.leases import Leases, Pool
from tests.server.conftest import run_server, switch_to, wait_until, write_version
from tests.server.connection import CROSS


def test_who_leaves_before_the_greeting_keeps_no_evaluator(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the address of a socket has to be short

    async def leave() -> bytes:
        leases = Leases(".", Pool(evaluators=1), wait=30)
        task = asyncio.create_task(leases.take("v"))
        evaluator, _ = await asyncio.to_thread(listener.accept)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        assert list(leases.places) == [None]
        with evaluator:
            evaluator.settimeout(10)
            return await asyncio.to_thread(evaluator.recv, 1)

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("v.sock")
        listener.listen()
        assert asyncio.run(leave()) == b""


@pytest.fixture
def single(tmp_path):
    """A server with one evaluator, which has all the time in the world."""
    write_version(tmp_path, "first")
    switch_to(tmp_path, "first")
    yield from run_server(
        tmp_path, evaluators=1, patience=600, deadline=600, queue_wait=600, access_log=""
    )


def get(query: str) -> str:
    return f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: x\r\n\r\n"


def post(query: str) -> str:
    head = "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    return f"{head}Content-Length: {len(query)}\r\n\r\n{query}"


@pytest.mark.parametrize("write", [get, post])
def test_a_query_stands_back_when_others_wait(single, write):
    (evaluator,) = single.evaluators
    usual = os.getpriority(os.PRIO_PROCESS, evaluator)
    host, _, port = single.address.removeprefix("http://").partition(":")

    def ask(query: str) -> socket.socket:
        client = socket.create_connection((host, int(port)), timeout=120)
        client.sendall(write(query).encode())
        return client

    with ask(CROSS) as slow:
        wait_until(lambda: single.running == 1)
        with ask("ASK {}") as quick:
            wait_until(lambda: os.getpriority(os.PRIO_PROCESS, evaluator) > usual)
            slow.close()
            assert quick.recv(15) == b"HTTP/1.1 200 OK"
    wait_until(lambda: single.evaluators and evaluator not in single.evaluators)
    assert {os.getpriority(os.PRIO_PROCESS, pid) for pid in single.evaluators} == {usual}
