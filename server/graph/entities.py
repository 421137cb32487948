"""The facts on one entity's page, read through the engine in a handful of queries."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from ontology.namespaces import MLG, OWL, RDF, SKOS
from server.engine import Engine
from server.engine.results import Term, counted, ordered
from server.graph.labels import Labels, read_labels
from server.graph.links import (
    LINKS_SHOWN,
    WIDELY,
    Incoming,
    Roles,
    read_counts,
    read_incoming,
    read_roles,
)
from server.graph.provenance import read_cited
from server.graph.vocabulary import Vocabulary, presentation
from server.questions import ask, nodes, select

FACTS = 4000
"""Facts of an entity and its parts that a page reads; it says when there are more."""

Facts = Mapping[str, list[Term]]


@dataclass(frozen=True)
class CitedSource:
    """A source record: its graph, what it is called, who publishes it with which rights."""

    graph: str
    title: Term | None
    publisher: str
    rights: Term | None
    address: str
    licence: str
    triples: int


@dataclass(frozen=True)
class DescribedEntity:
    """An entity with its facts, its parts, what points to it, and the records that state it."""

    iri: str
    facts: Facts
    inferred: frozenset[tuple[str, str]]
    """Property and value of the facts that no source states."""
    parts: Mapping[str, Facts]
    incoming: tuple[Incoming, ...]
    roles: Roles
    sources: tuple[CitedSource, ...]
    labels: Labels
    cut: bool
    """True where there are more facts than were read."""

    @property
    def types(self) -> list[str]:
        """Its classes."""
        return [term.value for term in self.facts.get(str(RDF.type), ())]

    @property
    def unresolved(self) -> bool:
        """True where the entity is a name that could be matched with nobody known."""
        stated = self.facts.get(str(MLG.resolution), ())
        return any(term.value.endswith("/unresolved") for term in stated)

    @property
    def withdrawn(self) -> bool:
        """True where the entity is only known as one that has been taken back."""
        return any(term.value == "true" for term in self.facts.get(str(OWL.deprecated), ()))

    def parts_of(self, rdf_class: str) -> list[tuple[str, Facts]]:
        """Its parts of that class, in the order of their positions and keys."""
        chosen = [
            (iri, facts)
            for iri, facts in self.parts.items()
            if any(term.value == rdf_class for term in facts.get(str(RDF.type), ()))
        ]
        return sorted(chosen, key=lambda part: natural(part[0]))


def natural(iri: str) -> tuple[object, ...]:
    """A key that sorts `…-2` before `…-10`."""
    head, _, number = iri.rpartition("-")
    return (head, int(number)) if number.isdigit() else (iri, 0)


def exists(engine: Engine, iri: str) -> bool:
    """True where anything is known of an IRI."""
    return ask(engine, "known", entity=NamedNode(iri))


def describe(engine: Engine, vocabulary: Vocabulary, iri: str) -> DescribedEntity | None:
    """The entity of that IRI, as a page shows it; None where nothing is known of it."""
    facts, parts, inferred, cut = read_facts(engine, iri)
    counts = read_counts(engine, iri)
    if not facts and not counts:
        return None
    incoming = read_incoming(engine, vocabulary, iri, counts, facts, parts)
    roles = read_roles(engine, iri, counts)
    terms = [
        *(
            term
            for each in (facts, *parts.values())
            for property_, found in each.items()
            if property_ != str(RDF.type)  # the vocabulary has the names of classes
            for term in found
        ),
        *(term for entry in incoming for term in entry.first),
        *(
            term
            for table in (roles.partnerships, roles.contributions)
            for row in table.rows
            for term in row.values()
        ),
    ]
    return DescribedEntity(
        iri,
        facts,
        inferred,
        parts,
        incoming,
        roles,
        read_sources(engine, iri, mentions=sum(counts.values()) <= WIDELY),
        read_labels(engine, {iri, *(term.value for term in terms if term.is_iri)}),
        cut,
    )


def read_facts(
    engine: Engine, iri: str
) -> tuple[Facts, Mapping[str, Facts], frozenset[tuple[str, str]], bool]:
    """The facts of an entity and of its parts, which are inferred, and whether there are more."""
    unread = presentation().hidden - {str(RDF.type), str(SKOS.prefLabel)}
    table = select(engine, "facts", entity=NamedNode(iri), hidden=nodes(unread), limit=FACTS)
    found: defaultdict[str, defaultdict[str, dict[Term, None]]]
    found = defaultdict(lambda: defaultdict(dict))
    stated = [row for row in table.rows if "derived" not in row]
    for row in ordered(stated, "node", "p", "o"):
        found[row["node"].value][row["p"].value][row["o"]] = None
    inferred = frozenset((row["p"].value, row["o"].value) for row in table.rows if "derived" in row)
    every = {
        node: {property_: list(values) for property_, values in facts.items()}
        for node, facts in found.items()
    }
    return every.pop(iri, {}), every, inferred, len(table.rows) >= FACTS


def read_sources(engine: Engine, iri: str, *, mentions: bool) -> tuple[CitedSource, ...]:
    """The source records that state facts of an entity, those that say most first.

    With `mentions`, also the facts of others in which it is the value.
    """
    name = "mentioning" if mentions else "stating"
    rows = select(engine, name, entity=NamedNode(iri)).rows
    found = [(counted(row, "n"), row["graph"].value) for row in rows if "graph" in row]
    found.sort(key=lambda each: (-each[0], each[1]))
    counts = {graph: number for number, graph in found[:LINKS_SHOWN]}
    cited = read_cited(engine, counts)
    return tuple(
        CitedSource(
            graph,
            next(iter(cited[graph].titles), None),
            cited[graph].publisher,
            cited[graph].rights,
            cited[graph].address,
            cited[graph].licence,
            number,
        )
        for graph, number in counts.items()
        if cited[graph].kind == "record"
    )
