"""The register of a version in one SQLite file: what a name is looked up in, without a source read.

    entry(part, key, value)     one row for each key of each index of `Register`, the value as JSON

Agents are written by their IRIs without the part that all of them share. A look-up reads the few
rows that it needs.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

from loaders.errors import BuildError
from loaders.identity.register import Bearer, Known, Register
from loaders.model.values import PartialDate, Point
from ontology.namespaces import ID

NAME = "register.sqlite"
"""The file's name in the folder of a version."""

_SCHEMA = """
CREATE TABLE entry (part TEXT, key TEXT, value TEXT, PRIMARY KEY (part, key)) WITHOUT ROWID;
"""
_BEARERS = ("_by_name", "_by_core", "_by_bare")
_COUNTS = ("_heritage", "_municipalities")
_SETS = ("_territories", "_heirs")
_PLAIN = ("_names_in", "_states")
_OF_IRIS = ("by_iri", "_heirs", *_COUNTS)
"""The indexes whose keys are IRIs; those of the others are names or countries."""

V = TypeVar("V")


def write_register(path: Path, register: Register) -> None:
    """Write a register to a new file: the same rows for the same register."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.executescript(_SCHEMA)
        connection.executemany("INSERT INTO entry VALUES (?, ?, ?)", sorted(_rows(register)))


def read_register(path: Path) -> Register:
    """The register that a file holds, read as it is asked; raises BuildError where there is none.

    It answers as the register that was written does.
    """
    if not path.is_file():
        raise BuildError(f"{path.parent.name} holds no register of names: run `maillage build`")
    return _StoredRegister(path)


def _rows(register: Register) -> Iterator[tuple[str, str, str]]:
    parts = vars(register)
    for iri, known in register.by_iri.items():
        yield "by_iri", _short(iri), _dumped(_agent(known))
    for part in _BEARERS:
        for key, bearers in parts[part].items():
            yield part, key, _dumped([_bearer(bearer) for bearer in bearers])
    for part in _SETS:
        for key, iris in parts[part].items():
            yield part, _short(key), _dumped(sorted(map(_short, iris)))
    for part in _COUNTS:
        for key, count in parts[part].items():
            yield part, _short(key), _dumped(count)
    for part in _PLAIN:
        for key, value in parts[part].items():
            yield part, key, _dumped(value)


class _StoredRegister(Register):
    """A register whose indexes are rows of a file."""

    def __init__(self, path: Path) -> None:
        super().__init__(())
        connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
        reads: dict[str, Callable[[str, Any], Any]] = {
            "by_iri": lambda iri, told: _known(_full(iri), told),
            **dict.fromkeys(_PLAIN, lambda _, told: told),
            **dict.fromkeys(_BEARERS, lambda _, told: [self._bearer(each) for each in told]),
            **dict.fromkeys(_SETS, lambda _, told: set(map(_full, told))),
            **dict.fromkeys(_COUNTS, lambda _, told: told),
        }
        for part, read in reads.items():
            setattr(self, part, _Index(connection, part, read))

    def _bearer(self, told: Any) -> Bearer:
        iri, until = told if isinstance(told, list) else (told, None)
        return Bearer(self.by_iri[_full(iri)], _date(until))


class _Index(Mapping[str, V]):
    """One index of the register; each value is read once."""

    def __init__(
        self, connection: sqlite3.Connection, part: str, read: Callable[[str, Any], V]
    ) -> None:
        self._connection = connection
        self._part = part
        self._read = read
        self._found: dict[str, V] = {}

    def __getitem__(self, key: str) -> V:
        if key not in self._found:
            row = self._connection.execute(
                "SELECT value FROM entry WHERE part = ? AND key = ?",
                (self._part, _short(key)),
            ).fetchone()
            if row is None:
                raise KeyError(key)
            self._found[key] = self._read(key, json.loads(row[0]))
        return self._found[key]

    def __iter__(self) -> Iterator[str]:
        keys = self._connection.execute("SELECT key FROM entry WHERE part = ?", (self._part,))
        return (_full(key) if self._part in _OF_IRIS else key for (key,) in keys)

    def __len__(self) -> int:
        counted = "SELECT count(*) FROM entry WHERE part = ?"
        return int(self._connection.execute(counted, (self._part,)).fetchone()[0])


def _agent(known: Known) -> list[Any]:
    point = known.point
    return [
        known.name,
        known.authority,
        known.country,
        sorted(known.kinds),
        known.start.lexical if known.start else None,
        known.end.lexical if known.end else None,
        known.population,
        [point.latitude, point.longitude] if point else None,
        [_short(iri) for iri in known.containers],
        sorted(known.notations),
    ]


def _known(iri: str, told: list[Any]) -> Known:
    name, authority, country, kinds, start, end, population, point, containers, notations = told
    return Known(
        iri=iri,
        name=name,
        authority=authority,
        country=country,
        kinds=frozenset(kinds),
        start=_date(start),
        end=_date(end),
        population=population,
        point=Point(*point) if point else None,
        containers=tuple(map(_full, containers)),
        notations=frozenset(notations),
    )


def _bearer(bearer: Bearer) -> Any:
    iri = _short(bearer.known.iri)
    return [iri, bearer.until.lexical] if bearer.until else iri


def _date(lexical: str | None) -> PartialDate | None:
    return PartialDate(lexical) if lexical else None


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _short(iri: str) -> str:
    """An IRI of ours without what all of them begin with; any other text as it is."""
    return iri.removeprefix(str(ID))


def _full(short: str) -> str:
    return short if "://" in short else f"{ID}{short}"
