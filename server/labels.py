"""What things are called: the labels of many IRIs at once, and which of them to show."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from ontology import GRAPH_PROVENANCE
from server.addresses import checked, tail
from server.engine import Engine
from server.language import Voice
from server.results import Term, counted, select

Labels = Mapping[str, Sequence[Term]]


def read_labels(engine: Engine, iris: Iterable[str]) -> Labels:
    """The labels of those IRIs: the preferred ones, else what they are called otherwise."""
    values = " ".join(f"<{iri}>" for iri in sorted(set(iris)) if checked(iri))
    if not values:
        return {}
    table = select(
        engine,
        f"""
SELECT ?node ?rank ?label WHERE {{
  VALUES ?node {{ {values} }}
  VALUES (?p ?rank) {{
    (skos:prefLabel 1) (rdfs:label 2) (dct:title 3) (foaf:name 4) (mlg:text 5)
    (locn:fullAddress 6) (mlg:nameAsStated 7) (skos:notation 8)
  }}
  {{ ?node ?p ?label }} UNION {{ GRAPH <{GRAPH_PROVENANCE}> {{ ?node ?p ?label }} }}
}} ORDER BY ?node ?rank ?label
""",
    )
    best: dict[str, int] = {}
    labels: defaultdict[str, list[Term]] = defaultdict(list)
    for row in table.rows:
        node, rank = row["node"].value, counted(row, "rank")
        if best.setdefault(node, rank) == rank and row["label"] not in labels[node]:
            labels[node].append(row["label"])
    return dict(labels)


def label(labels: Labels, iri: str, voice: Voice) -> Term:
    """What to call an IRI: its label, or the last part of it."""
    return voice.choose(labels.get(iri, ())) or Term(tail(iri), "literal")
