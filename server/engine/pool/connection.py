"""A connection to an evaluator: a request goes out, frames come in, or silence and its reason."""

import json
import os
import select
import signal
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path

from server.engine import CHUNK
from server.engine.errors import (
    REPORTED,
    Busy,
    DeadlineExceeded,
    EngineError,
    EvaluatorCrashed,
    MemoryExceeded,
)
from server.engine.pool import wire
from server.engine.pool.slots import QUERY_LOOK_SECONDS, Slot
from server.engine.result_files import ResultFile

# Seconds after the deadline for which an evaluator may be silent before it is given up.
GRACE_SECONDS = 0.5


class Connection:
    """An evaluator as its client sees it. It serves nobody else while the connection is open.

    `wait` bounds in seconds how long one is waited for; raises Busy, or OSError where none listens.
    """

    def __init__(self, address: Path, version: str, wait: float) -> None:
        self.version = version
        self.lasts = True
        """True while the evaluator takes another request."""
        self.buffer = bytearray()
        self.socket = socket.socket(socket.AF_UNIX)
        self.handle = -1
        try:
            self.socket.settimeout(wait)
            self.socket.connect(str(address))
            greeting = self.socket.recv(wire.GREETING.size, socket.MSG_WAITALL)
            if len(greeting) < wire.GREETING.size:
                raise ConnectionResetError
        except TimeoutError:
            self.socket.close()
            raise Busy(retry_after=max(1, round(wait))) from None
        except BaseException:
            self.socket.close()
            raise
        (self.evaluator,) = wire.GREETING.unpack(greeting)
        if sys.platform == "linux":
            # Of a process that has ended, the number may be another's by now.
            with suppress(ProcessLookupError):
                self.handle = os.pidfd_open(self.evaluator)
        self.poll = select.poll()
        self.poll.register(self.socket, select.POLLIN)

    @property
    def usable(self) -> bool:
        """True where another request can be sent: the evaluator lasts and is still there."""
        return self.lasts and not self.poll.poll(0)

    def close(self) -> None:
        """Hang up."""
        self.socket.close()
        if self.handle >= 0:
            os.close(self.handle)
            self.handle = -1

    def kill(self) -> None:
        """End the evaluator, whatever it does."""
        self.lasts = False
        if self.handle >= 0:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.handle, signal.SIGKILL)

    def ask(
        self, request: bytes, result: ResultFile, deadline: float, memory: int, slot: Slot
    ) -> None:
        """Take the whole result of a request into `result`, or raise why there is none."""
        self.lasts = False
        start = time.monotonic()
        slot.begin(self.evaluator, self.kill)
        try:
            self.socket.sendall(request)
        except OSError:
            raise EvaluatorCrashed from None
        while True:
            left = start + deadline + GRACE_SECONDS - time.monotonic()
            if left <= 0:
                raise DeadlineExceeded(deadline)
            if not self.poll.poll(
                1000 * min(left, QUERY_LOOK_SECONDS if not slot.is_slow else left)
            ):
                slot.look()
                continue
            try:
                data = self.socket.recv(CHUNK)
            except OSError:
                data = b""
            if not data:
                if slot.evicted:
                    raise slot.slots.too_many_slow()
                late = time.monotonic() >= start + deadline
                raise self.cause(memory, deadline if late else None)
            self.buffer += data
            if self.take_frames(result):
                return

    def take_frames(self, result: ResultFile) -> bool:
        """Take the frames that have come; whether the result is whole. Raises EngineError."""
        buffer = self.buffer
        while len(buffer) >= wire.FRAME.size:
            code, length = wire.FRAME.unpack_from(buffer)
            end = wire.FRAME.size + length
            if code not in wire.CODES or len(buffer) < end:
                return False  # a part of a frame, or last words
            content = bytes(memoryview(buffer)[wire.FRAME.size : end])
            del buffer[:end]
            if code == wire.ERROR:
                facts = json.loads(content)
                self.lasts = facts["kind"] in wire.LASTING
                raise REPORTED[facts.pop("kind")](**facts)
            result.write(content)
            if code != wire.DATA:
                self.lasts = code == wire.END
                return True
        return False

    def cause(self, memory: int, deadline: float | None) -> EngineError:
        """Why an evaluator went silent; what it said outside frames are its last words."""
        if self.buffer.startswith(b"memory allocation"):
            return MemoryExceeded(memory)
        return EvaluatorCrashed() if deadline is None else DeadlineExceeded(deadline)
