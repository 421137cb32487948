"""The continents of countries, by which lists are narrowed (`continents.yml`)."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

import yaml

from ontology.namespaces import COUNTRY
from server.engine.results import Term
from server.graph.labels import Labels
from server.http.negotiation import LANGUAGES
from server.i18n import Voice

CONTINENTS = ("africa", "america", "asia", "europe", "oceania")
NAMESPACE = "urn:x-maillage:continent:"
"""Before a continent's name: it stands in lists as an entity does, and is none of the data."""


@lru_cache(maxsize=1)
def continents() -> Mapping[str, str]:
    """The continent of each country by its code; a code in no list has none."""
    table = yaml.safe_load(files("server.graph").joinpath("continents.yml").read_text("utf-8"))
    return {code: name for name in CONTINENTS for code in table[name].split()}


def continents_of(countries: Sequence[Term]) -> tuple[Term, ...]:
    """The continents of countries, each once, in the order of their names."""
    codes = (term.value.removeprefix(str(COUNTRY)) for term in countries)
    found = {continents()[code] for code in codes if code in continents()}
    return tuple(Term(f"{NAMESPACE}{name}") for name in sorted(found))


def continent_labels() -> Labels:
    """The names of the continents in the languages of the pages."""
    return {
        f"{NAMESPACE}{name}": [
            Term(Voice(language)(f"continent.{name}"), "literal", language)
            for language in LANGUAGES
        ]
        for name in CONTINENTS
    }
