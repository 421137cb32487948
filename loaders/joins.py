"""The premises of a rule, matched against relations held in memory.

A relation is a set of rows: the pairs (subject, object) of a property, or the members of a class.
A match is a row too: what it binds the variables to, in the order of a tuple of their names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import islice, repeat
from operator import itemgetter
from typing import Any

from ontology.rules import Pattern, Rule, is_variable

Pair = tuple[str, str]
Row = tuple[str, ...]
Rows = Collection[Any]
"""Of Pair for a property, of str for a class."""


class Relations:
    """The relations that rules speak of, by name (see Pattern.relation), with their indexes."""

    def __init__(self, names: Iterable[str]) -> None:
        # Dictionaries without values: unlike sets they keep the order in which rows came, so that
        # neighbours in the source stay neighbours in memory (at two million triples a third of
        # the time), and what is new are the last of them.
        self._relations: dict[str, dict[Any, None]] = {name: {} for name in names}
        self._indexes: dict[tuple[str, bool], dict[str, list[str]]] = {}

    def __getitem__(self, name: str) -> dict[Any, None]:
        return self._relations[name]

    def get(self, name: str) -> dict[Any, None] | None:
        """The relation of that name, if any rule speaks of it."""
        return self._relations.get(name)

    def clear(self) -> None:
        """Forget everything."""
        self._relations.clear()
        self._indexes.clear()

    def add(self, name: str, rows: Iterable[Any]) -> Rows:
        """Take rows into a relation and its indexes; what was not in it yet."""
        relation = self._relations[name]
        before = len(relation)
        relation.update(zip(rows, repeat(None), strict=False))
        new = list(islice(relation, before, None))
        for by_object in (False, True):
            if (name, by_object) in self._indexes:
                _enter(self._indexes[name, by_object], new, by_object)
        return new

    def index(self, name: str, *, by_object: bool) -> Mapping[str, list[str]]:
        """The objects of each subject, or the other way round."""
        known = self._indexes.get((name, by_object))
        if known is None:
            known = self._indexes[name, by_object] = {}
            _enter(known, self._relations[name], by_object)
        return known


def matches(
    rule: Rule,
    relations: Relations,
    wanted: tuple[str, ...],
    first: int = 0,
    changed: Rows | None = None,
) -> Iterable[Row]:
    """What the rule's premises bind the wanted variables to; a row may come more than once.

    Premise number `first` is matched first, against `changed` if that is given.
    """
    premises = [rule.premises[first], *rule.premises[:first], *rule.premises[first + 1 :]]
    opening = premises.pop(0)
    rows, names = _opened(opening, relations[opening.relation] if changed is None else changed)
    while premises:
        # One that shares a variable, so that nothing is multiplied out.
        joined = next((p for p in premises if p.variables & set(names)), premises[0])
        premises.remove(joined)
        rows, names = _joined(rows, names, joined, relations)
        needed = {*wanted, *(name for premise in premises for name in premise.variables)}
        rows, names = _projected(rows, names, tuple(name for name in names if name in needed))
    return _projected(rows, names, wanted)[0]


def _enter(index: dict[str, list[str]], rows: Iterable[Pair], by_object: bool) -> None:
    for subject, value in rows:
        key, other = (value, subject) if by_object else (subject, value)
        entries = index.get(key)
        if entries is None:
            index[key] = [other]
        else:
            entries.append(other)


def _opened(pattern: Pattern, relation: Rows) -> tuple[Iterable[Row], tuple[str, ...]]:
    if pattern.is_membership:
        return zip(relation, strict=True), (pattern.subject,)
    rows: Iterable[Row] = relation
    if not is_variable(pattern.object):
        rows = (pair for pair in rows if pair[1] == pattern.object)
    if not is_variable(pattern.subject):
        rows = (pair for pair in rows if pair[0] == pattern.subject)
    if pattern.subject == pattern.object:
        rows = (pair for pair in rows if pair[0] == pair[1])
    return rows, (pattern.subject, pattern.object)


def _joined(
    rows: Iterable[Row], names: tuple[str, ...], pattern: Pattern, relations: Relations
) -> tuple[Iterable[Row], tuple[str, ...]]:
    """The rows that the pattern holds for too, extended by the variable that it adds."""
    relation = relations[pattern.relation]
    subject = names.index(pattern.subject) if pattern.subject in names else None
    value = names.index(pattern.object) if pattern.object in names else None
    if pattern.is_membership and subject is not None:
        return (row for row in rows if row[subject] in relation), names
    if subject is not None and value is not None:
        return (row for row in rows if (row[subject], row[value]) in relation), names
    if subject is not None and not is_variable(pattern.object):
        return (row for row in rows if (row[subject], pattern.object) in relation), names
    if value is not None and not is_variable(pattern.subject):
        return (row for row in rows if (pattern.subject, row[value]) in relation), names
    if subject is not None:
        index, at, new = (
            relations.index(pattern.predicate, by_object=False),
            subject,
            pattern.object,
        )
    elif value is not None:
        index, at, new = relations.index(pattern.predicate, by_object=True), value, pattern.subject
    else:
        others, added = _opened(pattern, relation)
        kept = list(others)
        return ((*row, *other) for row in rows for other in kept), (*names, *added)
    index = relations.index(pattern.predicate, by_object=subject is None)
    return ((*row, other) for row in rows for other in index.get(row[at], ())), (*names, new)


def _projected(
    rows: Iterable[Row], names: tuple[str, ...], wanted: tuple[str, ...]
) -> tuple[Iterable[Row], tuple[str, ...]]:
    if names == wanted:
        return rows, wanted
    if len(wanted) == 1:
        return zip(map(itemgetter(names.index(wanted[0])), rows), strict=True), wanted
    return map(itemgetter(*(names.index(name) for name in wanted)), rows), wanted
