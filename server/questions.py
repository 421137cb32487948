"""The questions that the site itself asks: the texts of `graph/queries/`, with their terms bound.

A file `<name>.rq` holds one question. It opens with the question in a sentence, then has every
prefix, so that it pastes into any client. What a caller binds is written as `$name` (SPARQL's
other mark of a variable), what the question finds as `?name`:

    # How many statements point to $entity, by property?
    SELECT ?p (COUNT(*) AS ?n) WHERE { ?s ?p $entity } …

Only RDF terms and whole numbers are bound, each as N-Triples writes it: no text of a caller ever
becomes syntax.
"""

import json
import re
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Final, TypeAlias

from pyoxigraph import (
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    parse_query_results,
)

from server.engine import Engine
from server.engine.results import JSON, Table, read_table

Value: TypeAlias = NamedNode | Literal | int | Collection[NamedNode] | None
"""The binding of a parameter; None leaves it open, as a variable."""
Asked: TypeAlias = tuple[str, Mapping[str, Value]]
"""The name of a question and what its parameters are bound to."""

_FOLDER: Final = files("server").joinpath("graph", "queries")
_PARAMETER: Final = re.compile(r"(?P<list>\()?\$(?P<name>\w+)(?(list)(?P<end>\)))")
_COMMENT: Final = re.compile(r"^ *# .*\n", re.MULTILINE)
_PREFIX: Final = re.compile(r"^PREFIX .*\n", re.MULTILINE)


def question(name: str, /, **values: Value) -> str:
    """The text of a question with its parameters bound, ready for an engine.

    Raises ValueError where a parameter is missing or is none of the question's.

    >>> print(question("graph-size", graph=NamedNode("https://example.org/graph")))
    SELECT (COUNT(*) AS ?n) WHERE { GRAPH <https://example.org/graph> { ?s ?p ?o } }
    <BLANKLINE>
    """
    text = read_text(name)
    names = parameters(name)
    if names != values.keys():
        wrong = ", ".join(sorted(names ^ values.keys()))
        raise ValueError(f"{name}.rq: missing, or no parameter of it: {wrong}")
    return _PARAMETER.sub(lambda match: _written(match, values[match["name"]]), text)


def union(asked: Iterable[Asked]) -> str:
    """One query that asks several questions at once: a SELECT of the rows of each, in any order."""
    prefixes: dict[str, None] = {}
    groups = []
    for name, values in asked:
        text = question(name, **values)
        prefixes.update(dict.fromkeys(_PREFIX.findall(text)))
        groups.append(f"{{ {_PREFIX.sub('', text).strip()} }}")
    return f"{''.join(prefixes)}SELECT * WHERE {{\n{' UNION '.join(groups)}\n}}\n"


def select(engine: Engine, name: str, /, **values: Value) -> Table:
    """The answer to a question that is a SELECT."""
    return select_text(engine, question(name, **values))


def select_each(engine: Engine, asked: Iterable[Asked]) -> Table:
    """The answers to several questions, in one round; empty where none is asked."""
    every = list(asked)
    return select_text(engine, union(every)) if every else Table((), ())


def select_text(engine: Engine, text: str) -> Table:
    """The answer to the text of a SELECT."""
    return read_table(engine.query(text, media_type=JSON).read())


def solutions(engine: Engine, name: str, /, **values: Value) -> QuerySolutions:
    """The answer to a question that is a SELECT, in terms of pyoxigraph."""
    answer = engine.query(question(name, **values), media_type=JSON).read()
    found = parse_query_results(answer, format=QueryResultsFormat.JSON)
    assert isinstance(found, QuerySolutions)  # noqa: S101 (for the type checker)
    return found


def iris(engine: Engine, name: str, /, **values: Value) -> list[str]:
    """The IRIs in the one column of the answer to a SELECT, in its order: many in little memory."""
    answer = engine.query(question(name, **values), media_type="text/tab-separated-values").read()
    lines = answer.decode().split("\n")[1:]  # no IRI holds a tab or the end of a line
    return [line[1:-1] for line in lines if line.startswith("<")]


def ask(engine: Engine, name: str, /, **values: Value) -> bool:
    """The answer to a question that is an ASK."""
    answer = engine.query(question(name, **values), media_type=JSON).read()
    return bool(json.loads(answer)["boolean"])


def nodes(iris: Iterable[str]) -> list[NamedNode]:
    """The IRIs, each once, in their order; ValueError where one is none (RFC 3987)."""
    return [NamedNode(iri) for iri in sorted(set(iris))]


@lru_cache(maxsize=256)
def read_text(name: str) -> str:
    """The text of a question, without its comments."""
    return _COMMENT.sub("", _FOLDER.joinpath(f"{name}.rq").read_text("utf-8")).lstrip("\n")


@lru_cache(maxsize=256)
def parameters(name: str) -> frozenset[str]:
    """The names of the parameters of a question."""
    return frozenset(match["name"] for match in _PARAMETER.finditer(read_text(name)))


def _written(match: re.Match[str], value: Value) -> str:
    """A value as it stands in SPARQL: a collection after `IN` with commas, else with blanks."""
    opened, closed = match["list"] or "", match["end"] or ""
    if value is None:
        return f"{opened}?{match['name']}{closed}"
    if isinstance(value, NamedNode | Literal | int):
        return f"{opened}{value}{closed}"
    return f"{opened}{(', ' if opened else ' ').join(map(str, value))}{closed}"
