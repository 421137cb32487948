"""Evaluators on loan: connections that go from query to query, so many at a time.

An evaluator serves whoever has connected to it until that one hangs up. To ask the next query on
the connection of the last costs half of what a new connection costs. All of this belongs to one
event loop.
"""

import asyncio
import os
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from server.engine.errors import Busy, TooManySlow
from server.engine.reception import Connection

# Takes a place, or says that it wants none any more.
Taker = Callable[["Connection | None"], bool]

SOCKET = ".sock"
RETRY = 0.02
# What a slow query's evaluator is put back by: a tenth of the processor where quick ones want it.
NICE = 14
# Seconds after which a query is put back so if others wait, though it may still be no slow one. Its
# evaluator gives way after it: priorities do not rise again.
AHEAD = 0.1


@dataclass(frozen=True)
class Pool:
    """How many evaluators there are, and how many requests may wait for them."""

    evaluators: int = 4
    queue: int = 16


@dataclass(eq=False)
class Lease:
    """A connection to an evaluator for one query, and the place that it takes."""

    connection: Connection
    has_place: bool = True


class Leases:
    """The evaluators that one process may use at a time; who waits is served in turn."""

    def __init__(self, folder: str, pool: Pool, wait: float) -> None:
        self.folder = folder
        self.wait = wait
        self.queue = pool.queue
        # A place to evaluate in, with the connection that was used there last.
        self.places: deque[Connection | None] = deque([None] * pool.evaluators)
        self.waiting: deque[Taker] = deque()

    async def take(self, version: str) -> Lease:
        """An evaluator of that version; raises Busy, or OSError where none is to be had."""
        known = self.places.pop() if self.places else await self.place()
        if known is not None:
            if known.version == version and not known.transport.is_closing():
                return Lease(known)
            known.close()
        try:
            return Lease(await self.open(version))
        except BaseException:
            self.give(None)
            raise

    def line_up(self, taker: Taker) -> bool:
        """Let somebody have an evaluator now or as soon as it is free; False in a full queue.

        Nobody waits for it to be told: that it has waited too long is for the taker to see.
        """
        if self.places and not self.waiting:
            place = self.places.pop()
            if not taker(place):
                self.give(place)
        elif len(self.waiting) < self.queue:
            self.waiting.append(taker)
        else:
            return False
        return True

    def step_out(self, taker: Taker) -> None:
        """Let somebody wait no longer."""
        with suppress(ValueError):
            self.waiting.remove(taker)

    async def place(self) -> Connection | None:
        """A place that comes free in time."""
        turn: asyncio.Future[Connection | None] = asyncio.get_running_loop().create_future()

        def taker(place: Connection | None) -> bool:
            if turn.done():
                return False
            turn.set_result(place)
            return True

        if len(self.waiting) >= self.queue:
            raise self.busy()
        self.waiting.append(taker)
        try:
            async with asyncio.timeout(self.wait):
                return await turn
        except (TimeoutError, asyncio.CancelledError) as error:
            # Too late, or its client has gone, perhaps as a place came.
            if turn.done() and not turn.cancelled():
                self.give(turn.result())
            if isinstance(error, TimeoutError):
                raise self.busy() from None
            raise
        finally:
            self.step_out(taker)

    def busy(self) -> Busy:
        """What those are told who find no evaluator."""
        return Busy(retry_after=max(1, round(self.wait)))

    def give(self, place: Connection | None) -> None:
        """Let the next query have a place."""
        while self.waiting:
            if self.waiting.popleft()(place):
                return
        self.places.append(place)

    async def open(self, version: str) -> Connection:
        """A connection to an evaluator that has greeted, which may still have to be started."""
        loop = asyncio.get_running_loop()
        try:
            _, connection = await loop.create_unix_connection(
                lambda: Connection(version), f"{self.folder}/{version}{SOCKET}"
            )
        except OSError:
            await asyncio.sleep(RETRY)
            raise
        try:
            greeted = await connection.greet(self.wait)
        except asyncio.CancelledError:  # the client has gone: the evaluator must not wait for it
            connection.close()
            raise
        if greeted:
            return connection
        silent = not connection.transport.is_closing()
        connection.close()
        if silent:
            raise self.busy()
        await asyncio.sleep(RETRY)
        raise ConnectionResetError

    def stand_back(self, lease: Lease) -> None:
        """Let the evaluators of other queries go first, if there are more queries than those."""
        if self.waiting and not lease.connection.ended:
            put_back(lease)

    def watch(self, lease: Lease) -> None:
        """Have a query stand back while it runs, looking some times a second."""
        if lease.has_place:
            self.stand_back(lease)
            asyncio.get_running_loop().call_later(AHEAD, self.watch, lease)

    def end(self, lease: Lease) -> None:
        """Take a lease back; where its evaluator does not last, this hangs up, and it ends."""
        if lease.has_place:
            lease.has_place = False
            if lease.connection.lasts:
                self.give(lease.connection)
                return
            self.give(None)
        lease.connection.close()


class Patience:
    """What becomes of a query that is not done after some seconds.

    It leaves its place to the quick ones and goes on behind them, its evaluator's priority lowered;
    the zygote sees that and starts another evaluator. There are only so many places for the slow.
    """

    def __init__(self, seconds: float, limit: int, leases: Leases) -> None:
        self.seconds = seconds
        self.limit = limit
        self.leases = leases
        self.slow = 0

    @contextmanager
    def enter(self, lease: Lease) -> Iterator[None]:
        """A place for a slow query; raises TooManySlow."""
        if self.slow >= self.limit:
            raise TooManySlow(self.seconds, self.limit, retry_after=2)
        self.slow += 1
        try:
            put_back(lease)
            lease.has_place = False
            self.leases.give(None)
            yield
        finally:
            self.slow -= 1


def put_back(lease: Lease) -> None:
    """Let the evaluators of other queries go first."""
    with suppress(OSError):  # it is done by now
        own = os.getpriority(os.PRIO_PROCESS, 0)
        os.setpriority(os.PRIO_PROCESS, lease.connection.evaluator, own + NICE)
