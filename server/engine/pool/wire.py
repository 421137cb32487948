"""The messages between an evaluator and its client, over a Unix socket.

The evaluator greets with its process id when it takes a connection. Then the client sends one
request after the other, and gets frames for each. A result is whole when `END` has come with the
rest of it, or `LAST` from an evaluator that takes no further request. After an error that the text
of the query is to blame for (`LASTING`), it does. Whatever is no frame is the last words of a dying
evaluator, whose standard error is the same socket.
"""

import json
import marshal
import socket
import struct
from typing import Any

from server.engine import CHUNK

GREETING = struct.Struct("<I")
LENGTH = struct.Struct("<I")
FRAME = struct.Struct("<cI")

DATA, END, ERROR, LAST = b"\x01", b"\x02", b"\x03", b"\x04"
CODES = (DATA, END, ERROR, LAST)
LASTING = frozenset(["syntax", "service", "unclear", "unwritable"])


def pack_request(request: dict[str, Any]) -> bytes:
    """The bytes of a request.

    Both sides run the same interpreter, and only the client's word is read so: `marshal` takes a
    tenth of the time of JSON.
    """
    body = marshal.dumps(request)
    return LENGTH.pack(len(body)) + body


def receive_request(connection: socket.socket) -> dict[str, Any]:
    """The next request; raises EOFError when the client has gone."""
    received = bytearray()
    size = LENGTH.size
    while len(received) < size:
        part = connection.recv(CHUNK)
        if not part:
            raise EOFError
        received += part
        if len(received) >= LENGTH.size:
            size = LENGTH.size + LENGTH.unpack_from(received)[0]
    request: dict[str, Any] = marshal.loads(memoryview(received)[LENGTH.size :])  # noqa: S302
    return request


def frame(code: bytes, body: bytes) -> bytes:
    """One frame, ready to send."""
    return FRAME.pack(code, len(body)) + body


def error_frame(kind: str, **facts: object) -> bytes:
    """The frame that tells of an `EngineError` by its kind and attributes."""
    return frame(ERROR, json.dumps({"kind": kind, **facts}).encode())
