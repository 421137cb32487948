"""Why a triple holds, read through the engine: what follows from what, and who states that.

However much there is to read, it takes at most ROUNDS rounds of one query for each BATCH of
patterns, and four queries besides; for most triples one round, for the longest proofs seven.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from loaders.inference.explanation import ROWS, Asked, Explanation, Found, explanation, steps
from loaders.inference.forward import Terms
from ontology.namespaces import GRAPH_INFERRED, GRAPH_ONTOLOGY, GRAPH_PROVENANCE
from server.engine import Engine
from server.engine.results import Row, Term, select
from server.graph.labels import Labels, read_labels
from server.graph.terms import written_term

_Each = TypeVar("_Each")

BATCH: Final = 100
CITED: Final = 100
"""Graphs that are looked up for one statement; beyond, there are more."""


UNSTATED: Final = f"<{GRAPH_INFERRED}>, <{GRAPH_PROVENANCE}>"
"""The graphs that state nothing about the world. What is in the merge and in no graph at all, as
where a file is served that names none, is stated all the same."""


@dataclass(frozen=True)
class Cited:
    """A graph that states something: a source record with its title, publisher and address.

    `kind` is `record`, or `ontology` or `provenance` for the graphs of those names.
    """

    graph: str
    kind: str
    titles: Sequence[Term] = ()
    publisher: str = ""
    place: str = ""
    """Where in its file the record is."""
    rights: Term | None = None
    address: str = ""
    """The page that it was read from."""


@dataclass(frozen=True)
class Explained:
    """A triple: whether it holds, who states it, in which ways it follows, down to who says so."""

    triple: Terms
    stated: bool
    """Whether some graph states it, or the data without naming one."""
    published: bool
    """Whether it is among the inferences of the store."""
    explanation: Explanation
    graphs: Mapping[Terms, Sequence[str]]
    """The graphs that state each triple that is stated."""
    cited: Mapping[str, Cited] = field(default_factory=dict)
    labels: Labels = field(default_factory=dict)

    @property
    def iris(self) -> frozenset[str]:
        """What its statements speak of."""
        every = [self.triple, *(s.triple for way in self.explanation.ways for s in steps(way))]
        return frozenset(term[1:-1] for known in every for term in known if term[0] == "<")

    @property
    def sources(self) -> Sequence[str]:
        """The graphs that state the triple itself."""
        return self.graphs.get(self.triple, ())

    @property
    def follows(self) -> bool:
        """Whether it follows from others."""
        return self.published or bool(self.explanation.ways)

    @property
    def holds(self) -> bool:
        """Whether it is stated or follows."""
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
        _cited(engine, {graph for each in stating.values() for graph in each}),
        read_labels(engine, {term[1:-1] for term in terms if term.startswith("<")}),
    )


def _graphs_of(engine: Engine, triple: Terms) -> tuple[Terms, bool, Sequence[str]]:
    """The triple as the engine writes it (it may keep 8000 for 8000.00), and where it is.

    That is, whether it is in the merge, and in which graphs.
    """
    text = f"""
SELECT ?s ?p ?o ?held ?graph WHERE {{
  VALUES (?s ?p ?o) {{ ({" ".join(triple)}) }} OPTIONAL {{ GRAPH ?graph {{ ?s ?p ?o }} }}
  BIND (EXISTS {{ ?s ?p ?o }} AS ?held)
}} ORDER BY ?graph LIMIT {CITED}
"""
    rows = select(engine, text).rows
    held = rows[0]["held"].value == "true"
    return _triple(rows[0]), held, [row["graph"].value for row in rows if "graph" in row]


def _read(engine: Engine, patterns: Sequence[Asked]) -> Mapping[Asked, Found]:
    """The published triples that match each pattern, and whether each is stated."""
    found: defaultdict[Asked, dict[Terms, bool]] = defaultdict(dict)
    for batch in _batches(patterns):
        branches = " UNION ".join(_branches(batch))
        text = f"""
SELECT ?i ?s ?p ?o ?stated WHERE {{
  {branches}
  FILTER (!isBlank(?s) && !isBlank(?o))
  BIND (
    EXISTS {{ GRAPH ?graph {{ ?s ?p ?o }} FILTER (?graph NOT IN ({UNSTATED})) }}
    || NOT EXISTS {{ GRAPH <{GRAPH_INFERRED}> {{ ?s ?p ?o }} }}
    AS ?stated
  )
}}
"""
        for row in select(engine, text).rows:
            asked = batch[int(row["i"].value)]
            found[asked][_triple(row)] = row["stated"].value == "true"
    return found


def _branches(patterns: Sequence[Asked]) -> Iterator[str]:
    """A group for the whole triples, and one for each pattern with what it leaves open."""
    whole = []
    for number, asked in enumerate(patterns):
        known = [(name, term) for name, term in zip("spo", asked, strict=True) if term]
        terms = " ".join(term for _, term in known)
        if len(known) == 3:
            whole.append(f"({number} {terms})")
        else:
            names = " ".join(f"?{name}" for name, _ in known)
            values = f"VALUES (?i {names}) {{ ({number} {terms}) }}"
            yield f"{{ SELECT ?i ?s ?p ?o {{ {values} ?s ?p ?o }} LIMIT {ROWS} }}"
    if whole:
        yield f"{{ VALUES (?i ?s ?p ?o) {{ {' '.join(whole)} }} ?s ?p ?o }}"


def _citations(engine: Engine, triples: Sequence[Terms]) -> dict[Terms, Sequence[str]]:
    """The graphs that state each triple, the first CITED of them."""
    found: defaultdict[Terms, list[str]] = defaultdict(list)
    for batch in _batches(triples):
        branches = " UNION ".join(
            f"{{ SELECT ?i ?graph {{ GRAPH ?graph {{ {' '.join(triple)} }} "
            f"FILTER (?graph NOT IN ({UNSTATED})) BIND ({number} AS ?i) }} "
            f"ORDER BY ?graph LIMIT {CITED} }}"
            for number, triple in enumerate(batch)
        )
        for row in select(engine, f"SELECT ?i ?graph {{ {branches} }} ORDER BY ?i ?graph").rows:
            found[batch[int(row["i"].value)]].append(row["graph"].value)
    return dict(found)


def _cited(engine: Engine, graphs: Iterable[str]) -> Mapping[str, Cited]:
    """What is known of graphs, by their IRIs."""
    kinds = {str(GRAPH_ONTOLOGY): "ontology", str(GRAPH_PROVENANCE): "provenance"}
    known = sorted(graphs)
    values = " ".join(f"<{graph}>" for graph in known if graph not in kinds)
    described: defaultdict[str, defaultdict[str, list[Term]]] = defaultdict(
        lambda: defaultdict(list)
    )
    text = f"""
SELECT ?graph ?what ?value WHERE {{
  VALUES ?graph {{ {values} }}
  GRAPH <{GRAPH_PROVENANCE}> {{
    {{ ?graph dct:title ?value BIND ("title" AS ?what) }}
    UNION {{
      ?graph (dct:publisher|(prov:wasDerivedFrom/dct:publisher))/foaf:name ?value
      BIND ("publisher" AS ?what)
    }}
    UNION {{ ?graph dct:isPartOf/dct:publisher/foaf:name ?value BIND ("dataset" AS ?what) }}
    UNION {{ ?graph dct:identifier ?value BIND ("place" AS ?what) }}
    UNION {{ ?graph dct:rights|(prov:wasDerivedFrom/dct:rights) ?value BIND ("rights" AS ?what) }}
    UNION {{ ?graph dct:source|(prov:wasDerivedFrom/dct:source) ?value BIND ("page" AS ?what) }}
  }}
}} ORDER BY ?graph ?what ?value
"""
    for row in select(engine, text).rows if values else ():
        described[row["graph"].value][row["what"].value].append(row["value"])
    found = {}
    for graph in known:
        facts = described[graph]
        found[graph] = Cited(
            graph,
            kinds.get(graph, "record"),
            tuple(facts["title"]),
            publisher=_first(facts["publisher"] or facts["dataset"]),
            place=_first(facts["place"]),
            rights=next(iter(facts["rights"]), None),
            address=_first(facts["page"]),
        )
    return found


def _first(terms: Iterable[Term]) -> str:
    return next((term.value for term in terms), "")


def _batches(every: Sequence[_Each]) -> Iterator[Sequence[_Each]]:
    return (every[start : start + BATCH] for start in range(0, len(every), BATCH))


def _triple(row: Row) -> Terms:
    return written_term(row["s"]), written_term(row["p"]), written_term(row["o"])
