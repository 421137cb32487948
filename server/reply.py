"""A whole HTTP answer as WSGI sends it, which can be kept and sent again."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.http import parse_etags

Headers = Sequence[tuple[str, str]]

# About what the objects of one kept answer take beside its bytes.
OVERHEAD = 2048
NOT_MODIFIED = "304 Not Modified"
# What a 304 leaves out: it describes a body (RFC 9110, 15.4.5).
OF_BODY = ("content-type", "content-length", "content-encoding", "content-language")


@dataclass(frozen=True, eq=False)
class Reply:
    """Status line, headers and body; a body that is no bytes can be sent once."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes | Iterable[bytes]
    etag: str = ""
    """As in the header, with its quotation marks; empty where the answer is new each time."""

    @property
    def weight(self) -> int | None:
        """Its bytes in memory, where it can be sent again."""
        return len(self.body) + OVERHEAD if isinstance(self.body, bytes) and self.etag else None

    def send(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer with it, or with 304 where the caller has it already."""
        condition = environ.get("HTTP_IF_NONE_MATCH")
        if condition and self.etag and parse_etags(condition).contains_weak(bare(self.etag)):
            start_response(NOT_MODIFIED, without_body(self.headers))
            return []
        start_response(self.status, self.headers)
        if environ["REQUEST_METHOD"] == "HEAD":
            return []
        return [self.body] if isinstance(self.body, bytes) else self.body


def bare(etag: str) -> str:
    """An ETag without the mark of weakness and the quotation marks."""
    return etag.removeprefix("W/").strip('"')


def without_body(headers: Headers) -> list[tuple[str, str]]:
    """The headers of an answer that has no body."""
    return [(name, value) for name, value in headers if name.lower() not in OF_BODY]


def fingerprint(*parts: str) -> str:
    """A short name for exactly these texts."""
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()
