"""Frozen embeds: exhibits kept for ever under the hash of their content, beside the versions.

One SQLite file, `frozen.sqlite` in the home folder, which no build touches. A replica that is read
only serves what its copy of the file holds and freezes nothing.
"""

import hashlib
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from server.embed.exhibit import Exhibit, load

LARGEST = 2 * 1024 * 1024
"""Bytes of one frozen exhibit, packed."""
DIGITS = 20
"""Hexadecimal digits of its hash in an address: 80 bits."""

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS frozen (id TEXT PRIMARY KEY, version TEXT NOT NULL, "
    "content BLOB NOT NULL) STRICT"
)


class CannotFreeze(Exception):
    """There is no room for it: it is too large, or the store is full or not to be written."""


def freeze(home: Path, exhibit: Exhibit, room: int) -> str:
    """The identifier of an exhibit that is kept from now on; the same for the same.

    `room` is what the store may take, in bytes. Raises CannotFreeze.
    """
    content = exhibit.dump()
    identifier = hashlib.sha256(content).hexdigest()[:DIGITS]
    packed = zlib.compress(content, 9)
    path = _path(home)
    try:
        if len(packed) > LARGEST or (path.exists() and path.stat().st_size + len(packed) > room):
            raise CannotFreeze(f"{len(packed)} bytes more than there is room for")
        with closing(sqlite3.connect(path, timeout=5)) as db, db:
            db.execute(_SCHEMA)
            db.execute(
                "INSERT OR IGNORE INTO frozen VALUES (?, ?, ?)",
                (identifier, exhibit.version, packed),
            )
    except (OSError, sqlite3.Error) as error:
        raise CannotFreeze(str(error)) from error
    return identifier


def read_frozen(home: Path, version: str, identifier: str) -> Exhibit | None:
    """The exhibit of that version and identifier; None where there is none."""
    with _reading(home) as db:
        if db is None:
            return None
        row = db.execute(
            "SELECT content FROM frozen WHERE id = ? AND version = ?", (identifier, version)
        ).fetchone()
    return load(zlib.decompress(row[0])) if row else None


@contextmanager
def _reading(home: Path) -> Iterator[sqlite3.Connection | None]:
    path = _path(home)
    if not path.is_file():
        yield None
        return
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
        yield db


def _path(home: Path) -> Path:
    return home / "frozen.sqlite"
