"""The country that a name means, in the words of French pages."""

from __future__ import annotations

import csv
import importlib.resources
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from loaders.model.iris import slug
from loaders.model.values import Ref


@cache
def by_french_name() -> Mapping[str, Ref]:
    """The country of each French name, folded by `loaders.model.iris.slug`.

    >>> by_french_name()["cote-d-ivoire"].target
    'country/CIV'
    """
    return MappingProxyType(
        {
            slug(name): Ref(f"country/{row['code']}")
            for row in table()
            for name in (row["fr"], *row["fr_other"].split("|"))
            if name
        }
    )


def named(name: str) -> Ref | None:
    """The country that a French name means, whatever its accents, capitals and apostrophes.

    >>> named("ETATS-UNIS"), named("Atlantide")
    (Ref(target='country/USA'), None)
    """
    return by_french_name().get(slug(name))


@cache
def iso3(country: Ref) -> str | None:
    """The ISO 3166-1 alpha-3 code in use for a country of the EU table; None for anything else.

    >>> iso3(Ref("country/MLI"))
    'MLI'
    """
    return next(
        (row["alpha3"] for row in table() if f"country/{row['code']}" == country.target), None
    )


@cache
def table() -> tuple[dict[str, str], ...]:
    """The rows of the table of countries."""
    folder = importlib.resources.files("loaders") / "datasets" / "countries" / "source"
    text = (folder / "countries.csv").read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines(), delimiter=";"))
