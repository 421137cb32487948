"""The premises of a rule, matched against relations held in memory.

Terms are numbers (`Dictionary`), and a relation is a sorted array of rows without repeats: of the
members of a class, or of the pairs of a property, subject and object in one number each. So a join
is a search in a sorted array, which numpy does for a million rows at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from itertools import count

import numpy as np
from numpy.typing import NDArray

from ontology.rules.rule import Pattern, Rule, is_variable

Column = NDArray[np.int64]
"""One term for each of many rows."""
Rows = NDArray[np.int64]
"""Rows of a relation, ascending."""

HALF = 32
"""The bits of a term's number: a pair of terms is one number of twice as many."""
LOW = (1 << HALF) - 1


class Dictionary:
    """Numbers for terms, given in the order in which terms are first met."""

    def __init__(self) -> None:
        self._numbers: defaultdict[str, int] = defaultdict(count().__next__)
        self.number: Callable[[str], int] = self._numbers.__getitem__

    def terms(self) -> NDArray[np.object_]:
        """The terms by their numbers."""
        found = np.empty(len(self._numbers), dtype=np.object_)
        found[:] = list(self._numbers)
        return found


class Relations:
    """The relations that rules speak of, by name (see Pattern.relation), with their indexes."""

    def __init__(self, relations: dict[str, Rows], dictionary: Dictionary) -> None:
        self.dictionary = dictionary
        self._relations = relations
        self._by_object: dict[str, Rows] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._relations

    def __getitem__(self, name: str) -> Rows:
        return self._relations[name]

    def add(self, name: str, rows: Column) -> Rows:
        """Take rows into a relation; what was not in it yet."""
        relation = self._relations[name]
        rows = ascending(rows)
        new = rows[~_contained(rows, relation)]
        if len(new):
            self._relations[name] = _merged(relation, new)
            if name in self._by_object:
                self._by_object[name] = _merged(self._by_object[name], np.sort(_swapped(new)))
        return new

    def by_object(self, name: str) -> Rows:
        """The pairs of a property turned round, object first."""
        known = self._by_object.get(name)
        if known is None:
            known = self._by_object[name] = np.sort(_swapped(self._relations[name]))
        return known


def pairs(subjects: Column | np.int64, objects: Column | np.int64) -> Column:
    """Each subject and object in one number; one term may go with many."""
    return np.asarray(subjects << HALF | objects)


def halves(rows: Column) -> tuple[Column, Column]:
    """The subjects and the objects of pairs."""
    return rows >> HALF, rows & LOW


def ascending(rows: Column) -> Rows:
    """The rows sorted, none twice (numpy's own `unique` hashes them and takes thrice as long)."""
    rows = np.sort(rows)
    first = np.ones(len(rows), dtype=np.bool_)
    np.not_equal(rows[1:], rows[:-1], out=first[1:])
    return rows[first]


def matches(
    rule: Rule,
    relations: Relations,
    wanted: tuple[str, ...],
    first: int = 0,
    changed: Rows | None = None,
) -> tuple[Column, ...]:
    """The terms of the wanted variables where the premises hold, a column each; rows may repeat.

    Premise number `first` is matched first, against `changed` if that is given.
    """
    premises = [rule.premises[first], *rule.premises[:first], *rule.premises[first + 1 :]]
    opening = premises.pop(0)
    rows = relations[opening.relation] if changed is None else changed
    bound = _opened(opening, rows, relations.dictionary)
    while premises:
        # One that shares a variable, so that nothing is multiplied out.
        joined = next((p for p in premises if not p.variables.isdisjoint(bound)), premises[0])
        premises.remove(joined)
        bound = _joined(bound, joined, relations)
        needed = {*wanted, *(name for premise in premises for name in premise.variables)}
        bound = {name: column for name, column in bound.items() if name in needed}
    return tuple(bound[name] for name in wanted)


Bound = dict[str, Column]
"""Variables and what they are bound to: columns of one length."""


def _opened(pattern: Pattern, rows: Rows, dictionary: Dictionary) -> Bound:
    if pattern.is_membership:
        return {pattern.subject: rows}
    subjects, objects = halves(rows)
    kept = np.ones(len(rows), dtype=np.bool_)
    if not is_variable(pattern.object):
        kept &= objects == dictionary.number(pattern.object)
    if not is_variable(pattern.subject):
        kept &= subjects == dictionary.number(pattern.subject)
    if pattern.subject == pattern.object:
        kept &= subjects == objects
    bound = {pattern.subject: subjects[kept], pattern.object: objects[kept]}
    return {name: column for name, column in bound.items() if is_variable(name)}


def _joined(bound: Bound, pattern: Pattern, relations: Relations) -> Bound:
    """The rows that the pattern holds for too, extended by the variable that it adds."""
    relation = relations[pattern.relation]
    subject = _column(pattern.subject, bound, relations.dictionary)
    if pattern.is_membership:
        if subject is None:
            return _multiplied(bound, {pattern.subject: relation})
        return _kept(bound, _contained(subject, relation))
    value = _column(pattern.object, bound, relations.dictionary)
    if subject is not None and value is not None:
        return _kept(bound, _contained(pairs(subject, value), relation))
    if subject is not None:
        return _extended(bound, subject, relation, pattern.object)
    if value is not None:
        return _extended(bound, value, relations.by_object(pattern.relation), pattern.subject)
    return _multiplied(bound, _opened(pattern, relation, relations.dictionary))


def _column(term: str, bound: Bound, dictionary: Dictionary) -> Column | None:
    """The column of a term of a pattern; None for a variable that is still free."""
    if is_variable(term):
        return bound.get(term)
    return np.full(_length(bound), dictionary.number(term), dtype=np.int64)


def _multiplied(bound: Bound, others: Bound) -> Bound:
    size, other_size = _length(bound), _length(others)
    return {
        **{name: np.repeat(column, other_size) for name, column in bound.items()},
        **{name: np.tile(column, size) for name, column in others.items()},
    }


def _kept(bound: Bound, rows: NDArray[np.bool_]) -> Bound:
    return {name: column[rows] for name, column in bound.items()}


def _extended(bound: Bound, keys: Column, index: Rows, name: str) -> Bound:
    """Each row once for every pair of the index that begins with its key; the other half added."""
    start = np.searchsorted(index, keys << HALF)
    found = np.searchsorted(index, (keys + 1) << HALF) - start
    # The places start, start + 1, … of each row, one after the other.
    ends = np.cumsum(found)
    places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(start - ends + found, found)
    extended = {known: np.repeat(column, found) for known, column in bound.items()}
    return {**extended, name: index[places] & LOW}


def _length(bound: Bound) -> int:
    return len(next(iter(bound.values())))


def _contained(rows: Column, relation: Rows) -> NDArray[np.bool_]:
    if not len(relation):
        return np.zeros(len(rows), dtype=np.bool_)
    places = np.searchsorted(relation, rows)
    places[places == len(relation)] = 0
    found: NDArray[np.bool_] = relation[places] == rows
    return found


def _merged(one: Rows, other: Rows) -> Rows:
    # A stable sort finds the two ascending runs, and merges them.
    return np.sort(np.concatenate((one, other)), kind="stable")


def _swapped(rows: Column) -> Column:
    subjects, objects = halves(rows)
    return pairs(objects, subjects)
