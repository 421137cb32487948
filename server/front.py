"""What stands before the Flask application: the cache, the limit per client, and `/sparql` itself.

Queries are answered here, in the event loop: threads, and Flask's routing and contexts, take longer
than most of them. All else, and every error, is left to the application, which runs in threads; it
finds the error under `FAILED`.
"""

import asyncio
import time
from collections.abc import Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import cast
from wsgiref.types import WSGIApplication

from flask import request as flask_request
from granian.rsgi import Scope

from server.bridge import Caller, Request, call, environ, read_scope
from server.cache import Cache
from server.clients import Clients
from server.engine.embedded import EmbeddedEngine
from server.engine.errors import Busy, EngineError, NoVersion
from server.engine.spool import SPOOL
from server.journal import Journal
from server.negotiation import UnknownFormat
from server.protocol import ProtocolError, read_request
from server.querying import LONG, PLACE, Queries, accepted_coding
from server.reply import OVERHEAD, Reply, fingerprint

FAILED = "maillage.failed"
"""Where in the WSGI environment stands why a request cannot be answered."""
READING = ("GET", "HEAD")
ASKING = (*READING, "POST")
# All of a request that an answer to GET depends on, beside version and address.
DEPENDS = ("accept", "accept-encoding", "accept-language", "host")
# What is noted of an answer that nobody waits for any more.
ABANDONED = Reply(499, [], b"")
# The server opens the file of a body a moment after it was told of it.
OPENING = 10.0
# Seconds within which a body has to be here, and bytes of bodies that are held at once: while there
# are more, a long one is refused.
SENDING = 30.0
BODIES = 64 * 1024 * 1024
# Characters of a header that says what is liked best: reading longer ones would hold up all others.
LIKED = 4096
# What is asked to learn how the site is has threads of its own: it must not wait for slow pages.
WATCHED = ("/health", "/metrics")
WATCHERS = 4
# How often it is looked for queries that take long enough to watch their clients: to be told of one
# that leaves costs as much as a query.
LOOK = 0.25


class Front:
    """An RSGI application around the site's."""

    def __init__(
        self,
        application: WSGIApplication,
        queries: Queries,
        cache: Cache[Reply],
        clients: Clients,
        journal: Journal,
        threads: int,
        longest: int,
    ) -> None:
        self.application = application
        self.queries = queries
        self.cache = cache
        self.clients = clients
        self.journal = journal
        self.longest = longest
        """Bytes of a body that are read."""
        self.threads = ThreadPoolExecutor(threads)
        self.watchers = ThreadPoolExecutor(WATCHERS)
        self.held = 0
        """Bytes of the bodies of requests that are being read or answered."""
        self.asking: dict[asyncio.Task[None], Caller] = {}
        self.watches: dict[asyncio.Task[None], asyncio.Task[None]] = {}

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Live in the server's event loop."""
        loop.set_default_executor(self.threads)
        if isinstance(self.queries.engine, EmbeddedEngine):
            self.queries.engine.loop = loop
        loop.call_soon(self.look)

    async def __rsgi__(self, scope: Scope, protocol: Caller) -> None:
        """Answer a request, and take note of it."""
        start = time.perf_counter()
        request = read_scope(scope)
        version = await self.version()
        key = key_of(request, version)
        reply = ABANDONED
        known = self.cache.get(key) if key is not None else None
        if known is not None:
            reply = known.to(request.method, request.headers.get("if-none-match"))
            send(protocol, reply)
            self.journal.note(request, reply.status, reply.size, start, reply.problem)
            return
        running = self.journal.metrics.running
        running.inc()
        try:
            reply = await self.respond(request, version, key, protocol)
            send(protocol, reply)
        except asyncio.CancelledError:  # the client has gone
            pass
        finally:
            running.dec()
            self.journal.note(request, reply.status, reply.size, start, reply.problem)

    async def respond(
        self, request: Request, version: str, key: Hashable, protocol: Caller
    ) -> Reply:
        """The answer by evaluating, else as the application gives it; kept under the key if any."""
        headers = request.headers
        client = self.clients.address(request.client, headers.get("x-forwarded-for", ""))
        try:
            self.clients.enter(client)
        except EngineError as error:
            return await self.page(request, b"", error)
        received = bytearray()
        try:
            if request.method not in READING:
                try:
                    await self.read(protocol, received)
                except (ProtocolError, EngineError) as error:
                    return await self.page(request, b"", error)
            body = bytes(received)
            reply = None
            whole = len(body) <= self.longest
            if version and whole and request.path == PLACE and request.method in ASKING:
                try:
                    reply = await self.query(request, body, version, protocol)
                except (ProtocolError, EngineError, UnknownFormat) as error:
                    return await self.page(request, body, error)
            if reply is None:
                reply = await self.page(request, body)
                stale = key is None or await self.version() != version
                if stale or not keepable(request, reply):
                    return reply
        finally:
            self.held -= len(received)
            self.clients.leave(client)
        if key is not None:
            self.cache.put(key, reply)
        return reply.to(request.method, headers.get("if-none-match"))

    async def version(self) -> str:
        """The version that answers; "" where none does."""
        engine = self.queries.engine
        try:
            if isinstance(engine, EmbeddedEngine):
                return engine.recent_version()
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self.watchers, engine.version)
        except NoVersion:
            return ""

    async def read(self, protocol: Caller, body: bytearray) -> None:
        """Take the body of a request; of one that is too long so much that this is seen.

        Raises ProtocolError where it does not come in time, Busy where too many are long.
        """
        try:
            async with asyncio.timeout(SENDING):
                async for chunk in protocol:
                    body += chunk
                    self.held += len(chunk)
                    if len(body) > self.longest:
                        break
                    if self.held > BODIES and len(body) > LONG:
                        raise Busy(retry_after=round(SENDING))
        except TimeoutError:
            raise ProtocolError(408, "slow-body", limit=SENDING) from None

    async def query(
        self, request: Request, body: bytes, version: str, protocol: Caller
    ) -> Reply | None:
        """The answer to a query; None where none is asked.

        It is given up when its client goes away.
        """
        told = (request.method, request.query_string, request.headers.get("content-type", ""), body)
        if len(request.query_string) + len(body) < LONG:
            asked = read_request(*told)
        else:
            asked = await asyncio.to_thread(read_request, *told)
        if asked.query is None:
            return None
        task = cast("asyncio.Task[None]", asyncio.current_task())
        self.asking[task] = protocol
        try:
            return await self.queries.fetch(
                version,
                asked,
                request.headers.get("accept", "")[:LIKED],
                accepted_coding(request.headers.get("accept-encoding", "")[:LIKED]),
                f"{request.scheme}://{request.host}",
            )
        finally:
            del self.asking[task]
            watch = self.watches.pop(task, None)
            if watch is not None:
                watch.cancel()

    def look(self) -> None:
        """Begin to watch for the clients that have waited since the last look to leave."""
        for task, protocol in self.asking.items():
            if task not in self.watches:
                self.watches[task] = asyncio.create_task(leave(protocol, task))
        asyncio.get_running_loop().call_later(LOOK, self.look)

    async def page(self, request: Request, body: bytes, error: Exception | None = None) -> Reply:
        """The application's answer, or what it has to say of an error."""
        more = {} if error is None else {FAILED: error}
        threads = self.watchers if request.path in WATCHED else self.threads
        asked = environ(request, body, more)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(threads, call, self.application, asked)


async def leave(protocol: Caller, task: asyncio.Task[None]) -> None:
    """Cancel a task when the client for which it works has left."""
    await protocol.client_disconnect()
    task.cancel()


def key_of(request: Request, version: str) -> Hashable:
    """What an answer is kept under; None where it is not to be kept."""
    headers = request.headers
    if not version or request.method not in READING or "range" in headers:
        return None
    place = (request.path, request.query_string, request.scheme)
    key = (version, *place, *(headers.get(name, "") for name in DEPENDS))
    # What would take more memory than is counted for it has something short in its place.
    return key if sum(map(len, key)) < OVERHEAD // 2 else fingerprint(*key)


def keepable(request: Request, reply: Reply) -> bool:
    """Whether the application says by an ETag that its answer can be kept."""
    return (
        request.method == "GET"
        and reply.status == 200
        and isinstance(reply.body, bytes)
        and bool(reply.etag)
        and len(reply.body) <= SPOOL
        and not any(n.lower() == "cache-control" and "no-store" in v for n, v in reply.headers)
    )


def send(protocol: Caller, reply: Reply) -> None:
    """Hand an answer to the server."""
    headers = reply.headers
    if isinstance(reply.body, bytes):
        protocol.response_bytes(reply.status, headers, reply.body)
        return
    protocol.response_file(reply.status, headers, reply.body.path)
    asyncio.get_running_loop().call_later(OPENING, reply.body.file.close)


def raise_failure() -> None:
    """Raise in the application what has failed before it; hooked in before each request."""
    error: Exception | None = flask_request.environ.get(FAILED)
    if error is not None:
        raise error
