"""HTTP to a remote engine: pooled connections, one deadline for all, bounded retries, no redirects.

What comes back is whole, or an `EngineError`; nothing that the engine says of itself goes further.
"""

import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, cast
from urllib.parse import urlencode, urlsplit
from urllib.request import (
    HTTPDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    Request,
    parse_http_list,
    parse_keqv_list,
)

from urllib3 import BaseHTTPResponse, HTTPConnectionPool, Timeout, connection_from_url, make_headers
from urllib3.exceptions import (
    ConnectTimeoutError,
    EmptyPoolError,
    HTTPError,
    NewConnectionError,
    ReadTimeoutError,
)

from server.engine import CHUNK, IN_MEMORY
from server.engine.errors import Busy, DeadlineExceeded, EngineUnavailable, ResultTooLarge
from server.engine.media_types import URL_ENCODED
from server.engine.remote.watch import Watch

CONNECT = 5.0
"""Seconds after which an engine that does not take a connection is given up."""
ATTEMPTS = 3
PAUSE = 0.1
UNWELL = (502, 503)


@dataclass(frozen=True)
class Credentials:
    """The name and password for the engine; without a user, nobody in particular asks."""

    user: str = ""
    password: str = ""


@dataclass(frozen=True)
class Reply:
    """A whole answer: its body is in memory, or in a temporary file where it is long."""

    status: int
    headers: Mapping[str, str]
    body: IO[bytes]
    size: int

    @property
    def media_type(self) -> str:
        """The media type of the body, without parameters."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()


class Transport:
    """Requests to one address, by as many connections as `size` at a time."""

    def __init__(
        self, url: str, credentials: Credentials, *, size: int = 1, wait: float = 5.0
    ) -> None:
        self.url = url
        parts = urlsplit(url)
        self.target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self.credentials = credentials
        self.wait = wait
        self.asking = threading.local()
        """The watch over the request of each thread."""
        pool = connection_from_url(url, maxsize=size, block=True, retries=False)
        self.pool = told_of(pool, self.asking)
        self.authorize = Authorization(url, credentials)

    def ask(
        self, parameters: Sequence[tuple[str, str]], accept: str, watch: Watch, limit: int
    ) -> Reply:
        """The answer to a reading request, sent as a form."""
        return self.send(
            urlencode(parameters).encode(), URL_ENCODED, watch, accept=accept, limit=limit
        )

    def send(
        self, body: bytes, content_type: str, watch: Watch, *, accept: str, limit: int
    ) -> Reply:
        """The answer to a request that may be sent twice without harm.

        Raises EngineUnavailable, ResultTooLarge (over `limit` bytes) and why `watch` broke it off.
        """
        headers = {"Content-Type": content_type, "Accept": accept, "User-Agent": "Maillage"}
        challenged = False
        attempt = 1
        while True:
            last = attempt == ATTEMPTS
            attempt += 1
            try:
                response = self.exchange(body, headers, watch)
            except EmptyPoolError:
                raise Busy(retry_after=max(1, round(self.wait))) from None
            except HTTPError as error:
                if isinstance(error, ReadTimeoutError) or watch.cause is not None:
                    raise watch.cause or DeadlineExceeded(watch.deadline) from None
                # A connection that was kept may have been closed meanwhile, but a query that
                # brings the engine down must not do so three times.
                refused = isinstance(error, NewConnectionError | ConnectTimeoutError)
                if last or (attempt > 2 and not refused):
                    raise EngineUnavailable from None
            else:
                if response.status == 401 and not challenged and self.credentials.user:
                    challenged = True
                    self.authorize.heed(response.headers.get("WWW-Authenticate", ""))
                    discard(response)
                    continue
                if response.status not in UNWELL or last:
                    return receive(response, watch, limit)
                discard(response)
            time.sleep(min(PAUSE * 2**attempt, watch.left))

    def exchange(self, body: bytes, headers: Mapping[str, str], watch: Watch) -> BaseHTTPResponse:
        """The head of an answer, its body still to be read."""
        left = watch.left
        watch.response = None
        self.asking.watch = watch
        watch.response = self.pool.urlopen(
            "POST",
            self.target,
            body=body,
            headers={**headers, **self.authorize.headers()},
            redirect=False,
            retries=False,
            timeout=Timeout(connect=min(CONNECT, left), read=left),
            pool_timeout=cast(int, min(self.wait, left)),  # a float is as good
            preload_content=False,
        )
        return watch.response

    def close(self) -> None:
        """Close what is open."""
        self.pool.close()


def told_of(pool: HTTPConnectionPool, asking: threading.local) -> HTTPConnectionPool:
    """The pool, whose connections make themselves known to the watch over their request."""

    class WatchedConnection(pool.ConnectionCls):  # type: ignore[name-defined,misc]
        def request(self, *args: Any, **kwargs: Any) -> None:
            asking.watch.connection = self
            super().request(*args, **kwargs)

    pool.ConnectionCls = WatchedConnection
    return pool


def discard(response: BaseHTTPResponse) -> None:
    """Leave an answer unread: its connection is closed, and its place in the pool is free."""
    response.close()
    response.release_conn()


def receive(response: BaseHTTPResponse, watch: Watch, limit: int) -> Reply:
    """The whole of an answer, of at most so many bytes."""
    # The reply's, and closed by who reads it.
    body = cast(IO[bytes], tempfile.SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115
    size = 0
    try:
        while chunk := response.read1(CHUNK):
            size += len(chunk)
            if size > limit:
                raise ResultTooLarge(limit)
            body.write(chunk)
        watch.left  # noqa: B018 (raises where it was broken off, which looks like an end)
    except BaseException as error:
        body.close()
        discard(response)
        if watch.cause is not None or isinstance(error, ReadTimeoutError):
            raise watch.cause or DeadlineExceeded(watch.deadline) from None
        if isinstance(error, HTTPError | OSError):
            raise EngineUnavailable from None
        raise
    response.release_conn()
    body.seek(0)
    return Reply(response.status, response.headers, body, size)


class Authorization:
    """The header that says who we are, by Basic or Digest, once the engine has asked for it.

    Before that none is sent: Virtuoso refuses Basic without saying what it wants instead.
    """

    def __init__(self, url: str, credentials: Credentials) -> None:
        self.credentials = credentials
        self.request = Request(url, method="POST")  # noqa: S310 (it is not opened)
        passwords = HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, url, credentials.user, credentials.password)
        self.digest: Callable[[Request, dict[str, str]], str | None] = HTTPDigestAuthHandler(
            passwords
        ).get_authorization
        self.scheme = ""
        self.challenge: dict[str, str] = {}
        self.lock = threading.Lock()

    def heed(self, header: str) -> None:
        """Remember how the engine wants to be told."""
        scheme, _, rest = header.partition(" ")
        with self.lock:
            self.scheme = scheme.lower()
            if self.scheme == "digest":
                self.challenge = parse_keqv_list(parse_http_list(rest))

    def headers(self) -> dict[str, str]:
        """The header for one request."""
        with self.lock:
            if self.scheme == "digest":
                return {"Authorization": f"Digest {self.digest(self.request, self.challenge)}"}
        if self.scheme == "basic":
            user, password = self.credentials.user, self.credentials.password
            return dict(make_headers(basic_auth=f"{user}:{password}"))
        return {}
