"""Continues the dated versions of communes with the registers of the years that follow.

The registers give the state on 1 January and not the day of a change: a change is dated with the
first register that shows it. Every merger since 2010 makes a commune nouvelle.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Row = dict[str, str]
Register = Mapping[tuple[str, str], Mapping[str, Any]]

_GIVEN = {
    "id": "id",
    "type": "type",
    "code": "code",
    "nom": "nom",
    "dateDebut": "debut",
    "raisonDebut": "raison_debut",
    "dateFin": "fin",
    "raisonFin": "raison_fin",
    "successeur": "successeur",
    "pole": "pole",
}


class Versions:
    """The dated versions of communes and of their parts, in the order in which they begin."""

    def __init__(self, history: Iterable[Mapping[str, Any]]) -> None:
        self._rows: list[Row] = []
        self._open: dict[tuple[str, str], Row] = {}
        for version in history:
            # An "@" would be masked as an address wherever an id is shown.
            row = {
                ours: version[theirs].replace("@", ":")
                for theirs, ours in _GIVEN.items()
                if theirs in version
            }
            self._rows.append(row)
            if "fin" not in row and row["type"] != "COMP":
                self._open[row["type"], row["code"]] = row

    def continue_to(self, date: str, register: Register) -> None:
        """Takes what the register of a day shows as changed since the one before."""
        self._date, self._register = date, register
        before = dict(self._open)
        gone = [code for kind, code in before if kind == "COM" and ("COM", code) not in register]
        new = [code for kind, code in register if kind == "COM" and ("COM", code) not in before]
        seats = {old: code for old in gone if (code := self._seat(old, new, before))}
        for old, code in seats.items():
            self._follow(("COM", old), ("COM", code), "changement de chef lieu")
        merged = [code for code in gone if code not in seats]
        for code in sorted({self._absorber(code) for code in merged}):
            self._found(code)
        for code in merged:
            self._absorb(code, self._absorber(code), "commune devenant déléguée")
        for code in sorted(set(new) - set(seats.values())):
            self._restore(code, before)
        self._rename()
        self._part()

    def _seat(self, old: str, new: list[str], before: Mapping[tuple[str, str], Row]) -> str | None:
        """The code under which a commune goes on that has moved its seat."""
        name = before["COM", old]["nom"]
        for code in new:
            row = self._register["COM", code]
            if row["nom"] == name and old in row.get("anciensCodes", ()):
                return code
        return None

    def _absorber(self, code: str) -> str:
        """The commune that a vanished code now belongs to."""
        return next(
            str(row["code"])
            for (kind, _), row in self._register.items()
            if kind == "COM" and code in row.get("anciensCodes", ())
        )

    def _found(self, code: str) -> None:
        """A commune nouvelle under the code of one of its communes."""
        self._absorb(code, code, "commune devenant déléguée")
        self._begin("COM", code, "commune nouvelle")

    def _absorb(self, code: str, into: str, reason: str) -> None:
        """The end of a commune as such: it is from now on a part of another."""
        delegated = ("COMD", code) in self._register and ("COMD", code) not in self._open
        kind = "COMD" if delegated else "COMP"
        if not delegated:
            reason = "commune absorbée par la commune nouvelle"
        self._end("COM", code, reason, f"{kind}-{code}:{self._date}")
        self._begin(kind, code, reason)["pole"] = f"COM-{into}:{self._date}"

    def _restore(self, code: str, before: Mapping[tuple[str, str], Row]) -> None:
        """A part that is a commune again; what it leaves may be the commune of before, too."""
        part = next(key for key in (("COMD", code), ("COMA", code)) if key in before)
        left = before[part]["pole"][4:9]
        rest, now = self._open.get(("COMD", left)), self._register["COM", left]
        # A commune nouvelle has a SIREN of its own; one that opens with 21 is that of before.
        own = now.get("siren", "21").startswith("21")
        if rest and own and rest["nom"] == now["nom"] != before["COM", left]["nom"]:
            self._end("COM", left, "dé-fusion", "")
            self._follow(("COMD", left), ("COM", left), "dé-fusion")
        self._follow(part, ("COM", code), "rétablissement")

    def _rename(self) -> None:
        for key, row in list(self._open.items()):
            now = self._register.get(key)
            if now and key[0] == "COM" and now["nom"] != row["nom"]:
                self._follow(key, key, "changement de nom")

    def _part(self) -> None:
        """Brings the parts of communes up to the register; those that are renamed stay."""
        for key, row in list(self._open.items()):
            if key[0] == "COM":
                continue
            if key not in self._register:
                self._end(*key, "suppression", "")
            else:
                row["nom"] = self._register[key]["nom"]
        for kind, code in self._register:
            if kind != "COM" and (kind, code) not in self._open:
                self._begin(kind, code, "création")
        for (kind, code), row in self._open.items():
            if kind != "COM":
                pole = self._open["COM", self._register[kind, code]["chefLieu"]]
                row["pole"] = pole["id"]

    def _follow(self, old: tuple[str, str], new: tuple[str, str], reason: str) -> None:
        self._end(*old, reason, f"{new[0]}-{new[1]}:{self._date}")
        self._begin(*new, reason)

    def _end(self, kind: str, code: str, reason: str, successor: str) -> None:
        row = self._open.pop((kind, code))
        row |= {"fin": self._date, "raison_fin": reason, "successeur": successor}

    def _begin(self, kind: str, code: str, reason: str) -> Row:
        known = self._register.get((kind, code)) or self._register.get(("COM", code))
        name = known["nom"] if known else self._last_name(code)
        row = {
            "id": f"{kind}-{code}:{self._date}",
            "type": kind,
            "code": code,
            "nom": name,
            "debut": self._date,
            "raison_debut": reason,
        }
        self._rows.append(row)
        if kind != "COMP":
            self._open[kind, code] = row
        return row

    def _last_name(self, code: str) -> str:
        return next(row["nom"] for row in reversed(self._rows) if row["code"] == code)

    def rows(self, communes: Iterable[Mapping[str, Any]], types: Mapping[str, str]) -> list[Row]:
        """Every version by code and date; those of today with what the register says of them."""
        for commune in communes:
            kind = types[commune["type"]]
            row = self._open.get((kind, commune["code"]))
            if row is None:
                # Overseas territories and arrondissements of cities have no history.
                code = commune["code"]
                row = {"id": f"{kind}-{code}:1943-01-01", "type": kind, "code": code}
                row["nom"] = commune["nom"]
                if kind == "ARM":
                    row["pole"] = self._open["COM", commune["commune"]]["id"]
                self._open[kind, commune["code"]] = row
                self._rows.append(row)
            row["departement"] = commune["departement"]
            row["siren"] = commune.get("siren", "")
            row["population"] = str(commune.get("population", ""))
            row["annee"] = _population_year(commune) if row["population"] else ""
        unknown = [key for key, row in self._open.items() if "departement" not in row]
        assert not unknown, unknown  # noqa: S101  the versions end where the register stands
        return sorted(self._rows, key=lambda row: (row["code"], row.get("debut", ""), row["type"]))


def _population_year(commune: Mapping[str, Any]) -> str:
    """The year of a population, which the package names in its documentation alone.

    The legal populations in force in 2026 are those of 2023; Mayotte's are still of 2017, and
    those of the overseas territories of several censuses.
    """
    if commune["zone"] == "com":
        return ""
    return "2017" if commune["departement"] == "976" else "2023"
