"""The sources of graphs: title, publisher, address and rights of each."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ontology.namespaces import GRAPH_INFERRED, GRAPH_ONTOLOGY, GRAPH_PROVENANCE
from server.engine import Engine
from server.engine.results import Term, ordered
from server.questions import nodes, select

KINDS = {
    str(GRAPH_INFERRED): "inferred",
    str(GRAPH_ONTOLOGY): "ontology",
    str(GRAPH_PROVENANCE): "provenance",
}
"""The graphs that are no record of a source."""


@dataclass(frozen=True)
class Cited:
    """A graph that states something: a source record with its title, publisher and address.

    `kind` is `record`, or `inferred`, `ontology` or `provenance` for the graphs of those names.
    """

    graph: str
    kind: str
    titles: Sequence[Term] = ()
    publisher: str = ""
    place: str = ""
    """The place of the record in its file."""
    rights: Term | None = None
    address: str = ""
    """The page that it was read from."""
    licence: str = ""
    """The IRI of the licence that it states."""


def read_cited(engine: Engine, graphs: Collection[str]) -> Mapping[str, Cited]:
    """The sources of graphs, by the IRIs of the graphs in order."""
    known = sorted(graphs)
    records = nodes(graph for graph in known if graph not in KINDS)
    described: defaultdict[str, defaultdict[str, list[Term]]] = defaultdict(
        lambda: defaultdict(list)
    )
    rows = select(engine, "provenance", graphs=records).rows if records else ()
    for row in ordered(rows, "value"):
        described[row["graph"].value][row["what"].value].append(row["value"])
    return {graph: _cited(graph, described[graph]) for graph in known}


def _cited(graph: str, facts: Mapping[str, Sequence[Term]]) -> Cited:
    return Cited(
        graph,
        KINDS.get(graph, "record"),
        tuple(facts.get("title", ())),
        publisher=_first(facts.get("publisher") or facts.get("dataset", ())),
        place=_first(facts.get("place", ())),
        rights=next(iter(facts.get("rights", ())), None),
        address=_first(facts.get("page", ())),
        licence=_first(facts.get("licence", ())),
    )


def _first(terms: Iterable[Term]) -> str:
    return next((term.value for term in terms), "")
