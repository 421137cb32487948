"""Makes the snapshot of Algeria anew, from the package algeria-wilayas-communes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from loaders.model.iris import slug
from loaders.sources.snapshots import write_table

PACKAGE = "algeria-wilayas-communes==1.1.0"
PACKAGES = (PACKAGE,)

COLUMNS = ("level", "code", "parent", "fr", "ar", "en")


def refresh(packages: Mapping[str, Path], folder: Path) -> None:
    """Writes `source/algeria.csv`: the number of wilayas, and names.

    The source has no codes of daïras and communes: they get one from their wilaya and their name.
    Their English names are their French ones.
    """
    write_table(folder, "algeria.csv", COLUMNS, _divisions(packages[PACKAGE] / "data"))


def _divisions(data: Path) -> Iterator[tuple[str, ...]]:
    for row in _rows(data, "wilayas"):
        yield "wilaya", row["code"], "", *_names(row), row["nom_en"]
    for row in _rows(data, "dairas"):
        code = _daira(row["wilaya_code"], row["nom_fr"])
        yield "daïra", code, row["wilaya_code"], *_names(row), ""
    for row in _rows(data, "communes"):
        code = f"{row['wilaya_code']}-{slug(row['nom_fr'])}"
        yield "commune", code, _daira(row["wilaya_code"], row["daira_fr"]), *_names(row), ""


def _daira(wilaya: str, name: str) -> str:
    return f"{wilaya}-daira-{slug(name)}"


def _names(row: dict[str, Any]) -> tuple[str, str]:
    return row["nom_fr"], row["nom_ar"]


def _rows(data: Path, name: str) -> Iterator[dict[str, Any]]:
    rows = json.loads((data / f"{name}.json").read_text("utf-8"))[name]
    yield from sorted(rows, key=lambda row: (row.get("wilaya_code") or row["code"], row["nom_fr"]))
