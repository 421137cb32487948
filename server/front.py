"""What stands before the Flask application: the cache, the limit per client, and `/sparql` itself.

Queries are answered here, in the event loop: threads, and Flask's routing and contexts, take longer
than most of them. All else, and every error, is left to the application, which runs in threads; it
finds the error under `FAILED`.
"""

import asyncio
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http import HTTPStatus
from typing import cast
from wsgiref.types import WSGIApplication

from flask import request as flask_request

from server.bridge import Caller, call, environ
from server.cache import Cache
from server.clients import Clients
from server.engine.embedded import EmbeddedEngine
from server.engine.errors import Busy, EngineError, NoVersion
from server.engine.spool import SPOOL
from server.errand import LIKED, Errand
from server.http.negotiation import UnknownFormat
from server.journal import Journal
from server.message import READING, BrokenBodyError, Request
from server.querying import LONG, PLACE, Queries, accepted_coding
from server.reply import ABANDONED, Reply, refusal
from server.sparql.protocol import ProtocolError, read_request
from server.tasks import Tasks

FAILED = "maillage.failed"
"""Where in the WSGI environment stands why a request cannot be answered."""
ASKING = (*READING, "POST")
# Seconds within which a body has to be here, and bytes of bodies that are held at once: while there
# are more, a long one is refused.
SENDING = 30.0
BODIES = 64 * 1024 * 1024
# What is asked to learn how the site is has threads of its own: it must not wait for slow pages.
WATCHED = ("/health", "/metrics")
WATCHERS = 4
# How often it is looked for slow queries (seconds).
LOOK = 0.1

logger = logging.getLogger("maillage.front")


class Front:
    """The site as a server asks it."""

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
        self.tasks = Tasks()
        self.errands: dict[Errand, None] = {}
        """Those that are still on the short way, the oldest first."""
        self.attended = 0
        """Requests that tasks answer."""

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Live in the server's event loop."""
        self.loop = loop
        loop.set_default_executor(self.threads)
        if isinstance(self.queries.engine, EmbeddedEngine):
            self.queries.engine.loop = loop
        self.look()

    def receive(self, request: Request, caller: Caller) -> None:
        """Answer a request, from memory at once, else when its answer is there."""
        start = time.perf_counter()
        engine = self.queries.engine
        if isinstance(engine, EmbeddedEngine):
            with suppress(NoVersion):
                version = engine.recent_version()
                known = self.known(request, version)
                if known is not None:
                    caller.send(known)
                    self.journal.note(request, known, start)
                    return
                if self.hasten(request, caller, start, version, engine):
                    return
        self.tasks.run(self.attend(request, caller, start))

    def hasten(
        self,
        request: Request,
        caller: Caller,
        start: float,
        version: str,
        engine: EmbeddedEngine,
    ) -> bool:
        """Whether the request has gone the short way."""
        short = len(request.query_string) < LONG and not self.queries.federation.services
        if short and request.path == PLACE and request.method in READING:
            errand = Errand(self, engine, request, caller, start)
            try:
                return errand.begin(version)
            except (ProtocolError, EngineError, UnknownFormat):
                pass  # the task meets it once more, and can tell of it
            except Exception:
                logger.exception("A query could not go the short way")
                errand.break_off(None)
        return False

    def look(self) -> None:
        """Take the slow ones off the short way, some times a second."""
        self.loop.call_later(LOOK, self.look)
        now = time.monotonic()
        for errand in list(self.errands):
            errand.look(now)
        self.gauge()

    def known(self, request: Request, version: str) -> Reply | None:
        """The answer, if it is in memory."""
        question = request.question
        if question is None or not version:
            return None
        kept = self.cache.get((version, question))
        if kept is None:
            return None
        return kept.to(request.method, request.headers.get("if-none-match"))

    async def attend(self, request: Request, caller: Caller, start: float) -> None:
        """Answer a request when its answer is there, and take note of it."""
        reply = ABANDONED
        self.attended += 1
        self.gauge()
        try:
            version = await self.version()
            reply = self.known(request, version) or await self.respond(request, version, caller)
            caller.send(reply)
        except asyncio.CancelledError:  # the client has gone
            pass
        except Exception as error:
            logger.exception("A request could not be answered")
            reply = await self.problem(request, error)
            caller.send(reply)
        finally:
            self.attended -= 1
            self.gauge()
            self.journal.note(request, reply, start)

    def gauge(self) -> None:
        """Show how many requests are being answered."""
        self.journal.metrics.running.set(self.attended + len(self.errands))

    async def tell(self, request: Request, caller: Caller, start: float, error: Exception) -> None:
        """Answer with a problem."""
        reply = await self.problem(request, error)
        caller.send(reply)
        self.journal.note(request, reply, start)

    async def problem(self, request: Request, error: Exception) -> Reply:
        """What the application has to say of an error, and a word where it has nothing."""
        try:
            return await self.page(request, b"", error)
        except Exception:
            logger.exception("A problem could not be told")
            return refusal(HTTPStatus.INTERNAL_SERVER_ERROR, self.queries.headers)

    def enter(self, request: Request) -> str | None:
        """Count a request in, under its client; raises TooManyRequests."""
        client = self.clients.address(request.client, request.headers.get("x-forwarded-for", ""))
        self.clients.enter(client)
        return client

    async def respond(self, request: Request, version: str, caller: Caller) -> Reply:
        """The answer by evaluating, else as the application gives it; kept where it can be."""
        headers = request.headers
        keeps = bool(version) and request.question is not None
        try:
            client = self.enter(request)
        except EngineError as error:
            return await self.page(request, b"", error)
        received = bytearray()
        try:
            if request.method not in READING:
                try:
                    await self.read(caller, received)
                except (ProtocolError, EngineError) as error:
                    return await self.page(request, b"", error)
            body = bytes(received)
            reply = None
            whole = len(body) <= self.longest
            if version and whole and request.path == PLACE and request.method in ASKING:
                try:
                    reply = await self.query(request, body, version, caller)
                except (ProtocolError, EngineError, UnknownFormat) as error:
                    return await self.page(request, body, error)
            if reply is None:
                reply = await self.page(request, body)
                stale = not keeps or await self.version() != version
                if stale or not keepable(request, reply):
                    return reply
        finally:
            self.held -= len(received)
            self.clients.leave(client)
        if keeps:
            self.cache.put((version, request.question), reply)
        return reply.to(request.method, headers.get("if-none-match"))

    async def version(self) -> str:
        """The version that answers; "" where none does."""
        engine = self.queries.engine
        try:
            if isinstance(engine, EmbeddedEngine):
                return engine.recent_version()
            return await self.loop.run_in_executor(self.watchers, engine.version)
        except NoVersion:
            return ""

    async def read(self, caller: Caller, body: bytearray) -> None:
        """Take the body of a request; of one that is too long so much that this is seen.

        Raises ProtocolError where it does not come in time, Busy where too many are long.
        """
        try:
            async with asyncio.timeout(SENDING):
                async for chunk in caller:
                    body += chunk
                    self.held += len(chunk)
                    if len(body) > self.longest:
                        break
                    if self.held > BODIES and len(body) > LONG:
                        raise Busy(retry_after=round(SENDING))
        except BrokenBodyError:
            raise ProtocolError(400, "broken-body") from None
        except TimeoutError:
            raise ProtocolError(408, "slow-body", limit=SENDING) from None

    async def query(
        self, request: Request, body: bytes, version: str, caller: Caller
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
        if caller.gone:
            raise asyncio.CancelledError
        caller.on_leave = task.cancel
        try:
            return await self.queries.fetch(
                version,
                asked,
                request.headers.get("accept", "")[:LIKED],
                accepted_coding(request.headers.get("accept-encoding", "")[:LIKED]),
                f"{request.scheme}://{request.host}",
            )
        finally:
            caller.on_leave = None

    async def page(self, request: Request, body: bytes, error: Exception | None = None) -> Reply:
        """The application's answer, or what it has to say of an error."""
        more = {} if error is None else {FAILED: error}
        threads = self.watchers if request.path in WATCHED else self.threads
        asked = environ(request, body, more)
        return await self.loop.run_in_executor(threads, call, self.application, asked)


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


def raise_failure() -> None:
    """Raise in the application what has failed before it; hooked in before each request."""
    error: Exception | None = flask_request.environ.get(FAILED)
    if error is not None:
        raise error
