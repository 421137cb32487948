"""The words of an index that are nearly a given one: a letter too many, wrong, or exchanged."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

SHORTEST = 4
"""Letters of a word in which mistakes are looked for."""
LONG = 8
"""Letters of a word in which two mistakes are."""
OFFERED = 12


@lru_cache(maxsize=512)
def near(path: Path, word: str) -> Mapping[str, int]:
    """Up to OFFERED words of the index at `path`, with the mistakes in each; not the word itself.

    A mistake is a letter too many, too few, another, or two exchanged (optimal string alignment).
    A word that holds the given one counts as near, too, with one mistake more than is forgiven.
    """
    if len(word) < SHORTEST or not word.isalpha():
        return {}
    mistakes = 2 if len(word) >= LONG else 1
    spelled = extract(
        word,
        words_like(path, word, mistakes),
        scorer=OSA.distance,
        score_cutoff=mistakes,
        limit=OFFERED + 1,
    )
    close = {each: int(away) for each, away, _ in spelled if each != word}
    holding = [each for each in words_holding(path, word) if not each.startswith(word)]
    for each in sorted(holding, key=len):
        close.setdefault(each, mistakes + 1)
    return dict(list(close.items())[:OFFERED])


def words_like(path: Path, word: str, mistakes: int) -> Sequence[str]:
    """The words of the index that may be so near, in order: those of much the same letters.

    A mistake takes away a letter, adds one, or does both, of the set of the letters of a word.
    """
    known, lengths, letters = read_letters(path)
    apart = np.bitwise_count(letters ^ letters_of(word))
    kept = (apart <= 2 * mistakes) & (abs(lengths - len(word)) <= mistakes)
    return [known[n] for n in np.flatnonzero(kept).tolist()]


@lru_cache(maxsize=2)
def read_letters(
    path: Path,
) -> tuple[Sequence[str], NDArray[np.int64], NDArray[np.uint64]]:
    """The words of the index, their lengths, and the sets of their letters."""
    known = read_words(path)
    lengths = np.array([len(word) for word in known], np.int64)
    return known, lengths, np.array([letters_of(word) for word in known], np.uint64)


def letters_of(word: str) -> np.uint64:
    """The set of the letters of a word, as bits; letters of several scripts may share one."""
    bits = 0
    for letter in word:
        bits |= 1 << ord(letter) % 64
    return np.uint64(bits)


def words_holding(path: Path, word: str) -> Sequence[str]:
    """The words of the index in which a word stands."""
    text, found = joined_words(path), []
    at = text.find(word)
    while at >= 0:
        end = text.index("\n", at)
        found.append(text[text.rindex("\n", 0, at) + 1 : end])
        at = text.find(word, end)
    return found


@lru_cache(maxsize=2)
def joined_words(path: Path) -> str:
    """The words of the index as one text, a line each: looked through five times as fast."""
    return "\n" + "\n".join(read_words(path)) + "\n"


@lru_cache(maxsize=2)
def read_words(path: Path) -> tuple[str, ...]:
    """The words of all names in an index, without numbers, in order."""
    with closing(
        sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    ) as db:
        found = db.execute("SELECT term FROM word WHERE col = 'folded' ORDER BY term")
        return tuple(term for (term,) in found if term.isalpha())
