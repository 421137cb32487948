"""Countries by the French names that pages give them, read from the `countries` dataset."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from loaders.datasets.atlas.labels import folded
from loaders.model.values import Ref

_LONGEST = 10  # words of a country's name: those of the United Kingdom
FRANCE = Ref("country/FRA")
_OF_THE_NAME = {
    "de", "du", "des", "la", "le", "les", "en", "au", "aux", "et", "d", "l", "-", "–", "/",
}  # fmt: skip
"""The words that make a country after them a part of the name: `Union des communes du Togo`."""


def country(name: str) -> Ref | None:
    """The country that a cell names, or None."""
    code = _countries().get(_words(name))
    return Ref(f"country/{code}") if code else None


def closing_country(row: str) -> tuple[str, Ref | None]:
    """A row without column marks, as the name and the country whose name closes it.

    The longest known country name at the end is taken. None, and the whole row as the name, where
    no country ends it or where the country belongs to the name.

    >>> closing_country("Fada N'Gourma Burkina Faso")
    ("Fada N'Gourma", Ref(target='country/BFA'))
    >>> closing_country("Union des communes du Togo")
    ('Union des communes du Togo', None)
    """
    words = row.split()
    for start in range(max(1, len(words) - _LONGEST), len(words)):
        if found := country(" ".join(words[start:])):
            before = folded(words[start - 1].replace("'", " ").replace("’", " ")).split()
            if before and before[-1] in _OF_THE_NAME:
                return row, None
            return " ".join(words[:start]).rstrip(" ,;"), found
    return row, None


def country_beside(name: str) -> Ref | None:
    """The country that a name gives at its end: after a hyphen, a comma, or within brackets.

    >>> country_beside("Association Exemple (AE) - Mali")
    Ref(target='country/MLI')
    """
    for mark in (" - ", " – ", ", "):
        if mark in name and (found := country(name.rpartition(mark)[2])):
            return found
    return country(name.rpartition("(")[2][:-1]) if name.endswith(")") else None


@cache
def _countries() -> Mapping[str, str]:
    table = files("loaders") / "datasets" / "countries" / "source" / "countries.csv"
    names: dict[str, str] = {}
    for row in csv.DictReader(table.read_text("utf-8").splitlines(), delimiter=";"):
        for name in (row["fr"], *row["fr_other"].split("|")):
            names.setdefault(_words(name), row["code"])
    names.pop("", None)
    return MappingProxyType(names)


def _words(name: str) -> str:
    # "Viêt Nam", "Viet-Nam" and "VIET NAM" are one name.
    return " ".join(folded(name).replace("-", " ").replace("'", " ").split())
