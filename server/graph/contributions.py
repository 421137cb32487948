"""Which source graphs an answer rests on, as far as its rows show it.

A row shows a triple where a graph leads from one of its values to another. A row that shows none,
as a sum or a count, does not tell where it comes from, and is counted as one that does not.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from ontology.namespaces import GRAPH_INFERRED, GRAPH_ONTOLOGY, GRAPH_PROVENANCE, ID
from server.engine import Engine
from server.engine.results import Table, Term
from server.iris import checked
from server.questions import select

ROWS: Final = 50
"""Rows that are asked about at a time."""
MOST: Final = 2_000
"""Rows that are looked at; an answer with more says that the rest was not."""
NO_SOURCE: Final = frozenset(map(str, (GRAPH_INFERRED, GRAPH_ONTOLOGY, GRAPH_PROVENANCE)))


@dataclass(frozen=True)
class Contributions:
    """The source graphs, each with the number of triples of the answer that it states."""

    graphs: Mapping[str, int]
    rows: int
    untold: int
    """Rows that do not show which source states them."""


def read_contributions(engine: Engine, table: Table) -> Contributions:
    """What contributed to an answer."""
    graphs: Counter[str] = Counter()
    untold = max(0, len(table.rows) - MOST)
    for start in range(0, min(len(table.rows), MOST), ROWS):
        rows = [list(row.values()) for row in table.rows[start : start + ROWS]]
        subjects = {
            t.value for row in rows for t in row if t.is_iri and t.value.startswith(str(ID))
        }
        values = {node for row in rows for term in row if (node := written(term)) is not None}
        bound: dict[str, Any] = {
            "subjects": [NamedNode(iri) for iri in sorted(subjects) if checked(iri)],
            "values": sorted(values, key=str),
        }
        between: defaultdict[tuple[str, Term], set[str]] = defaultdict(set)
        for found in select(engine, "graphs-between", **bound).rows if subjects else ():
            between[found["s"].value, found["o"]].add(found["graph"].value)
        for row in rows:
            shown = [
                graphs_
                for one in row
                for other in row
                if one.is_iri and (graphs_ := between.get((one.value, other)))
            ]
            told = [graph for each in shown for graph in each if graph not in NO_SOURCE]
            graphs.update(told)
            untold += not told
    return Contributions(dict(sorted(graphs.items())), len(table.rows), untold)


def written(term: Term) -> NamedNode | Literal | None:
    """A term of an answer as one that can be bound; None for what has no name."""
    if term.is_iri:
        return NamedNode(term.value) if checked(term.value) else None
    if term.kind != "literal":
        return None
    if term.language:
        return Literal(term.value, language=term.language)
    return (
        Literal(term.value, datatype=NamedNode(term.datatype))
        if term.datatype
        else Literal(term.value)
    )
