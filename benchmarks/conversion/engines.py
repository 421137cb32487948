"""The table of communes as N-Quads, made by each engine: one timed run in a process of its own."""

from __future__ import annotations

import csv
import json
import resource
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from rdflib import RDF, Dataset, Literal, URIRef

from loaders.build.graphs import once
from loaders.garbage_collection import no_collection
from loaders.model.iris import graph_iri
from loaders.model.quads import statements
from loaders.model.records import Authority, Document, Identifier, SourceRecord
from loaders.model.values import Ref, Text
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog
from loaders.sources.tables import Column, rows
from ontology.namespaces import ADMS, COUNTRY, ID, MLG, SKOS

GRAPH = graph_iri("benchmark", "communes")
TABLE = (
    Column(name="key", form=r"[0-9][0-9ab][0-9]{3}(-[0-9]+)?"),
    Column(name="code", form=r"[0-9][0-9AB][0-9]{3}"),
    Column(name="name", form=".+"),
    Column(name="departement", form="[0-9][0-9ab][0-9]?"),
    Column(name="kind", form="fra-[a-z-]+"),
)
DOCUMENT = Document(title=Text("Communes"))
PART = 10_000
FRANCE = Ref("country/FRA")


def checked_record(table: Path) -> SourceRecord:
    """Checked rows as typed records, as a loader makes them."""
    source = SourceFile(table, table.name)
    authorities = (
        Authority(
            key=f"fra-cog-{row['key']}",
            names=(Text(row["name"]),),
            kind=_ref(f"concept/kind/{row['kind']}"),
            country=FRANCE,
            within=(_ref(f"authority/fra-dep-{row['departement']}"),),
            identifiers=(
                Identifier(key=f"fra-cog-{row['key']}", notation=row["code"], agency="INSEE"),
            ),
        )
        for row in rows(source, TABLE, IssueLog("benchmark"))
    )
    return SourceRecord(key="communes", document=DOCUMENT, entities=tuple(authorities))


def write_record(record: SourceRecord, quads: Path) -> None:
    """Sorted N-Quads, none twice, as a build writes them."""
    lines = once(statements(record))
    end = f" <{GRAPH}> .\n"
    stated = (line + end for line in lines)
    with quads.open("wb") as file:
        while part := "".join(islice(stated, PART)).encode():
            file.write(part)


@cache
def _ref(target: str) -> Ref:
    return Ref(target)


def table_rows(table: Path) -> list[dict[str, str]]:
    """The rows as they stand."""
    with table.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_terms(found: list[dict[str, str]], quads: Path) -> None:
    """The same statements as terms in a dataset of rdflib, serialised."""
    dataset = Dataset()
    graph = dataset.graph(URIRef(GRAPH))
    country, agency = URIRef(f"{COUNTRY}FRA"), Literal("INSEE")
    for row in found:
        commune = URIRef(f"{ID}authority/fra-cog-{row['key']}")
        code = URIRef(f"{ID}identifier/fra-cog-{row['key']}")
        graph.add((commune, RDF.type, MLG.LocalAuthority))
        graph.add((commune, SKOS.prefLabel, Literal(row["name"], lang="fr")))
        graph.add((commune, MLG.kind, URIRef(f"{ID}concept/kind/{row['kind']}")))
        graph.add((commune, MLG.country, country))
        within = URIRef(f"{ID}authority/fra-dep-{row['departement']}")
        graph.add((commune, MLG.within, within))
        graph.add((commune, ADMS.identifier, code))
        graph.add((code, RDF.type, ADMS.Identifier))
        graph.add((code, SKOS.notation, Literal(row["code"])))
        graph.add((code, ADMS.schemaAgency, agency))
    dataset.serialize(quads, format="nquads", encoding="utf-8")


ENGINES: dict[str, tuple[Callable[[Path], Any], Callable[[Any, Path], None]]] = {
    "maillage": (checked_record, write_record),
    "rdflib": (table_rows, write_terms),
}
"""The functions by which each reads the table, and writes what it has read."""


def main() -> None:
    """Run one engine, named first; prints what it took as JSON."""
    name, table, quads = sys.argv[1:]
    read, write = ENGINES[name]
    collection = no_collection() if name == "maillage" else nullcontext()  # as in a build
    with collection:
        start, busy = time.perf_counter(), time.process_time()
        found = read(Path(table))
        loaded = time.perf_counter()
        write(found, Path(quads))
        seconds, cpu = time.perf_counter() - start, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    told = {"seconds": seconds, "read": loaded - start, "cpu": cpu, "peak": peak}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
