"""A query answered over HTTP, whatever framework asks: format, coding, ETag, cache."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from server.cache import Cache
from server.clients import Watched
from server.compression import SMALLEST, choose_coding, compressed, whole
from server.engine import Engine, QueryForm
from server.engine.canonical import canonical
from server.engine.embedded import Limits, read_checked
from server.engine.reception import SPOOL
from server.formats import Format, formats_for
from server.negotiation import choose_format
from server.protocol import QueryRequest, is_repeatable, respell
from server.reply import Reply, fingerprint


@dataclass(frozen=True)
class Queries:
    """What answers queries: an engine, its limits, a cache before it, headers on every answer."""

    engine: Engine
    limits: Limits
    cache: Cache[Reply]
    headers: Sequence[tuple[str, str]] = ()

    def answer(self, version: str, asked: QueryRequest, accept: str, coding: str | None) -> Reply:
        """The answer, kept where the same query has the same answer.

        Raises EngineError and UnknownFormat.
        """
        text = respell(asked.query or "")
        form = read_checked(text, self.limits).form or "select"
        chosen = negotiate(accept, form, asked.options.get("format"))
        if not is_repeatable(text):
            return self.evaluate(text, asked, chosen, coding, "")
        graphs = (asked.default_graphs, asked.named_graphs)
        means = canonical(text)
        etag = fingerprint(version, means, chosen.name, *graphs[0], "", *graphs[1])
        key = (etag, coding)
        return self.cache.fetch(
            key, (key, asked.timeout), lambda: self.evaluate(text, asked, chosen, coding, etag)
        )

    def evaluate(
        self, text: str, asked: QueryRequest, chosen: Format, coding: str | None, etag: str
    ) -> Reply:
        """The answer of the engine."""
        result = self.engine.query(
            text,
            media_type=chosen.media_type,
            default_graphs=asked.default_graphs,
            named_graphs=asked.named_graphs,
            timeout=asked.timeout,
        )
        headers = [
            ("Content-Type", chosen.content_type),
            # Keep it, and ask whether it is still so; what is new each time is not worth keeping.
            ("Cache-Control", "no-cache" if etag else "no-store"),
            ("Vary", "Accept, Accept-Encoding"),
            *self.headers,
        ]
        size: int | None = result.size
        body: bytes | Iterable[bytes] = result.read() if result.size <= SPOOL else result
        coded = coding is not None and result.size >= SMALLEST
        if coding is not None and coded:
            headers.append(("Content-Encoding", coding))
            if isinstance(body, bytes):
                body = whole(body, coding)
                size = len(body)
            else:
                body = Watched(compressed(body, coding), result.close)
                size = None
        if size is not None:
            headers.append(("Content-Length", str(size)))
        if etag:
            # In another coding the bytes differ and the content does not (RFC 9110, 8.8.1).
            etag = f'W/"{etag}"' if coded else f'"{etag}"'
            headers.append(("ETag", etag))
        return Reply("200 OK", headers, body, etag)


@lru_cache(maxsize=256)
def negotiate(accept: str, form: QueryForm, override: str | None) -> Format:
    """The format for a query of that form.

    An Accept header that nothing satisfies gets the preferred format and no 406: RFC 9110, 12.5.1
    leaves the choice, and many clients name the formats of SELECT whatever they ask.
    """
    candidates = formats_for(form)
    return choose_format(accept, candidates, override) or candidates[0]


@lru_cache(maxsize=256)
def accepted_coding(header: str) -> str | None:
    """The coding of the content that a header asks for."""
    return choose_coding(parse_accept_header(header, Accept)) if header else None
