"""Queries of the catalogue run for a caller: arguments out of an address, the answer as a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from loaders.build.folding import fold
from ontology.namespaces import XSD
from queries import (
    AmbiguousValue,
    ArgumentError,
    BadParameter,
    MissingParameter,
    Query,
    UnknownName,
    UnknownParameter,
)
from server.engine import Engine
from server.engine.errors import EngineError
from server.engine.results import JSON, Row, Table, Term, read_table
from server.graph.labels import Labels, read_labels
from server.http.problems import describe
from server.i18n import NUMBERS, Voice
from server.pages.arguments import Arguments
from server.pages.forms import accepted
from server.pages.meanings import resolve
from server.site import Site

TRIPLES = "application/n-triples"


@dataclass(frozen=True)
class Answered:
    """The answer to a query of the catalogue, with the labels of the entities in it."""

    query: Query
    arguments: Arguments
    text: str
    table: Table
    labels: Labels

    def heading(self, column: str, voice: Voice) -> str:
        """The heading of a column."""
        named = self.query.columns.get(column)
        return str(getattr(named, voice.language)) if named else column

    def given(self, name: str) -> Sequence[str]:
        """The values of a parameter: the caller's, else the defaults."""
        return self.arguments.get(name) or self.query.defaults.get(name, ())


def ask_table(engine: Engine, query: Query, text: str) -> Table:
    """The answer to the text of a query as a table; that to a CONSTRUCT is one of its triples.

    Raises EngineError.
    """
    if not query.is_graph:
        return read_table(engine.query(text, media_type=JSON).read())
    content = engine.query(text, media_type=TRIPLES).read()
    columns = tuple(query.columns)
    triples = sorted(parse(content, format=RdfFormat.N_TRIPLES), key=str)
    return Table(
        columns,
        tuple(
            dict(zip(columns, map(term_of, (t.subject, t.predicate, t.object)), strict=True))
            for t in triples
        ),
    )


def term_of(term: object) -> Term:
    """A term of pyoxigraph as one of a table."""
    match term:
        case NamedNode():
            return Term(term.value)
        case Literal():
            datatype = "" if term.datatype.value == str(XSD.string) else term.datatype.value
            return Term(term.value, "literal", term.language or "", datatype)
        case BlankNode():
            return Term(term.value, "bnode")
    return Term(str(term), "triple")


def answer(
    engine: Engine, query: Query, arguments: Arguments, *, rows: slice, sort: str = ""
) -> Answered:
    """The answer to a query, by the column `sort`; labels are read for the rows to be shown.

    Raises ArgumentError (of `queries`) or EngineError.
    """
    text = query.bind(arguments)
    table = ordered(ask_table(engine, query, text), sort)
    mentioned = {term.value for row in table.rows[rows] for term in row.values() if term.is_iri}
    return Answered(query, arguments, text, table, read_labels(engine, mentioned))


@dataclass(frozen=True)
class Attempt:
    """The answer to a query, or the problem that it met, and the status that tells which."""

    answered: Answered | None = None
    problem: Mapping[str, object] | None = None
    status: int = 200


def attempt(
    site: Site, query: Query, arguments: Arguments, voice: Voice, *, rows: slice, sort: str = ""
) -> Attempt:
    """The answer to a query, or in words why there is none."""
    try:
        meant = resolve(site, query, arguments, voice)
        return Attempt(answer(site.engine, query, meant, rows=rows, sort=sort))
    except ArgumentError as error:
        detail = complaint(error, query, voice)
        told = {"title": voice("argument.wrong"), "detail": detail, **choices_of(error)}
        return Attempt(None, told, status_of(error))
    except EngineError as error:
        problem = describe(error.kind, vars(error), voice.language)
        return Attempt(None, problem, problem["status"])


def complaint(error: ArgumentError, query: Query, voice: Voice) -> str:
    """The fault of an argument, in words."""
    match error:
        case UnknownParameter():
            known = ", ".join(error.known) or "—"
            return voice("argument.unknown", name=error.name, known=known)
        case MissingParameter():
            words = accepted(query.parameters[error.name], voice)
            return voice("argument.missing", name=error.name, accepted=words)
        case BadParameter():
            words = accepted(query.parameters[error.name], voice)
            return voice("argument.bad", name=error.name, value=error.value, accepted=words)
        case AmbiguousValue():
            return voice("argument.several", name=error.name, value=error.value)
        case UnknownName():
            return voice("search.none", q=error.value)
    return str(error)


def status_of(error: ArgumentError) -> int:
    """The status of an answer to an argument that does not fit: 300 where there is a choice."""
    return {AmbiguousValue: 300, UnknownName: 404}.get(type(error), 400)


def choices_of(error: ArgumentError) -> dict[str, object]:
    """Of which parameter there is a choice, and what may be meant."""
    if not isinstance(error, AmbiguousValue):
        return {}
    return {
        "parameter": error.name,
        "choices": [{"value": value, "label": label} for value, label in error.choices],
    }


def ordered(table: Table, sort: str) -> Table:
    """The table by a column, downwards with `-` before it; rows without a value come last.

    An entity is sorted by the name beside it, where there is one.
    """
    column = sort.removeprefix("-")
    column = f"{column}Name" if f"{column}Name" in table.columns else column
    if column not in table.columns:
        return table
    held = [row for row in table.rows if column in row]
    numbers = all(row[column].datatype in NUMBERS for row in held)

    def rank(row: Row) -> tuple[Decimal, str]:
        value = row[column].value
        return (Decimal(value), "") if numbers else (Decimal(0), fold(value))

    held.sort(key=rank, reverse=sort.startswith("-"))
    return Table(table.columns, (*held, *(row for row in table.rows if column not in row)))
