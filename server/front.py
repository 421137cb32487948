"""What stands before the Flask application: the cache, the limit per client, and `/sparql` itself.

Queries are answered here, in the event loop: threads, and Flask's routing and contexts, take longer
than most of them. All else, and every error, is left to the application, which runs in threads; it
finds the error under `FAILED`.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, cast
from wsgiref.types import WSGIApplication

from flask import request as flask_request
from granian.rsgi import Scope

from server.bridge import Request, call, environ, read_scope
from server.cache import Cache
from server.clients import Clients
from server.engine.embedded import EmbeddedEngine
from server.engine.errors import EngineError, NoVersion
from server.engine.spool import SPOOL
from server.journal import Journal
from server.negotiation import UnknownFormat
from server.protocol import ProtocolError, read_request
from server.querying import LONG, PLACE, Queries, accepted_coding
from server.reply import Reply

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
# How often it is looked for queries that take long enough to watch their clients: to be told of one
# that leaves costs as much as a query.
LOOK = 0.25


class Caller(Protocol):
    """The other side of a request, as granian has it."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """The body of the request, as it comes."""
        ...

    async def client_disconnect(self) -> None:
        """Wait until the client has left."""
        ...

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Answer with a body in one piece."""
        ...

    def response_file(self, status: int, headers: list[tuple[str, str]], file: str) -> None:
        """Answer with what lies in a file."""
        ...


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
        reply = ABANDONED
        running = self.journal.metrics.running
        running.inc()
        try:
            reply = await self.respond(request, protocol)
            send(protocol, reply)
        except asyncio.CancelledError:  # the client has gone
            pass
        finally:
            running.dec()
            self.journal.note(request, reply.status, reply.size, start, reply.problem)

    async def respond(self, request: Request, protocol: Caller) -> Reply:
        """The answer from memory, else by evaluating, else as the application gives it."""
        version = await self.version()
        key = None
        headers = request.headers
        if version and request.method in READING and "range" not in headers:
            place = (request.path, request.query_string, request.scheme)
            key = (version, *place, *map(headers.get, DEPENDS))
            known = self.cache.get(key)
            if known is not None:
                return known.to(request.method, headers.get("if-none-match"))
        client = self.clients.address(request.client, headers.get("x-forwarded-for", ""))
        try:
            self.clients.enter(client)
        except EngineError as error:
            return await self.page(request, b"", error)
        try:
            body = b"" if request.method in READING else await self.read(protocol)
            reply = None
            whole = len(body) <= self.longest
            if version and whole and request.path == PLACE and request.method in ASKING:
                try:
                    reply = await self.query(request, body, version, protocol)
                except (ProtocolError, EngineError, UnknownFormat) as error:
                    return await self.page(request, body, error)
            if reply is None:
                reply = await self.page(request, body)
                if key is None or not keepable(request, reply):
                    return reply
        finally:
            self.clients.leave(client)
        if key is not None:
            self.cache.put(key, reply)
        return reply.to(request.method, headers.get("if-none-match"))

    async def version(self) -> str:
        """The version that answers; "" where none does."""
        engine = self.queries.engine
        try:
            if isinstance(engine, EmbeddedEngine):
                return engine.version()
            return await asyncio.to_thread(engine.version)
        except NoVersion:
            return ""

    async def read(self, protocol: Caller) -> bytes:
        """The body of a request; of one that is too long so much that this is seen."""
        body = bytearray()
        async for chunk in protocol:
            body += chunk
            if len(body) > self.longest:
                break
        return bytes(body)

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
                request.headers.get("accept", ""),
                accepted_coding(request.headers.get("accept-encoding", "")),
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
        return await asyncio.to_thread(call, self.application, environ(request, body, more))


async def leave(protocol: Caller, task: asyncio.Task[None]) -> None:
    """Cancel a task when the client for which it works has left."""
    await protocol.client_disconnect()
    task.cancel()


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
