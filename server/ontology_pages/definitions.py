"""The ontology as its page shows it: a header, and each term with all that is said of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rdflib import BNode, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from ontology.documents import alignment_graph, ontology_graph
from ontology.namespaces import DCT, MLG, ONTOLOGY, OWL, RDFS, SKOS, VANN
from ontology.releases import own_terms, released, version_of

KINDS = {
    OWL.Class: "classes",
    OWL.ObjectProperty: "relations",
    OWL.DatatypeProperty: "attributes",
}
CHARACTERS = {
    OWL.FunctionalProperty: "functional",
    OWL.SymmetricProperty: "symmetric",
    OWL.TransitiveProperty: "transitive",
}
Words = Mapping[str, str]
"""A text in each language."""


@dataclass(frozen=True)
class Definition:
    """A class or property; other terms are given by their IRIs."""

    iri: str
    kind: str
    labels: Words
    definitions: Words
    notes: Mapping[str, tuple[str, ...]]
    example: str
    above: tuple[str, ...]
    below: tuple[str, ...]
    domain: tuple[str, ...]
    range: tuple[str, ...]
    domain_of: tuple[str, ...]
    inverse: tuple[str, ...]
    chains: tuple[tuple[str, ...], ...]
    """Each a way of properties that leads where this one does."""
    values: tuple[tuple[str, str], ...]
    """Property and value: whatever has it is of this class, and the other way round."""
    disjoint: tuple[str, ...]
    matches: tuple[str, ...]
    characters: tuple[str, ...]
    retired: bool
    successor: str | None

    @property
    def name(self) -> str:
        """Its name in the namespace, which is its anchor too."""
        return self.iri.removeprefix(str(MLG))


@dataclass(frozen=True)
class Header:
    """The statements of a document about itself."""

    iri: str
    titles: Words
    descriptions: Words
    notes: Mapping[str, tuple[str, ...]]
    version: str
    version_iri: str
    prior: str
    creators: tuple[str, ...]
    licence: str
    issued: str
    modified: str
    prefix: str
    namespace: str


@dataclass(frozen=True)
class Ontology:
    """A version of the ontology: its header, and its terms by kind in the order of names."""

    header: Header
    terms: Mapping[str, tuple[Definition, ...]]
    hierarchy: Mapping[str, tuple[str, ...]]
    """The superclasses of each class, our own and those reused."""

    def by_iri(self) -> dict[str, Definition]:
        """The terms by IRI."""
        return {each.iri: each for kind in self.terms.values() for each in kind}


@lru_cache(maxsize=8)
def read_definitions(version: str) -> Ontology:
    """The ontology of a version: the one that ships, or one that was released before it."""
    graph, alignment = ontology_graph(), alignment_graph()
    if version != version_of(graph):
        graph, alignment = released(version), Graph()
    terms: defaultdict[str, list[Definition]] = defaultdict(list)
    for term, kind in sorted(own_terms(graph).items(), key=lambda each: each[0].casefold()):
        terms[KINDS[kind]].append(define(graph, alignment, term, KINDS[kind]))
    both = graph + alignment
    hierarchy = {str(each): named(both.objects(each, RDFS.subClassOf)) for each in classes(both)}
    return Ontology(
        read_header(graph, ONTOLOGY),
        {kind: tuple(terms[kind]) for kind in KINDS.values()},
        hierarchy,
    )


def read_header(graph: Graph, iri: URIRef) -> Header:
    """The statements of a document about itself; empty where there are none."""

    def one(predicate: URIRef) -> str:
        return str(graph.value(iri, predicate) or "")

    return Header(
        str(iri),
        words(graph, iri, DCT.title),
        words(graph, iri, DCT.description),
        notes(graph, iri),
        one(OWL.versionInfo),
        one(OWL.versionIRI),
        one(OWL.priorVersion),
        tuple(sorted(str(each) for each in graph.objects(iri, DCT.creator))),
        one(DCT.license),
        one(DCT.issued),
        one(DCT.modified),
        one(VANN.preferredNamespacePrefix),
        one(VANN.preferredNamespaceUri),
    )


@dataclass(frozen=True)
class Statement:
    """The statement of a vocabulary about one of its own terms."""

    term: str
    axiom: str
    value: str
    publisher: str


def read_statements(alignment: Graph) -> tuple[Statement, ...]:
    """The axioms of others that the alignment repeats, by term."""
    found = (
        Statement(str(term), str(axiom), str(value), str(publisher))
        for term, publisher in alignment.subject_objects(RDFS.isDefinedBy)
        for axiom, value in alignment.predicate_objects(term)
        if axiom != RDFS.isDefinedBy and value not in KINDS
    )
    return tuple(sorted(found, key=lambda each: (each.term, each.axiom, each.value)))


def define(graph: Graph, alignment: Graph, term: URIRef, kind: str) -> Definition:
    """One term."""
    under = RDFS.subClassOf if kind == "classes" else RDFS.subPropertyOf
    successor = graph.value(term, DCT.isReplacedBy)
    return Definition(
        str(term),
        kind,
        words(graph, term, RDFS.label),
        words(graph, term, SKOS.definition),
        notes(graph, term),
        str(graph.value(term, SKOS.example) or ""),
        named(graph.objects(term, under)),
        named(graph.subjects(under, term)),
        named(graph.objects(term, RDFS.domain)),
        named(graph.objects(term, RDFS.range)),
        named(graph.subjects(RDFS.domain, term)),
        named([*graph.objects(term, OWL.inverseOf), *graph.subjects(OWL.inverseOf, term)]),
        chains(graph, term),
        values(graph, term),
        named([*graph.objects(term, OWL.disjointWith), *graph.subjects(OWL.disjointWith, term)]),
        named(alignment.objects(term, SKOS.closeMatch)),
        tuple(
            name for character, name in CHARACTERS.items() if character in set(graph.objects(term))
        ),
        graph.value(term, OWL.deprecated) is not None,
        str(successor) if successor else None,
    )


def words(graph: Graph, subject: URIRef, predicate: URIRef) -> Words:
    """The text of a subject by language."""
    return dict(spoken(graph, subject, predicate))


def notes(graph: Graph, subject: URIRef) -> Mapping[str, tuple[str, ...]]:
    """Its notes by language, in alphabetical order."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for language, text in sorted(spoken(graph, subject, SKOS.editorialNote)):
        found[language].append(text)
    return {language: tuple(texts) for language, texts in found.items()}


def spoken(graph: Graph, subject: URIRef, predicate: URIRef) -> Iterable[tuple[str, str]]:
    """The texts of a subject, each after its language."""
    for text in graph.objects(subject, predicate):
        yield getattr(text, "language", None) or "", str(text)


def named(nodes: Iterable[Node]) -> tuple[str, ...]:
    """The IRIs among the nodes, in order."""
    return tuple(sorted({str(node) for node in nodes if isinstance(node, URIRef)}))


def classes(graph: Graph) -> list[URIRef]:
    """The classes that have a superclass or a subclass."""
    pairs = graph.subject_objects(RDFS.subClassOf)
    return sorted({n for pair in pairs for n in pair if isinstance(n, URIRef)})


def chains(graph: Graph, term: URIRef) -> tuple[tuple[str, ...], ...]:
    """The property chains that imply a property."""
    heads = graph.objects(term, OWL.propertyChainAxiom)
    return tuple(sorted(tuple(str(each) for each in Collection(graph, head)) for head in heads))


def values(graph: Graph, term: URIRef) -> tuple[tuple[str, str], ...]:
    """The property and value that make something of a class."""
    return tuple(
        sorted(
            (str(graph.value(node, OWL.onProperty)), str(graph.value(node, OWL.hasValue)))
            for node in graph.objects(term, OWL.equivalentClass)
            if isinstance(node, BNode) and (node, OWL.hasValue, None) in graph
        )
    )
