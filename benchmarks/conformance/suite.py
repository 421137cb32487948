"""The query tests of W3C's SPARQL manifests, and where an answer differs from the expected one."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pyoxigraph
import rdflib
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    Triple,
)
from pyoxigraph import QueryResultsFormat as ResultsFormat
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
    "PositiveSyntaxTest11": "positive syntax",
    "NegativeSyntaxTest": "negative syntax",
    "NegativeSyntaxTest11": "negative syntax",
}
FROM = re.compile(r"\bFROM\s+(?:NAMED\s+)?<([^>]*)>", re.IGNORECASE)
SERVICE = re.compile(r"\bSERVICE\b", re.IGNORECASE)
ORDER = re.compile(r"\bORDER\s+BY\b", re.IGNORECASE)

Term = NamedNode | BlankNode | Literal | Triple
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

    The dataset is files and the IRI of the graph that each is, empty for the default graph;
    `result` is the file of the expected answer, and `skipped` why the test is none for an endpoint.
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
        """What a server must hold; literals are as the files write them."""
        for file, graph in self.dataset:
            for quad in pyoxigraph.parse(
                path=file, base_iri=file.as_uri(), rename_blank_nodes=True
            ):
                name = NamedNode(graph) if graph else quad.graph_name
                yield Quad(quad.subject, quad.predicate, quad.object, name)


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
    kinds = {str(kind).rpartition("#")[2] for kind in graph.objects(test, RDF.type)}
    kind = next((KINDS[name] for name in kinds if name in KINDS), "")
    action = graph.value(test, MF.action)
    query = local(graph.value(action, QT.query) or action)
    text = query.read_text("utf-8", errors="replace") if kind else ""
    skipped = ""
    if not kind:
        skipped = ", ".join(sorted(kinds))
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
    return Case(
        name,
        folder,
        kind,
        query,
        tuple(sorted(dataset)),
        local(graph.value(test, MF.result)),
        ordered=ORDER.search(text) is not None,
        lax=graph.value(test, MF.resultCardinality) == MF.LaxCardinality,
    )


def local(iri: object) -> Path:
    """The file that a `file:` IRI means."""
    return Path(unquote(urlsplit(str(iri)).path))


def read(content: bytes, suffix: str, base: str) -> Answer:
    """An answer in the format of that suffix; a result set may also be written as a graph."""
    if suffix == ".csv":
        header, *lines = csv.reader(io.StringIO(content.decode()))
        rows = (
            {name: cell(text) for name, text in zip(header, line, strict=True)} for line in lines
        )
        return Table(tuple(header), tuple(rows))
    form = ResultsFormat.from_extension(suffix[1:])
    if form is None:
        rdf = pyoxigraph.RdfFormat.from_extension(suffix[1:])
        graph = Dataset(pyoxigraph.parse(content, rdf, base_iri=base))
        return result_set(graph)
    results = pyoxigraph.parse_query_results(content, form)
    if isinstance(results, pyoxigraph.QueryBoolean):
        return bool(results)
    columns = tuple(variable.value for variable in results.variables)
    solutions = ({c: row[c] for c in columns if row[c] is not None} for row in results)
    return Table(columns, tuple(solutions))


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
    """The answer that a graph describes in DAWG's vocabulary; without it, the graph itself."""

    def objects(subject: Any, name: str) -> list[Any]:
        return [
            q.object for q in graph.quads_for_subject(subject) if q.predicate.value == RS + name
        ]

    for quad in graph.quads_for_object(NamedNode(f"{RS}ResultSet")):
        for told in objects(quad.subject, "boolean"):
            return told == Literal(True)
        columns = tuple(column.value for column in objects(quad.subject, "resultVariable"))
        rows = []
        for solution in objects(quad.subject, "solution"):
            places = [int(place.value) for place in objects(solution, "index")]
            bindings = objects(solution, "binding")
            row = {objects(b, "variable")[0].value: objects(b, "value")[0] for b in bindings}
            rows.append((places, row))
        rows.sort(key=lambda placed: placed[0])
        return Table(columns, tuple(row for _, row in rows), all(places for places, _ in rows))
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


def difference(expected: Answer, found: Answer, *, ordered: bool, lax: bool = False) -> str:
    """What distinguishes an answer from the expected one, in short; empty where nothing does.

    `lax` lets a solution come less often than expected (SPARQL 1.1, 18.5: REDUCED).
    """
    if isinstance(expected, Dataset) and isinstance(found, Dataset):
        return "" if isomorphic(expected, found) else "another graph"
    if not isinstance(expected, Table) or not isinstance(found, Table):
        return "" if expected == found else f"{found} in place of {expected}"
    if set(expected.columns) != set(found.columns):
        return f"columns {found.columns} in place of {expected.columns}"
    wanted, got = [[masked(row) for row in table.rows] for table in (expected, found)]
    missing, extra = Counter(wanted) - Counter(got), Counter(got) - Counter(wanted)
    if extra or (missing and not (lax and set(wanted) == set(got))):
        return f"missing: {shown(missing)}; not expected: {shown(extra)}"
    if ordered and expected.ordered and wanted != got:
        return "another order"
    if not lax and not isomorphic(blank_rows(expected), blank_rows(found)):
        return "blank nodes are the same in other places"
    return ""


Masked = frozenset[tuple[str, str]]


def masked(row: Row) -> Masked:
    """A row by whose equality rows are the same but for their blank nodes."""
    return frozenset(
        (name, "_:" if isinstance(term, BlankNode) else str(comparable(term)))
        for name, term in row.items()
    )


def shown(rows: Counter[Masked]) -> str:
    """One of some rows, and how many there are."""
    if not rows:
        return "none"
    first = " ".join(f"?{name}={text}" for name, text in sorted(next(iter(rows))))
    return f"{first[:150] or 'a row without values'} ({rows.total()} rows)"


def blank_rows(table: Table) -> Dataset:
    """The graph of the rows that have blank nodes."""
    graph = Dataset()
    for row in table.rows:
        if any(isinstance(term, BlankNode) for term in row.values()):
            node = BlankNode()
            for name, term in row.items():
                graph.add(Quad(node, NamedNode(f"{RS}{name}"), term))
    return graph


def isomorphic(one: Dataset, other: Dataset) -> bool:
    """Whether two graphs are the same but for the names of blank nodes."""
    canonical = []
    for graph in (one, other):
        plain = Dataset(
            Quad(q.subject, q.predicate, comparable(q.object), q.graph_name) for q in graph
        )
        plain.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        canonical.append(plain)
    return canonical[0] == canonical[1]
