"""Makes the snapshot of the communes anew, from seven releases of one npm package.

The release of 2019 (0.8.0) has the dated versions since 1943; each later one has the register of
1 January of its year. What differs between two of them continues the versions.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from loaders.datasets.france_communes.versions import TABLE
from loaders.datasets.france_communes.vintages import Register, Versions
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
PACKAGES = (HISTORY, *VINTAGES.values())

TYPES = {
    "commune-actuelle": "COM",
    "commune-deleguee": "COMD",
    "commune-associee": "COMA",
    "arrondissement-municipal": "ARM",
}


def refresh(packages: Mapping[str, Path], folder: Path) -> None:
    """Writes `source/communes.csv.xz` and its checksum, from the unpacked packages."""
    versions = Versions(_read(packages[HISTORY], "historique-communes"))
    for year, package in VINTAGES.items():
        versions.continue_to(f"{year}-01-01", _register(_read(packages[package], "communes")))
    rows = versions.rows(_read(packages[VINTAGES[max(VINTAGES)]], "communes"), TYPES)
    columns = [column.name for column in TABLE]
    cells = ([row.get(column, "") for column in columns] for row in rows)
    write_table(folder, "communes.csv.xz", columns, cells)


def _read(package: Path, name: str) -> list[dict[str, Any]]:
    found = json.loads((package / "data" / f"{name}.json").read_text("utf-8"))
    assert isinstance(found, list)  # noqa: S101  the package's own form
    return found


def _register(communes: Iterable[dict[str, Any]]) -> Register:
    """The register of one year, without the overseas territories, which have no history."""
    return {
        (TYPES[row["type"]], row["code"]): row
        for row in communes
        if TYPES[row["type"]] != "ARM" and not row["code"].startswith(("975", "977", "978", "98"))
    }
