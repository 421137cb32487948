"""Queries of the catalogue run for a caller: arguments out of an address, the answer as a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from queries import ArgumentError, BadParameter, MissingParameter, Query, UnknownParameter
from server.engine import Engine
from server.engine.errors import EngineError
from server.engine.results import JSON, Table, read_table
from server.graph.labels import Labels, read_labels
from server.http.problems import describe
from server.i18n import Voice
from server.pages.forms import accepted

RESERVED = ("bom", "format", "lang", "limit", "page", "sep", "view")
"""Names in the address that are for the page, unless the query has a parameter called so."""

Arguments = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Answered:
    """The answer to a query of the catalogue, with the labels of the entities in it."""

    query: Query
    arguments: Arguments
    text: str
    table: Table
    labels: Labels

    def heading(self, column: str, voice: Voice) -> str:
        """What a column is called."""
        named = self.query.columns.get(column)
        return str(getattr(named, voice.language)) if named else column

    def given(self, name: str) -> Sequence[str]:
        """The values of a parameter: the caller's, else the defaults."""
        return self.arguments.get(name) or self.query.defaults.get(name, ())


def arguments_of(query: Query, pairs: MultiDict[str, str]) -> Arguments:
    """The arguments in an address; a name that is nobody's is left for `bind` to refuse."""
    return {
        name: [value for value in values if value.strip()]
        for name, values in pairs.lists()
        if name in query.parameters or name not in RESERVED
    }


def answer(engine: Engine, query: Query, arguments: Arguments, *, rows: slice) -> Answered:
    """The answer to a query; labels are read for the rows that will be shown.

    Raises ArgumentError (of `queries`) or EngineError.
    """
    text = query.bind(arguments)
    table = read_table(engine.query(text, media_type=JSON).read())
    mentioned = {term.value for row in table.rows[rows] for term in row.values() if term.is_iri}
    return Answered(query, arguments, text, table, read_labels(engine, mentioned))


@dataclass(frozen=True)
class Attempt:
    """The answer to a query, or the problem that it met, and the status that tells which."""

    answered: Answered | None = None
    problem: Mapping[str, object] | None = None
    status: int = 200


def attempt(
    engine: Engine, query: Query, arguments: Arguments, voice: Voice, *, rows: slice
) -> Attempt:
    """The answer to a query, or in words why there is none."""
    try:
        return Attempt(answer(engine, query, arguments, rows=rows))
    except ArgumentError as error:
        detail = complaint(error, query, voice)
        return Attempt(None, {"title": voice("argument.wrong"), "detail": detail}, 400)
    except EngineError as error:
        problem = describe(error.kind, vars(error), voice.language)
        return Attempt(None, problem, problem["status"])


def complaint(error: ArgumentError, query: Query, voice: Voice) -> str:
    """What is wrong with an argument, in words."""
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
    return str(error)
