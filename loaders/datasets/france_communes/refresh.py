"""Makes the snapshot of the communes anew, from seven releases of one npm package.

The release of 2019 (0.8.0) has the dated versions since 1943; each later one has the register of
1 January of its year. What differs between two of them continues the changes, and
`corrections.yml` has the few facts that are told nowhere in the package.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from loaders.datasets.france_communes.corrections import Corrections, read_corrections
from loaders.datasets.france_communes.versions import Versions
from loaders.datasets.france_communes.vintages import (
    TYPES,
    Difference,
    Register,
    former_codes,
    register,
)
from loaders.registers.cog import movements as mods
from loaders.registers.cog.movements import TABLE as MOVEMENTS
from loaders.registers.cog.movements import Movement, State, moment
from loaders.registers.cog.standing import TABLE as STANDING
from loaders.sources.snapshots import write_table

PACKAGE = "@etalab/decoupage-administratif"
HISTORY = f"{PACKAGE}@0.8.0"
VINTAGES = {
    2021: f"{PACKAGE}@1.1.1",
    2022: f"{PACKAGE}@2.3.1",
    2023: f"{PACKAGE}@3.1.1",
    2024: f"{PACKAGE}@4.1.0",
    2025: f"{PACKAGE}@5.3.0",
    2026: f"{PACKAGE}@6.0.0",
}
"""The release that has the register of 1 January of each year; none has that of 2020."""

LATEST = VINTAGES[max(VINTAGES)]
PACKAGES = (HISTORY, *VINTAGES.values())

Rows = list[dict[str, Any]]


def refresh(packages: Mapping[str, Path], folder: Path) -> None:
    """Writes `communes.csv.xz` and `movements.csv.xz` and their checksums."""
    columns = [column.name for column in STANDING]
    write_table(folder, "communes.csv.xz", columns, standing(packages[LATEST]))
    found = sorted(
        {_cells(each) for each in history(packages, read_corrections())},
        key=lambda cells: (moment(cells[1]), mods.ORDER.index(cells[0]), *cells[2:]),
    )
    write_table(folder, "movements.csv.xz", [column.name for column in MOVEMENTS], found)


def standing(package: Path) -> list[list[str]]:
    """The rows of the communes of today and their parts, by code."""
    metropolis, found = _metropolis(package), []
    for row in _read(package):
        kind, code, department = TYPES[row["type"]], row["code"], row["departement"]
        authority = ("69M" if code in metropolis else "69D") if department == "69" else ""
        place = [kind, code, department, authority if kind == "COM" else "", row["nom"]]
        found.append([*place, row.get("chefLieu") or row.get("commune", ""), *_counted(row)])
    return sorted(found, key=lambda row: (row[1], row[0]))


def history(packages: Mapping[str, Path], corrections: Corrections) -> list[Movement]:
    """The changes since 1943, corrected, under the spellings of today."""
    versions = Versions(corrections.spelled(_read(packages[HISTORY], "historique-communes")))
    found = list(corrections.told(versions))
    listed = register(_read(packages[HISTORY]))
    spellings: dict[State, State] = {}
    for year, package in VINTAGES.items():
        communes = _read(packages[package])
        later = register(communes)
        between = Difference(listed, later, year, former_codes(communes), _went(found))
        changed = list(corrections.dated(between.movements()))
        found.extend(changed)
        spellings |= _respelled(listed, later, {change.before for change in changed})
        listed = later
    districts = {
        ("ARM", row["code"]): row["nom"] for row in communes if TYPES[row["type"]] == "ARM"
    }
    found.extend(corrections.beginnings({**versions.undated(), **districts}))
    return [
        replace(
            change,
            before=_spelled(change.before, spellings),
            after=_spelled(change.after, spellings),
        )
        for change in found
    ]


def _went(movements: Iterable[Movement]) -> dict[str, str]:
    """The commune that each one was merged into last."""
    return {
        change.before.code: change.after.code
        for change in movements
        if change.before
        and change.after
        and change.before.type == change.after.type == "COM"
        and change.before.code != change.after.code
    }


def _respelled(
    before: Register, after: Register, changed: Container[State | None]
) -> dict[State, State]:
    """What is spelled otherwise from one year to the next without a change."""
    return {
        State(*key, listed.name): State(*key, after[key].name)
        for key, listed in before.items()
        if key in after
        and listed.name != after[key].name
        and State(*key, listed.name) not in changed
    }


def _spelled(state: State | None, spellings: Mapping[State, State]) -> State | None:
    seen = set()
    while state is not None and state in spellings and state not in seen:
        seen.add(state)
        state = spellings[state]
    return state


def _cells(change: Movement) -> tuple[str, ...]:
    sides = (
        (side.type, side.code, side.name) if side else ("", "", "")
        for side in (change.before, change.after)
    )
    return (change.mod, change.day, *next(sides), *next(sides))


def _read(package: Path, name: str = "communes") -> Rows:
    found = json.loads((package / "data" / f"{name}.json").read_text("utf-8"))
    assert isinstance(found, list)  # noqa: S101  the package's own form
    return found


def _metropolis(package: Path) -> set[str]:
    """The communes of the Métropole de Lyon, which acts as département there."""
    return {
        member["code"]
        for group in _read(package, "epci")
        if group["type"] == "MET69"
        for member in group["membres"]
    }


def _counted(commune: Mapping[str, Any]) -> tuple[str, str, str]:
    """The SIREN, the population and its year, which the package tells in its documentation alone.

    The legal populations in force in 2026 are those of 2023; Mayotte's are still of 2017, and
    those of the overseas territories of several censuses.
    """
    population = str(commune.get("population", ""))
    year = "2017" if commune.get("departement") == "976" else "2023"
    counted = population and commune["zone"] != "com"
    return str(commune.get("siren", "")), population, year if counted else ""
