"""Changes of communes out of what differs between the registers of two years.

A register has the communes and their parts on 1 January. A commune nouvelle begins on that day as a
rule, and a change of communes is dated with it; of what became of a part alone only the year is
certain, and only the year is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from loaders.registers.cog import movements as mods
from loaders.registers.cog.movements import Movement, State

TYPES = {
    "commune-actuelle": "COM",
    "commune-deleguee": "COMD",
    "commune-associee": "COMA",
    "arrondissement-municipal": "ARM",
}
"""The package's words for INSEE's types."""

OVERSEAS = ("975", "977", "978", "98")
"""How the codes of communes begin of which no change is told: those of overseas collectivités."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A commune or a part of one in a register: its name, and the commune of a part."""

    name: str
    commune: str = ""


Key = tuple[str, str]
Register = Mapping[Key, Listed]


def register(communes: Iterable[Mapping[str, Any]]) -> dict[Key, Listed]:
    """The register of a year by type and code, without arrondissements and overseas territories."""
    return {
        (TYPES[row["type"]], row["code"]): Listed(row["nom"], row.get("chefLieu", ""))
        for row in communes
        if row["type"] in TYPES
        and TYPES[row["type"]] != "ARM"
        and not row["code"].startswith(OVERSEAS)
    }


def former_codes(communes: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The commune of today under each code that one of its territory had before."""
    return {
        code: row["code"]
        for row in communes
        if row["type"] == "commune-actuelle"
        for code in row.get("anciensCodes", ())
    }


def same_but_for_hyphens(name: str, other: str) -> bool:
    """True of two spellings of one name: INSEE has put hyphens into names without a change."""
    return name.replace("-", " ") == other.replace("-", " ")


class Difference:
    """What differs between two registers.

    `joined` tells the commune that a vanished code belongs to, and `went` the one that a commune
    was merged into before.
    """

    def __init__(
        self,
        before: Register,
        after: Register,
        year: int,
        joined: Mapping[str, str],
        went: Mapping[str, str],
    ) -> None:
        self._before, self._after = before, after
        self._day, self._within = f"{year}-01-01", str(year - 1)
        communes = {code for kind, code in after if kind == "COM"}
        was = {code for kind, code in before if kind == "COM"}
        gone, new = sorted(was - communes), sorted(communes - was)
        self._seats = {code: seat for code in gone if (seat := self._seat(code, new))}
        self._merged = {
            code: self._joined(code, joined) for code in gone if code not in self._seats
        }
        self._restored: dict[str, list[str]] = {}
        for code in new:
            if code not in self._seats.values():
                self._restored.setdefault(self._left(code, went), []).append(code)

    def movements(self) -> Iterator[Movement]:
        """The changes that lead from one register to the other."""
        for old, new in self._seats.items():
            yield self._told(mods.NEW_SEAT, ("COM", old), ("COM", new))
        for commune in sorted(set(self._merged.values())):
            parts = [code for code, into in self._merged.items() if into == commune]
            for code in sorted({*parts, commune}):
                yield self._told(mods.NEW_COMMUNE, ("COM", code), ("COM", commune))
                if ("COMD", code) in self._after and ("COMD", code) not in self._before:
                    yield self._told(mods.NEW_COMMUNE, ("COM", code), ("COMD", code))
        for left, codes in sorted(self._restored.items()):
            yield from self._restoration(left, codes)
        taken = {*self._merged.values(), *self._restored}
        for (kind, code), listed in self._before.items():
            now = self._after.get((kind, code))
            if kind != "COM" or code in taken or now is None:
                continue
            if not same_but_for_hyphens(listed.name, now.name):
                yield self._told(mods.RENAMING, ("COM", code), ("COM", code))
        yield from self._ended_parts()
        yield from self._begun_parts()

    def _seat(self, old: str, new: Iterable[str]) -> str | None:
        """The code under which a commune goes on that has moved its seat."""
        name = self._before["COM", old].name
        for code in new:
            if self._after["COM", code].name == name and code[:2] == old[:2]:
                return code
        return None

    def _joined(self, code: str, joined: Mapping[str, str]) -> str:
        """The commune that has taken another in: that of its part, or of its former code."""
        for kind in ("COMD", "COMA"):
            if (kind, code) in self._after:
                return self._after[kind, code].commune
        return joined[code]

    def _left(self, code: str, went: Mapping[str, str]) -> str:
        """The commune that a restored one was a part of, or was merged into."""
        for kind in ("COMD", "COMA"):
            if (kind, code) in self._before:
                return self._before[kind, code].commune
        return went[code]

    def _restoration(self, left: str, codes: list[str]) -> Iterator[Movement]:
        for code in sorted({left, *codes}):
            yield self._told(mods.RESTORATION, ("COM", left), ("COM", code))
            for kind in ("COMD", "COMA"):
                if (kind, code) in self._before and (kind, code) not in self._after:
                    yield self._told(mods.RESTORATION, (kind, code), ("COM", code))

    def _ended_parts(self) -> Iterator[Movement]:
        restored = {code for left, codes in self._restored.items() for code in (left, *codes)}
        for (kind, code), listed in self._before.items():
            if kind == "COM" or (kind, code) in self._after or code in restored:
                continue
            commune = self._seats.get(listed.commune, listed.commune)
            commune = self._merged.get(commune, commune)
            merged = commune in self._merged.values()
            if kind == "COMA" and ("COMD", code) in self._after:
                change = mods.NEW_COMMUNE if merged else mods.NOW_DELEGATED
                yield self._told(change, (kind, code), ("COMD", code), exact=merged)
            elif merged:
                yield self._told(mods.NEW_COMMUNE, (kind, code), ("COM", commune))
            else:
                change = mods.FULL_MERGER if kind == "COMA" else mods.NO_LONGER_DELEGATED
                yield self._told(change, (kind, code), ("COM", commune), exact=False)

    def _begun_parts(self) -> Iterator[Movement]:
        for kind, code in self._after:
            if kind == "COM" or (kind, code) in self._before:
                continue
            commune = self._after[kind, code].commune
            if kind == "COMD" and (("COMA", code) in self._before or code in self._merged):
                continue  # told above
            if code in self._merged.values() and kind == "COMD":
                continue
            old = next((old for old, new in self._seats.items() if new == commune), commune)
            restored = commune in self._restored
            change = mods.RESTORATION if restored else mods.DELEGATED_AS_WELL
            yield self._told(change, ("COM", old), (kind, code), exact=restored)

    def _told(self, kind: str, before: Key, after: Key, *, exact: bool = True) -> Movement:
        was, now = self._before[before], self._after[after]
        return Movement(
            kind,
            self._day if exact else self._within,
            State(*before, was.name),
            State(*after, now.name),
        )
