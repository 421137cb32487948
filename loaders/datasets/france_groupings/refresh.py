"""Makes the snapshot of the groupings of communes anew, from one npm package."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from loaders.datasets.france_groupings.tables import GROUPINGS
from loaders.sources.snapshots import write_table

PACKAGES = ("@etalab/decoupage-administratif@6.0.0",)


def refresh(packages: Mapping[str, Path], folder: Path) -> None:
    """Writes `source/groupings.csv.xz` and its checksum, from the unpacked package."""
    data = packages[PACKAGES[0]] / "data"
    rows = [
        (
            grouping["code"],
            grouping["type"],
            grouping["nom"],
            " ".join(sorted(member["code"] for member in grouping["membres"])),
        )
        for name in ("epci", "ept")
        for grouping in json.loads((data / f"{name}.json").read_text("utf-8"))
    ]
    write_table(folder, "groupings.csv.xz", [column.name for column in GROUPINGS], sorted(rows))
