"""Makes the snapshot of ISO 3166-2 anew, from the package iso3166-2."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from loaders.sources.snapshots import write_table

PACKAGE = "iso3166-2==1.8.4"
PACKAGES = (PACKAGE,)

COUNTRIES = {
    "BF": "BFA", "CI": "CIV", "CM": "CMR", "DZ": "DZA", "GN": "GIN", "HT": "HTI", "MA": "MAR",
    "MG": "MDG", "ML": "MLI", "MR": "MRT", "NE": "NER", "SN": "SEN", "TG": "TGO", "TN": "TUN",
}  # fmt: skip
SCRIPTS = {"ara": r"[\u0600-\u06ff\s-]+", "wol": r".+"}
"""The languages taken from the list's local names, and the script of each."""

COLUMNS = ("country", "level", "code", "parent", "fr", "ar", "wo")

LEFT_OUT = {("MA", "Prefecture"), ("MA", "Province")}
"""Levels that another register has, whose codes nothing ties to this list's."""


def refresh(packages: Mapping[str, Path], folder: Path) -> None:
    """Writes `source/subdivisions.csv`: codes, levels and names of the list."""
    content = json.loads((packages[PACKAGE] / "iso3166-2.json").read_text("utf-8"))
    write_table(folder, "subdivisions.csv", COLUMNS, _divisions(content))


def _divisions(content: dict[str, dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    for alpha2, country in COUNTRIES.items():
        for code, row in content[alpha2].items():
            if (alpha2, row["type"]) not in LEFT_OUT:
                local = _local(row["localOtherName"] or "")
                yield country, row["type"], code, row["parentCode"] or "", row["name"], *local


def _local(names: str) -> Iterator[str]:
    """The first name in each language, of `Ndakaaru (wol), Dakar (eng)`."""
    stated = re.findall(r"([^(),]+) \((\w+)\)", names)
    for language, script in SCRIPTS.items():
        yield next(
            (
                name.strip()
                for name, stated_language in stated
                if stated_language == language and re.fullmatch(script, name)
            ),
            "",
        )
