"""A request's head, read by llhttp (httptools) as RFC 9112 has it."""

import re
from collections.abc import Hashable, Mapping
from functools import lru_cache
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

import httptools

from server.reply import OVERHEAD, fingerprint

READING = ("GET", "HEAD")
# Bytes of the fields of a request up to which they are kept as they were read, and how many are.
SHORT = 4096
KEPT = 1024
GET = re.compile(rb"GET (/[!\"$-~]*) HTTP/1\.1")
EMPTY_LINE = b"\r\n\r\n"


HOST = re.compile(r"[\w.~!$&'()*+,;=:%\[\]-]*", re.ASCII)
"""What may stand in a Host field (RFC 3986, 3.2.2 and 3.2.3)."""


class MalformedError(Exception):
    """A head that is none of HTTP/1.1; `status` is what HTTP answers."""

    def __init__(self, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(status.phrase)
        self.status = status


class BrokenBodyError(Exception):
    """A body whose chunks are none."""


class Request(NamedTuple):
    """A request without its body, with the headers of one name in one."""

    method: str
    path: str
    query_string: str
    client: str
    headers: Mapping[str, str]
    scheme: str = "http"
    question: Hashable = None
    """What an answer of one version is kept under; None where it is not to be kept."""

    @property
    def host(self) -> str:
        """Whom the caller believes to ask."""
        return self.headers.get("host", "")


def question_of(method: str, path: str, query: str, headers: Mapping[str, str]) -> Hashable:
    """All that an answer to a request depends on, beside the version."""
    if method not in READING or "range" in headers:
        return None
    given = headers.get
    accepted = (given("accept", ""), given("accept-encoding", ""), given("accept-language", ""))
    key = (path, query, given("host", ""), *accepted)
    # What would take more memory than is counted for it has something short in its place.
    return key if sum(map(len, key)) < OVERHEAD // 2 else fingerprint(*key)


class Head:
    """What llhttp tells of a head, as it comes."""

    def __init__(self) -> None:
        self.target = b""
        self.fields: list[tuple[bytes, bytes]] = []
        self.size = 0

    def on_url(self, part: bytes) -> None:
        """Take a part of the request target."""
        self.target += part
        self.size += len(part)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a field."""
        self.fields.append((name, value))
        self.size += len(name) + len(value)

    def request(self, parser: httptools.HttpRequestParser, client: str) -> Request:
        """The request, from this client; raises MalformedError."""
        version = parser.get_http_version()
        if version not in ("1.0", "1.1"):
            raise MalformedError
        method = parser.get_method().decode("ascii")
        if method == "CONNECT":
            raise MalformedError(HTTPStatus.NOT_IMPLEMENTED)
        headers: dict[str, str] = {}
        for field, text in self.fields:
            name, value = field.decode("latin-1").lower(), text.decode("latin-1").strip()
            if name not in headers:
                headers[name] = value
            elif name == "host":  # two are one too many (RFC 9112, 3.2)
                raise MalformedError
            else:  # several of one name stand for one (RFC 9110, 5.3)
                headers[name] += ("; " if name == "cookie" else ", ") + value
        if "host" not in headers and version == "1.1":
            raise MalformedError
        authority, path, query = split_target(self.target)
        if authority:  # of the two it is the target that counts (RFC 9112, 3.2.2)
            headers["host"] = authority
        if not HOST.fullmatch(headers.get("host", "")):
            raise MalformedError
        place = unquote_to_bytes(path).decode("utf-8", "surrogateescape")
        asked = query.decode("latin-1")
        question = question_of(method, place, asked, headers)
        return Request(method, place, asked, client, headers, question=question)


def split_target(target: bytes) -> tuple[str, bytes, bytes]:
    """The authority (where it is told), the path and the query of a request target."""
    authority = b""
    target = target.partition(b"#")[0]
    if not target.startswith(b"/") and b"://" in target:
        authority, slash, rest = target.partition(b"://")[2].partition(b"/")
        authority, mark, query = authority.partition(b"?")
        target = slash + rest if slash else b"/" + mark + query
    path, _, query = target.partition(b"?")
    return authority.decode("latin-1"), path, query


class Whole(Head):
    """A head that takes note of whether it is a whole message."""

    def __init__(self) -> None:
        super().__init__()
        self.parser: httptools.HttpRequestParser
        self.bodies = self.completed = 0
        self.persists = False
        """Whether the connection stays open: at the end of a message llhttp has forgotten that."""

    def on_headers_complete(self) -> None:
        """Take note of what was said of the connection."""
        self.persists = self.parser.should_keep_alive()

    def on_message_complete(self) -> None:
        """Count an end."""
        self.completed += 1

    def on_body(self, _: bytes) -> None:
        """Count what has a body."""
        self.bodies += 1


def read_whole(data: bytes, client: str) -> Request | None:
    """The request, where the bytes are one by GET without a body, the connection to stay open.

    What is not certain here is left to a parser that goes on from segment to segment.
    """
    line, _, fields = data.partition(b"\r\n")
    found = GET.fullmatch(line)
    headers = read_fields(fields) if found else None
    if found is None or headers is None:
        return None
    target = found[1].decode("ascii")
    path, _, query = target.partition("?")
    if "%" in path:
        path = unquote_to_bytes(path).decode("utf-8", "surrogateescape")
    return Request(
        "GET", path, query, client, headers, question=question_of("GET", path, query, headers)
    )


@lru_cache(KEPT)
def read_fields(fields: bytes) -> Mapping[str, str] | None:
    """The headers, where the bytes end a request without a body that leaves the connection open.

    From one request to the next a client says the same.
    """
    head = Whole()
    parser = head.parser = httptools.HttpRequestParser(head)
    try:
        parser.feed_data(b"GET / HTTP/1.1\r\n" + fields)
        if (
            head.completed == 1
            and not head.bodies
            and head.persists
            and fields.endswith(EMPTY_LINE)
        ):
            headers = head.request(parser, "").headers
            # What ends in chunks can have trailers, which are no headers.
            return None if "transfer-encoding" in headers else headers
    except (httptools.HttpParserError, httptools.HttpParserUpgrade, MalformedError):
        pass
    finally:
        del head.parser  # each holds the other
    return None
