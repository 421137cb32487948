"""The query tests of W3C's SPARQL manifests, and where an answer differs from the expected one."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pyoxigraph as ox
import rdflib
from pyoxigraph import BlankNode, Dataset, Literal, NamedNode, Quad
from rdflib.namespace import RDF, RDFS
from rdflib.term import Node

MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
DAWGT = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-dawg#")
REGIME = rdflib.URIRef("http://www.w3.org/ns/sparql-service-description#entailmentRegime")
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
XSD = "http://www.w3.org/2001/XMLSchema#"
KINDS = {
    "QueryEvaluationTest": "evaluation",
    "CSVResultFormatTest": "evaluation",
    "PositiveSyntaxTest": "positive syntax",
    "NegativeSyntaxTest": "negative syntax",
}
FROM = re.compile(r"(?i)\bFROM\s+(?:NAMED\s+)?<([^>]*)>")
SERVICE = re.compile(r"(?i)\bSERVICE\b")
ORDER = re.compile(r"(?i)\bORDER\s+BY\b")

Term = NamedNode | BlankNode | Literal | ox.Triple
Row = dict[str, Term]


@dataclass(frozen=True)
class Table:
    """Solutions; `ordered` where what they were read from says in which order they come."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    ordered: bool = True


Answer = bool | Table | Dataset


@dataclass(frozen=True)
class Case:
    """One test: a query, the dataset it is asked over, and what must come of it.

    The dataset is files, each with the IRI of its graph, empty for the default one. `ordered` where
    the query orders its solutions; `lax` where one may come less often than expected (18.5,
    REDUCED); `skipped` says why an endpoint that only reads queries is not tested by it.
    """

    name: str
    folder: str
    kind: str
    query: Path
    dataset: tuple[tuple[Path, str], ...] = ()
    result: Path | None = None
    ordered: bool = False
    lax: bool = False
    skipped: str = ""

    def quads(self) -> Iterator[Quad]:
        """The quads that a server must hold; literals are as the files write them."""
        for file, graph in self.dataset:
            for q in ox.parse(path=file, base_iri=file.as_uri(), rename_blank_nodes=True):
                name = NamedNode(graph) if graph else q.graph_name
                yield Quad(q.subject, q.predicate, q.object, name)


def cases(folder: Path) -> Iterator[Case]:
    """Every test of every `manifest.ttl` below a folder."""
    root = folder.resolve()
    for manifest in sorted(root.rglob("manifest.ttl")):
        graph = rdflib.Graph().parse(manifest, publicID=manifest.as_uri())
        place = str(manifest.parent.relative_to(root))
        for entries in graph.objects(None, MF.entries):
            for test in graph.items(entries):
                name = f"{manifest.parent.name}/{re.split('[#/]', str(test))[-1]}"
                yield case(graph, test, name, place)


def case(graph: rdflib.Graph, test: Node, name: str, folder: str) -> Case:
    """A test as its manifest describes it."""
    types = {str(kind).rpartition("#")[2] for kind in graph.objects(test, RDF.type)}
    kind = next(filter(None, (KINDS.get(name.removesuffix("11")) for name in types)), "")
    action = graph.value(test, MF.action)
    query = local(graph.value(action, QT.query) or action)
    text = query.read_text("utf-8", errors="replace") if kind else ""
    skipped = ""
    if not kind:
        skipped = ", ".join(sorted(types))
    elif query.suffix == ".ru":
        skipped = "update"
    elif SERVICE.search(text):
        skipped = "federation"
    elif graph.value(action, REGIME):
        skipped = "entailment regime"
    elif graph.value(test, DAWGT.approval) in (DAWGT.Withdrawn, DAWGT.Rejected):
        skipped = "withdrawn by W3C"
    if skipped or kind != "evaluation":
        return Case(name, folder, kind, query, skipped=skipped)
    dataset = {(local(file), "") for file in graph.objects(action, QT.data)}
    for named in graph.objects(action, QT.graphData):
        file = graph.value(named, QT.graph) or named
        dataset.add((local(file), str(graph.value(named, RDFS.label) or file)))
    # An engine would fetch what FROM names: the file beside the query is the graph of that IRI.
    for iri in (urljoin(query.as_uri(), relative) for relative in FROM.findall(text)):
        if local(iri).exists():
            dataset.add((local(iri), iri))
    result = local(graph.value(test, MF.result))
    ordered = ORDER.search(text) is not None
    lax = graph.value(test, MF.resultCardinality) == MF.LaxCardinality
    return Case(name, folder, kind, query, tuple(sorted(dataset)), result, ordered, lax)


def local(iri: object) -> Path:
    """The file that a `file:` IRI means."""
    return Path(unquote(urlsplit(str(iri)).path))


def read(content: bytes, suffix: str, base: str) -> Answer:
    """An answer in the format of that suffix; a graph may describe a result set."""
    if suffix == ".csv":
        header, *lines = csv.reader(io.StringIO(content.decode()))
        cells = (dict(zip(header, map(cell, line), strict=True)) for line in lines)
        return Table(tuple(header), tuple(cells))
    form = ox.QueryResultsFormat.from_extension(suffix[1:])
    if form is None:
        rdf = ox.RdfFormat.from_extension(suffix[1:])
        return result_set(Dataset(ox.parse(content, rdf, base_iri=base)))
    results = ox.parse_query_results(content, form)
    if isinstance(results, ox.QueryBoolean):
        return bool(results)
    names = tuple(variable.value for variable in results.variables)
    rows = ({name: row[name] for name in names if row[name] is not None} for row in results)
    return Table(names, tuple(rows))


def cell(text: str) -> Term:
    """A value of CSV, which does not tell a number from a text that looks like one."""
    if text.startswith("_:"):
        return BlankNode(text[2:])
    try:
        float(text)
    except ValueError:
        return Literal(text)
    return Literal(text, datatype=NamedNode(f"{XSD}double"))


def result_set(graph: Dataset) -> Answer:
    """The answer that a graph describes in the vocabulary of result sets, or else the graph."""

    def objects(node: Any, name: str) -> list[Any]:
        return [q.object for q in graph.quads_for_subject(node) if q.predicate.value == RS + name]

    for quad in graph.quads_for_object(NamedNode(f"{RS}ResultSet")):
        for told in objects(quad.subject, "boolean"):
            return bool(told == Literal(True))
        columns = tuple(column.value for column in objects(quad.subject, "resultVariable"))
        placed = []
        for solution in objects(quad.subject, "solution"):
            places = [int(place.value) for place in objects(solution, "index")]
            row = {}
            for pair in objects(solution, "binding"):
                row[objects(pair, "variable")[0].value] = objects(pair, "value")[0]
            placed.append((places, row))
        placed.sort(key=itemgetter(0))
        return Table(columns, tuple(row for _, row in placed), all(places for places, _ in placed))
    return graph


FORMS: dict[str, Callable[[str], str]] = {
    "integer": lambda text: str(int(text)),
    "decimal": lambda text: f"{Decimal(text).normalize():f}",
    "double": lambda text: repr(float(text)),
    "float": lambda text: repr(float(text)),
    "boolean": lambda text: {"1": "true", "0": "false"}.get(text, text),
    "date": lambda text: text.replace("+00:00", "Z"),
    "dateTime": lambda text: text.replace("+00:00", "Z"),
}


def comparable(term: Term) -> Term:
    """The term as one writes its value where there are several ways: 1.50 as 1.5, @FR as @fr."""
    if not isinstance(term, Literal):
        return term
    if term.language:
        return Literal(term.value, language=term.language.lower())
    form = FORMS.get(term.datatype.value.removeprefix(XSD))
    try:
        return Literal(form(term.value), datatype=term.datatype) if form else term
    except (ValueError, ArithmeticError):
        return term


def difference(case: Case, expected: Answer, found: Answer) -> str:
    """In what an answer is not the expected one, in short; empty where it is."""
    if isinstance(expected, Dataset) and isinstance(found, Dataset):
        return "" if isomorphic(expected, found) else "another graph"
    if not isinstance(expected, Table) or not isinstance(found, Table):
        return "" if expected == found else f"{found} in place of {expected}"
    columns = [list(table.columns) for table in (expected, found)]
    if case.result and case.result.suffix not in (".csv", ".tsv"):
        columns = [sorted(names) for names in columns]  # there a value goes with its name
    if columns[0] != columns[1]:
        return f"columns {' '.join(found.columns)} in place of {' '.join(expected.columns)}"
    wanted, got = ([shown(row) for row in table.rows] for table in (expected, found))
    missing, extra = Counter(wanted) - Counter(got), Counter(got) - Counter(wanted)
    if extra or (missing and not (case.lax and set(wanted) == set(got))):
        return f"missing: {sample(missing)}; not expected: {sample(extra)}"
    if case.ordered and expected.ordered and wanted != got:
        return "another order"
    if not case.lax and not isomorphic(blank_rows(expected), blank_rows(found)):
        return "blank nodes are the same in other places"
    return ""


def shown(row: Row) -> str:
    """A row in words; two are alike where they are the same but for their blank nodes."""
    terms = ((n, "_:" if isinstance(t, BlankNode) else comparable(t)) for n, t in row.items())
    return " ".join(f"?{name}={term}" for name, term in sorted(terms)) or "nothing bound"


def sample(rows: Counter[str]) -> str:
    """One of some rows, and how many they are."""
    return f"{min(rows)[:150]} ({rows.total()} in all)" if rows else "none"


def blank_rows(table: Table) -> Dataset:
    """The graph of the rows that have blank nodes."""
    graph = Dataset()
    for row in table.rows:
        if any(isinstance(term, BlankNode) for term in row.values()):
            node = BlankNode()
            for name, term in row.items():
                graph.add(Quad(node, NamedNode(f"{RS}{name}"), term))
    return graph


def isomorphic(*graphs: Dataset) -> bool:
    """True where graphs are the same but for the names of blank nodes."""
    canonical = []
    for graph in graphs:
        values = (Quad(q.subject, q.predicate, comparable(q.object)) for q in graph)
        canonical.append(Dataset(values))
        canonical[-1].canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return canonical[0] == canonical[1]
