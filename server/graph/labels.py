"""The labels of many IRIs at once, and which of them to show."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from pyoxigraph import NamedNode

from ontology.namespaces import DCT, FOAF, LOCN, MLG, RDFS, SKOS
from server.engine import Engine
from server.engine.results import Term
from server.i18n import Voice
from server.iris import checked, tail
from server.questions import nodes, select

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

BATCH = 1000
"""IRIs that are asked about at a time: a query has a greatest length, here and elsewhere."""


def read_labels(engine: Engine, iris: Iterable[str]) -> Labels:
    """The labels of those IRIs: the preferred ones, else what they are called otherwise."""
    known = nodes(iri for iri in iris if checked(iri))
    if not known:
        return {}
    naming = [NamedNode(each) for each in NAMING]
    ranked = [
        (NAMING.index(row["p"].value), row["label"].value, row["label"].language, row)
        for start in range(0, len(known), BATCH)
        for row in select(engine, "labels", nodes=known[start : start + BATCH], naming=naming).rows
    ]
    best: dict[str, int] = {}
    labels: defaultdict[str, list[Term]] = defaultdict(list)
    for rank, *_, row in sorted(ranked, key=lambda each: each[:3]):
        node = row["node"].value
        if best.setdefault(node, rank) == rank and row["label"] not in labels[node]:
            labels[node].append(row["label"])
    return dict(labels)


def label(labels: Labels, iri: str, voice: Voice) -> Term:
    """The label of an IRI for a reader, or else the last part of the IRI."""
    return voice.choose(labels.get(iri, ())) or Term(tail(iri), "literal")
