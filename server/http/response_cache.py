"""Answers kept in memory, up to so many bytes, and sent again to whoever asks the same.

An answer belongs to a version of the data, an address and the headers that answers vary by. It is
kept where it is whole, has an ETag and allows it. Requests that are the same and come at once are
answered once.
"""

import hashlib
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from cachetools import LRUCache
from werkzeug.http import parse_etags

from server.engine import IN_MEMORY
from server.engine.errors import EngineError
from server.http.middleware import FAILED, PROBLEM, close_body, recorder

# About what the objects of one kept answer take beside its bytes.
OVERHEAD = 2048
VARYING = (
    "wsgi.url_scheme",
    "HTTP_HOST",
    "SCRIPT_NAME",
    "PATH_INFO",
    "QUERY_STRING",
    "HTTP_ACCEPT",
    "HTTP_ACCEPT_LANGUAGE",
    "HTTP_ACCEPT_ENCODING",
    "HTTP_ACCEPT_PROFILE",
    "HTTP_COOKIE",
)
READING = ("GET", "HEAD")
# What a 304 leaves out: it describes a body (RFC 9110, 15.4.5).
OF_BODY = ("content-type", "content-length", "content-encoding", "content-language")

Key = tuple[str, bytes]


@dataclass(frozen=True)
class Kept:
    """A whole answer to GET."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    problem: str | None

    @property
    def etag(self) -> str:
        """Its ETag as in the header; empty where it has none."""
        return next((value for name, value in self.headers if name.lower() == "etag"), "")

    @property
    def lasting(self) -> bool:
        """True where the answer may be sent to who asks later."""
        stored = not any(
            name.lower() == "cache-control" and "no-store" in value for name, value in self.headers
        )
        return self.status.startswith("200") and bool(self.etag) and stored

    @property
    def shared(self) -> bool:
        """True where the answer may be sent to who asks at the same moment, for it is no news."""
        return self.lasting or not self.status.startswith("200")

    def weight(self) -> int:
        """The bytes that it takes in memory."""
        return len(self.body) + OVERHEAD


class ResponseCache:
    """A WSGI middleware. `version` names the data that answers now; threads share it."""

    def __init__(
        self, application: WSGIApplication, version: Callable[[], str], limit: int
    ) -> None:
        self.application = application
        self.version = version
        self.lock = threading.Lock()
        self.kept: LRUCache[Key, Kept] = LRUCache(limit, getsizeof=Kept.weight)
        self.largest = limit // 16
        self.flights: dict[Key, Future[Kept | None]] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The kept answer, else that of the application."""
        key = self.key(environ)
        if key is None:
            return whole(self.application, environ, start_response)
        with self.lock:
            known = self.kept.get(key)
            flight = self.flights.get(key)
            if known is None and flight is None and environ["REQUEST_METHOD"] == "GET":
                mine = self.flights[key] = Future()
        if known is None and flight is not None:
            known = flight.result()
        if known is not None:
            return send(known, environ, start_response)
        if flight is not None or environ["REQUEST_METHOD"] == "HEAD":
            return whole(self.application, environ, start_response)
        return self.make(key, mine, environ, start_response)

    def key(self, environ: WSGIEnvironment) -> Key | None:
        """The key that tells an answer from all others; None where none is kept."""
        if environ["REQUEST_METHOD"] not in READING or FAILED in environ or not self.largest:
            return None
        if "HTTP_RANGE" in environ or "HTTP_IF_MATCH" in environ or environ.get("CONTENT_LENGTH"):
            return None
        try:
            version = self.version()
        except EngineError:
            return None
        asked = hashlib.blake2b(digest_size=16)  # an address may be longer than its answer
        for name in VARYING:
            asked.update(environ.get(name, "").encode("utf-8", "surrogatepass") + b"\0")
        return version, asked.digest()

    def make(
        self,
        key: Key,
        flight: "Future[Kept | None]",
        environ: WSGIEnvironment,
        start_response: StartResponse,
    ) -> Iterable[bytes]:
        """The application's answer, kept where it can be, for those too who wait for it."""
        made: Kept | None = None
        condition = environ.pop("HTTP_IF_NONE_MATCH", None)
        try:
            started: list[tuple[str, list[tuple[str, str]]]] = []
            body = whole(self.application, environ, recorder(started))
            ((status, headers),) = started
            if isinstance(body, list):
                made = Kept(status, tuple(headers), b"".join(body), environ.get(PROBLEM))
        finally:
            self.land(key, flight, made)
        if condition is not None:
            environ["HTTP_IF_NONE_MATCH"] = condition
        if made is not None:
            return send(made, environ, start_response)
        streamed = Kept(status, tuple(headers), b"", environ.get(PROBLEM))
        if is_known(streamed, condition):
            if hasattr(body, "close"):
                body.close()
            return send(streamed, environ, start_response)
        start_response(status, headers)
        return body

    def land(self, key: Key, flight: "Future[Kept | None]", made: Kept | None) -> None:
        """Keep an answer where it can be, and give it to those who wait."""
        stays = False
        try:
            stays = made is not None and made.lasting and made.weight() <= self.largest
            stays = stays and self.version_is(key[0])  # which may ask a remote engine: no lock
        finally:
            with self.lock:
                del self.flights[key]
                if made is not None and stays:
                    self.kept[key] = made
            flight.set_result(made if made is not None and made.shared else None)

    def version_is(self, version: str) -> bool:
        """True where that version still answers."""
        try:
            return self.version() == version
        except EngineError:
            return False


def whole(
    application: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    """The application's answer, its body in one piece where it is short and complete.

    The HTTP server sends such a body without a thread, however slowly it is read.
    """
    started: list[tuple[str, list[tuple[str, str]]]] = []
    body = application(environ, recorder(started))
    ((status, headers),) = started
    start_response(status, headers)
    size = next((value for name, value in headers if name.lower() == "content-length"), "")
    short = size.isdigit() and int(size) <= IN_MEMORY
    bodiless = status.startswith(("204", "304"))
    if environ["REQUEST_METHOD"] == "HEAD" and not size and not bodiless:
        close_body(body)
        return iter(())  # of a body in one piece the HTTP server would tell that it is empty
    if not short and environ["REQUEST_METHOD"] != "HEAD" and not bodiless:
        return body
    try:
        return [b"".join(body)]
    finally:
        close_body(body)


def is_known(kept: Kept, condition: str | None) -> bool:
    """True where who asks on that condition (If-None-Match) has the answer already."""
    bare = kept.etag.removeprefix("W/").strip('"')
    return bool(condition) and kept.lasting and parse_etags(condition).contains_weak(bare)


def send(kept: Kept, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """A kept answer: 304 to who has it already, no body for HEAD."""
    if kept.problem:
        environ[PROBLEM] = kept.problem
    if is_known(kept, environ.get("HTTP_IF_NONE_MATCH")):
        headers = [(name, value) for name, value in kept.headers if name.lower() not in OF_BODY]
        start_response("304 NOT MODIFIED", headers)
        return [b""]
    start_response(kept.status, list(kept.headers))
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else kept.body]
