"""How the answer of an evaluator comes in: frames, or silence and the reason for it."""

import json
import socket
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress
from io import BytesIO
from typing import IO

from server.engine import CHUNK, wire
from server.engine.errors import (
    REPORTED,
    DeadlineExceeded,
    EngineError,
    EvaluatorCrashed,
    MemoryExceeded,
)

# Results up to here stay in memory, larger ones go to a temporary file.
SPOOL = 1024 * 1024
# How long after the deadline an evaluator may be silent before its client gives it up.
GRACE = 0.5


class Reception:
    """The result that comes from a connection, whole at the end of `receive`."""

    def __init__(self, connection: socket.socket, deadline: float, memory: int) -> None:
        self.connection = connection
        self.deadline = deadline
        self.memory = memory
        self.buffer = bytearray()
        self.start = time.monotonic()
        self.body: IO[bytes] = BytesIO()
        self.size = 0
        self.lasting = False
        """Whether the evaluator takes another request."""

    def receive(self, be_slow: Callable[[], AbstractContextManager[None]], patience: float) -> None:
        """Take the whole result into `body`, or raise the reason why there is none.

        The connection has a timeout of `patience` (seconds); what takes longer is done within
        `be_slow`.
        """
        slow = False
        with ExitStack() as place:
            while True:
                try:
                    if self.advance():
                        return
                    late = time.monotonic() - self.start >= patience
                except BlockingIOError:  # the timeout of the connection
                    if slow:
                        raise self.cause() from None
                    late = True
                except (EOFError, ConnectionError):
                    raise self.cause() from None
                if late and not slow:
                    slow = True
                    place.enter_context(be_slow())
                    wire.set_timeout(self.connection, self.deadline + GRACE)

    def advance(self) -> bool:
        """Take one frame; whether it was the last. Nothing is lost where it raises OSError."""
        self.need(wire.FRAME.size)
        code, length = wire.FRAME.unpack_from(self.buffer)
        if code in (wire.END, wire.LAST):
            self.lasting = code == wire.END
            return True
        if code not in (wire.DATA, wire.ERROR):
            with suppress(OSError):
                self.buffer += self.connection.recv(CHUNK)
            raise EOFError
        self.need(wire.FRAME.size + length)
        frame = self.take(wire.FRAME.size + length)[wire.FRAME.size :]
        if code == wire.ERROR:
            facts = json.loads(frame)
            self.lasting = facts["kind"] == wire.LASTING
            raise REPORTED[facts.pop("kind")](**facts)
        self.keep(frame)
        return False

    def keep(self, data: bytes) -> None:
        """Add a part of the result."""
        if self.size <= SPOOL < self.size + len(data):
            file = tempfile.TemporaryFile()  # noqa: SIM115 (the answer's, which closes it)
            self.body.seek(0)
            file.write(self.body.read())
            self.body = file
        self.body.write(data)
        self.size += len(data)

    def need(self, size: int) -> None:
        """Wait until so many bytes have come; raises EOFError when they never will."""
        while len(self.buffer) < size:
            part = self.connection.recv(max(CHUNK, size - len(self.buffer)))
            if not part:
                raise EOFError
            self.buffer += part

    def take(self, size: int) -> bytes:
        """The next bytes."""
        self.need(size)
        taken = bytes(memoryview(self.buffer)[:size])
        del self.buffer[:size]
        return taken

    def cause(self) -> EngineError:
        """Why an evaluator went silent; what it said outside frames are its last words."""
        if self.buffer.startswith(b"memory allocation"):
            return MemoryExceeded(self.memory)
        if time.monotonic() - self.start >= self.deadline:
            return DeadlineExceeded(self.deadline)
        return EvaluatorCrashed()
