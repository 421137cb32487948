"""The country that a list means, in English or in French, and the part of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from loaders.identity.stated_names import fold
from loaders.model.values import Ref
from loaders.registers.countries import table

ALSO = {
    "BIH": "Bosnia and Hercegovina",
    "CIV": "Ivory Coast",
    "COD": "Democratic Republic of the Congo",
    "CZE": "Czech Republic",
    "GBR": "England|Scotland|Wales|Northern Ireland|Great Britain|UK",
    "GEO": "Georgia (country)",
    "IRL": "Republic of Ireland",
    "MMR": "Burma",
    "STP": "São Tomé and Príncipe",
    "SUR": "Surinam",
    "TLS": "East Timor",
    "TUR": "Turkey",
    "VCT": "Saint Vincent and the Grenadines",
    "FSM": "Federated States of Micronesia",
    "USA": "USA|United States of America",
}
"""Names in English lists beside those of the Unicode CLDR."""


@dataclass(frozen=True)
class Stated:
    """The country that a cell states (None where it is not known), and a part of it."""

    country: Ref | None
    territory: str | None = None


def country(cell: str) -> Stated:
    """The country that a cell names, by itself or after one of its parts.

    A part that is a country of the table too (`Réunion, France`) counts as a part; the nations of
    the United Kingdom, which lists name or leave out as they please, as none.

    >>> country("England, United Kingdom")
    Stated(country=Ref(target='country/GBR'), territory=None)
    >>> country("Réunion, France").territory
    'Réunion'
    """
    part, comma, whole = (piece.strip() for piece in cell.rpartition(","))
    if comma and (found := _named(whole)):
        return Stated(found, None if _named(part) == found else part)
    return Stated(_named(cell))


def closing_country(name: str) -> tuple[str, Ref | None]:
    """A name without the country that closes it, and that country.

    >>> closing_country("Varna, Bulgaria")
    ('Varna', Ref(target='country/BGR'))
    """
    town, comma, last = (piece.strip() for piece in name.rpartition(","))
    found = _named(last) if comma else None
    return (town, found) if found else (name, None)


def _named(name: str) -> Ref | None:
    code = _names().get(_key(name))
    return Ref(f"country/{code}") if code else None


@cache
def _names() -> Mapping[str, str]:
    names: dict[str, str] = {}
    for row in table():
        also = ALSO.get(row["code"], "").split("|")
        for name in (row["en"], row["fr"], *row["fr_other"].split("|"), *also, row["alpha3"]):
            if name:
                names.setdefault(_key(name), row["code"])
    return MappingProxyType(names)


def _key(name: str) -> str:
    """Folded, with `&` and `and` as one."""
    return fold(name).replace("-and-", "-")
