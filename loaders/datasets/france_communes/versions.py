"""Changes of communes out of the dated versions of 1943 to 2019 that an npm package publishes.

A version (`historique-communes.json`) is a commune, or a part of one, as it was from one change to
the next, with the reason of each. `pole` names the commune of a part, and a seat's own part, which
is none by itself, has the type COMP.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from loaders.registers.cog import movements as mods
from loaders.registers.cog.movements import Movement, State

Version = Mapping[str, Any]

_MERGERS = {
    "fusion simple": mods.SIMPLE_MERGER,
    "fusion-association": mods.ASSOCIATION,
    "changement de nom": mods.RENAMING,
    "renommage suite à création d’une commune fille": mods.RENAMING,
    "changement de département": mods.NEW_DEPARTMENT,
    "changement de chef lieu": mods.NEW_SEAT,
    "fusion totale": mods.FULL_MERGER,
    "fusion partielle": mods.FULL_MERGER,
    "recomposition de la commune groupe": mods.RESTORATION,
}
"""Why a version of a commune ends, and INSEE's number; every other merger is a commune nouvelle."""

_WITH_ITS_COMMUNE = {"COMA": mods.FULL_MERGER, "COMD": mods.NO_LONGER_DELEGATED}


class Versions:
    """The versions by their id, and the changes that lie between them."""

    def __init__(self, versions: Iterable[Version]) -> None:
        self._by_id = {version["id"]: version for version in versions}
        self._parts: defaultdict[tuple[str, str], list[Version]] = defaultdict(list)
        for version in self._by_id.values():
            if "pole" in version and "dateFin" in version:
                left = self._on(self._by_id[version["pole"]], version["dateFin"])
                self._parts[left["id"], version["dateFin"]].append(version)

    def movements(self) -> Iterator[Movement]:
        """The changes as INSEE numbers them, one for each link of two communes or parts."""
        for version in self._by_id.values():
            if version.get("raisonDebut") == "création":
                yield Movement(mods.CREATION, version["dateDebut"], None, _state(version))
            if "dateFin" in version:
                commune = version["type"] == "COM"
                yield from (self._of_commune if commune else self._of_part)(version)

    def undated(self) -> dict[tuple[str, str], str]:
        """The name of each first commune that has no day of beginning, by type and code."""
        return {
            (version["type"], version["code"]): version["nom"]
            for version in self._by_id.values()
            if version["type"] == "COM" and "dateDebut" not in version
        }

    def name(self, code: str, day: str) -> str:
        """The name of the commune of a code on the eve of a day."""
        (name,) = (
            version["nom"]
            for version in self._by_id.values()
            if (version["type"], version["code"]) == ("COM", code)
            and version.get("dateDebut", "") < day <= version.get("dateFin", day)
        )
        return str(name)

    def _of_commune(self, ended: Version) -> Iterator[Movement]:
        day, reason, before = ended["dateFin"], ended["raisonFin"], _state(ended)
        after = self._by_id.get(ended.get("successeur", ""))
        if after is None:
            if reason == "suppression":
                yield Movement(mods.ABOLITION, day, before, None)
            yield from self._restored(ended, day)
            return
        if after["type"] == "COM":
            kind = _MERGERS[reason]
            if kind == mods.RESTORATION:
                restored = tuple(self._restored(ended, day))
                if restored:  # otherwise a commune was made of a part that was none
                    yield Movement(kind, day, before, _state(after))
                yield from restored
            elif kind == mods.FULL_MERGER and after["nom"] != ended["nom"]:
                # That its parts are dissolved leaves a commune as it is; its new name does not.
                yield Movement(mods.RENAMING, day, before, _state(after))
            else:
                yield Movement(kind, day, before, _state(after))
            return
        if reason.startswith("changement de département"):
            moved = State("COM", after["code"], ended["nom"])
            yield Movement(mods.NEW_DEPARTMENT, day, before, moved)
            before = moved
        kind = _MERGERS.get(reason, mods.NEW_COMMUNE)
        yield Movement(kind, day, before, _state(self._commune(after)))
        if after["type"] != "COMP":
            yield Movement(kind, day, before, _state(after))

    def _restored(self, left: Version, day: str) -> Iterator[Movement]:
        """What the parts of a commune become that are communes again."""
        for part in self._parts[left["id"], day]:
            after = self._by_id[part["successeur"]]
            if after["type"] == "COMP":  # the seat of a commune that others join at once
                after = self._commune(after) if _restores(part) else after
            elif after["type"] == "COMA" and _restores(part):
                yield Movement(mods.RESTORATION, day, _state(left), _state(after))
                yield Movement(mods.RESTORATION, day, _state(part), _state(after))
            if after["type"] == "COM":
                yield Movement(mods.RESTORATION, day, _state(left), _state(after))
                if part["type"] != "COMP":
                    yield Movement(mods.RESTORATION, day, _state(part), _state(after))

    def _of_part(self, ended: Version) -> Iterator[Movement]:
        day, kind = ended["dateFin"], ended["type"]
        after = self._by_id[ended["successeur"]]
        if kind == "COMP" or after["type"] in ("COM", kind) or _restores(ended):
            return  # it is told with its commune, or goes on
        commune = self._commune(after)
        begins = commune.get("dateDebut") == day and commune["raisonDebut"] == "commune nouvelle"
        if after["type"] == "COMD":
            yield Movement(
                mods.NEW_COMMUNE if begins else mods.NOW_DELEGATED,
                day,
                _state(ended),
                _state(after),
            )
        elif ended["raisonFin"].startswith("changement de chef lieu"):
            for part in self._by_id.values():  # the seat that was becomes a part in its place
                if (
                    part.get("dateFin") == day
                    and part["type"] == "COMP"
                    and self._becomes(part, after)
                ):
                    seat = self._by_id[part["successeur"]]
                    yield Movement(mods.NEW_SEAT, day, _state(ended), _state(seat))
            return
        if after["type"] == "COMP" or begins:
            yield Movement(
                mods.NEW_COMMUNE if begins else _WITH_ITS_COMMUNE[kind],
                day, _state(ended), _state(commune),
            )  # fmt: skip

    def _becomes(self, part: Version, seat: Version) -> bool:
        after = self._by_id.get(part.get("successeur", ""), {})
        return after.get("type") == "COMA" and after.get("pole") == seat["pole"]

    def _commune(self, part: Version) -> Version:
        """The commune that a part is within, be it by the part of another."""
        while part["type"] != "COM":
            part = self._by_id[part["pole"]]
        return part

    def _on(self, pole: Version, day: str) -> Version:
        """The version of a commune that ends on a day, or lasts beyond it."""
        while pole.get("dateFin", day) < day and "successeur" in pole:
            pole = self._by_id[pole["successeur"]]
        return pole


def _restores(ended: Version) -> bool:
    return str(ended["raisonFin"]).startswith("dé-fusion")


def _state(version: Version) -> State:
    return State(version["type"], version["code"], version["nom"])
