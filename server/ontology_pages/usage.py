"""The use of each term of the ontology in the data, by three queries for all of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from pyoxigraph import NamedNode

from server.engine.results import Term, counted
from server.graph.labels import Labels, read_labels
from server.ontology_pages.definitions import read_definitions
from server.questions import Asked, nodes, select_each
from server.site import Site

EXAMPLES = 3
"""As many examples are shown of a term."""


@dataclass(frozen=True)
class Usage:
    """Counts and examples in one version of the data."""

    counts: Mapping[str, int] = field(default_factory=dict)
    """The number of entities of a class, of triples with a property."""
    examples: Mapping[str, Sequence[tuple[Term, Term | None]]] = field(default_factory=dict)
    """A few subjects of each term, for a property with an object of theirs."""
    labels: Labels = field(default_factory=dict)


@lru_cache(maxsize=4)
def read_usage(site: Site, version: str, ontology: str) -> Usage:  # noqa: ARG001 (a key)
    """The use of the terms of a version of the ontology, read once for a version of the data."""
    engine, terms = site.engine, read_definitions(ontology).by_iri()
    classes = [iri for iri, term in terms.items() if term.kind == "classes"]
    properties = [iri for iri, term in terms.items() if term.kind != "classes"]
    counts = {
        row["term"].value: counted(row, "n")
        for row in select_each(
            engine,
            [
                ("class-counts", {"classes": nodes(classes)}),
                ("property-counts", {"properties": nodes(properties)}),
            ],
        ).rows
        if "term" in row
    }
    used = [iri for iri in (*classes, *properties) if counts.get(iri)]
    examples: defaultdict[str, list[tuple[Term, Term | None]]] = defaultdict(list)
    if used:
        asked: list[Asked] = [
            (f"{kind}-examples", {kind: NamedNode(term), "limit": EXAMPLES})
            for term in used
            for kind in ("class" if term in classes else "property",)
        ]
        for row in select_each(engine, asked).rows:
            examples[row["term"].value].append((row["s"], row.get("o")))
    shown = {
        term.value
        for pairs in examples.values()
        for pair in pairs
        for term in pair
        if term is not None and term.is_iri
    }
    valued = {value for term in terms.values() for _, value in term.values}
    return Usage(counts, dict(examples), read_labels(engine, shown | valued))
