"""What stands before the Flask application: the cache, the limit per client, and `/sparql` itself.

Queries are answered here, without Flask, whose routing and contexts take longer than most of them.
All else, and every error, is left to the application: it finds the error under `FAILED`.
"""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import request

from server.cache import Cache
from server.clients import Clients, Watched
from server.engine.embedded import Limits
from server.engine.errors import EngineError, NoVersion
from server.engine.reception import SPOOL
from server.negotiation import UnknownFormat
from server.protocol import ProtocolError, read_request
from server.querying import Queries, accepted_coding
from server.reply import Reply

FAILED = "maillage.failed"
"""Where in the WSGI environment stands why a request cannot be answered."""
PLACE = "/sparql"
READING = ("GET", "HEAD")
# All of a request that an answer to GET depends on, beside the version.
DEPENDS = (
    "PATH_INFO",
    "QUERY_STRING",
    "HTTP_ACCEPT",
    "HTTP_ACCEPT_ENCODING",
    "HTTP_ACCEPT_LANGUAGE",
    "HTTP_HOST",
    "wsgi.url_scheme",
)


class Front:
    """A WSGI application around the site's."""

    def __init__(
        self,
        application: WSGIApplication,
        queries: Queries,
        cache: Cache[Reply],
        clients: Clients,
    ) -> None:
        self.application = application
        self.queries = queries
        self.cache = cache
        self.clients = clients

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer from memory, else by evaluating, else as the application does."""
        try:
            version = self.queries.engine.version()
        except NoVersion:
            return self.application(environ, start_response)
        key = None
        if environ["REQUEST_METHOD"] in READING and "HTTP_RANGE" not in environ:
            key = (version, *map(environ.get, DEPENDS))
            known = self.cache.get(key)
            if known is not None:
                return known.send(environ, start_response)
        try:
            leave = self.clients.enter(environ)
        except EngineError as error:
            environ[FAILED] = error
            return self.application(environ, start_response)
        body: Iterable[bytes] = []
        try:
            if environ["PATH_INFO"] == PLACE:
                body = self.sparql(environ, start_response, version, key)
            else:
                body = self.page(environ, start_response, key)
        finally:
            if isinstance(body, list):
                leave()
        return body if isinstance(body, list) else Watched(body, leave)

    def sparql(
        self, environ: WSGIEnvironment, start_response: StartResponse, version: str, key: Any
    ) -> Iterable[bytes]:
        """The answer to a query; whatever else is asked there is for the application."""
        method = environ["REQUEST_METHOD"]
        sent = read_body(environ, self.queries.limits) if method == "POST" else b""
        if sent is None or (method != "POST" and method not in READING):
            return self.application(environ, start_response)
        try:
            asked = read_request(
                method, environ["QUERY_STRING"], environ.get("CONTENT_TYPE", ""), sent
            )
            reply = None
            if asked.query is not None:
                header = environ.get("HTTP_ACCEPT_ENCODING", "")
                reply = self.queries.answer(
                    version, asked, environ.get("HTTP_ACCEPT", ""), accepted_coding(header)
                )
        except (ProtocolError, EngineError, UnknownFormat) as error:
            environ[FAILED] = error
            reply = None
        if reply is None:
            environ["wsgi.input"] = BytesIO(sent)
            return self.application(environ, start_response)
        if key is not None:
            self.cache.put(key, reply)
        return reply.send(environ, start_response)

    def page(
        self, environ: WSGIEnvironment, start_response: StartResponse, key: Any
    ) -> Iterable[bytes]:
        """The application's answer, kept where it says by an ETag that it can be."""
        if key is None or environ["REQUEST_METHOD"] != "GET":
            return self.application(environ, start_response)
        started: list[Any] = []

        def keep(*told: Any) -> Callable[[bytes], object]:
            started[:] = told
            return refuse

        body = self.application(environ, keep)
        status, headers = started[:2]
        told = {name.lower(): value for name, value in headers}
        size = told.get("content-length", "")
        if (
            status[:3] == "200"
            and told.get("etag")
            and "no-store" not in told.get("cache-control", "")
            and size.isdigit()
            and int(size) <= SPOOL
        ):
            reply = Reply(status, headers, joined(body), told["etag"])
            self.cache.put(key, reply)
            return reply.send(environ, start_response)
        start_response(*started)
        return body


def raise_failure() -> None:
    """Raise in the application what has failed before it; hooked in before each request."""
    error: Exception | None = request.environ.get(FAILED)
    if error is not None:
        raise error


def read_body(environ: WSGIEnvironment, limits: Limits) -> bytes | None:
    """The body of a request; None where it is long, or does not say how long."""
    size = environ.get("CONTENT_LENGTH", "")
    if not size.isdigit() or int(size) > limits.max_query_length:
        return None
    body: bytes = environ["wsgi.input"].read(int(size))
    return body


def joined(body: Iterable[bytes]) -> bytes:
    """A body in one piece."""
    try:
        return b"".join(body)
    finally:
        close: Callable[[], None] | None = getattr(body, "close", None)
        if close is not None:
            close()


def refuse(_: bytes) -> object:
    """Stand where PEP 3333 has a `write` that nobody calls any more."""
    raise NotImplementedError
