"""What things are called: the labels of many IRIs at once, and which of them to show."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from ontology.namespaces import DCT, FOAF, GRAPH_PROVENANCE, LOCN, MLG, RDFS, SKOS
from server.engine import Engine
from server.engine.results import Term, select
from server.i18n import Voice
from server.iris import checked, tail

Labels = Mapping[str, Sequence[Term]]

NAMING = tuple(
    map(
        str,
        (
            SKOS.prefLabel,
            RDFS.label,
            DCT.title,
            FOAF.name,
            MLG.text,
            LOCN.fullAddress,
            MLG.nameAsStated,
            SKOS.notation,
        ),
    )
)
"""The properties that name a thing, the best first."""


def read_labels(engine: Engine, iris: Iterable[str]) -> Labels:
    """The labels of those IRIs: the preferred ones, else what they are called otherwise."""
    values = " ".join(f"<{iri}>" for iri in sorted(set(iris)) if checked(iri))
    if not values:
        return {}
    # The properties stand in a filter: as a second VALUES they make Oxigraph join all the labels
    # of the store with a table of the two, seconds and gigabytes, once there are some 15 nodes.
    named = ", ".join(f"<{each}>" for each in NAMING)
    branches = " UNION ".join(
        f"{{ VALUES ?node {{ {values} }} {pattern} FILTER (?p IN ({named})) }}"
        for pattern in ("?node ?p ?label", f"GRAPH <{GRAPH_PROVENANCE}> {{ ?node ?p ?label }}")
    )
    table = select(engine, f"SELECT ?node ?p ?label WHERE {{ {branches} }} ORDER BY ?node ?label")
    ranked = [(NAMING.index(row["p"].value), row) for row in table.rows]
    best: dict[str, int] = {}
    labels: defaultdict[str, list[Term]] = defaultdict(list)
    for rank, row in sorted(ranked, key=lambda pair: pair[0]):
        node = row["node"].value
        if best.setdefault(node, rank) == rank and row["label"] not in labels[node]:
            labels[node].append(row["label"])
    return dict(labels)


def label(labels: Labels, iri: str, voice: Voice) -> Term:
    """What to call an IRI: its label, or the last part of it."""
    return voice.choose(labels.get(iri, ())) or Term(tail(iri), "literal")
