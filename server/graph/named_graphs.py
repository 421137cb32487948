"""What the page of a named graph shows: where it comes from, and what it speaks of."""

from collections import defaultdict
from dataclasses import dataclass

from ontology.namespaces import GRAPH_PROVENANCE
from server.engine import Engine
from server.engine.results import Table, Term, select
from server.graph.entities import Facts
from server.graph.labels import Labels, read_labels
from server.versions import Version

LISTED = 100


@dataclass(frozen=True)
class Record:
    """A named graph: its size, its provenance, and the entities that it describes."""

    iri: str
    triples: int
    provenance: Facts
    entities: Table
    labels: Labels


def describe_graph(engine: Engine, version: Version, iri: str) -> Record | None:
    """The graph of that IRI; None where there is none."""
    triples = graph_size(engine, version, iri)
    if not triples:
        return None
    provenance: defaultdict[str, list[Term]] = defaultdict(list)
    stated = select(
        engine,
        f"""
SELECT ?p ?o WHERE {{
  GRAPH <{GRAPH_PROVENANCE}> {{
    <{iri}> ?q ?v .
    OPTIONAL {{ ?v foaf:name ?name }}
    BIND (?q AS ?p) BIND (COALESCE(?name, ?v) AS ?o)
  }}
}} ORDER BY ?p ?o
""",
    )
    for row in stated.rows:
        provenance[row["p"].value].append(row["o"])
    entities = select(
        engine,
        f"""
SELECT ?entity (COUNT(*) AS ?n) WHERE {{
  GRAPH <{iri}> {{ ?entity ?p ?o FILTER (!isBlank(?entity)) }}
}} GROUP BY ?entity ORDER BY DESC(?n) ?entity LIMIT {LISTED}
""",
    )
    mentioned = {term.value for terms in provenance.values() for term in terms if term.is_iri}
    mentioned |= {row["entity"].value for row in entities.rows}
    return Record(iri, triples, dict(provenance), entities, read_labels(engine, mentioned))


def graph_size(engine: Engine, version: Version, iri: str) -> int:
    """The triples of a graph: from the manifest, else counted."""
    graphs = version.manifest.get("graphs")
    if graphs is not None:
        return int(graphs.get(iri, 0))
    counted = select(engine, f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}")
    return int(counted.rows[0]["n"].value)
