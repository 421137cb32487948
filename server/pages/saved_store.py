"""Saved queries: texts kept for ever under the hash of what they are, beside the versions.

One SQLite file, `saved.sqlite` in the home folder, which no build touches. A replica that is read
only answers what its copy of the file holds and saves nothing.
"""

import hashlib
import json
import sqlite3
from contextlib import closing
from dataclasses import astuple, dataclass
from pathlib import Path

LARGEST = 64 * 1024
"""Bytes of a query's text."""
TITLE = 200
"""Characters of a title."""
DIGITS = 20
"""Hexadecimal digits of the hash in an address: 80 bits."""

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS saved (id TEXT PRIMARY KEY, text TEXT NOT NULL, "
    "view TEXT NOT NULL, title TEXT NOT NULL) STRICT"
)


class CannotSave(Exception):
    """There is no room for it: it is too long, or the store is full or not to be written."""


@dataclass(frozen=True)
class SavedQuery:
    """The text of a query, the view in which its result is shown, and what it is called."""

    text: str
    view: str = ""
    title: str = ""

    @property
    def identifier(self) -> str:
        """The short name of exactly this."""
        content = json.dumps(astuple(self), ensure_ascii=False).encode()
        return hashlib.sha256(content).hexdigest()[:DIGITS]


def save(home: Path, query: SavedQuery, room: int) -> str:
    """The identifier of a query that is kept from now on; the same for the same.

    `room` is what the store may take, in bytes. Raises CannotSave.
    """
    path = _path(home)
    size = len(query.text.encode())
    try:
        if size > LARGEST or len(query.title) > TITLE:
            raise CannotSave(f"{size} bytes are more than {LARGEST}, or the title is too long")
        with closing(sqlite3.connect(path, timeout=5)) as db, db:
            db.execute(_SCHEMA)
            if read(home, query.identifier) is None and path.stat().st_size + size > room:
                raise CannotSave(f"{size} bytes more than there is room for")
            db.execute(
                "INSERT OR IGNORE INTO saved VALUES (?, ?, ?, ?)",
                (query.identifier, *astuple(query)),
            )
    except (OSError, sqlite3.Error) as error:
        raise CannotSave(str(error)) from error
    return query.identifier


def read(home: Path, identifier: str) -> SavedQuery | None:
    """The query of that identifier; None where there is none."""
    path = _path(home)
    if not path.is_file():
        return None
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
        try:
            row = db.execute(
                "SELECT text, view, title FROM saved WHERE id = ?", (identifier,)
            ).fetchone()
        except sqlite3.OperationalError:
            return None  # the file is new: it has no table yet
    return SavedQuery(*row) if row else None


def _path(home: Path) -> Path:
    return home / "saved.sqlite"
