"""YAML whose every value knows its line and column, validated by pydantic.

Scalars are read as they are written: `2010-06`, `no` and `007` stay text until the field that
they stand in says what they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from types import GenericAlias
from typing import Any, TypeVar, cast

import yaml
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from loaders.errors import RecordError, SourceError

DEEPEST = 40
"""Levels of a file of statements: they need a dozen."""

_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Marked:
    """A value of a YAML file, and where it stands."""

    node: yaml.Node
    path: str = ""

    @property
    def line(self) -> int:
        """The line on which it begins, counted from 1."""
        return int(self.node.start_mark.line) + 1

    @property
    def column(self) -> int:
        """The column in which it begins, counted from 1."""
        return int(self.node.start_mark.column) + 1

    @property
    def value(self) -> Any:
        """Its strings, lists and dictionaries."""
        if isinstance(self.node, yaml.MappingNode):
            return {key: child.value for key, child in self.items()}
        if isinstance(self.node, yaml.SequenceNode):
            return [child.value for child in self.elements()]
        return self.node.value

    def items(self) -> Iterator[tuple[str, Marked]]:
        """The keys and values of a mapping; raises RecordError for a key that stands twice."""
        seen = set()
        for key, child in self._pairs("a mapping, `name: value` on each line"):
            if key.value in seen:
                raise Marked(key, self._at(key.value)).error("the field stands twice: join the two")
            seen.add(key.value)
            yield key.value, Marked(child, self._at(key.value))

    def elements(self) -> Iterator[Marked]:
        """The elements of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.error("write a list here, one `- ` on each line")
        for rank, child in enumerate(self.node.value, 1):
            yield Marked(child, f"{self.path}[{rank}]")

    def read(self, kind: type[_Value]) -> _Value:
        """The value as one of a dataclass; raises an ExceptionGroup of RecordErrors."""
        try:
            (value,) = _adapter(cast(Any, kind)).validate_python((self.value,))
        except ValidationError as error:
            found = _telling(self, error.errors(include_url=False, include_context=False))
            raise ExceptionGroup(self.path, [at.error(why) for at, why in found]) from error
        return cast(_Value, value)

    def error(self, advice: str) -> RecordError:
        """The error of this place, with line and column, for the person who wrote it."""
        value = self.node.value if isinstance(self.node, yaml.ScalarNode) else ""
        return RecordError(self.path, value, f"column {self.column}: {advice}", line=self.line)

    def at(self, steps: Sequence[int | str]) -> Marked:
        """The innermost value on a way that pydantic gives, which names alternatives too."""
        here = self
        for step in steps:
            if isinstance(here.node, yaml.SequenceNode) and isinstance(step, int):
                here = list(here.elements())[step]
            elif isinstance(here.node, yaml.MappingNode):
                here = dict(here.items()).get(str(step), here)
        return here

    def key(self, name: str) -> Marked:
        """The name of a field of a mapping, where that name stands."""
        return next(Marked(key, self._at(name)) for key, _ in self._pairs("") if key.value == name)

    def _pairs(self, wanted: str) -> list[tuple[yaml.Node, yaml.Node]]:
        if not isinstance(self.node, yaml.MappingNode):
            raise self.error(f"write {wanted} here")
        return list(self.node.value)

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    # pydantic takes no configuration for a bare dataclass; in a tuple it reaches the nested ones.
    one: Any = GenericAlias(tuple, (kind,))
    return TypeAdapter(one, config=ConfigDict(extra="forbid"))


def read_marked(text: str, name: str) -> Marked:
    """The YAML document of a file; raises SourceError, with line and column, where it is none."""
    try:
        _refuse_bombs(text, name)
        node = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        context = f", {error.context}" if error.context else ""
        mark = error.problem_mark or error.context_mark
        raise _syntax(name, mark, f"no YAML: {error.problem}{context}") from error
    except yaml.YAMLError as error:
        raise SourceError(f"{name} is no YAML that can be read: {error}") from error
    if node is None:
        raise SourceError(f"{name} is empty: write a `document` and its `sections`")
    return Marked(node)


def _refuse_bombs(text: str, name: str) -> None:
    """Raise SourceError for what lets a short file stand for gigabytes or exhaust the stack."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.BaseLoader):
        if isinstance(event, yaml.AliasEvent):
            raise _syntax(name, event.start_mark, "aliases (*) are not read: write it out")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise _syntax(name, event.start_mark, f"nested more than {DEEPEST} levels deep")


def _syntax(name: str, mark: Any, problem: str) -> SourceError:
    # PyYAML has two classes of marks, its own and libyaml's; both have these two attributes.
    place = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
    return SourceError(f"{place}: {problem}")


def _telling(root: Marked, errors: list[ErrorDetails]) -> list[tuple[Marked, str]]:
    """One error a place, the most telling: of alternatives, the one that got furthest."""
    found: dict[str, tuple[Marked, str, bool]] = {}
    for error in errors:
        place, advice = _advice(root, error)
        own_words = error["type"] == "value_error"
        if place.path not in found or (own_words and not found[place.path][2]):
            found[place.path] = (place, advice, own_words)
    return [
        (place, advice)
        for path, (place, advice, _) in found.items()
        if not any(other.startswith((f"{path}.", f"{path}[")) for other in found)
    ]


def _advice(root: Marked, error: ErrorDetails) -> tuple[Marked, str]:
    _, *loc = error["loc"]  # the first is the tuple of `_adapter`
    *parents, last = loc or [""]
    match error["type"]:
        case "unexpected_keyword_argument":
            return root.at(parents).key(str(last)), "there is no such field: correct or remove it"
        case "missing":
            return root.at(parents), f"`{last}` is missing: add it"
        case "value_error":
            # The value stands in a field of its own, where it is masked.
            told = error["msg"].removeprefix("Value error, ")
            return root.at(loc), told.replace(repr(error["input"]), "this")
        case "dataclass_type":
            return root.at(loc), "write its fields here, `name: value` on each line"
        case "tuple_type":
            return root.at(loc), "write a list here: [value], or one `- ` on each line"
        case _:
            return root.at(loc), error["msg"]
