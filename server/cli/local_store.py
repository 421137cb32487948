"""Answers from a version folder without a server: what the command line gives."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

from loaders.errors import BuildError
from loaders.versions import current
from ontology.namespaces import GRAPH, PREFIXES
from queries import catalogue
from server.engine import Engine
from server.engine.errors import EngineError
from server.engine.limits import PoolSize
from server.engine.pool.client import PoolEngine
from server.engine.pool.supervisor import StoreSource, supervised
from server.engine.query_text import read_prologue
from server.http.negotiation import UnknownFormat
from server.http.problems import describe
from server.settings import Settings
from server.sparql.protocol import QueryRequest
from server.sparql.service import QueryService

EXPORTS = {
    "turtle": ox.RdfFormat.TURTLE,
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
PREFERRED = "text/csv, text/turtle, application/sparql-results+json;q=0.5"
WHOLE = frozenset({"nquads", "trig"})
"""The formats that hold every graph; the others hold one."""


class QuestionError(ValueError):
    """A question that cannot be answered: no such query, graph or format, or bad SPARQL."""


def open_store(home: Path) -> ox.Store:
    """The store of the version that is served; raises BuildError before the first build."""
    serving = current(home)
    if serving is None:
        raise BuildError(f"there is no version in {home}: run `maillage build` first")
    return ox.Store.read_only(str(serving.folder / "store"))


def question_text(question: str, parameters: Iterable[str], read: Callable[[], str]) -> str:
    """The SPARQL text of a catalogue's name, a file, `-` (what `read` gives), or SPARQL itself.

    `parameters` are `name=value`, for a query of the catalogue. Raises QuestionError, and
    QueryError for a parameter that does not fit.
    """
    if question == "-":
        return read()
    if query := catalogue().get(question):
        arguments: defaultdict[str, list[str]] = defaultdict(list)
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            arguments[name].append(value)
        return query.bind(arguments)
    if question.endswith((".rq", ".sparql")) and Path(question).is_file():
        return Path(question).read_text("utf-8")
    if " " not in question:
        raise QuestionError(f"no query {question!r}: the catalogue has {', '.join(catalogue())}")
    return question


@contextmanager
def local_engine(home: Path) -> Iterator[PoolEngine]:
    """The engine of the version that is served, as a server has it; BuildError without one."""
    serving = current(home)
    if serving is None:
        raise BuildError(f"there is no version in {home}: run `maillage build` first")
    source = StoreSource(serving.id, store=serving.folder / "store")
    size = PoolSize(evaluators=1)
    with supervised(lambda: source, size, Settings.from_environment(os.environ).limits) as engine:
        yield engine


def answer(engine: Engine, text: str, format_name: str | None) -> bytes:
    """The answer to a query: CSV, or Turtle for CONSTRUCT and DESCRIBE, unless told otherwise.

    Prefixes of the project need not be declared. Raises QuestionError.
    """
    options = {"format": format_name} if format_name else {}
    limits = Settings.from_environment(os.environ).limits
    service = QueryService(engine, limits)
    try:
        asked = QueryRequest(with_prefixes(text), options=options)
        return service.answer(asked, PREFERRED, "").answer.read()
    except EngineError as error:
        told = describe(error.kind, vars(error), "en")
        raise QuestionError("{title}: {detail} {advice}".format_map(told)) from error
    except UnknownFormat as error:
        offered = ", ".join(error.offered)
        raise QuestionError(f"{error.name} cannot hold this answer; {offered} can") from error


def with_prefixes(text: str) -> str:
    """The text with the project's prefixes before it, but for those that it declares.

    They stand on its first line, so that errors are told by the lines of the text.
    """
    declared = read_prologue(text).prefixes
    used = (name for name in PREFIXES if name not in declared and f"{name}:" in text)
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in used) + text


def graph_of(
    store: ox.Store, format_name: str, graph: str | None
) -> ox.NamedNode | ox.DefaultGraph | None:
    """The graph to write: one that is named, else the merge; None for every graph.

    Every graph is for formats that hold several. `graph` is an IRI, or its last part, as
    `atlas/9318`. Raises QuestionError for one that is not there.
    """
    if graph:
        name = ox.NamedNode(graph if "://" in graph else f"{GRAPH}{graph}")
        if not store.contains_named_graph(name):
            raise QuestionError(f"no graph {name.value}: /datasets lists them")
        return name
    return None if format_name in WHOLE else ox.DefaultGraph()
