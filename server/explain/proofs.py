"""Why a triple holds, read through the engine: what follows from what, and who states that.

However much there is to read, it takes at most ROUNDS rounds of one query for every
PATTERNS_A_QUERY patterns, and four queries besides; for most triples one round, for the longest
proofs seven.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

import pyoxigraph as ox

from loaders.inference.explanation import (
    MATCHES_READ,
    Asked,
    Explanation,
    Found,
    explanation,
    steps,
)
from loaders.inference.forward import Terms
from ontology.namespaces import GRAPH_INFERRED
from server.engine import Engine
from server.engine.results import Row
from server.graph.labels import Labels, read_labels
from server.graph.provenance import Cited, read_cited
from server.graph.terms import stored_term, written_term
from server.questions import select, select_each

_Each = TypeVar("_Each")

PATTERNS_A_QUERY: Final = 100
GRAPHS_CITED: Final = 100
"""Graphs that are looked up for one statement; beyond, there are more."""


@dataclass(frozen=True)
class Explained:
    """A triple: whether it holds, who states it, in which ways it follows, down to who says so."""

    triple: Terms
    stated: bool
    """True where a graph states it, or the data without naming one."""
    published: bool
    """True where it is among the inferences of the store."""
    explanation: Explanation
    graphs: Mapping[Terms, Sequence[str]]
    """The graphs that state each triple that is stated."""
    cited: Mapping[str, Cited] = field(default_factory=dict)
    labels: Labels = field(default_factory=dict)

    @property
    def iris(self) -> frozenset[str]:
        """The IRIs in the statements of the proof."""
        every = [self.triple, *(s.triple for way in self.explanation.ways for s in steps(way))]
        return frozenset(term[1:-1] for known in every for term in known if term[0] == "<")

    @property
    def sources(self) -> Sequence[str]:
        """The graphs that state the triple itself."""
        return self.graphs.get(self.triple, ())

    @property
    def follows(self) -> bool:
        """True where the statement follows from others."""
        return self.published or bool(self.explanation.ways)

    @property
    def holds(self) -> bool:
        """True where the statement is stated or follows."""
        return self.stated or self.follows


def explain(engine: Engine, triple: Terms) -> Explained:
    """Why a triple holds, if it does."""
    triple, held, graphs = _graphs_of(engine, triple)
    published = str(GRAPH_INFERRED) in graphs
    found = explanation(triple, lambda patterns: _read(engine, patterns))
    every = {step.triple: step for way in found.ways for step in steps(way)}
    leaves = [known for known, step in every.items() if step.rule is None]
    stating = _citations(engine, leaves)
    if own := [graph for graph in graphs if graph != str(GRAPH_INFERRED)]:
        stating[triple] = own
    terms = {term for known in (triple, *every) for term in known}
    return Explained(
        triple,
        bool(own) or (held and not published),
        published,
        found,
        stating,
        read_cited(engine, {graph for each in stating.values() for graph in each}),
        read_labels(engine, {term[1:-1] for term in terms if term.startswith("<")}),
    )


def _graphs_of(engine: Engine, triple: Terms) -> tuple[Terms, bool, Sequence[str]]:
    """The triple as the engine writes it (it may keep 8000 for 8000.00), and where it is.

    That is, whether it is in the merge, and in which graphs.
    """
    terms = dict(zip("spo", map(stored_term, triple), strict=True))
    rows = select(engine, "where-stated", limit=GRAPHS_CITED, **terms).rows
    held = rows[0]["held"].value in ("true", "1")
    return _triple(rows[0]), held, [row["graph"].value for row in rows if "graph" in row]


def _read(engine: Engine, patterns: Sequence[Asked]) -> Mapping[Asked, Found]:
    """The published triples that match each pattern, and whether each is stated."""
    found: defaultdict[Asked, dict[Terms, bool]] = defaultdict(dict)
    for batch in _batches(patterns):
        asked = [(number, _bound(pattern)) for number, pattern in enumerate(batch)]
        table = select_each(
            engine,
            [
                ("matching", {"number": number, "limit": MATCHES_READ, **terms})
                for number, terms in asked
                if isinstance(terms["p"], ox.NamedNode | None)
                and isinstance(terms["s"], ox.NamedNode | None)
            ],
        )
        for row in table.rows:
            pattern = batch[int(row["i"].value)]
            found[pattern][_triple(row, pattern)] = row["stated"].value in ("true", "1")
    return found


def _bound(pattern: Asked) -> dict[str, ox.NamedNode | ox.Literal | None]:
    """The terms of a pattern as a question takes them."""
    terms = [None if term is None else stored_term(term) for term in pattern]
    return dict(zip("spo", terms, strict=True))


def _citations(engine: Engine, triples: Sequence[Terms]) -> dict[Terms, Sequence[str]]:
    """The graphs that state each triple, the first GRAPHS_CITED of them."""
    found: defaultdict[Terms, list[str]] = defaultdict(list)
    for batch in _batches(triples):
        asked = [
            ("stating-triple", {"number": number, "limit": GRAPHS_CITED, **_bound(triple)})
            for number, triple in enumerate(batch)
        ]
        for row in select_each(engine, asked).rows:
            found[batch[int(row["i"].value)]].append(row["graph"].value)
    return {triple: sorted(graphs) for triple, graphs in found.items()}


def _batches(every: Sequence[_Each]) -> Iterator[Sequence[_Each]]:
    return (
        every[start : start + PATTERNS_A_QUERY] for start in range(0, len(every), PATTERNS_A_QUERY)
    )


def _triple(row: Row, pattern: Asked = (None, None, None)) -> Terms:
    """The triple of a row, which says what the pattern left open."""
    subject, predicate, value = (
        term or written_term(row[name]) for name, term in zip("spo", pattern, strict=True)
    )
    return subject, predicate, value
