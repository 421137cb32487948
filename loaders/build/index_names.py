"""The names of the things of a store: in every language, with their periods, and codes."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import pyoxigraph as ox

from loaders.build.folding import fold
from loaders.build.index_things import pairs
from ontology.namespaces import ADMS, COUNTRY, DCT, MLG, SKOS

PERIODS = """
PREFIX xl: <http://www.w3.org/2008/05/skos-xl#>
PREFIX mlg: <https://w3id.org/maillage/def#>
SELECT ?iri ?label ?since ?until WHERE {
  ?name xl:literalForm ?label .
  ?iri xl:prefLabel|xl:altLabel ?name .
  OPTIONAL { ?name mlg:start ?since }
  OPTIONAL { ?name mlg:end ?until }
}
"""

HOW = {
    str(SKOS.prefLabel): "preferred",
    str(DCT.title): "title",
    str(SKOS.altLabel): "other",
    str(MLG.acronym): "acronym",
    str(MLG.nameAsStated): "stated",
}
"""The properties that name a thing, the best first, and what the index calls them."""


class Name(NamedTuple):
    """One name of a thing: the label, its language, and in which way it is its name."""

    label: str
    language: str
    how: str
    scheme: str = ""
    since: str = ""
    until: str = ""


def read_names(store: ox.Store) -> dict[str, list[Name]]:
    """All that is called something, with its names and codes, each once and the best first."""
    found: defaultdict[str, dict[Name, None]] = defaultdict(dict)
    for property_, how in HOW.items():
        for subject, label in pairs(store, property_):
            language = (label.language or "") if isinstance(label, ox.Literal) else ""
            if not language and any(name.label == label.value for name in found[subject]):
                continue
            found[subject].setdefault(Name(label.value, language, how))
    for row in solutions(store, PERIODS):
        if row[0].value in found:
            dates = [row[n].value if row[n] else "" for n in (2, 3)]
            name = Name(row[1].value, row[1].language or "", "period", "", *dates)
            if name.until:  # The one that it has is its preferred label already.
                found[row[0].value].setdefault(name)
    details = {
        what: {subject: value.value for subject, value in pairs(store, str(property_))}
        for what, property_ in (("scheme", DCT.type), ("since", MLG.start), ("until", MLG.end))
    }
    notations = {subject: value.value for subject, value in pairs(store, str(SKOS.notation))}
    for subject, identifier in pairs(store, str(ADMS.identifier)):
        code = notations.get(identifier.value)
        if code and subject in found:
            known = [details[what].get(identifier.value, "") for what in details]
            known[0] = known[0].rpartition("/")[2]
            found[subject].setdefault(Name(code, "", "code", *known))
    for subject in [iri for iri in found if iri.startswith(str(COUNTRY))]:
        found[subject].setdefault(Name(subject.removeprefix(str(COUNTRY)), "", "code"))
    return {iri: dated(list(names)) for iri, names in found.items() if names}


def dated(names: list[Name]) -> list[Name]:
    """The names without those of which a period is known as well."""
    periods = {fold(name.label) for name in names if name.how == "period"}
    others = {fold(name.label) for name in names if name.how in ("preferred", "acronym")}
    return [
        name
        for name in names
        if not (name.how in ("other", "stated") and fold(name.label) in periods | others)
        and not (name.how == "period" and fold(name.label) in others)
    ]


def solutions(store: ox.Store, text: str) -> list[ox.QuerySolution]:
    """The rows of a SELECT over the store, in order."""
    found = store.query(text)
    assert isinstance(found, ox.QuerySolutions)  # noqa: S101  a SELECT
    # Sorting here takes a second; ORDER BY in the store, a dozen.
    return sorted(found, key=lambda row: [str(each) for each in row])
