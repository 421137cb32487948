"""The queries that ship: reads their headers, binds their parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from threading import Condition
from types import MappingProxyType
from typing import Annotated

import pyoxigraph as ox
import yaml
from cachetools import cached
from pydantic import BeforeValidator, ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from ontology.namespaces import CONCEPT
from ontology.words import Bilingual
from queries.errors import (
    BadParameter,
    MissingParameter,
    QueryFileError,
    UnknownParameter,
    UnknownQuery,
)
from queries.terms import TYPES, Type, concept_type

ANY = "*"
"""The value that lifts a restriction, where the parameter says `any: true`."""

_STRICT = ConfigDict(extra="forbid")


@checked(frozen=True, config=_STRICT)
class Parameter:
    """Something that a caller of a query may choose.

    `type` is a name of `queries.terms.TYPES`, or `concept`, which says its `scheme`. `choices`, if
    any, are the only values taken. A `many` parameter takes several values, one with `any` the
    value `*`, which lifts the restriction. Of an entity, `segment` says which kind of IRI it has.
    `offered` is a pattern that finds the values with which the query has rows.
    """

    type: str
    label: Bilingual
    many: bool = False
    required: bool = False
    any: bool = False
    scheme: str | None = None
    segment: str | None = None
    offered: str | None = None
    choices: dict[str, Bilingual] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.type not in TYPES and not (self.type == "concept" and self.scheme):
            raise ValueError(f"type {self.type}: write {', '.join(TYPES)}, or concept and a scheme")

    @property
    def accepted(self) -> str:
        """The values that a caller may write, in words."""
        accepted = ", ".join(self.choices) if self.choices else self._type.accepted
        return f"{accepted}, or {ANY} for all" if self.any else accepted

    def term(self, name: str, value: str) -> ox.NamedNode | ox.Literal:
        """The RDF term of a caller's value; raises BadParameter."""
        try:
            if self.choices and value not in self.choices:
                raise ValueError(value)
            return self._type.term(value)
        except ValueError as error:
            raise BadParameter(name, value, self.accepted) from error

    def shown(self, term: ox.NamedNode | ox.Literal) -> str:
        """The shortest way in which a caller may write a term."""
        return self._type.shown(term.value)

    @property
    def _type(self) -> Type:
        return concept_type(self.scheme) if self.scheme else TYPES[self.type]


@checked(frozen=True, config=_STRICT)
class Former:
    """Names of queries by what they are called now, and those withdrawn, with the reason."""

    renamed: dict[str, str]
    withdrawn: dict[str, Bilingual]


@checked(frozen=True, config=_STRICT)
class _Header:
    summary: Bilingual
    description: Bilingual
    columns: dict[str, Bilingual]
    tags: Annotated[tuple[str, ...], BeforeValidator(tuple)] = ()
    parameters: dict[str, Parameter] = field(default_factory=dict)
    view: str = "table"


@dataclass(frozen=True)
class Query:
    """A question that people ask, as SPARQL that any client runs as it stands.

    A parameter is the variable of its name, which `text` binds in one or more blocks
    `VALUES ?name { … }`; what stands there is its default, in `defaults` as a caller would write
    it (of a required parameter: an example). `columns` are the headings of the selected variables,
    in their order.
    """

    name: str
    summary: Bilingual
    description: Bilingual
    tags: tuple[str, ...]
    parameters: Mapping[str, Parameter]
    defaults: Mapping[str, tuple[str, ...]]
    columns: Mapping[str, Bilingual]
    view: str
    text: str

    @property
    def is_graph(self) -> bool:
        """True where the answer is a graph, whose columns are those of its triples."""
        return re.search(r"^CONSTRUCT\b", self.text, flags=re.MULTILINE) is not None

    @property
    def shown(self) -> tuple[str, ...]:
        """The columns for people: where an entity is named beside its IRI, one of both."""
        return tuple(
            name
            for name in self.columns
            if name.removesuffix("Name") not in self.columns or not name.endswith("Name")
        )

    def segment(self, name: str) -> str:
        """The kind of entity that a parameter takes, as in `authority/…`; empty where any will do.

        It is what the parameter says, else the kind of its defaults.
        """
        parameter = self.parameters[name]
        if parameter.type != "entity" or parameter.segment:
            return parameter.segment or ""
        kinds = {value.partition("/")[0] for value in self.defaults[name] if value != ANY}
        return kinds.pop() if len(kinds) == 1 else ""

    def offers(self, name: str) -> str | None:
        """The text that finds the values of a parameter with which there are rows, as `?{name}`."""
        parameter = self.parameters[name]
        if parameter.offered is None:
            return None
        prefixes = "".join(_PREFIXES.findall(self.text))
        place = f"{CONCEPT}{parameter.scheme}/" if parameter.scheme else ""
        only = f'FILTER(STRSTARTS(STR(?{name}), "{place}"))'
        return f"{prefixes}SELECT DISTINCT ?{name} WHERE {{ {parameter.offered} {only} }}"

    def bind(self, arguments: Mapping[str, Sequence[str]]) -> str:
        """The text with the caller's values in the place of the defaults.

        A value left blank counts as not given. Raises UnknownParameter, MissingParameter or
        BadParameter.
        """
        for name in arguments:
            if name not in self.parameters:
                raise UnknownParameter(name, list(self.parameters))
        text = self.text
        for name, parameter in self.parameters.items():
            values = [value.strip() for value in arguments.get(name, ()) if value.strip()]
            if values:
                block = _block(name, parameter, values)
                # Not `sub`, which would read the backslashes of an escaped literal.
                text = block.join(_blocks(name).split(text))
            elif parameter.required:
                raise MissingParameter(name, parameter.accepted)
        return text


_PREFIXES = re.compile(r"^PREFIX .*\n", flags=re.MULTILINE)


@cached({}, condition=Condition())
def catalogue() -> Mapping[str, Query]:
    """The queries by name, in order; raises QueryFileError where a file is not as it must be."""
    entries = sorted(files("queries").iterdir(), key=lambda entry: entry.name)
    names = ((entry, entry.name.removesuffix(".rq")) for entry in entries)
    return MappingProxyType(
        {
            name: read_query(name, entry.read_text("utf-8"))
            for entry, name in names
            if entry.name != name
        }
    )


@cache
def former() -> Former:
    """The successors of the names that no query has any more (`renamed.yml`)."""
    text = files("queries").joinpath("renamed.yml").read_text("utf-8")
    return TypeAdapter(Former).validate_python(yaml.safe_load(text))


def find_query(name: str) -> Query:
    """The query of this name; raises UnknownQuery."""
    try:
        return catalogue()[name]
    except KeyError:
        raise UnknownQuery(name, list(catalogue())) from None


def read_query(name: str, source: str) -> Query:
    """The query that a file holds; raises QueryFileError, with the reason."""
    lines = source.splitlines(keepends=True)
    opening = [line.removeprefix("#+")[1:] or "\n" for line in lines if line.startswith("#+")]
    text = "".join(line for line in lines if not line.startswith("#+")).lstrip()
    try:
        header = TypeAdapter(_Header).validate_python(yaml.load("".join(opening), yaml.CSafeLoader))
        defaults = {
            parameter: _defaults(parameter, header.parameters[parameter], text)
            for parameter in header.parameters
        }
    except (yaml.YAMLError, ValidationError, ValueError, SyntaxError) as error:
        raise QueryFileError(f"{name}.rq: {error}") from error
    return Query(
        name=name,
        summary=header.summary,
        description=header.description,
        tags=header.tags,
        parameters=MappingProxyType(header.parameters),
        defaults=MappingProxyType(defaults),
        columns=MappingProxyType(header.columns),
        view=header.view,
        text=text,
    )


def _blocks(name: str) -> re.Pattern[str]:
    return re.compile(rf"VALUES \?{re.escape(name)} \{{[^{{}}]*\}}")


def _block(name: str, parameter: Parameter, values: Sequence[str]) -> str:
    if ANY in values and parameter.any:
        return ""
    if len(values) > 1 and not parameter.many:
        raise BadParameter(name, values[1], f"one value: {parameter.accepted}")
    terms = " ".join(str(parameter.term(name, value)) for value in values)
    return f"VALUES ?{name} {{ {terms} }}"


def _defaults(name: str, parameter: Parameter, text: str) -> tuple[str, ...]:
    """The values of a parameter's first block, as a caller would write them."""
    block = _blocks(name).search(text)
    if block is None:
        raise ValueError(f"the parameter {name} has no block VALUES ?{name} {{ … }}")
    prefixes = "".join(_PREFIXES.findall(text))
    rows = ox.Store().query(f"{prefixes}SELECT ?{name} {{ {block[0]} }}")
    assert isinstance(rows, ox.QuerySolutions)  # noqa: S101  a SELECT
    terms = [row[name] for row in rows]
    return tuple(
        parameter.shown(term) if isinstance(term, ox.NamedNode | ox.Literal) else ANY
        for term in terms
    )
