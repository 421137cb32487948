"""Evaluators on loan, to clients that go away at the worst moment."""

import asyncio
import socket
from contextlib import suppress

from server.engine.leases import Leases, Pool


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
