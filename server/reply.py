"""A whole HTTP answer, which can be kept and sent again."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import IO

from werkzeug.http import parse_etags

from server.engine.spool import SPOOL, Spool

Headers = tuple[tuple[str, str], ...]

# About what the objects of one kept answer take beside its bytes.
OVERHEAD = 2048
# Statuses of answers that never have a body.
NO_BODY = (204, 304)
# What a 304 leaves out: it describes a body (RFC 9110, 15.4.5).
OF_BODY = ("content-type", "content-length", "content-encoding", "content-language")


@dataclass(frozen=True)
class Content:
    """A body that lies in a file."""

    file: IO[bytes]
    size: int


@dataclass(eq=False, slots=True)
class Reply:
    """Status, headers and body; one whose body is in a file can be sent once.

    Of thousands that are kept, the garbage collector looks at all that is neither slot nor tuple.
    """

    status: int
    headers: Headers
    body: bytes | Content
    etag: str = ""
    """As in the header, with its quotation marks; empty where the answer is new each time."""
    problem: str | None = None
    """The kind of problem that it tells of."""
    bodiless: bool = False
    """Whether it is to HEAD: its headers are those of another answer."""
    written: bytes = b""
    """The headers as they are sent, once somebody has written them."""

    @property
    def head(self) -> bytes:
        """Its headers as they are sent."""
        if not self.written:
            headers = self.headers
            counted = any(name.lower() == "content-length" for name, _ in headers)
            if not (counted or self.bodiless or self.status in NO_BODY):
                headers = (*headers, ("Content-Length", str(self.size)))
            self.written = write(headers)
        return self.written

    @property
    def weight(self) -> int | None:
        """Its bytes in memory, where it can be sent again."""
        return len(self.body) + OVERHEAD if isinstance(self.body, bytes) and self.etag else None

    @property
    def size(self) -> int:
        """The bytes of the body."""
        return len(self.body) if isinstance(self.body, bytes) else self.body.size

    def to(self, method: str, condition: str | None) -> "Reply":
        """What is sent for it: 304 to who has it already, no body for HEAD."""
        if condition and self.etag and parse_etags(condition).contains_weak(bare(self.etag)):
            return Reply(304, without_body(self.headers), b"")
        return Reply(self.status, self.headers, b"", bodiless=True) if method == "HEAD" else self


def write(headers: Headers) -> bytes:
    """Headers as they are sent."""
    return "".join([f"{name}: {value}\r\n" for name, value in headers]).encode("latin-1", "replace")


ABANDONED = Reply(499, (), b"")
"""What is noted of an answer that nobody waits for any more."""


def gathered(chunks: Iterable[bytes]) -> bytes | Content:
    """A body in one piece, or in a file where it is large.

    A long one must not stay in memory for as long as a slow client reads it.
    """
    spool = Spool()
    for chunk in chunks:
        spool.write(chunk)
    if spool.size > SPOOL:
        return Content(spool.file, spool.size)
    spool.file.seek(0)
    return spool.file.read()


def bare(etag: str) -> str:
    """An ETag without the mark of weakness and the quotation marks."""
    return etag.removeprefix("W/").strip('"')


def without_body(headers: Headers) -> Headers:
    """The headers of an answer that has no body."""
    return tuple((name, value) for name, value in headers if name.lower() not in OF_BODY)


def fingerprint(*parts: str) -> str:
    """A short name for exactly these texts."""
    return hashlib.blake2b(
        "\x1f".join(parts).encode("utf-8", "surrogateescape"), digest_size=16
    ).hexdigest()


def refusal(status: HTTPStatus, headers: Headers) -> Reply:
    """The answer to what is no request: a problem in no language (RFC 9457, 4.2.1)."""
    problem = {"type": "about:blank", "title": status.phrase, "status": status.value}
    content_type = ("Content-Type", "application/problem+json")
    return Reply(status, (content_type, *headers), json.dumps(problem).encode())
