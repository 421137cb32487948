"""The arrays of an index by which thousands of hits are ranked and counted, read once a version."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]

WHOLE, ALIAS, PHRASE, BEGUN, BEGINNING, WORD, MEANT, SCATTERED, CODE = range(9)
"""The distance of a name from a text: it is it, it is and goes after others, opens with its words,
begins so and has no word more, begins so, a word of it does; it is what is left of the text without
words for its surroundings or an office; its words stand apart; it is a code."""


@dataclass(frozen=True)
class Ranked:
    """Things that fit, the likeliest first, each with its best name and its distance."""

    things: Numbers
    names: Numbers
    distances: Numbers

    def where(self, chosen: Flags) -> "Ranked":
        """Those that are chosen, in the same order."""
        return Ranked(self.things[chosen], self.names[chosen], self.distances[chosen])


@dataclass(frozen=True)
class Vectors:
    """The arrays of an index (`loaders.build.index.VECTORS`), and the kinds that they number."""

    arrays: Mapping[str, NDArray[np.generic]]
    kinds: Sequence[tuple[str, str]]
    """Kind and type of IRI."""

    def of_names(self, array: str, names: Numbers) -> Numbers:
        """What an array says of names."""
        return self.arrays[f"name_{array}"][names].astype(np.int64)

    def of_things(self, array: str, things: Numbers) -> Numbers:
        """What an array says of things."""
        return self.arrays[f"thing_{array}"][things].astype(np.int64)

    def distances(self, db: sqlite3.Connection, names: Numbers, text: str) -> Numbers:
        """The distances of names that hold every word of a folded text."""
        position = self.of_names("position", names)
        found = np.full(len(names), SCATTERED if " " in text else WORD, np.int64)
        for opening, distance in (text, BEGINNING), (f"{text} ", PHRASE):
            low, high = edges(db, opening)
            found[(low <= position) & (position < high)] = distance
        short = self.of_names("words", names) == text.count(" ") + 1
        found[(found == BEGINNING) & short] = BEGUN
        found[self.arrays["name_code"][names].astype(np.bool_)] = CODE
        whole = db.execute("SELECT position FROM name WHERE folded = ? LIMIT 1", [text]).fetchone()
        if whole:
            own = self.arrays["name_own"][names].astype(np.bool_)
            found[position == whole[0]] = np.where(own[position == whole[0]], WHOLE, ALIAS)
        return found

    def rank(self, names: Numbers, distances: Numbers) -> Ranked:
        """The things of names: the closest first, then the heaviest, then those of short names."""
        things = self.of_names("thing", names)
        length = self.of_names("length", names)
        order = np.lexsort((names, length, distances, things))
        things, names, distances = things[order], names[order], distances[order]
        best = np.concatenate((np.ones(min(1, len(things)), np.bool_), things[1:] != things[:-1]))
        found = Ranked(things[best], names[best], distances[best])
        weight = self.of_things("weight", found.things)
        length = self.of_names("length", found.names)
        order = np.lexsort((found.things, length, -weight, found.distances))
        return Ranked(found.things[order], found.names[order], found.distances[order])

    def holding(self, pairs: str, values: str, things: Numbers) -> tuple[Numbers, Numbers]:
        """The pairs of those things: thing and value."""
        of, held = self.arrays[f"{pairs}_thing"], self.arrays[f"{pairs}_{values}"]
        kept = np.isin(of, things)
        return of[kept].astype(np.int64), held[kept].astype(np.int64)


def edges(db: sqlite3.Connection, opening: str) -> tuple[int, int]:
    """The positions between which stand the folded names that begin so."""
    first = "SELECT position FROM name WHERE folded >= ? ORDER BY folded LIMIT 1"
    found = [db.execute(first, [each]).fetchone() for each in (opening, f"{opening}\U0010ffff")]
    low, high = (row[0] if row else np.iinfo(np.int32).max for row in found)
    return low, high


@lru_cache(maxsize=2)
def read_vectors(path: Path) -> Vectors:
    """The arrays of an index."""
    with closing(
        sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    ) as db:
        rows = db.execute("SELECT name, type, value FROM vector")
        arrays = {name: np.frombuffer(value, type_) for name, type_, value in rows}
        kinds = tuple(db.execute("SELECT kind, segment FROM kind ORDER BY id"))
    return Vectors(arrays, kinds)
