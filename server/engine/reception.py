"""A connection to an evaluator: a request goes out, frames come in, or silence and its reason."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from typing import cast

from server.engine import CHUNK
from server.engine.errors import (
    REPORTED,
    DeadlineExceeded,
    EngineError,
    EvaluatorCrashed,
    MemoryExceeded,
)
from server.engine.pool import wire
from server.engine.spool import Spool

# How long after the deadline an evaluator may be silent before its client gives it up.
GRACE = 0.5


class Connection(asyncio.BufferedProtocol):
    """An evaluator as its client sees it. It serves nobody else while the connection is open."""

    def __init__(self, version: str) -> None:
        self.version = version
        self.evaluator = 0
        """Its process id, once it has greeted."""
        self.handle = -1
        """The same as a file: of one that has ended, the number may be another's by now."""
        self.lasts = False
        """Whether the evaluator takes another request."""
        self.loop = asyncio.get_running_loop()
        self.heard: asyncio.Future[None] = self.loop.create_future()
        self.then: Callable[[], None] | None = None
        """What is to be done, once, when something is heard, where nobody waits for it."""
        self.place = bytearray(CHUNK)
        self.buffer = bytearray()
        self.clear()
        self.ended = True

    def clear(self) -> None:
        """Forget the last result, for there will be another."""
        self.result = Spool()
        self.ended = False
        self.start = 0.0
        self.error: Exception | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what to write to."""
        self.transport = cast(asyncio.Transport, transport)

    def connection_lost(self, _: Exception | None) -> None:
        """Take note that nothing more will come."""
        self.lasts = False
        try:
            self.wake()
        finally:
            if self.handle >= 0:
                os.close(self.handle)
                self.handle = -1

    def close(self) -> None:
        """Hang up; an evaluator that still evaluates is ended."""
        self.lasts = False
        if not self.ended:
            self.result.file.close()
        if not self.ended and self.handle >= 0:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.handle, signal.SIGKILL)
        self.transport.abort()

    async def wait(self, seconds: float) -> bool:
        """Whether something has been heard, the end of a result or of the connection, in time."""
        timer = self.loop.call_later(seconds, self.wake)
        try:
            await self.heard
        finally:
            timer.cancel()
        self.heard = self.loop.create_future()
        return self.ended or self.transport.is_closing()

    def wake(self) -> None:
        """Let the one who waits look."""
        if self.then is not None:
            then, self.then = self.then, None
            then()
        elif not self.heard.done():
            self.heard.set_result(None)

    async def greet(self, seconds: float) -> bool:
        """Whether an evaluator has taken the connection in time."""
        await self.wait(seconds)
        return self.evaluator != 0

    async def ask(
        self,
        request: bytes,
        deadline: float,
        patience: float,
        be_slow: Callable[[], AbstractContextManager[None]],
        memory: int,
    ) -> None:
        """Take the whole result into `result`, or raise the reason why there is none.

        What takes longer than `patience` (seconds) is done within `be_slow`.
        """
        self.begin(request)
        if not await self.wait(patience):
            with be_slow():
                await self.wait(deadline + GRACE - patience)
        self.check(deadline, memory)

    def begin(self, request: bytes) -> None:
        """Send a request."""
        self.clear()
        self.lasts = False
        if self.heard.done():
            self.heard = self.loop.create_future()
        self.start = time.monotonic()
        self.transport.write(request)

    async def hear(self, deadline: float, memory: int) -> None:
        """Take the rest of the result, or raise the reason why there is none."""
        if not (self.ended or self.transport.is_closing()):
            await self.wait(self.start + deadline + GRACE - time.monotonic())
        self.check(deadline, memory)

    def check(self, deadline: float, memory: int) -> None:
        """Raise the reason why there is no result, if there is none."""
        if self.error is not None or not self.ended:
            self.result.file.close()  # who keeps the error must not keep what came of it
        if self.error is not None:
            raise self.error
        if not self.ended:
            late = time.monotonic() >= self.start + deadline
            raise self.cause(memory, deadline if late else None)

    def get_buffer(self, _: int) -> bytearray:
        """Where the event loop is to put what comes: a new place each time costs as much again."""
        return self.place

    def buffer_updated(self, size: int) -> None:
        """Take what has come, frame by frame."""
        self.buffer += memoryview(self.place)[:size]
        if not self.evaluator:
            if len(self.buffer) < wire.GREETING.size:
                return
            (self.evaluator,) = wire.GREETING.unpack_from(self.buffer)
            del self.buffer[: wire.GREETING.size]
            if sys.platform == "linux":
                with suppress(ProcessLookupError):
                    self.handle = os.pidfd_open(self.evaluator)
            self.wake()
            return
        try:
            while not self.ended and self.advance():
                pass
        except (EngineError, OSError) as error:
            self.error = error
            self.ended = True
        if self.ended:
            self.wake()

    def advance(self) -> bool:
        """Take one frame; whether there was one, and another may follow."""
        buffer = self.buffer
        if len(buffer) < wire.FRAME.size:
            return False
        code, length = wire.FRAME.unpack_from(buffer)
        end = wire.FRAME.size + length
        if code not in wire.CODES or len(buffer) < end:
            return False  # a part of a frame, or last words
        content = bytes(memoryview(buffer)[wire.FRAME.size : end])
        del buffer[:end]
        if code == wire.ERROR:
            facts = json.loads(content)
            self.lasts = facts["kind"] == wire.LASTING
            raise REPORTED[facts.pop("kind")](**facts)
        self.result.write(content)
        self.ended = code != wire.DATA
        self.lasts = code == wire.END
        return not self.ended

    def cause(self, memory: int, deadline: float | None) -> EngineError:
        """Why an evaluator went silent; what it said outside frames are its last words."""
        if self.buffer.startswith(b"memory allocation"):
            return MemoryExceeded(memory)
        return EvaluatorCrashed() if deadline is None else DeadlineExceeded(deadline)
