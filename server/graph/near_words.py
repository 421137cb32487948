"""The words of an index that are nearly a given one: a letter too many, wrong, or exchanged."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from functools import lru_cache
from pathlib import Path

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

SHORTEST = 4
"""Letters of a word in which mistakes are looked for."""
LONG = 8
"""Letters of a word in which two mistakes are."""
OFFERED = 6


@lru_cache(maxsize=512)
def near(path: Path, word: str) -> Sequence[str]:
    """Up to OFFERED words of the index at `path`, the nearest first; the word itself is none.

    A mistake is a letter too many, too few, another, or two exchanged (optimal string alignment).
    A word that holds the given one counts as near, too.
    """
    if len(word) < SHORTEST or not word.isalpha():
        return ()
    known = read_words(path)
    mistakes = 2 if len(word) >= LONG else 1
    spelled = extract(word, known, scorer=OSA.distance, score_cutoff=mistakes, limit=OFFERED + 1)
    close = [each for each, _, _ in spelled if each != word]
    holding = [each for each in known if word in each and not each.startswith(word)]
    return tuple(dict.fromkeys([*close, *sorted(holding, key=len)]))[:OFFERED]


@lru_cache(maxsize=2)
def read_words(path: Path) -> tuple[str, ...]:
    """The words of all names in an index, without numbers, in order."""
    with closing(
        sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    ) as db:
        found = db.execute("SELECT term FROM word WHERE col = 'folded' ORDER BY term")
        return tuple(term for (term,) in found if term.isalpha())
