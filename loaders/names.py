"""The search index of a version: every label, folded, in one SQLite file.

Trigrams find a word anywhere in a label and forgive neither typos nor accents, which is why
labels are folded here as names are everywhere else.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from loaders.iris import slug
from ontology import ID

SCHEMA = """
CREATE TABLE name (iri TEXT NOT NULL, label TEXT NOT NULL, language TEXT NOT NULL, class TEXT);
CREATE VIRTUAL TABLE name_index USING fts5(folded, tokenize = 'trigram');
"""

LABELS = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX mlg: <https://w3id.org/maillage/def#>
SELECT DISTINCT ?iri ?label WHERE {
  ?iri skos:prefLabel|skos:altLabel|mlg:acronym|mlg:nameAsStated ?label
} ORDER BY ?iri ?label
"""


def fold(text: str) -> str:
    """The text as it is searched: lower case, no accents, words parted by one blank."""
    return slug(text).replace("-", " ")


def write_index(path: Path, labels: Iterable[tuple[str, str, str]]) -> int:
    """How many labels the new index at `path` holds; each comes as IRI, label, language."""
    with sqlite3.connect(path) as connection:
        connection.executescript(SCHEMA)
        count = 0
        for iri, label, language in labels:
            segment = iri.removeprefix(str(ID)).partition("/")[0] if iri.startswith(str(ID)) else ""
            row = connection.execute(
                "INSERT INTO name VALUES (?, ?, ?, ?)", (iri, label, language, segment)
            )
            connection.execute(
                "INSERT INTO name_index(rowid, folded) VALUES (?, ?)", (row.lastrowid, fold(label))
            )
            count += 1
    connection.close()
    return count
