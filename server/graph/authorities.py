"""The authorities of a version, filtered, sorted and counted: read from its search index.

There are some 46,000. What they are filtered by is held as numbers, one megabyte for a version;
the rows of a page are read from the index.
"""

import sqlite3
from array import array
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from threading import Condition
from typing import Any

from cachetools import LRUCache, cached

from loaders.build.folding import words
from server.engine.results import Term
from server.graph.search import has_index, iris, numbers, opened, read_labels
from server.graph.search_ranking import term

STANDINGS = ("today", "former", "unresolved")
"""An authority that there is today, one that has ended, a name that nobody known bears."""
ORDERS = ("name", "-name", "partnerships", "-partnerships", "projects", "-projects")
EVERY = """SELECT id, country, form, CASE WHEN unresolved THEN 2 ELSE until <> '' END
FROM thing WHERE segment = 'authority'
ORDER BY (SELECT min(folded) FROM name WHERE thing = thing.id AND how = 'preferred') IS NULL,
  (SELECT min(folded) FROM name WHERE thing = thing.id AND how = 'preferred'), iri"""
ROWS = "SELECT id, iri, form, country, place, since, until FROM thing WHERE id IN ({})"
NAMED = """SELECT name.thing FROM name_index JOIN name ON name.id = name_index.rowid
WHERE name_index MATCH ?"""
BATCH = 500


@dataclass(frozen=True)
class Register:
    """All authorities in the order of their names: columns of numbers, of the index."""

    things: Sequence[int]
    countries: Sequence[int]
    kinds: Sequence[int]
    standings: Sequence[int]

    def sifted(
        self,
        country: int | None,
        kind: int | None,
        standing: int | None,
        only: AbstractSet[int] | None,
    ) -> "Sifted":
        """The authorities that fit; None lets all through."""
        found = Sifted([], Counter(), Counter(), Counter())
        columns = zip(self.things, self.countries, self.kinds, self.standings, strict=True)
        for thing, its_country, its_kind, its_standing in columns:
            if only is not None and thing not in only:
                continue
            here = country is None or its_country == country
            such = kind is None or its_kind == kind
            so = standing is None or its_standing == standing
            if here and such and so:
                found.things.append(thing)
            if such and so:
                found.countries[its_country] += 1
            if here and so:
                found.kinds[its_kind] += 1
            if here and such:
                found.standings[its_standing] += 1
        return found


@dataclass(frozen=True)
class Sifted:
    """The authorities that fit, and how many there would be with each other choice."""

    things: list[int]
    countries: Counter[int]
    kinds: Counter[int]
    standings: Counter[int]


@dataclass(frozen=True)
class AuthorityFilter:
    """The authorities that are wanted; empty for any."""

    words: str = ""
    country: str = ""
    """The IRI of a country."""
    kind: str = ""
    """The IRI of a kind."""
    standing: str = ""
    """One of STANDINGS."""
    tied: bool = False
    """True where only those with partnerships or projects are wanted."""


@dataclass(frozen=True)
class Authority:
    """An authority; IRIs and dates are empty where none is known."""

    iri: str
    kind: str
    country: str
    place: str
    since: str
    until: str
    partnerships: int
    projects: int


@dataclass(frozen=True)
class FoundAuthorities:
    """Some authorities, the number of all that fit, and what other choices would leave."""

    rows: Sequence[Authority] = ()
    total: int = 0
    page: int = 1
    countries: Mapping[str, int] = field(default_factory=dict)
    kinds: Mapping[str, int] = field(default_factory=dict)
    standings: Mapping[str, int] = field(default_factory=dict)
    labels: Mapping[str, Sequence[Term]] = field(default_factory=dict)


@cached(LRUCache(2), condition=Condition())
def read_register(path: Path) -> Register:
    """The authorities that an index holds; none where there is no index."""
    if not has_index(path):
        return Register((), (), (), ())
    with closing(opened(path)) as db:
        columns = list(zip(*db.execute(EVERY), strict=True)) or [(), (), (), ()]
    return Register(*(array("L", column) for column in columns))


def find_authorities(
    path: Path,
    wanted: AuthorityFilter,
    ties: Mapping[str, tuple[int, int]],
    order: str,
    page: int = 1,
    rows: int | None = None,
) -> FoundAuthorities:
    """A page of so many of the authorities that fit, else the last; without `rows` all of them.

    `ties` are how many partnerships and projects each has. Nothing where there is no index.
    """
    register = read_register(path)
    if not register.things:
        return FoundAuthorities()
    with closing(opened(path)) as db:
        tied = {number: ties[iri] for iri, number in many_numbers(db, list(ties)).items()}
        sifted = sift(db, register, wanted, tied)
        every = in_order(sifted.things, tied, order)
        size = rows or len(every) or 1
        number = max(1, min(page, -(-len(every) // size)))
        chosen = every[(number - 1) * size : number * size]
        read = read_rows(db, chosen)
        shown = {n for row in read.values() for n in row[2:5]}
        named = many_iris(db, list(shown | {*sifted.countries, *sifted.kinds}))
        found = [read_row(read[n], named, tied) for n in chosen]
        return FoundAuthorities(
            found,
            len(every),
            number,
            {named[n]: each for n, each in sifted.countries.items() if n in named},
            {named[n]: each for n, each in sifted.kinds.items() if n in named},
            {name: sifted.standings[n] for n, name in enumerate(STANDINGS)},
            read_many_labels(db, {*named.values(), *(row.iri for row in found)}),
        )


def count_authorities(path: Path, wanted: AuthorityFilter, ties: Mapping[str, object]) -> int:
    """The number of authorities that fit."""
    register = read_register(path)
    if not register.things:
        return 0
    with closing(opened(path)) as db:
        tied = set(many_numbers(db, list(ties)).values())
        return len(sift(db, register, wanted, tied).things)


def sift(
    db: sqlite3.Connection, register: Register, wanted: AuthorityFilter, tied: Collection[int]
) -> Sifted:
    """The authorities that fit; `tied` have partnerships or projects."""
    only = named_so(db, wanted.words)
    if wanted.tied:
        only = set(tied) if only is None else only & set(tied)
    standing = STANDINGS.index(wanted.standing) if wanted.standing else None
    return register.sifted(
        number_of(db, wanted.country), number_of(db, wanted.kind), standing, only
    )


def in_order(
    things: Sequence[int], tied: Mapping[int, tuple[int, int]], order: str
) -> Sequence[int]:
    """The things, which come by name, in an order; those without a number come last."""
    column = {"partnerships": 0, "projects": 1}.get(order.removeprefix("-"))
    if column is None:
        return things[::-1] if order.startswith("-") else things
    sign = -1 if order.startswith("-") else 1
    known = sorted(
        (n for n in things if tied.get(n, (0, 0))[column]), key=lambda n: sign * tied[n][column]
    )
    first = set(known)
    return known + [n for n in things if n not in first]


def number_of(db: sqlite3.Connection, iri: str) -> int | None:
    """The number of a thing in the index, -1 of what is none; None where none is asked for."""
    return numbers(db, [iri]).get(iri, -1) if iri else None


def named_so(db: sqlite3.Connection, text: str) -> set[int] | None:
    """The things with a name that holds the beginnings of all words; None without a word."""
    spelled = words(text)
    if not spelled:
        return None
    match = f"folded : ({' AND '.join(map(term, spelled))})"
    return {number for (number,) in db.execute(NAMED, [match])}


def read_rows(db: sqlite3.Connection, wanted: Sequence[int]) -> dict[int, Sequence[Any]]:
    """The rows of things by their numbers."""
    found: dict[int, Sequence[Any]] = {}
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        found.update((row[0], row) for row in db.execute(ROWS.format(marks(batch)), batch))
    return found


def read_row(
    row: Sequence[Any], named: Mapping[int, str], tied: Mapping[int, tuple[int, int]]
) -> Authority:
    """The authority of a row of ROWS."""
    number, iri, *others, since, until = row
    kind, country, place = (named.get(n, "") for n in others)
    return Authority(iri, kind, country, place, since, until, *tied.get(number, (0, 0)))


def marks(values: Sequence[object]) -> str:
    """A question mark for each value."""
    return ", ".join("?" * len(values))


def many_numbers(db: sqlite3.Connection, wanted: Sequence[str]) -> dict[str, int]:
    """The numbers of things by their IRIs, however many."""
    found: dict[str, int] = {}
    for start in range(0, len(wanted), BATCH):
        found.update(numbers(db, wanted[start : start + BATCH]))
    return found


def many_iris(db: sqlite3.Connection, wanted: Sequence[int]) -> dict[int, str]:
    """The IRIs of things by their numbers, however many."""
    found: dict[int, str] = {}
    for start in range(0, len(wanted), BATCH):
        found.update(iris(db, wanted[start : start + BATCH]))
    return found


def read_many_labels(db: sqlite3.Connection, wanted: set[str]) -> dict[str, Sequence[Term]]:
    """The preferred labels of those IRIs, however many."""
    ordered, found = sorted(wanted), dict[str, Sequence[Term]]()
    for start in range(0, len(ordered), BATCH):
        found.update(read_labels(db, set(ordered[start : start + BATCH])))
    return found
