"""All that is known of one thing, with the graphs that say it: what its documents are made of."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode, QuerySolutions, Triple

from ontology.namespaces import (
    DCT,
    FOAF,
    GRAPH_INFERRED,
    GRAPH_ONTOLOGY,
    GRAPH_PROVENANCE,
    MLG,
    ORG,
    OWL,
    RDF,
    RDFS,
    SKOS,
)
from server.engine import Engine
from server.graph.links import read_counts, read_links, telling
from server.graph.vocabulary import Vocabulary
from server.iris import segment_of
from server.questions import nodes, solutions

LINKS_A_PAGE: Final = 100
"""Links of one property in a document; there are more pages where there are more links."""
TIES: Final = frozenset(
    ("action", "agreement", "encounter", "funding", "membership", "partnership", "plan", "project")
)
"""The types of what ties things to others: a document says what each is, when and how much."""
LABELS: Final = tuple(map(str, (SKOS.prefLabel, RDFS.label, DCT.title, FOAF.name)))
FACTS_OF_TIES: Final = tuple(
    map(
        str,
        (
            RDF.type,
            *LABELS,
            *(MLG[name] for name in ("date", "start", "end", "firstSignature", "year")),
            *(MLG[name] for name in ("attestedOn", "status", "form", "country", "theme")),
            *(MLG[name] for name in ("amountEUR", "fundingOf", "funderAsStated")),
            *(ORG.organization, ORG.member, ORG.role),
        ),
    )
)
RECORDS_CITED: Final = 100
"""Source records that a document describes: those that say most of its thing."""
NO_SOURCE: Final = frozenset(map(str, (GRAPH_INFERRED, GRAPH_ONTOLOGY, GRAPH_PROVENANCE)))

Statements: TypeAlias = Mapping[Triple, Sequence[str]]
"""Triples with the named graphs that they are in; none where only the merge has them."""


@dataclass(frozen=True)
class Links:
    """The number of things that point to a thing with one property."""

    property: str
    count: int


@dataclass(frozen=True)
class Description:
    """The facts of one thing, in the order in which a document tells them."""

    iri: str
    page: int
    pages: int
    own: Statements
    parts: Statements
    """Of what has no page worth it: names, identifiers, geometries, changes, lines of funding."""
    ties: Statements
    links: Statements
    counts: Sequence[Links]
    labels: Statements
    records: Sequence[str]
    """The source records that state something here, those that say most first."""
    citations: Sequence[Triple]
    """The names, publishers and rights of the sources."""

    @property
    def withdrawn(self) -> bool:
        """True where the thing is only known as one that has been taken back."""
        return any(
            triple.predicate.value == str(OWL.deprecated) and triple.object == Literal(True)
            for triple in self.own
        )


def read_description(
    engine: Engine, vocabulary: Vocabulary, iri: str, *, page: int = 1, brief: bool = False
) -> Description | None:
    """The description of a thing; None where nothing is known. Brief: of itself alone.

    A later page has more of what points to the thing, and nothing else.
    """
    entity = NamedNode(iri)
    name = "own-statements" if brief else "statements"
    stated = gathered(solutions(engine, name, entity=entity))
    counts = {} if brief else read_counts(engine, iri)
    if not stated and (brief or not counts):
        return None
    own = {triple: graphs for triple, graphs in stated.items() if triple.subject == entity}
    parts = {triple: graphs for triple, graphs in stated.items() if triple not in own}
    facts: defaultdict[str, list[object]] = defaultdict(list)
    for triple in own:
        facts[triple.predicate.value].append(triple.object)
    told = {each: counts[each] for each in telling(vocabulary, counts, facts)}
    first = (page - 1) * LINKS_A_PAGE
    found = read_links(engine, iri, told, LINKS_A_PAGE, first)
    described = {subject_of(triple) for triple in parts}
    linking = [each for subjects in found.values() for each in subjects if each not in described]
    links = {}
    if linking:
        rows = solutions(engine, "linking", nodes=nodes(linking), entity=entity)
        links = {
            triple: graphs
            for triple, graphs in gathered(rows).items()
            if triple.predicate.value in told
        }
    if page > 1:
        own, parts = {}, {}
    ties = read_stated(
        engine,
        (
            each
            for each in (*values_of(own), *linking)
            if not brief and segment_of(each) in TIES and each not in described
        ),
        FACTS_OF_TIES,
    )
    records = stating(own, parts, ties, links)
    citations = read_citations(engine, records)
    tied = {subject_of(triple) for triple in (*ties, *citations)}
    rights = {each for each in values_of(citations) if segment_of(each) == "concept"}
    named = {*values_of(own), *values_of(parts), *linking, *values_of(ties), *rights}
    labels = read_stated(engine, named - described - tied - {iri}, LABELS)
    return Description(
        iri,
        page,
        max(1, *(-(-count // LINKS_A_PAGE) for count in told.values())) if told else 1,
        own,
        parts,
        ties,
        links,
        [Links(property_, count) for property_, count in sorted(told.items())],
        labels,
        records,
        citations,
    )


def gathered(rows: QuerySolutions) -> Statements:
    """The triples of rows of four columns, with the graphs that each is in, in order."""
    found: defaultdict[Triple, set[str]] = defaultdict(set)
    for subject, predicate, value, graph in rows:
        if isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal):
            graphs = found[Triple(subject, predicate, value)]
            if isinstance(graph, NamedNode):
                graphs.add(graph.value)
    return {triple: sorted(graphs) for triple, graphs in found.items()}


def read_stated(engine: Engine, iris: Iterable[str], properties: Sequence[str]) -> Statements:
    """The triples that some things have of some properties."""
    asked = nodes(iris)
    if not asked:
        return {}
    wanted = [NamedNode(each) for each in properties]
    return gathered(solutions(engine, "stated", nodes=asked, properties=wanted))


def subject_of(triple: Triple) -> str:
    """The IRI of the subject of a triple of the data."""
    return triple.subject.value if isinstance(triple.subject, NamedNode) else ""


def values_of(statements: Collection[Triple]) -> set[str]:
    """The IRIs that triples have as their values."""
    return {triple.object.value for triple in statements if isinstance(triple.object, NamedNode)}


def stating(*every: Statements) -> list[str]:
    """The source records that state triples, those that state most first."""
    counts: defaultdict[str, int] = defaultdict(int)
    for statements in every:
        for graphs in statements.values():
            for graph in graphs:
                counts[graph] += graph not in NO_SOURCE
    known = [graph for graph, count in counts.items() if count]
    return sorted(known, key=lambda graph: (-counts[graph], graph))[:RECORDS_CITED]


def read_citations(engine: Engine, records: Sequence[str]) -> Sequence[Triple]:
    """The triples of the provenance on source records, their datasets and publishers."""
    if not records:
        return ()
    rows = solutions(engine, "citations", graphs=nodes(records))
    return tuple(Triple(*row) for row in rows)
