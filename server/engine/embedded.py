"""The engine inside: evaluators forked over Oxigraph, reached by their Unix sockets.

A host (see `host`) keeps a folder of sockets, one per version, and a link `current` to the one
that serves. Any number of processes and threads may hold an `EmbeddedEngine` over that folder.
"""

import os
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode

from server.engine import Answer, QueryForm, wire
from server.engine.errors import (
    Busy,
    EvaluatorCrashed,
    InvalidGraphName,
    NestedTooDeeply,
    NoVersion,
    QueryTooLong,
    ServiceRefused,
)
from server.engine.leases import SOCKET, Leases, Patience, Pool
from server.engine.outline import Outline, glance, read_outline
from server.engine.reception import Reception

CURRENT = "current"
# Formats whose text is shorter and clearer with the prefixes of the query.
PREFIXED = ("text/turtle", "application/trig")


@dataclass(frozen=True)
class Limits:
    """How much one query may take. `Settings` says what each is for."""

    deadline: float = 30.0
    max_query_length: int = 500_000
    max_nesting: int = 200
    max_result_bytes: int = 512 * 1024 * 1024
    max_merged_quads: int = 500_000
    memory: int = 2048 * 1024 * 1024
    queue_wait: float = 5.0
    patience: float = 0.5
    slow_queries: int = 4


def read_checked(text: str, limits: Limits) -> Outline:
    """The outline of a query that may be evaluated; raises the limit that it breaks."""
    if len(text) > limits.max_query_length:
        raise QueryTooLong(len(text), limits.max_query_length)
    outline = glance(text)
    if outline is None or outline.depth > limits.max_nesting:
        outline = read_outline(text)
    if outline.service is not None:
        raise ServiceRefused(*outline.service)
    if outline.depth > limits.max_nesting:
        raise NestedTooDeeply(outline.depth, limits.max_nesting)
    return outline


class EmbeddedEngine:
    """An `Engine` over the sockets of a host."""

    def __init__(self, sockets: Path, limits: Limits, pool: Pool) -> None:
        self.sockets = sockets
        self.limits = limits
        self.folder = str(sockets)
        self.leases = Leases(self.folder, pool, limits.queue_wait, limits.patience)
        self.patience = Patience(limits.patience, limits.slow_queries, self.leases)

    def version(self) -> str:
        """The version whose evaluators answer now."""
        try:
            return os.readlink(f"{self.folder}/{CURRENT}").removesuffix(SOCKET)  # noqa: PTH115 (quick)
        except OSError:
            raise NoVersion from None

    def query(
        self,
        text: str,
        *,
        media_type: str,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        timeout: float | None = None,
    ) -> Answer:
        """The answer of an evaluator (see `Engine.query`)."""
        outline = read_checked(text, self.limits)
        if not default_graphs and not named_graphs:
            default_graphs, named_graphs = outline.default_graphs, outline.named_graphs
        check_graph_names([*default_graphs, *named_graphs])
        deadline = self.limits.deadline if timeout is None else min(timeout, self.limits.deadline)
        request = {
            "query": text,
            "media_type": media_type,
            "dataset": bool(default_graphs or named_graphs),
            "default": list(dict.fromkeys(default_graphs)),
            "named": list(dict.fromkeys(named_graphs)),
            "prefixes": absolute(outline.prefixes) if media_type in PREFIXED else {},
            "timeout": deadline,
            "max_result_bytes": self.limits.max_result_bytes,
            "max_merged_quads": self.limits.max_merged_quads,
        }
        version, reception = self.exchange(request, deadline)
        reception.body.seek(0)
        form: QueryForm = outline.form or "select"
        return Answer(form, media_type, version, reception.size, reception.body)

    def exchange(self, request: dict[str, object], deadline: float) -> tuple[str, Reception]:
        """The version that answers a request, and the result.

        What an evaluator did not begin with is asked again: it was still being started, or its
        version has been replaced.
        """
        give_up = time.monotonic() + self.limits.queue_wait
        while time.monotonic() < give_up:
            version = self.version()
            with suppress(OSError), self.leases.lease(version) as lease:
                reception = Reception(lease.connection, deadline, self.limits.memory)
                try:
                    wire.send_request(lease.connection, request)
                    reception.receive(lambda: self.patience.enter(lease), self.patience.seconds)
                except EvaluatorCrashed:
                    if reception.buffer or self.version() == version:
                        raise
                else:
                    return version, reception
                finally:
                    lease.lasts = reception.lasting
        raise Busy(retry_after=max(1, round(self.limits.queue_wait)))


def check_graph_names(names: Sequence[str]) -> None:
    """Raise InvalidGraphName for the first that is no absolute IRI."""
    for name in names:
        try:
            NamedNode(name)
        except ValueError:
            raise InvalidGraphName(name) from None


def absolute(prefixes: dict[str, str]) -> dict[str, str]:
    """The prefixes that stand for absolute IRIs: only those can be written."""
    return {prefix: iri for prefix, iri in prefixes.items() if "://" in iri or iri[:4] == "urn:"}
