"""Search by name over the index of a version: no accents, no case, any part of a word."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from loaders.build.index import fold
from server.iris import segment_of

TRIGRAM = 3
"""The shortest word that the index can look up."""
CANDIDATES = 2000


@dataclass(frozen=True)
class Hit:
    """An entity found, by the label that fits best."""

    iri: str
    label: str
    language: str
    segment: str


def search(path: Path, text: str, *, segment: str = "", limit: int = 20) -> Sequence[Hit]:
    """The entities whose labels hold every word of the text, the closest first.

    A label that is the text comes before one that begins with it, that before one in which a word
    does; then the shorter, then one whose language is known. An index that is not there finds
    nothing.
    """
    words = fold(text).split()
    if not words or not path.is_file():
        return ()
    with closing(
        sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    ) as db:
        rows = db.execute(*statement(words, segment)).fetchall()
    wanted = " ".join(words)
    best: dict[str, tuple[tuple[int, int, bool, str], Hit]] = {}
    for iri, label, language, kind, folded in rows:
        rank = (closeness(folded, wanted), len(folded), not language, label)
        if iri not in best or rank < best[iri][0]:
            best[iri] = (rank, Hit(iri, label, language, kind or segment_of(iri)))
    ordered = sorted(best.values(), key=lambda entry: (entry[0], entry[1].iri))
    return tuple(hit for _, hit in ordered[:limit])


def statement(words: Sequence[str], segment: str) -> tuple[str, list[str | int]]:
    """The query for these folded words, and its values."""
    long = [word for word in words if len(word) >= TRIGRAM]
    conditions = ["name_index MATCH ?"] if long else []
    values: list[str | int] = [" AND ".join(f'"{word}"' for word in long)] if long else []
    for word in words:
        if len(word) < TRIGRAM:
            conditions.append("' ' || folded LIKE ?")
            values.append(f"% {word}%")
    if segment:
        conditions.append("class = ?")
        values.append(segment)
    return (
        "SELECT iri, label, language, class, folded FROM name_index "  # noqa: S608 (no value in it)
        "JOIN name ON name.rowid = name_index.rowid "
        f"WHERE {' AND '.join(conditions)} ORDER BY length(folded) LIMIT ?",
        [*values, CANDIDATES],
    )


def closeness(folded: str, wanted: str) -> int:
    """0 for the same words, 1 for a beginning, 2 for a word's beginning, 3 for the rest."""
    if folded == wanted:
        return 0
    if folded.startswith(wanted):
        return 1
    return 2 if f" {wanted}" in folded else 3
