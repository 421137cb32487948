"""The order of a document: its thing first, `a` first, languages sorted; only the prefixes used.

The same content gives the same bytes in every build: the order depends on nothing else.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pyoxigraph import Literal, NamedNode, Triple

from ontology.namespaces import CONCEPT, GRAPH, ID, PREFIXES, RDF, RDFS, SKOS, SKOSXL
from server.graph.descriptions import Description, Statements, subject_of
from server.graph.vocabulary import compact, presentation
from server.linked_data.about import HYDRA, document_iri, triples_about

TYPE = str(RDF.type)
FIRST = (RDF.type, SKOS.prefLabel, RDFS.label, SKOSXL.prefLabel, SKOSXL.literalForm, SKOS.altLabel)
HEADINGS = {
    "own": "Ce qui en est dit — What is stated of it",
    "parts": "Ce qui en fait partie — What is part of it",
    "ties": "Ses liens, projets et financements — Its ties, projects and money",
    "links": "Ce qui y renvoie — What points to it",
    "labels": "Comment cela s'appelle — What these are called",
    "sources": "Qui le dit, sous quels droits — Who says so, under which rights",
    "about": "Ce document — This document",
}
TYPES = frozenset(
    (
        *("action", "agreement", "authority", "change", "concept", "dataset", "encounter"),
        *("figure", "funding", "geometry", "identifier", "membership", "name", "objective"),
        *("organ", "organisation", "partnership", "person", "place", "plan", "priority"),
        *("project", "provision", "site", "source"),
    )
)
"""The types of entities: a concept scheme called so has a prefix that says that it is one."""
_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True)
class Group:
    """Triples that a reader takes together, under a heading: those of each subject in one block."""

    heading: str
    blocks: Sequence[Sequence[Triple]]
    spaced: bool
    """True where an empty line stands between its blocks."""


def arranged(description: Description, *, brief: bool = False) -> list[Group]:
    """The groups of a document that have any triples, each triple once."""
    seen: set[Triple] = set()
    groups = []
    about = triples_about(description, brief=brief)
    for name, triples in (
        ("own", description.own),
        ("parts", description.parts),
        ("ties", description.ties),
        ("links", description.links),
        ("labels", description.labels),
        ("sources", description.citations),
        ("about", about),
    ):
        fresh = [triple for triple in dict.fromkeys(triples) if triple not in seen]
        seen.update(fresh)
        if fresh:
            spaced = name not in ("links", "labels")
            groups.append(Group(HEADINGS[name], blocks(fresh, description.iri), spaced))
    return groups


def graphs_of(description: Description) -> Mapping[Triple, Sequence[str]]:
    """The named graphs that each triple of the data is in."""
    every: tuple[Statements, ...] = (
        description.own,
        description.parts,
        description.ties,
        description.links,
        description.labels,
    )
    return {triple: graphs for statements in every for triple, graphs in statements.items()}


def blocks(triples: Iterable[Triple], first: str) -> list[list[Triple]]:
    """The triples by subject, that one first, in the order of reading."""
    found: defaultdict[str, list[Triple]] = defaultdict(list)
    for triple in triples:
        found[subject_of(triple)].append(triple)
    order = sorted(found, key=lambda iri: (iri != first, natural(iri)))
    return [sorted(found[iri], key=place) for iri in order]


def place(triple: Triple) -> tuple[object, ...]:
    """The sort key of a triple among those of its subject."""
    value = triple.object
    language = (value.language or "") if isinstance(value, Literal) else ""
    datatype = value.datatype.value if isinstance(value, Literal) else ""
    text = value.value if isinstance(value, Literal | NamedNode) else str(value)
    iri = triple.predicate.value
    order = ranks()
    rank = order.get(iri, len(order))
    return (rank, compact(iri), iri, not isinstance(value, NamedNode), language, natural(text),
            datatype)  # fmt: skip


@lru_cache(maxsize=1)
def ranks() -> Mapping[str, int]:
    """The order of properties: class, names, then that of the pages."""
    grouped = [iri for properties in presentation().groups.values() for iri in properties]
    return {iri: n for n, iri in enumerate(dict.fromkeys([*map(str, FIRST), *grouped]))}


def natural(text: str) -> tuple[object, ...]:
    """A key that sorts `…-2` before `…-10`."""
    parts = _DIGITS.split(text)
    return tuple((int(part), part) if n % 2 else part for n, part in enumerate(parts))


def prefixes_of(groups: Sequence[Group], iri: str) -> dict[str, str]:
    """The prefixes that the terms of a document use, in order.

    What is under `…/id/` has a prefix for its type (`authority:fra-cog-91228`): a slash in a local
    name would have to be escaped.
    """
    used: dict[str, str] = {}
    terms = {
        term.value
        for group in groups
        for block in group.blocks
        for triple in block
        for term in (*triple, *_datatypes(triple))
        if isinstance(term, NamedNode) and term.value != TYPE
    }
    document = f"{document_iri(iri)}#"
    for term in terms:
        used |= _prefixes(term)
        if term.startswith(document) and term != document:
            used["doc"] = document
    return dict(sorted(used.items()))


def _datatypes(triple: Triple) -> list[NamedNode]:
    value = triple.object
    if not isinstance(value, Literal) or value.language:
        return []
    plain = value.datatype.value == PREFIXES["xsd"] + "string"
    return [] if plain else [value.datatype]


@lru_cache(maxsize=4096)
def _prefixes(iri: str) -> Mapping[str, str]:
    """The prefixes that an IRI can be written with, and their namespaces."""
    named = _own_prefix(iri)
    known = [named] if named else [("hydra", str(HYDRA)), *PREFIXES.items()]
    return {
        prefix: namespace
        for prefix, namespace in known
        if iri.startswith(namespace) and iri != namespace
    }


def _own_prefix(iri: str) -> tuple[str, str] | None:
    """The prefix of the type of an IRI of the data, with its namespace."""
    for base, kind in ((str(CONCEPT), ""), (str(ID), ""), (str(GRAPH), "graph-")):
        if iri.startswith(base):
            name, slash, key = iri.removeprefix(base).partition("/")
            if slash and key and re.fullmatch(r"[a-z][a-z0-9_-]*", name):
                taken = name in PREFIXES or (base == CONCEPT and name in TYPES)
                return f"{kind or ('concept-' if taken else '')}{name}", f"{base}{name}/"
            return ("id", str(ID)) if not kind else ("graph", str(GRAPH))
    return None
