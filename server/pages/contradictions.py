"""The values on which the sources of a tie contradict each other, each beside who says it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from ontology.namespaces import MLG
from server.engine import Engine
from server.engine.results import Term
from server.graph.entities import DescribedEntity
from server.graph.provenance import Cited, read_cited
from server.questions import select

COMPARED = {
    "start": ("start", "firstSignature"),
    "end": ("end",),
    "form": ("form", "formAsStated"),
}
"""The properties that each kind of contradiction is about, by the key of its concept."""


@dataclass(frozen=True)
class Claim:
    """A value of a property, and the records that state it."""

    predicate: str
    value: Term
    records: Sequence[Cited]


def read_contradictions(engine: Engine, entity: DescribedEntity) -> Sequence[Claim]:
    """The values that contradict each other; none, and no question, where none do."""
    kinds = [t.value.rpartition("/")[2] for t in entity.facts.get(str(MLG.contradictoryOn), ())]
    names = dict.fromkeys(name for kind in sorted(kinds) for name in COMPARED.get(kind, ()))
    if not names:
        return ()
    properties = [NamedNode(MLG[name]) for name in names]
    table = select(engine, "stated", nodes=[NamedNode(entity.iri)], properties=properties)
    graphs: defaultdict[tuple[str, Term], list[str]] = defaultdict(list)
    for row in table.rows:
        if "graph" in row:
            graphs[row["p"].value, row["o"]].append(row["graph"].value)
    cited = read_cited(engine, {graph for each in graphs.values() for graph in each})
    order = [str(MLG[name]) for name in names]
    claims = [
        Claim(predicate, value, [cited[g] for g in sorted(each) if cited[g].kind == "record"])
        for (predicate, value), each in graphs.items()
    ]
    claims = [claim for claim in claims if claim.records]
    return sorted(claims, key=lambda c: (order.index(c.predicate), c.value.value))
