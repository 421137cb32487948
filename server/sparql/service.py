"""The one road to an answer: the endpoint, the command line and the tests ask here."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from pyoxigraph import NamedNode

from server.engine import Answer, Engine, QueryForm
from server.engine.errors import Exhausted
from server.engine.limits import Limits, read_checked
from server.http.formats import Format, formats_for
from server.http.negotiation import choose_format
from server.sparql.failed_queries import FailedQueries
from server.sparql.federation import Federation, without_heads
from server.sparql.protocol import QueryRequest, is_repeatable

PATH = "/sparql"
LONGEST = 1024


@dataclass(frozen=True)
class Result:
    """An answer, the format that it is in, and whether the same data gives the same again."""

    answer: Answer
    format: Format
    repeatable: bool


@dataclass(frozen=True)
class QueryService:
    """Answers queries: checked, their format chosen, SERVICE asked beforehand, then evaluated."""

    engine: Engine
    limits: Limits
    services: Sequence[str] = ()
    failed: FailedQueries = field(default_factory=FailedQueries)

    @property
    def federation(self) -> Federation:
        """The endpoints that queries may call."""
        return federation(tuple(self.services), self.limits)

    def answer(self, asked: QueryRequest, accept: str, address: str) -> Result:
        """The answer to a query operation, in the format that the caller likes best.

        `address` is that of the site, which a query without BASE is read against. Raises
        EngineError and UnknownFormat; an `Exhausted` of a while ago is raised again.
        """
        text = asked.query or ""
        base = base_of(address)
        services = self.federation.read(text)
        structure = read_checked(without_heads(text, services) if services else text, self.limits)
        # What is kept of a header is short: there are many who write the same few.
        choose = negotiate if len(accept) <= LONGEST else negotiate.__wrapped__
        chosen = choose(accept, structure.form or "select", asked.options.get("format"))
        if services:
            text = self.federation.fill(text, services, base, asked.timeout)
        graphs = (*asked.default_graphs, "", *asked.named_graphs)
        repeatable = not services and is_repeatable(text)
        key = fingerprint(self.engine.version(), text, base, *graphs) if repeatable else ""
        known = self.failed.error(key)
        if known is not None:
            raise known
        try:
            answer = self.engine.query(
                text,
                media_type=chosen.media_type,
                base=base,
                default_graphs=asked.default_graphs,
                named_graphs=asked.named_graphs,
                timeout=asked.timeout,
            )
        except Exhausted as error:
            if repeatable:
                self.failed.note(key, error, self.limits.deadline)
            raise
        return Result(answer, chosen, repeatable)


@lru_cache(maxsize=4)
def federation(services: tuple[str, ...], limits: Limits) -> Federation:
    """The federation with these endpoints; its slots are shared by all who ask."""
    return Federation(services, limits)


@lru_cache(maxsize=256)
def negotiate(accept: str, form: QueryForm, override: str | None) -> Format:
    """The format for a query of that form.

    An Accept header that nothing satisfies gets the preferred format and no 406: RFC 9110, 12.5.1
    leaves the choice, and many clients name the formats of SELECT whatever they ask.
    """
    candidates = formats_for(form)
    return choose_format(accept, candidates, override) or candidates[0]


@lru_cache(maxsize=256)
def base_of(address: str) -> str:
    """The address of the endpoint of a site; "" where that is no IRI."""
    try:
        return NamedNode(address.rstrip("/") + PATH).value
    except ValueError:
        return ""


def fingerprint(*parts: str) -> str:
    """A short name for exactly these texts."""
    content = "\x1f".join(parts).encode("utf-8", "surrogateescape")
    return hashlib.blake2b(content, digest_size=16).hexdigest()
