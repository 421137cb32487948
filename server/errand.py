"""The short way of a query: to an evaluator that is free and back, in callbacks.

A task with its futures and timers costs more than most queries do. What does not go smoothly goes
on in a task: a slow query, a large answer, a problem. What cannot begin so, because the line for an
evaluator is full or somebody asks the same, is left to `Front.attend`.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from server.bridge import Caller
from server.cache import Flight
from server.engine import Answer
from server.engine.embedded import EmbeddedEngine, answer_of
from server.engine.errors import EvaluatorCrashed, NoVersion
from server.engine.leases import AHEAD, Lease
from server.engine.reception import Connection
from server.message import Request
from server.querying import LONG, accepted_coding
from server.reply import ABANDONED, Reply
from server.sparql.protocol import read_request

if TYPE_CHECKING:
    from server.front import Front

# Characters of a header that says what is liked best: reading longer ones would hold up all others.
LIKED = 4096


class Errand:
    """One query by GET or HEAD, for a client that waits for its answer."""

    def __init__(
        self, front: "Front", engine: EmbeddedEngine, request: Request, caller: Caller, start: float
    ) -> None:
        self.front = front
        self.engine = engine
        self.request = request
        self.caller = caller
        self.start = start
        self.begun = time.monotonic()
        self.ended = True
        self.client: str | None = None
        self.has_place = False
        """Whether it holds a place in which no evaluator is connected yet."""
        self.lease: Lease | None = None
        self.flight: Flight[Reply] | None = None
        self.task: asyncio.Task[None] | None = None

    def begin(self, version: str) -> bool:
        """Whether the query is on its way, or answered already.

        Raises what `Queries.prepare` and `Clients.enter` do, ProtocolError, InvalidGraphName.
        """
        headers, queries, cache = self.request.headers, self.front.queries, self.front.cache
        asked = read_request(self.request.method, self.request.query_string, "", b"")
        if asked.query is None:
            return False
        accept = headers.get("accept", "")[:LIKED]
        host = f"{self.request.scheme}://{self.request.host}"
        self.coding = accepted_coding(headers.get("accept-encoding", "")[:LIKED])
        self.prepared = prepared = queries.prepare(version, asked, accept, host)
        self.key = (prepared.etag, self.coding)
        self.question = (self.key, asked.timeout)
        if prepared.etag:
            known = cache.get(self.key)
            if known is not None:
                if self.request.question is not None:
                    cache.put((version, self.request.question), known)
                self.send(known)
                return True
            if self.question in cache.flights or queries.exhaustions.error(prepared.etag):
                return False
        self.message, self.deadline = self.engine.packed(
            prepared.text, prepared.outline, **prepared.options
        )
        self.client = self.front.enter(self.request)
        self.ended = False
        self.front.errands[self] = None
        self.caller.on_leave = self.leave
        if prepared.etag:
            self.flight = cache.depart(self.question)
        if not self.engine.leases.line_up(self.take):
            self.break_off(None)
            return False
        return True

    def take(self, place: Connection | None) -> bool:
        """Ask the evaluator whose turn has come; whether it is needed."""
        if self.ended:
            return False
        if place is None or place.version != self.prepared.version or place.transport.is_closing():
            self.has_place = True
            self.go_on(partial(self.connect, place))
            return True
        self.lease = Lease(place)
        place.then = self.hear
        place.begin(self.message)
        return True

    async def connect(self, place: Connection | None) -> Reply:
        """The answer of an evaluator that is still to be connected here. Raises OSError."""
        if place is not None:
            place.close()
        opened = await self.engine.leases.open(self.prepared.version)
        if self.ended:
            opened.close()
            raise asyncio.CancelledError
        self.lease = Lease(opened)
        opened.begin(self.message)
        if await opened.wait(self.engine.limits.patience):
            opened.check(self.deadline, self.engine.limits.memory)
            return await self.replied(self.result())
        return await self.wait()

    @property
    def connection(self) -> Connection:
        """The evaluator."""
        assert self.lease is not None  # noqa: S101 (it has begun)
        return self.lease.connection

    def hear(self) -> None:
        """Take what the evaluator says."""
        try:
            self.connection.check(self.deadline, self.engine.limits.memory)
            result = self.result()
            if self.coding is not None and result.size >= LONG:
                self.go_on(partial(self.replied, result))
                return
            reply = self.front.queries.reply(result, self.prepared, self.coding)
        except Exception as error:  # whatever it is, the client waits and the evaluator is lent
            self.fail(error)
        else:
            self.deliver(reply)

    def look(self, now: float) -> None:
        """See, at `now` (`monotonic`), whether it has taken too long."""
        engine = self.engine
        if self.lease is not None and now >= self.connection.start + AHEAD:
            engine.leases.stand_back(self.lease)
        if self.task is not None:
            return
        if self.lease is None:
            if now >= self.begun + engine.leases.wait:
                self.fail(engine.leases.busy())
        elif now >= self.connection.start + engine.limits.patience:
            # It goes on without holding up the quick ones.
            self.connection.then = None
            self.go_on(self.wait)

    async def wait(self) -> Reply:
        """The answer of a slow query. Raises EngineError."""
        assert self.lease is not None  # noqa: S101 (it has begun)
        await self.engine.finish(self.lease, self.deadline)
        return await self.replied(self.result())

    def result(self) -> Answer:
        """What the evaluator has found."""
        found, prepared = self.connection, self.prepared
        media_type = prepared.format.media_type
        return answer_of(found.version, found.result, prepared.outline, media_type)

    async def replied(self, result: Answer) -> Reply:
        """The answer with a result that may be long, and is compressed in a thread."""
        return await asyncio.to_thread(self.front.queries.reply, result, self.prepared, self.coding)

    def go_on(self, work: Callable[[], Awaitable[Reply]]) -> None:
        """Leave the rest to a task."""
        self.task = self.front.tasks.run(self.settle(work))

    async def settle(self, work: Callable[[], Awaitable[Reply]]) -> None:
        """Do the rest."""
        try:
            reply = await work()
        except Exception as error:
            self.fail(error)
        else:
            self.deliver(reply)

    def deliver(self, reply: Reply) -> None:
        """Send the answer, and keep it where it can be."""
        if self.ended:
            return
        question = self.request.question
        if self.flight is not None:
            self.front.cache.arrive(self.key, self.question, self.flight, reply)
            if question is not None:
                self.front.cache.put((self.prepared.version, question), reply)
        self.end()
        self.send(reply)

    def fail(self, error: Exception) -> None:
        """Tell the client why there is no answer; ask again if evaluators were being started."""
        if self.ended:
            return
        self.front.queries.exhaustions.note(self.prepared.etag, error, self.engine.limits.deadline)
        unheard = isinstance(error, EvaluatorCrashed) and not self.connection.buffer
        unmet = isinstance(error, OSError) and self.lease is None
        self.break_off(None if unmet else error)
        with suppress(NoVersion):
            if unmet or (unheard and self.engine.version() != self.prepared.version):
                self.front.tasks.run(self.front.attend(self.request, self.caller, self.start))
                return
        self.front.tasks.run(self.front.tell(self.request, self.caller, self.start, error))

    def leave(self) -> None:
        """Give up and take note: the client has gone."""
        self.break_off(None)
        if self.task is not None:
            self.task.cancel()
        self.front.journal.note(self.request, ABANDONED, self.start)

    def break_off(self, error: Exception | None) -> None:
        """Give the evaluator back; those who wait for the same answer get the error or ask anew."""
        if not self.ended:
            if self.flight is not None:
                self.front.cache.fail(self.question, self.flight, error)
            self.end()

    def end(self) -> None:
        """Give everything back."""
        self.ended = True
        self.front.errands.pop(self, None)
        self.caller.on_leave = None
        if self.lease is not None:
            self.lease.connection.then = None
            self.engine.leases.end(self.lease)
        elif self.has_place:
            self.engine.leases.give(None)
        else:
            self.engine.leases.step_out(self.take)
        self.front.clients.leave(self.client)

    def send(self, reply: Reply) -> None:
        """Send an answer, and take note of it."""
        told = reply.to(self.request.method, self.request.headers.get("if-none-match"))
        self.caller.send(told)
        self.front.journal.note(self.request, told, self.start)
