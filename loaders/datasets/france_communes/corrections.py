"""Corrections of the changes of communes: public facts that the npm package does not have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from loaders.datasets.france_communes.versions import Versions
from loaders.errors import DatasetError
from loaders.registers.cog import movements as mods
from loaders.registers.cog.movements import Movement, State

FILE = Path(__file__).with_name("corrections.yml")

_STRICT = ConfigDict(extra="forbid")


@checked(frozen=True, config=_STRICT)
class Moved:
    """A change that took effect on another day than is told of it."""

    kind: str
    codes: tuple[str, ...]
    told: date | str
    day: date


@checked(frozen=True, config=_STRICT)
class Began:
    """The day on which what has these codes, or codes that open so, began."""

    day: date
    type: str
    codes: tuple[str, ...]


@checked(frozen=True, config=_STRICT)
class Abolished:
    """A commune that was abolished, and which communes had its territory."""

    day: date
    code: str
    into: tuple[str, ...]


@checked(frozen=True, config=_STRICT)
class Missing:
    """A commune from its first day to the first on which it was no more."""

    code: str
    name: str
    began: date
    ended: date


@checked(frozen=True, config=_STRICT)
class Spelled:
    """The name that a version of a commune bore."""

    version: str
    name: str


@checked(frozen=True, config=_STRICT)
class Renamed:
    """The name that a commune had until a day, when it took the one that is known of then."""

    day: date
    code: str
    name: str


@checked(frozen=True, config=_STRICT)
class Corrections:
    """All corrections, by what they correct."""

    moved: tuple[Moved, ...] = ()
    began: tuple[Began, ...] = ()
    abolished: tuple[Abolished, ...] = ()
    missing: tuple[Missing, ...] = ()
    names: tuple[Spelled, ...] = ()
    renamed: tuple[Renamed, ...] = ()

    def spelled(self, versions: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
        """The versions, with the names that were borne."""
        names = {each.version: each.name for each in self.names}
        for version in versions:
            name = names.get(version["id"], version["nom"])
            yield {**version, "nom": name}

    def dated(self, movements: Iterable[Movement]) -> Iterator[Movement]:
        """The changes, each on its day."""
        days = {
            (each.kind, str(each.told), code): str(each.day)
            for each in self.moved
            for code in each.codes
        }
        for change in movements:
            code = (change.before or change.after or State("", "", "")).code
            yield replace(change, day=days.get((change.mod, change.day, code), change.day))

    def beginnings(self, known: Mapping[tuple[str, str], str]) -> Iterator[Movement]:
        """The beginnings of what is known, by type and code, without the day of its beginning."""
        names = {("COM", each.code): each.name for each in self.renamed}
        for (kind, code), name in known.items():
            fits = [
                (len(opening), str(each.day))
                for each in self.began
                for opening in each.codes
                if each.type == kind and code.startswith(opening)
            ]
            if fits:  # the longest opening tells most
                first = State(kind, code, names.get((kind, code), name))
                yield Movement(mods.CREATION, max(fits)[1], None, first)
        for each in self.missing:
            commune = State("COM", each.code, each.name)
            yield Movement(mods.CREATION, str(each.began), None, commune)
            yield Movement(mods.ABOLITION, str(each.ended), commune, None)

    def told(self, versions: Versions) -> Iterator[Movement]:
        """The changes of the versions on their days, with those that the package does not tell."""
        abolished = {(each.code, str(each.day)): each for each in self.abolished}
        for change in self.dated(versions.movements()):
            code = change.before.code if change.before else ""
            if change.mod != mods.ABOLITION or (code, change.day) not in abolished:
                yield change
                continue
            for heir in abolished[code, change.day].into:
                commune = State("COM", heir, versions.name(heir, change.day))
                yield replace(change, after=commune)
                yield replace(change, before=commune, after=commune)
        for each in self.renamed:
            day = str(each.day)
            later = State("COM", each.code, versions.name(each.code, day))
            yield Movement(mods.RENAMING, day, replace(later, name=each.name), later)


def read_corrections(path: Path = FILE) -> Corrections:
    """The corrections of a file; raises DatasetError with the field that cannot be read."""
    try:
        return TypeAdapter(Corrections).validate_python(yaml.safe_load(path.read_text("utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise DatasetError(f"{path.name}: {error}") from error
