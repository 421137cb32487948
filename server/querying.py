"""A query answered over HTTP, whatever framework asks: format, coding, ETag, cache."""

import asyncio
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any

from pyoxigraph import NamedNode
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from server.cache import Cache
from server.engine import Answer, QueryForm, ServedEngine
from server.engine.canonical import canonical
from server.engine.embedded import Limits, read_checked
from server.engine.errors import Exhausted
from server.engine.query_text import Outline
from server.engine.spool import SPOOL
from server.http.compression import SMALLEST, choose_coding, compressed
from server.http.formats import Format, formats_for
from server.http.negotiation import choose_format
from server.reply import Content, Headers, Reply, fingerprint, gathered, write
from server.sparql.failed_queries import Exhaustions
from server.sparql.federation import Federation, without_heads
from server.sparql.protocol import QueryRequest, is_repeatable

PLACE = "/sparql"
# Characters of a query, or bytes of a result to compress, from which the event loop is spared.
LONG = 32 * 1024


@dataclass(frozen=True)
class Prepared:
    """A query that may be evaluated, and how its answer is wanted."""

    version: str
    text: str
    outline: Outline
    base: str
    format: Format
    asked: QueryRequest
    etag: str
    """Empty where the answer is new each time."""

    @property
    def options(self) -> dict[str, Any]:
        """What an engine is told beside the text."""
        return {
            "media_type": self.format.media_type,
            "base": self.base,
            "default_graphs": self.asked.default_graphs,
            "named_graphs": self.asked.named_graphs,
            "timeout": self.asked.timeout,
        }


@dataclass(frozen=True)
class Queries:
    """What answers queries: an engine, its limits, a cache before it, headers on every answer."""

    engine: ServedEngine
    limits: Limits
    cache: Cache[Reply]
    federation: Federation
    base_url: str = ""
    headers: Headers = ()
    exhaustions: Exhaustions = field(default_factory=Exhaustions)

    def answer(
        self, version: str, asked: QueryRequest, accept: str, coding: str | None, host: str
    ) -> Reply:
        """The answer, made anew, for who has no event loop.

        `host` is the site's address as the request has it. Raises EngineError and UnknownFormat.
        """
        prepared = self.prepare(version, asked, accept, host)
        return self.reply(self.engine.query(prepared.text, **prepared.options), prepared, coding)

    async def fetch(
        self, version: str, asked: QueryRequest, accept: str, coding: str | None, host: str
    ) -> Reply:
        """The answer, kept where the same query has the same answer.

        Raises EngineError; an `Exhausted` of a while ago is raised again.
        """
        prepare = partial(self.prepare, version, asked, accept, host)
        plain = len(asked.query or "") < LONG and not self.federation.services
        prepared = prepare() if plain else await asyncio.to_thread(prepare)
        evaluate = partial(self.evaluate, prepared, coding)
        if not prepared.etag:
            return await evaluate()
        known = self.exhaustions.error(prepared.etag)
        if known is not None:
            raise known
        key = (prepared.etag, coding)
        try:
            return await self.cache.fetch(key, (key, asked.timeout), evaluate)
        except Exhausted as error:
            self.exhaustions.note(prepared.etag, error, self.limits.deadline)
            raise

    def prepare(self, version: str, asked: QueryRequest, accept: str, host: str) -> Prepared:
        """Check a query, choose the format, and have done what others must do for it."""
        text = asked.query or ""
        base = base_of(self.base_url or host)
        services = self.federation.read(text)
        outline = read_checked(without_heads(text, services) if services else text, self.limits)
        chosen = negotiate(accept, outline.form or "select", asked.options.get("format"))
        if services:
            text = self.federation.fill(text, services, base, asked.timeout)
            outline = read_checked(text, self.limits)
        etag = ""
        if not services and is_repeatable(text):
            graphs = (*asked.default_graphs, "", *asked.named_graphs)
            etag = fingerprint(version, canonical(text), base, chosen.name, *graphs)
        return Prepared(version, text, outline, base, chosen, asked, etag)

    async def evaluate(self, prepared: Prepared, coding: str | None) -> Reply:
        """The answer of the engine."""
        result = await self.engine.ask(prepared.text, prepared.outline, **prepared.options)
        if coding is None or result.size < LONG:
            return self.reply(result, prepared, coding)
        return await asyncio.to_thread(self.reply, result, prepared, coding)

    def reply(self, result: Answer, prepared: Prepared, coding: str | None) -> Reply:
        """A result as it is sent."""
        # One that waited while the version was replaced is of another than its ETag says.
        etag = prepared.etag if result.version == prepared.version else ""
        coded = coding if coding is not None and result.size >= SMALLEST else None
        if coded is not None:
            body = gathered(compressed(result, coded))
        elif result.size > SPOOL:
            body = Content(result.body, result.size)
        else:
            body = result.read()
        size = len(body) if isinstance(body, bytes) else body.size
        kind = prepared.format.content_type
        headers, head = shared(kind, coded, self.headers, repeatable=bool(etag))
        own: Headers = (("Content-Length", str(size)),)
        if etag:
            # In another coding the bytes differ and the content does not (RFC 9110, 8.8.1).
            etag = f'W/"{etag}"' if coded else f'"{etag}"'
            own = (*own, ("ETag", etag))
        return Reply(200, headers + own, body, etag, written=head + write(own))


@lru_cache(maxsize=256)
def shared(
    content_type: str, coding: str | None, more: Headers, *, repeatable: bool
) -> tuple[Headers, bytes]:
    """The headers that the answers of a kind share, and the same as they are sent."""
    headers = (
        ("Content-Type", content_type),
        # Keep it, and ask whether it is still so; what is new each time is not worth keeping.
        ("Cache-Control", "no-cache" if repeatable else "no-store"),
        ("Vary", "Accept, Accept-Encoding"),
        *more,
        *([("Content-Encoding", coding)] if coding else []),
    )
    return headers, write(headers)


@lru_cache(maxsize=256)
def negotiate(accept: str, form: QueryForm, override: str | None) -> Format:
    """The format for a query of that form.

    An Accept header that nothing satisfies gets the preferred format and no 406: RFC 9110, 12.5.1
    leaves the choice, and many clients name the formats of SELECT whatever they ask.
    """
    candidates = formats_for(form)
    return choose_format(accept, candidates, override) or candidates[0]


@lru_cache(maxsize=256)
def base_of(host: str) -> str:
    """The address of the endpoint, which a query without BASE is read against; "" for no IRI."""
    try:
        return NamedNode(host.rstrip("/") + PLACE).value
    except ValueError:
        return ""


@lru_cache(maxsize=256)
def accepted_coding(header: str) -> str | None:
    """The coding of the content that a header asks for."""
    return choose_coding(parse_accept_header(header, Accept)) if header else None
