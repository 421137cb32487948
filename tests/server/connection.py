"""A client that sends bytes as they stand, and reads answers as RFC 9112 delimits them."""

import re
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import parse_headers
from urllib.parse import quote

from tests.server.conftest import Endpoint, Reply

WAIT = 60
"""Seconds within which the other side has to do something."""
STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) [^\r\n]*\r\n")
DIRECT = "Content-Type: application/sparql-query"
CHUNKED = "Transfer-Encoding: chunked"
LAST = b"0\r\n\r\n"
"""The end of a body in chunks."""
QUERY = "SELECT ('été' AS ?x) {}".encode()
CROSS = "SELECT (COUNT(*) AS ?n) {" + " ".join(f"?s{i} ?p{i} ?o{i} ." for i in range(12)) + "}"
PARTS = (b"Traceback", b"granian", b"hyper", b"uvloop", b"llhttp", b"httptools", b"asyncio")
"""Words that no answer has: what the server is made of is nobody's business."""


def slow(number: int) -> str:
    """The address of a query that is given up after half a second.

    For a while it is not tried again: who wants one that runs takes a number of their own.
    """
    return f"/sparql?timeout=0.5&query={quote(f'{CROSS} LIMIT {number}')}"


def words(text: str) -> str:
    """The address of a query whose answer is these words."""
    query = f"SELECT ('{text}' AS ?x) {{}}"
    return f"/sparql?format=csv&query={quote(query)}"


def said(text: str) -> bytes:
    """The answer to that query."""
    return f"x\r\n{text}\r\n".encode()


def head(target: str, *fields: str, method: str = "GET", version: str = "1.1") -> bytes:
    """The head of a request; with a Host unless there is one among its fields."""
    host = () if any(field.lower().startswith("host:") for field in fields) else ("Host: x",)
    lines = (f"{method} {target} HTTP/{version}", *host, *fields, "", "")
    return "\r\n".join(lines).encode("latin-1")


def post(*fields: str, body: bytes = b"", version: str = "1.1") -> bytes:
    """A request that sends a query, with the fields that say where it ends."""
    return head("/sparql?format=csv", DIRECT, *fields, method="POST", version=version) + body


def sized(body: bytes, *fields: str) -> bytes:
    """A request that sends a query and its length."""
    return post(f"Content-Length: {len(body)}", *fields, body=body)


def chunk(data: bytes, extension: bytes = b"") -> bytes:
    """A chunk of a body."""
    return b"%X%s\r\n%s\r\n" % (len(data), extension, data)


def statuses(data: bytes) -> list[int]:
    """The statuses of all answers that came back, none of which names a part of the server."""
    assert not any(part in data for part in PARTS)
    found = [int(status) for status in STATUS.findall(data)]
    assert bool(found) == bool(data)
    return found


class Connection:
    """One connection to a server; a context manager."""

    def __init__(self, endpoint: Endpoint, *, buffer: int = 0) -> None:
        host, _, port = endpoint.address.removeprefix("http://").partition(":")
        self.socket = socket.socket()
        self.socket.settimeout(WAIT)
        if buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.connect((host, int(port)))
        self.stream = self.socket.makefile("rb")

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_: object) -> None:
        self.stream.close()
        self.socket.close()

    def send(self, data: bytes) -> bool:
        """Send bytes, unless the other side closes; whether it has not."""
        try:
            self.socket.sendall(data)
        except (ConnectionResetError, BrokenPipeError):
            return False
        return True

    def ask(self, *fields: str, text: str = "here", version: str = "1.1") -> Reply:
        """The answer to a query by GET with these fields."""
        self.send(head(words(text), *fields, version=version))
        return self.answer()

    def answer(self, method: str = "GET") -> Reply:
        """The next answer, whole; its body ends where it says, not where the connection does."""
        line = self.stream.readline()
        found = STATUS.fullmatch(line)
        assert found, f"no status line: {line!r}"
        status, headers = int(found[1]), parse_headers(self.stream)
        if method == "HEAD" or status < 200 or status in (204, 304):
            return Reply(status, headers, b"")
        if "Transfer-Encoding" in headers:
            assert headers["Transfer-Encoding"].lower() == "chunked"
            assert "Content-Length" not in headers
            return Reply(status, headers, self.chunks())
        (length,) = map(int, headers.get_all("Content-Length", []))
        body = self.stream.read(length)
        assert len(body) == length, "the body is cut off"
        return Reply(status, headers, body)

    def chunks(self) -> bytes:
        """A body in chunks, without its trailers."""
        body = b""
        while size := int(self.stream.readline().partition(b";")[0], 16):
            data = self.stream.read(size + 2)
            assert data[size:] == b"\r\n"
            body += data[:size]
        parse_headers(self.stream)
        return body

    def rest(self) -> bytes:
        """All that comes until the other side closes; TimeoutError if it does not."""
        data = b""
        try:
            while part := self.stream.read1():
                data += part
        except ConnectionError:
            pass
        return data

    def reset(self) -> None:
        """Go away without a word."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.__exit__()


@contextmanager
def harmless(endpoint: Endpoint) -> Iterator[Connection]:
    """A connection after which, whatever came of it, the next client is answered."""
    with Connection(endpoint) as connection:
        yield connection
    with Connection(endpoint) as following:
        assert following.ask(text="still here").body == said("still here")
