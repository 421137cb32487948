"""The search index of a version: every label, folded, in one SQLite file.

Trigrams find a word anywhere in a label and forgive neither typos nor accents, which is why
labels are folded here as names are everywhere else.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pyoxigraph as ox

from loaders.model.iris import slug
from ontology.namespaces import ID

SCHEMA = """
CREATE TABLE name (iri TEXT NOT NULL, label TEXT NOT NULL, language TEXT NOT NULL, class TEXT);
CREATE VIRTUAL TABLE name_index USING fts5(folded, tokenize = 'trigram');
"""

LABELS = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX mlg: <https://w3id.org/maillage/def#>
SELECT DISTINCT ?iri ?label WHERE {
  VALUES ?naming { skos:prefLabel skos:altLabel mlg:acronym mlg:nameAsStated }
  ?iri ?naming ?label
}
"""


def fold(text: str) -> str:
    """The text as it is searched: lower case, no accents, words parted by one blank."""
    return slug(text).replace("-", " ")


def write_index(path: Path, store: ox.Store) -> None:
    """Write a new index of the labels in the store's default graph, in the order of IRI and label.

    `class` is the segment of an IRI of ours, empty for another's.
    """
    found = store.query(LABELS)
    assert isinstance(found, ox.QuerySolutions)  # noqa: S101  a SELECT
    # Sorting here takes a second; ORDER BY in the store, a dozen.
    rows = sorted((row[0].value, row[1].value, row[1].language or "") for row in found)
    connection = sqlite3.connect(path)
    with connection:
        connection.executescript(SCHEMA)
        connection.executemany(
            "INSERT INTO name VALUES (?, ?, ?, ?)",
            ((iri, label, language, _segment(iri)) for iri, label, language in rows),
        )
        connection.executemany(
            "INSERT INTO name_index(rowid, folded) VALUES (?, ?)",
            ((number, fold(label)) for number, (_, label, _) in enumerate(rows, 1)),
        )
    connection.close()


def _segment(iri: str) -> str:
    return iri.removeprefix(str(ID)).partition("/")[0] if iri.startswith(str(ID)) else ""
