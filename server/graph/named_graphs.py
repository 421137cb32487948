"""The content of the page of a named graph: its source, and the entities it speaks of."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from server.engine import Engine
from server.engine.results import Term, counted
from server.graph.entities import Facts
from server.graph.labels import Labels, read_labels
from server.questions import select
from server.versions import Version

ENTITIES_A_PAGE = 100
"""Entities on one page."""
MANY_TRIPLES = 5000
"""Triples from which entities come in the order of the store: to sort so many takes too long."""


@dataclass(frozen=True)
class Record:
    """A named graph: its size, its provenance, and one page of the entities that it describes."""

    iri: str
    triples: int
    provenance: Facts
    entities: Sequence[Term]
    more: bool
    """True where there is another page of entities."""
    labels: Labels


def describe_graph(engine: Engine, version: Version, iri: str, page: int = 1) -> Record | None:
    """The graph of that IRI, with that page of its entities; None where there is none."""
    triples = graph_size(engine, version, iri)
    if not triples:
        return None
    graph = NamedNode(iri)
    provenance: defaultdict[str, list[Term]] = defaultdict(list)
    for row in select(engine, "graph-provenance", graph=graph).rows:
        provenance[row["p"].value].append(row["o"])
    name = "graph-entities" if triples < MANY_TRIPLES else "many-graph-entities"
    first = (page - 1) * ENTITIES_A_PAGE
    rows = select(engine, name, graph=graph, limit=ENTITIES_A_PAGE + 1, offset=first).rows
    entities = [row["entity"] for row in rows[:ENTITIES_A_PAGE] if "entity" in row]
    mentioned = {term.value for terms in provenance.values() for term in terms if term.is_iri}
    mentioned |= {term.value for term in entities}
    labels = read_labels(engine, mentioned)
    return Record(iri, triples, dict(provenance), entities, len(rows) > ENTITIES_A_PAGE, labels)


def graph_size(engine: Engine, version: Version, iri: str | None) -> int:
    """The triples of a graph, of the default graph for None: from the manifest, else counted."""
    manifest = version.manifest
    if iri is None and "triples" in manifest:
        return int(manifest["triples"])
    if iri is not None and "graphs" in manifest:
        return int(manifest["graphs"].get(iri, 0))
    table = select(engine, "graph-size", graph=NamedNode(iri)) if iri else select(engine, "size")
    return counted(table.rows[0], "n")
