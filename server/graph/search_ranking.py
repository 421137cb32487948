"""The ranking of what fits a text: by the words of names, what is around, and mistakes forgiven.

A text is looked for as names that hold every word of it or the beginning of one; where none is it
or begins so, with what is around (`evry 91`, `dakar senegal`) and without the words for an office;
then with words that are nearly written so.
"""

import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from loaders.build.folding import fold, words
from server.graph.near_words import near
from server.graph.search_vectors import (
    BEGINNING,
    BEGUN,
    MEANT,
    SCATTERED,
    WORD,
    Numbers,
    Ranked,
    Vectors,
)

FEW = 3
"""With fewer names than that, and none the text itself, words written nearly so are tried too."""
AROUND, NEARLY = 10, 100
"""The distance added where a hit is found by its surroundings, or written nearly so."""
MISTAKE = 20
"""The distance of a mistake, beside that of a word too many."""
LOOKED_AT, LEFT = 600, 200
"""Names of which the words are compared one by one, those of the heaviest things; the distance
added to the others."""
OFFICE = frozenset(
    (
        *("mairie", "ville", "commune", "municipalite", "conseil", "municipal", "communal"),
        *("departemental", "general", "regional", "dept", "departement", "region", "hotel"),
        *("city", "town", "council", "municipality", "county", "department"),
    )
)
"""Words for an office, which people write before the name of what it is the office of."""
GROUPS = re.compile(r"\s*\d{2,3}(?:\s+\d{3})+\s*")
"""A code as offices write it, in groups of digits."""
UNSAID = frozenset(
    ("a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "of", "the")
)
"""Words that a name may leave out."""


def ranked(
    db: sqlite3.Connection, vectors: Vectors, path: Path, text: str, forgiving: bool
) -> Ranked:
    """All that fits, the likeliest first: the closest, then those that weigh most."""
    if GROUPS.fullmatch(text):
        text = "".join(text.split())
    spelled = words(text)
    asked = [word for word in spelled if word not in UNSAID] or spelled
    folded = fold(text)
    terms = [term(word) for word in asked]
    names = matching(db, f"folded : ({' AND '.join(terms)})")
    distances = vectors.distances(db, names, folded)
    if " " in folded:
        distances = joined(db, names, distances, folded)
    if len(terms) > 1 and not (distances <= BEGINNING).any():
        for others, away in (around(db, vectors, terms, folded), official(db, asked)):
            names, distances = np.concatenate((names, others)), np.concatenate((distances, away))
    found = vectors.rank(names, distances)
    if forgiving and len(found.things) < FEW and not (found.distances <= BEGUN).any():
        return forgiven(db, vectors, path, asked, folded, found)
    return found


def around(
    db: sqlite3.Connection, vectors: Vectors, terms: Sequence[str], folded: str
) -> tuple[Numbers, Numbers]:
    """The names that hold some words of a text, and their surroundings the others."""
    some, every = " OR ".join(terms), " AND ".join(terms)
    names = matching(db, f"(folded : ({some})) AND ({every})")
    away = compared(db, vectors, names, lambda name: unmatched(name, folded))
    return names, np.where(away == 0, MEANT, AROUND + away)


def official(db: sqlite3.Connection, asked: Sequence[str]) -> tuple[Numbers, Numbers]:
    """The names that are what is left of a text without the words for an office."""
    kept = [fold(word) for word in asked if word not in OFFICE]
    if len(kept) in (0, len(asked)):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    names = matching(db, f"folded : ({' AND '.join(map(exactly, kept))})")[:LOOKED_AT]
    told = read_folded(db, names)
    whole = [
        name
        for name in names.tolist()
        if [word for word in told[name].split() if word not in UNSAID] == kept
    ]
    return np.array(whole, np.int64), np.full(len(whole), MEANT, np.int64)


def forgiven(
    db: sqlite3.Connection,
    vectors: Vectors,
    path: Path,
    asked: Sequence[str],
    folded: str,
    found: Ranked,
) -> Ranked:
    """What was found, and then what is written nearly so."""
    others = [near(path, word) for word in asked]
    if not any(others):
        return found
    terms = [
        f"({' OR '.join([term(word), *(exactly(each) for each in spellings)])})"
        for word, spellings in zip(asked, others, strict=True)
    ]
    some, every = " OR ".join(terms), " AND ".join(terms)
    names = matching(db, f"(folded : ({some})) AND ({every})")
    names = names[~np.isin(vectors.of_names("thing", names), found.things)]

    def away(name: str) -> int:
        held = name.split()
        return MISTAKE * sum(mistaken(held, each) for each in others) + unmatched(name, folded)

    alias = 1 - vectors.of_names("own", names)
    distances = NEARLY + 2 * compared(db, vectors, names, away) + alias
    names = np.concatenate((found.names, names))
    return vectors.rank(names, np.concatenate((found.distances, distances)))


def matching(db: sqlite3.Connection, match: str) -> Numbers:
    """The names that an expression of FTS5 matches."""
    rows = db.execute("SELECT rowid FROM name_index WHERE name_index MATCH ?", [match])
    return np.fromiter((name for (name,) in rows), np.int64)


def compared(
    db: sqlite3.Connection, vectors: Vectors, names: Numbers, away: Callable[[str], int]
) -> Numbers:
    """How far names are away by their folded texts; the lightest, of many, are all as far."""
    looked_at = np.arange(len(names))
    if len(names) > LOOKED_AT:
        weight = vectors.of_things("weight", vectors.of_names("thing", names))
        looked_at = np.argsort(-weight, kind="stable")[:LOOKED_AT]
    told = read_folded(db, names[looked_at])
    found = np.full(len(names), LEFT, np.int64)
    found[looked_at] = [away(told[name]) for name in names[looked_at].tolist()]
    return found


def joined(db: sqlite3.Connection, names: Numbers, distances: Numbers, text: str) -> Numbers:
    """The distances, where the words of a text stand beside one another within a name."""
    apart = names[distances == SCATTERED][:LOOKED_AT]
    told = read_folded(db, apart)
    beside = [name for name in apart.tolist() if f" {text}" in told[name]]
    return np.where(np.isin(names, beside), WORD, distances)


def read_folded(db: sqlite3.Connection, names: Numbers) -> dict[int, str]:
    """The folded texts of names."""
    marks = ", ".join(map(str, names.tolist()))
    return dict(db.execute(f"SELECT id, folded FROM name WHERE id IN ({marks})"))  # noqa: S608


def term(word: str) -> str:
    """A word as FTS5 looks for it: the beginning of another, unless one letter or two digits."""
    full = fold(word)
    if len(word) == 1 or (len(word) == 2 and word.isdecimal()):
        return exactly(word)
    return f"({full}* OR {exactly(word)}*)" if full != word else f"{exactly(word)}*"


def exactly(word: str) -> str:
    """A word in quotes: AND, OR and NOT are words too."""
    return f'"{word}"'


def unmatched(name: str, text: str) -> int:
    """The number of words of a folded name that are not in the text."""
    asked = text.split()
    return sum(not any(word.startswith(each) for each in asked) for word in name.split())


def mistaken(held: Sequence[str], spellings: Mapping[str, int]) -> int:
    """The fewest mistakes with which a name has a word; none where it has it as it is spelled."""
    return min((spellings[each] for each in held if each in spellings), default=0)
