"""Queries on the short way: what happens at the same moment loses nothing."""

import asyncio
import time
from pathlib import Path

import pytest
import uvloop

from server import process
from server.app import create_app
from server.engine import reception
from server.engine.embedded import EmbeddedEngine
from server.engine.errors import NoVersion
from server.engine.pool import wire
from server.message import Request
from server.settings import Settings

RESULT = b'{"head":{},"boolean":true}'


class Transport:
    """Where a connection to an evaluator, or to a client, would write."""

    closing = False

    def is_closing(self) -> bool:
        return self.closing

    def write(self, data: bytes) -> None:
        pass

    def abort(self) -> None:
        self.closing = True


class Caller:
    """A client that takes note of its answers."""

    on_leave = None
    gone = False

    def __init__(self) -> None:
        self.statuses: list[int] = []

    def send(self, reply) -> None:
        self.statuses.append(reply.status)


class Scene:
    """A front with one evaluator, which says what the test says."""

    def __init__(self, versions: list[str], **settings: object) -> None:
        chosen = Settings(access_log="", evaluators=1, **settings)

        class Engine(EmbeddedEngine):
            def version(self) -> str:
                if not versions:
                    raise NoVersion
                return versions[0]

        self.engine = Engine(Path("nowhere"), chosen.limits, chosen.pool)
        self.evaluator = reception.Connection(versions[0])
        self.evaluator.transport, self.evaluator.evaluator = Transport(), 1
        self.engine.leases.places.clear()
        self.engine.leases.places.append(self.evaluator)
        self.front = process.put_before(create_app(chosen, self.engine), self.engine, chosen)
        self.front.start(asyncio.get_running_loop())
        self.caller = Caller()

    def ask(self, **headers: str) -> None:
        """Ask a query by GET."""
        request = Request("GET", "/sparql", "query=ASK%7B%7D", "203.0.113.9", headers, question="q")
        self.front.receive(request, self.caller)

    def say(self, frames: bytes) -> None:
        """Let the evaluator say something."""
        self.evaluator.place[: len(frames)] = frames
        self.evaluator.buffer_updated(len(frames))

    @property
    def held(self) -> tuple[int, int, int, int]:
        """Places that are free; flights, clients and errands that are left."""
        front = self.front
        free = len(self.engine.leases.places)
        return free, len(front.cache.flights), len(front.clients.running), len(front.errands)

    async def rest(self) -> None:
        """Wait until nothing is left to do."""
        while tasks := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(tasks)


def play(scene) -> None:
    """Run a scene in the event loop of the server."""
    uvloop.run(scene())


def test_an_answer_goes_straight_to_its_client():
    async def scene() -> None:
        stage = Scene(["v"])
        stage.ask()
        assert stage.held == (0, 1, 1, 1)
        stage.say(wire.frame(wire.END, RESULT))
        assert stage.caller.statuses == [200]
        assert stage.held == (1, 0, 0, 0)

    play(scene)


def test_who_leaves_as_the_rest_goes_to_a_task_leaves_nothing_behind():
    async def scene() -> None:
        stage = Scene(["v"])
        stage.ask(**{"accept-encoding": "gzip"})
        stage.say(wire.frame(wire.END, b"x" * 40_000))  # long enough for a thread
        stage.caller.on_leave()
        await stage.rest()
        assert stage.caller.statuses == []
        assert stage.held == (1, 0, 0, 0)

    play(scene)


def test_who_leaves_a_slow_query_leaves_nothing_behind_and_ends_its_evaluator():
    async def scene() -> None:
        stage = Scene(["v"], patience=0.001)
        stage.ask()
        stage.front.errands.copy().popitem()[0].look(time.monotonic() + 1)
        stage.caller.on_leave()
        await stage.rest()
        assert stage.held == (1, 0, 0, 0)
        assert stage.evaluator.transport.closing

    play(scene)


@pytest.mark.parametrize("versions", [["v"], ["v", "gone"]])
def test_an_evaluator_that_dies_is_told_whether_a_version_serves_or_not(versions):
    async def scene() -> None:
        stage = Scene(versions)
        stage.ask()
        if "gone" in versions:
            versions.clear()
        stage.evaluator.transport.closing = True
        stage.evaluator.connection_lost(None)
        await stage.rest()
        assert stage.caller.statuses == [500]
        assert stage.held == (1, 0, 0, 0)

    play(scene)


def test_a_slow_query_is_among_those_that_run():
    async def scene() -> None:
        stage = Scene(["v"], patience=0.001)
        stage.ask()
        stage.front.errands.copy().popitem()[0].look(time.monotonic() + 1)
        stage.front.gauge()
        (sample,) = next(iter(stage.front.journal.metrics.running.collect())).samples
        assert sample.value == 1
        stage.say(wire.frame(wire.END, RESULT))
        await stage.rest()
        assert stage.caller.statuses == [200]

    play(scene)


def test_a_place_that_comes_as_the_wait_ends_is_not_lost():
    async def scene() -> None:
        leases = Scene(["v"], queue_wait=0.05).engine.leases
        leases.places.clear()
        loop = asyncio.get_running_loop()
        waiting = loop.create_task(leases.place())
        await asyncio.sleep(0)
        loop.call_later(0.02, lambda: (leases.give(None), time.sleep(0.1)))
        (outcome,) = await asyncio.gather(waiting, return_exceptions=True)
        assert len(leases.places) == (outcome is not None)

    play(scene)


def test_in_a_place_without_an_evaluator_one_is_connected_and_the_line_stays_as_it_is(tmp_path):
    async def scene() -> None:
        stage = Scene(["v"])
        stage.engine.leases.folder = str(tmp_path)  # where none listens: it is asked anew
        stage.engine.leases.places[0] = None
        stage.ask()
        second = Caller()
        request = Request("GET", "/sparql", "query=ASK%7B%3Fs%20%3Fp%201%7D", "203.0.113.9", {})
        stage.front.receive(request, second)
        assert len(stage.engine.leases.waiting) == 1
        stage.caller.on_leave()
        second.on_leave()
        await stage.rest()
        assert stage.held == (1, 0, 0, 0)

    play(scene)
