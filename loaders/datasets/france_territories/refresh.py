"""Makes the table of today's régions, départements and overseas collectivités anew.

What became of them stands in `history.csv`, which is kept by hand from the laws that it names.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from loaders.datasets.france_territories.tables import TERRITORIES
from loaders.sources.snapshots import write_table

REGISTER = "@etalab/decoupage-administratif@6.0.0"
PACKAGES = (REGISTER,)


def refresh(packages: Mapping[str, Path], folder: Path) -> None:
    """Writes `source/territories.csv` and its checksum, from the unpacked package."""
    data = packages[REGISTER] / "data"
    regions = json.loads((data / "regions.json").read_text("utf-8"))
    departments = json.loads((data / "departements.json").read_text("utf-8"))
    rows = [*_rows(regions, "REG"), *_rows(departments, "DEP")]
    write_table(folder, "territories.csv", [column.name for column in TERRITORIES], rows)


def _rows(listed: list[dict[str, Any]], kind: str) -> Iterator[tuple[str, ...]]:
    for row in listed:
        overseas = row["zone"] == "com"
        if overseas and kind == "DEP":
            continue  # it is in the list of régions as well
        region = row["region"] if kind == "DEP" else ""
        own = "COM" if overseas else kind
        yield own, row["code"], row["nom"], str(row["typeLiaison"]), region
