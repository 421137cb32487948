"""Answers from a version folder without a server: what the command line gives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from loaders.errors import BuildError
from loaders.versions import current
from ontology.namespaces import GRAPH, PREFIXES
from queries import catalogue
from server.engine import Answer
from server.engine.pool.reading import RefusedError, check
from server.http.formats import FORMATS, named

EXPORTS = {
    "turtle": ox.RdfFormat.TURTLE,
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
WHOLE = frozenset({"nquads", "trig"})
"""The formats that hold every graph; the others hold one."""


@dataclass(frozen=True)
class StoreEngine:
    """A store of this process as an engine, for answers that are made of several queries."""

    store: ox.Store

    def version(self) -> str:
        """Nothing: it is the one that was opened."""
        return ""

    def query(self, text: str, *, media_type: str, **_: object) -> Answer:
        """The answer; raises QuestionError."""
        content = answer(self.store, text, media_type)
        return Answer("select", media_type, "", len(content), BytesIO(content))


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


def answer(store: ox.Store, text: str, format_name: str | None) -> bytes:
    """The answer to a query: CSV, or Turtle for CONSTRUCT and DESCRIBE, unless told otherwise."""
    try:
        check(text, prefixes=dict(PREFIXES))
        found = store.query(text, prefixes=dict(PREFIXES))
        triples = isinstance(found, ox.QueryTriples)
        default = "turtle" if triples else "json" if isinstance(found, ox.QueryBoolean) else "csv"
        chosen = named(format_name or default, FORMATS)
        media_type = chosen.media_type if chosen else ""
        if isinstance(found, ox.QueryTriples):
            if rdf := ox.RdfFormat.from_media_type(media_type):
                return found.serialize(format=rdf) or b""
        elif results := ox.QueryResultsFormat.from_media_type(media_type):
            return found.serialize(format=results) or b""
    except RefusedError as error:
        place = "line {line}, column {column}: SERVICE calls another endpoint"
        why = place if error.kind == "service" else "write a blank after each keyword"
        raise QuestionError(why.format(**error.facts)) from error
    except (SyntaxError, ValueError) as error:
        raise QuestionError(str(error)) from error
    raise QuestionError(f"{format_name} cannot hold this kind of answer")


def export(store: ox.Store, stream: IO[bytes], format_name: str, graph: str | None) -> None:
    """Write the data: every graph where the format holds several, else the merge, or one graph.

    `graph` is an IRI, or its last part, as `atlas/9318`. Raises QuestionError for one that is not
    there.
    """
    name: ox.NamedNode | ox.DefaultGraph | None = None
    if graph:
        name = ox.NamedNode(graph if "://" in graph else f"{GRAPH}{graph}")
        if not store.contains_named_graph(name):
            raise QuestionError(f"no graph {name.value}: /datasets lists them")
    elif format_name not in WHOLE:
        name = ox.DefaultGraph()
    store.dump(stream, EXPORTS[format_name], from_graph=name, prefixes=dict(PREFIXES))
