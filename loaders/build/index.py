"""The search index of a version: all that things are called, folded, in one SQLite file.

    thing       what is found: its kind, country, place, dates, and how much it weighs among others
    heir        the authorities that are today in the place of a former one
    name        what a thing is called, or its code, in which scheme, since and until when
    name_index  the folded names and, in a column of its own, where the thing is (FTS5)
    kind        the kinds of things, which the vectors number
    vector      what thousands of hits are ranked and counted by, as arrays (see `VECTORS`)

Measured on 125,000 names, one core of a busy machine: see `docs/search.md`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyoxigraph as ox

from loaders.build.folding import fold
from loaders.build.index_names import Name, read_names
from loaders.build.index_things import Thing, read_things, segment_of

LAYOUT = 4
"""The number of this layout, kept as SQLite's `user_version`."""

SCHEMA = f"""
PRAGMA user_version = {LAYOUT};
CREATE TABLE thing (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, segment TEXT NOT NULL, kind TEXT NOT NULL,
  form INTEGER NOT NULL, country INTEGER NOT NULL, place INTEGER NOT NULL, since TEXT NOT NULL,
  until TEXT NOT NULL, unresolved INTEGER NOT NULL, ties INTEGER NOT NULL, weight INTEGER NOT NULL
);
CREATE TABLE heir (thing INTEGER NOT NULL, of INTEGER NOT NULL, PRIMARY KEY (of, thing))
  WITHOUT ROWID;
CREATE TABLE name (
  id INTEGER PRIMARY KEY, thing INTEGER NOT NULL, label TEXT NOT NULL, language TEXT NOT NULL,
  how TEXT NOT NULL, scheme TEXT NOT NULL, since TEXT NOT NULL, until TEXT NOT NULL,
  folded TEXT NOT NULL, position INTEGER NOT NULL
);
CREATE INDEX name_of ON name (thing);
CREATE TABLE kind (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, segment TEXT NOT NULL);
CREATE TABLE vector (name TEXT PRIMARY KEY, type TEXT NOT NULL, value BLOB NOT NULL);
CREATE VIRTUAL TABLE name_index USING fts5(
  folded, context, content = '', detail = 'column', columnsize = 0,
  prefix = '2 3', tokenize = 'unicode61'
);
CREATE VIRTUAL TABLE word USING fts5vocab(name_index, 'col');
"""

OWN = frozenset(("preferred", "title", "acronym", "code"))
"""The ways of being called that go before others."""
VECTORS = {
    "name_thing": "int32",  # by the number of a name, from 1: whose it is
    "name_position": "int32",  # its place among all folded names in their order
    "name_length": "int16",  # the characters of the folded name
    "name_words": "int16",
    "name_code": "bool",
    "name_own": "bool",  # what it is called, and not what it is called by some or was
    "thing_kind": "int16",  # by the number of a thing, from 1: its row in `kind`
    "thing_country": "int32",
    "thing_weight": "int32",
    "thing_funded": "bool",
    "theme_thing": "int32",  # pairs, a theme of a thing each
    "theme_theme": "int32",
    "decade_thing": "int32",
    "decade_year": "int16",
}
"""The arrays of an index and their types; at 0 of those by number stands nothing."""


def write_index(path: Path, store: ox.Store) -> None:
    """Write a new index of what the things in the store's default graph are called."""
    names = read_names(store)
    things = read_things(store, names)
    order = sorted(things)
    numbers = {iri: number for number, iri in enumerate(order, 1)}
    contexts = Contexts(things, names)
    connection = sqlite3.connect(path)
    with connection:
        connection.executescript(SCHEMA)
        marks = ", ".join("?" * 12)
        connection.executemany(
            f"INSERT INTO thing VALUES ({marks})",  # noqa: S608 (question marks)
            ((numbers[iri], iri, *columns(things[iri], numbers)) for iri in order),
        )
        connection.executemany(
            "INSERT INTO heir VALUES (?, ?)",
            (
                (numbers[heir], numbers[iri])
                for iri in order
                for heir in things[iri].heirs
                if heir in numbers
            ),
        )
        rows = [
            (numbers[iri], *name, folded, contexts.of(iri))
            for iri in order
            for name, folded in spelled(names[iri])
        ]
        positions = {folded: n for n, folded in enumerate(sorted({row[-2] for row in rows}))}
        connection.executemany(
            "INSERT INTO name VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((n, *row[:-1], positions[row[-2]]) for n, row in enumerate(rows, 1)),
        )
        connection.executemany(
            "INSERT INTO name_index(rowid, folded, context) VALUES (?, ?, ?)",
            ((number, *row[-2:]) for number, row in enumerate(rows, 1)),
        )
        # Which names begin with a text is asked of the order of all.
        connection.execute("CREATE INDEX name_folded ON name (folded, position)")
        write_vectors(connection, [things[iri] for iri in order], numbers, rows, positions)
    connection.close()


def write_vectors(
    connection: sqlite3.Connection,
    things: Sequence[Thing],
    numbers: Mapping[str, int],
    rows: Sequence[tuple[object, ...]],
    positions: Mapping[str, int],
) -> None:
    """Write the kinds of the things, and the arrays of `VECTORS`."""
    kinds = {each: n for n, each in enumerate(sorted({kind_of(thing) for thing in things}))}
    connection.executemany(
        "INSERT INTO kind VALUES (?, ?, ?)", ((n, *each) for each, n in kinds.items())
    )
    numbered = list(enumerate(things, 1))
    themes = [(n, numbers[iri]) for n, each in numbered for iri in each.themes if iri in numbers]
    decades = [(n, decade) for n, each in numbered for decade in each.decades]
    names = [(row[0], str(row[-2]), row[3]) for row in rows]
    found: dict[str, list[int]] = {
        "name_thing": [0, *(int(str(thing)) for thing, *_ in names)],
        "name_position": [-1, *(positions[folded] for _, folded, _ in names)],
        "name_length": [0, *(min(len(folded), 9999) for _, folded, _ in names)],
        "name_words": [0, *(min(folded.count(" "), 998) + 1 for _, folded, _ in names)],
        "name_code": [False, *(how == "code" for *_, how in names)],
        "name_own": [False, *(how in OWN for *_, how in names)],
        "thing_kind": [0, *(kinds[kind_of(each)] for each in things)],
        "thing_country": [0, *(numbers.get(each.country, 0) for each in things)],
        "thing_weight": [0, *(each.weight for each in things)],
        "thing_funded": [False, *(each.funded for each in things)],
        "theme_thing": [n for n, _ in themes],
        "theme_theme": [n for _, n in themes],
        "decade_thing": [n for n, _ in decades],
        "decade_year": [n for _, n in decades],
    }
    connection.executemany(
        "INSERT INTO vector VALUES (?, ?, ?)",
        ((name, type_, np.array(found[name], type_).tobytes()) for name, type_ in VECTORS.items()),
    )


def kind_of(thing: Thing) -> tuple[str, str]:
    """The kind of a thing and the type of its IRI."""
    return thing.kind, segment_of(thing.iri)


def columns(thing: Thing, numbers: Mapping[str, int]) -> tuple[str | int, ...]:
    """The row of a thing, without its number and IRI; other things are named by their numbers."""
    return (
        segment_of(thing.iri),
        thing.kind,
        numbers.get(thing.form, 0),
        numbers.get(thing.country, 0),
        numbers.get(next(iter(thing.places), ""), 0),
        thing.since,
        thing.until,
        int(thing.unresolved),
        thing.ties,
        thing.weight,
    )


def spelled(names: list[Name]) -> Iterator[tuple[Name, str]]:
    """The names with the text that finds them; a code with points also without."""
    for name in names:
        folded = fold(name.label)
        if folded:
            yield name, folded
        if name.how == "code" and " " in folded:
            yield name, folded.replace(" ", "")


class Contexts:
    """The surroundings and kinds of things, in folded words: typed, they tell namesakes apart."""

    def __init__(self, things: dict[str, Thing], names: dict[str, list[Name]]) -> None:
        self.things, self.names = things, names
        self.told: dict[str, str] = {}

    def of(self, iri: str) -> str:
        """The names and codes of its place, its country and its form.

        A département that is no more stays in the code of a commune.
        """
        thing = self.things[iri]
        around = (thing.form, *thing.places, thing.country)
        codes = [name.label for name in self.names[iri] if name.scheme == "fra-cog"]
        numbers = {code[: 3 if code.startswith(("97", "98")) else 2].lower() for code in codes}
        return " ".join([*(self.words(each) for each in around if each), *sorted(numbers)])

    def words(self, iri: str) -> str:
        """The preferred names and the short codes of a thing, folded."""
        if iri not in self.told:
            chosen = [
                fold(name.label)
                for name in self.names.get(iri, ())
                if name.how in ("preferred", "acronym") or (name.how == "code" and len(name[0]) < 4)
            ]
            self.told[iri] = " ".join(dict.fromkeys(chosen))
        return self.told[iri]
