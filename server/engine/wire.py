"""What an evaluator and its client say to each other over a Unix socket.

The evaluator greets with its process id when it takes a connection. Then the client sends one
request after the other, and gets frames for each. A result is whole when `END` has come, or `LAST`
from an evaluator that takes no further request. After an error that the text of the query is to
blame for (`LASTING`), it does. Whatever is no frame is the last words of a dying evaluator, whose
standard error is the same socket.
"""

import json
import socket
import struct
from typing import Any

GREETING = struct.Struct("<I")
LENGTH = struct.Struct("<I")
FRAME = struct.Struct("<cI")
TIMEVAL = struct.Struct("@ll")

DATA, END, ERROR, LAST = b"\x01", b"\x02", b"\x03", b"\x04"
LASTING = "syntax"


def send_request(connection: socket.socket, request: dict[str, Any]) -> None:
    """Send what is to be evaluated."""
    body = json.dumps(request).encode()
    connection.sendall(LENGTH.pack(len(body)) + body)


def set_timeout(connection: socket.socket, seconds: float) -> None:
    """Let a blocking connection raise BlockingIOError after so long a silence.

    The kernel keeps the time: Python's own timeouts cost a system call more for each read.
    """
    value = TIMEVAL.pack(int(seconds), int(seconds % 1 * 1e6) or 1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, value)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, value)


def receive_request(connection: socket.socket) -> dict[str, Any]:
    """What is to be evaluated; raises EOFError when the client has gone."""
    (length,) = LENGTH.unpack(receive(connection, LENGTH.size))
    request: dict[str, Any] = json.loads(receive(connection, length))
    return request


def receive(connection: socket.socket, size: int) -> bytes:
    """Exactly `size` bytes; raises EOFError, with what had come, when there are fewer."""
    parts = bytearray()
    while len(parts) < size:
        part = connection.recv(size - len(parts))
        if not part:
            raise EOFError(bytes(parts))
        parts += part
    return bytes(parts)


def frame(code: bytes, body: bytes) -> bytes:
    """One frame, ready to send."""
    return FRAME.pack(code, len(body)) + body


def error_frame(kind: str, **facts: object) -> bytes:
    """The frame that tells of an `EngineError` by its kind and attributes."""
    return frame(ERROR, json.dumps({"kind": kind, **facts}).encode())
