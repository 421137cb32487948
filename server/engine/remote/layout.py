"""The layout of a version in a remote engine, and the marker that tells which it is.

Every named graph keeps its name. The default graph is the engine's own where it has one; in
Virtuoso, whose default graph is the union of all others and would count a triple once per graph,
it is the graph `DEFAULT`, which each query is then told to take for it. `maillage push` writes the
marker, a graph of its own, last; without one nothing is served.
"""

from dataclasses import dataclass

from ontology.namespaces import DCT, GRAPH
from server.engine.results import read_table

VERSION = str(GRAPH["version"])
"""The graph of the marker, and the subject of its triples."""
DEFAULT = str(GRAPH["default"])
NOWHERE = str(GRAPH["none"])
"""The name of no graph: an empty default graph for engines that cannot be told so otherwise."""
OWN = (DEFAULT, VERSION)
SYSTEM = "http://www.openlinksw.com/schemas/virtrdf#"
"""A graph that is in every Virtuoso, and nowhere else."""

ROWS_HEADER = "X-SPARQL-MaxRows"
CUT = frozenset((ROWS_HEADER, "X-SQL-State"))
"""The headers by which Virtuoso tells that it left rows out."""
CEILING = 2**20
"""The most rows that a Virtuoso can be set to give; of a CONSTRUCT it cuts it tells nothing."""

MANY_SOLUTIONS = f"SELECT (1 AS ?n) WHERE {{ GRAPH <{SYSTEM}> {{ ?a ?b ?c . ?d ?e ?f }} }}"
"""Millions of solutions, in every Virtuoso."""
FIND_MARKER = f"""SELECT ?p ?o WHERE {{ GRAPH <{VERSION}> {{ <{VERSION}> ?p ?o }} }}"""
IS_VIRTUOSO = f"SELECT ?s WHERE {{ GRAPH <{SYSTEM}> {{ ?s ?p ?o }} }} LIMIT 1"


@dataclass(frozen=True)
class Marker:
    """The version that a remote engine holds, as its marker tells."""

    version: str = ""
    """The version that was pushed to its end; empty where there is none."""
    virtuoso: bool = False
    """True where the default graph is the graph `DEFAULT`."""
    coming: str = ""
    """The version that is being pushed: meanwhile some graphs are of the one, some of the other."""
    quads: int = 0
    """The number of its quads that have come."""

    @property
    def serving(self) -> str:
        """The version that answers are told to be of: half a version passes for none."""
        return f"{self.version}~{self.coming}" if self.version and self.coming else self.version

    def update(self) -> str:
        """The update that replaces the marker by this one."""
        said = {
            "identifier": self.version,
            "conformsTo": "virtuoso" if self.virtuoso else "",
            "isReplacedBy": self.coming,
            "extent": str(self.quads) if self.coming else "",
        }
        triples = " ".join(
            f'<{VERSION}> <{DCT[name]}> "{value}" .' for name, value in said.items() if value
        )
        return (
            f"DROP SILENT GRAPH <{VERSION}> ;\nINSERT DATA {{ GRAPH <{VERSION}> {{ {triples} }} }}"
        )


def read_marker(content: bytes) -> Marker:
    """The marker in the answer to `FIND_MARKER`."""
    said = {
        row["p"].value.removeprefix(str(DCT)): row["o"].value for row in read_table(content).rows
    }
    return Marker(
        said.get("identifier", ""),
        "conformsTo" in said,
        said.get("isReplacedBy", ""),
        int(said.get("extent", 0)),
    )
