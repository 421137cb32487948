"""How often the data uses each term of the ontology, and where: three queries for all of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ontology.namespaces import ID
from server.engine.results import Term, counted, select
from server.graph.labels import Labels, read_labels
from server.ontology_pages.definitions import read_definitions
from server.site import Site

EXAMPLES = 3
"""As many examples are shown of a term."""


@dataclass(frozen=True)
class Usage:
    """Counts and examples in one version of the data."""

    counts: Mapping[str, int] = field(default_factory=dict)
    """How many entities are of a class, how many triples have a property."""
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
        for row in select(engine, count_query(classes, properties)).rows
        if "term" in row
    }
    used = [iri for iri in (*classes, *properties) if counts.get(iri)]
    examples: defaultdict[str, list[tuple[Term, Term | None]]] = defaultdict(list)
    if used:
        for row in select(engine, example_query(used, set(classes))).rows:
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


def count_query(classes: Sequence[str], properties: Sequence[str]) -> str:
    """A SELECT of every term used and how often."""
    return f"""
SELECT ?term (COUNT(*) AS ?n) WHERE {{
  {{ VALUES ?term {{ {iris(classes)} }} ?s a ?term }}
  UNION {{ VALUES ?term {{ {iris(properties)} }} ?s ?term ?o }}
}} GROUP BY ?term
"""


def example_query(terms: Sequence[str], classes: set[str]) -> str:
    """A SELECT of the first few entities that have each term, in the order of the store."""
    parts = (
        f"{{ SELECT (<{term}> AS ?term) ?s {'' if term in classes else '?o '}WHERE {{ "
        f"?s {f'a <{term}>' if term in classes else f'<{term}> ?o'} "
        f'FILTER STRSTARTS(STR(?s), "{ID}") }} LIMIT {EXAMPLES} }}'
        for term in terms
    )
    return f"SELECT ?term ?s ?o WHERE {{\n{' UNION '.join(parts)}\n}}"


def iris(terms: Sequence[str]) -> str:
    """The terms as SPARQL writes them."""
    return " ".join(f"<{term}>" for term in terms)
