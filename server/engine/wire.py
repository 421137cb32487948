"""What an evaluator and its client say to each other over a Unix socket.

The client sends one request and gets a greeting (the evaluator's process id: from here the clock
runs), then frames. A result is whole when `END` has come. Whatever is no frame is the last words
of a dying evaluator, whose standard error is the same socket.
"""

import json
import socket
import struct
from typing import Any

# Process id and monotonic time, which all processes of a machine share.
GREETING = struct.Struct("<Id")
LENGTH = struct.Struct("<I")
FRAME = struct.Struct("<cI")

DATA, END, ERROR = b"\x01", b"\x02", b"\x03"


def send_request(connection: socket.socket, request: dict[str, Any]) -> None:
    """Send what is to be evaluated."""
    body = json.dumps(request).encode()
    connection.sendall(LENGTH.pack(len(body)) + body)


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
