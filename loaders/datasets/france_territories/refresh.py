"""Makes the snapshot of régions, départements and overseas collectivités anew, from two packages.

The régions of today and the départements come from the register of 2026; the régions that the law
of 16 January 2015 merged come from a list of ISO 3166-2 of 2016, which still has them, and which
tells the former région of each département.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from loaders.datasets.france_territories.loader import TABLE
from loaders.sources.snapshots import write_table

REGISTER = "@etalab/decoupage-administratif@6.0.0"
ISO = "pycountry==16.11.27.1"
PACKAGES = (REGISTER, ISO)

MERGED = "2016-01-01"
"""The day on which the merged régions took the place of the former ones."""

FORMER = {
    "A": ("42", "1"),
    "B": ("72", "1"),
    "C": ("83", "1"),
    "D": ("26", "0"),
    "G": ("21", "0"),
    "I": ("43", "0"),
    "K": ("91", "2"),
    "L": ("74", "2"),
    "M": ("41", "0"),
    "N": ("73", "0"),
    "O": ("31", "2"),
    "P": ("25", "0"),
    "Q": ("23", "0"),
    "S": ("22", "0"),
    "T": ("54", "0"),
    "V": ("82", "0"),
}
"""INSEE's code of each former région, and its article as INSEE numbers them, by the code of ISO."""

NATURES = {
    "02": "fra-collectivite-territoriale",  # Martinique
    "03": "fra-collectivite-territoriale",  # Guyane
    "06": "fra-collectivite-territoriale",  # Mayotte
    "94": "fra-collectivite-territoriale",  # Corse
    "984": "",  # administered by the State
    "989": "",  # without inhabitants
}
"""What is not a région, or not a collectivité, as the others of its list are."""


def refresh(packages: Mapping[str, Path], folder: Path) -> None:
    """Writes `source/territories.csv` and its checksum, from the unpacked packages."""
    data = packages[REGISTER] / "data"
    regions = json.loads((data / "regions.json").read_text("utf-8"))
    departments = json.loads((data / "departements.json").read_text("utf-8"))
    (table,) = packages[ISO].rglob("databases/iso3166-2.json")
    listed = json.loads(table.read_text("utf-8"))["3166-2"]
    iso = {row["code"][3:]: row for row in listed if row["code"].startswith("FR-")}
    rows = [*_regions(regions, departments, iso), *_departments(departments, iso)]
    columns = [column.name for column in TABLE]
    cells = ([row.get(column, "") for column in columns] for row in rows)
    write_table(folder, "territories.csv", columns, cells)


def _regions(
    regions: list[dict[str, Any]], departments: list[dict[str, Any]], iso: dict[str, Any]
) -> Iterator[dict[str, str]]:
    current = {row["code"]: row["region"] for row in departments}
    heirs = {row["parent"]: current[code] for code, row in iso.items() if row.get("parent")}
    former_names = {
        heir: iso[letter]["name"] for letter, heir in heirs.items() if letter not in FORMER
    }
    merged = {heirs[letter] for letter in FORMER}
    for letter, (code, article) in FORMER.items():
        yield {
            "type": "REG",
            "code": code,
            "nom": iso[letter]["name"].replace(" - ", "-"),
            "article": article,
            "nature": "fra-region",
            "iso": f"FR-{letter}",
            "fin": MERGED,
            "successeur": heirs[letter],
        }
    for row in regions:
        overseas = row["zone"] == "com"
        kind = "fra-collectivite-outre-mer" if overseas else "fra-region"
        yield {
            "type": "COM" if overseas else "REG",
            "code": row["code"],
            "nom": row["nom"],
            "ancien_nom": _changed(row["nom"], former_names.get(row["code"], "")),
            "article": str(row["typeLiaison"]),
            "nature": NATURES.get(row["code"], kind),
            "debut": MERGED if row["code"] in merged else "",
        }


def _changed(name: str, former: str) -> str:
    """The name of 2016, where it was another: Centre."""
    return "" if former == name else former


def _departments(
    departments: list[dict[str, Any]], iso: dict[str, Any]
) -> Iterator[dict[str, str]]:
    for row in departments:
        if row["zone"] != "com":  # those are in the list of régions as well
            yield {
                "type": "DEP",
                "code": row["code"],
                "nom": row["nom"],
                "article": str(row["typeLiaison"]),
                "nature": "fra-departement",
                "iso": f"FR-{row['code']}" if row["code"] in iso else "",
                "region": row["region"],
            }
