"""Makes the snapshot of the countries anew, from pycountry and from babel, which is installed."""

from __future__ import annotations

import csv
import importlib.resources
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from babel import Locale

from loaders.datasets.countries.loader import COLUMNS, OPTIONAL
from loaders.sources.snapshots import write_table

PACKAGES = ("pycountry==26.2.16",)

EU_EXCEPTIONS = {"XKX": ("1A0", "XK", "")}
"""Countries of the EU table without an official ISO 3166-1 code: alpha-3 in use, then the code of
the EU table, alpha-2 in use, numeric."""


def refresh(packages: Mapping[str, Path], folder: Path) -> None:
    """Writes `source/countries.csv` and its checksum: ISO 3166-1 and the EU's exceptions, by code.

    The other French names of a country are kept by hand, and taken from the present snapshot.
    """
    (table,) = packages[PACKAGES[0]].rglob("databases/iso3166-1.json")
    present = importlib.resources.files(__package__) / "source" / "countries.csv"
    rows = csv.DictReader(io.StringIO(present.read_text("utf-8")), delimiter=";")
    variants = {row["code"]: row[OPTIONAL] for row in rows}
    listed = json.loads(table.read_text("utf-8"))["3166-1"]
    write_table(folder, "countries.csv", [*COLUMNS, OPTIONAL], _rows(listed, variants))


def _rows(
    listed: Iterable[Mapping[str, str]], variants: Mapping[str, str]
) -> Iterator[tuple[str, ...]]:
    names = [Locale(language).territories for language in ("fr", "en", "ar")]
    for code, alpha2, alpha3, numeric in sorted(_codes(listed)):
        named = [language[alpha2] for language in names]
        yield code, alpha2, alpha3, numeric, *named, variants.get(code, "")


def _codes(listed: Iterable[Mapping[str, str]]) -> Iterator[tuple[str, str, str, str]]:
    for country in listed:
        alpha3 = country["alpha_3"]
        yield alpha3, country["alpha_2"], alpha3, country["numeric"]
    for alpha3, (code, alpha2, numeric) in EU_EXCEPTIONS.items():
        yield code, alpha2, alpha3, numeric
