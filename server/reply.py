"""A whole HTTP answer, which can be kept and sent again."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import IO

from werkzeug.http import parse_etags

from server.engine.spool import SPOOL, Spool

Headers = Sequence[tuple[str, str]]

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


@dataclass(frozen=True, eq=False)
class Reply:
    """Status, headers and body; one whose body is in a file can be sent once."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes | Content
    etag: str = ""
    """As in the header, with its quotation marks; empty where the answer is new each time."""
    problem: str | None = None
    """The kind of problem that it tells of."""
    bodiless: bool = False
    """Whether it is to HEAD: its headers are those of another answer."""

    @cached_property
    def head(self) -> bytes:
        """Its headers as they are sent, with the empty line that ends them."""
        head = b"".join([line(name, value) for name, value in self.headers])
        if not (self.bodiless or self.status in NO_BODY or b"content-length:" in head.lower()):
            head += line("Content-Length", str(self.size))
        return head + b"\r\n"

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


@lru_cache(maxsize=512)
def line(name: str, value: str) -> bytes:
    """A field as it is sent."""
    return f"{name}: {value}\r\n".encode("latin-1", "replace")


ABANDONED = Reply(499, [], b"")
"""What is noted of an answer that nobody waits for any more."""


def gathered(chunks: Iterable[bytes]) -> bytes | Content:
    """A body in one piece, or in a file where it is large.

    The server would take all of a stream into memory, however slowly its client reads.
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


def without_body(headers: Headers) -> list[tuple[str, str]]:
    """The headers of an answer that has no body."""
    return [(name, value) for name, value in headers if name.lower() not in OF_BODY]


def fingerprint(*parts: str) -> str:
    """A short name for exactly these texts."""
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()
