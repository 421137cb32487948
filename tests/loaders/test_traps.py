"""Names that have misled somebody, against the registers that ship."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

from loaders.identity.parties import PartyResolver
from loaders.identity.resolution import Authorities, Context
from loaders.model.records import Party
from loaders.model.values import Ref
from loaders.progress import Silent
from loaders.sources.dataset import registrations
from loaders.sources.reading import Sources, read

ATLAS = Path(__file__).parents[3] / "shared" / "sources" / "atlas"


@pytest.fixture(scope="module")
def authorities() -> Authorities:
    reads = [read(known, Sources(), Silent()) for known in registrations().values()]
    return Authorities(
        e for outcome in reads for record in outcome.records for e in record.entities
    )


def resolved(authorities: Authorities, name: str, country: str, year: int | None) -> str:
    """The key that is found, else the method."""
    context = Context()
    if year:
        days = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
        context = Context(earliest=days[0], latest=days[1])
    party = Party(name=name, country=Ref(f"country/{country}"), authority=True)
    found = authorities.resolve(party, context)
    return found.iri.rpartition("/")[2] if found.iri else found.method


@pytest.mark.parametrize(
    ("name", "country", "year", "expected"),
    [
        # Évry merged in 2019; another has 402 inhabitants.
        ("Evry", "FRA", 2010, "fra-cog-91228"),
        ("Ville d'Evry", "FRA", 2010, "fra-cog-91228"),
        ("Evry", "FRA", 2022, "ambiguous"),
        ("Évry (89)", "FRA", 2010, "fra-cog-89162"),
        ("Évry-Courcouronnes", "FRA", 2022, "fra-cog-91228-2019"),
        ("Courcouronnes", "FRA", 2010, "fra-cog-91182"),
        ("Évry-Petit-Bourg", "FRA", 1960, "fra-cog-91228"),
        ("CA Evry Centre Essonne", "FRA", 2010, "fra-siren-249100348"),
        ("CA Evry Centre Essonne", "FRA", 2020, "does-not-fit"),
        # Four communes, two of them large towns.
        ("Saint-Denis", "FRA", None, "ambiguous"),
        ("Saint-Denis (93)", "FRA", 2010, "fra-cog-93066"),
        ("Saint-Denis (93)", "FRA", None, "fra-cog-93066-2025"),
        ("Saint-Denis (Réunion)", "FRA", None, "fra-cog-97411"),
        ("St Denis, Seine-Saint-Denis", "FRA", 2010, "fra-cog-93066"),
        ("Etaules", "FRA", None, "ambiguous"),
        ("Etaules (Charente-Maritime)", "FRA", None, "fra-cog-17155"),
        ("Pierrefitte", "FRA", None, "ambiguous"),
        ("Valence", "FRA", None, "fra-cog-26362"),
        # Names that only look alike.
        ("Reims Metropol", "FRA", 2010, "unknown"),
        ("Dijon-Métropole Ouest", "FRA", 2020, "unknown"),
        ("Communauté de communes de Brest", "FRA", 2020, "does-not-fit"),
        # Words beside the name.
        ("Ville du Havre", "FRA", None, "fra-cog-76351"),
        ("Conseil départemental de l’Isère", "FRA", 2020, "fra-dep-38"),
        ("Isère", "FRA", 2020, "fra-dep-38"),
        ("Région Rhône-Alpes", "FRA", 2010, "fra-reg-82"),
        ("Rhône-Alpes", "FRA", 2010, "fra-reg-82"),
        ("CU d'Arras", "FRA", 2020, "fra-siren-200033579"),
        ("Vienne", "FRA", None, "ambiguous"),
        ("Paris", "FRA", None, "fra-cog-75056-2019"),
        ("Paris", "FRA", 2005, "fra-cog-75056"),
        ("Ville de Paris", "FRA", 2022, "fra-cog-75056-2019"),
        ("Strasbourg (67)", "FRA", 2022, "fra-cog-67482"),
        ("Lyon (Rhône)", "FRA", 2022, "fra-cog-69123"),
        ("Conseil général du Bas-Rhin", "FRA", 2010, "fra-dep-67"),
        ("Bas-Rhin", "FRA", None, "fra-dep-67"),
        ("Yvelines", "FRA", 2010, "fra-dep-78-1968"),
        ("Seine-et-Oise", "FRA", 1960, "fra-dep-78"),
        ("Martinique", "FRA", None, "fra-ctcd-972r"),
        ("Région Martinique", "FRA", 2010, "fra-reg-02"),
        ("Corse", "FRA", 2022, "fra-ctcd-20r"),
        ("Saint-Martin (Guadeloupe)", "FRA", 1990, "fra-cog-97127"),
        # A name changes with a merger, or without one.
        ("Annecy", "FRA", 2010, "fra-cog-74010"),
        ("Annecy", "FRA", 2020, "fra-cog-74010-2017"),
        ("Châlons-sur-Marne", "FRA", 1990, "fra-cog-51108"),
        ("Seynod (Annecy)", "FRA", None, "fra-cog-74268"),
        # One name in two countries, or at several levels of one.
        ("Kayes", "MLI", 2010, "mli-name-commune-urbaine-de-kayes"),
        ("Kayes", "COG", 2010, "unknown"),
        ("Rabat", "MLT", None, "unknown"),
        ("Département de Kédougou", "SEN", 2018, "sen-name-departement-de-kedougou"),
    ],
)
def test_a_name_that_has_misled_others(
    authorities: Authorities, name: str, country: str, year: int | None, expected: str
) -> None:
    assert resolved(authorities, name, country, year) == expected


def test_the_same_name_in_morocco_is_found_in_both_its_scripts(authorities: Authorities) -> None:
    latin, arabic = (resolved(authorities, name, "MAR", None) for name in ("Essaouira", "الصويرة"))
    assert latin == arabic


EXPECTED = {
    "Ambassade de France à Bamako": "ambassade-de-france-a-bamako",
    "Ambassade de France à Dakar": "ambassade-de-france-a-dakar",
    "Ambassade de France à Niamey": "ambassade-de-france-a-niamey",
    "Ambassade de France à Ouagadougou": "ambassade-de-france-a-ouagadougou",
    "Cesson-Sévigné": "fra-cog-35051",
    "Chambéry": "fra-cog-73065",
    "Chinon": "fra-cog-37072",
    "Communauté d'agglomération d'Evry Centre Essonne": "fra-siren-249100348",
    "Commune Urbaine de Kayes": "mli-name-commune-urbaine-de-kayes",
    "Commune de Dankassari": "ner-name-dankassari",
    "Commune de Zorgho": "bfa-name-zorgho",
    "Conseil de Cercle de Kayes": "mli-geonames-ML.03.7701481",
    "Dakar": "sen-name-ville-de-dakar",
    "Dankassari": "ner-name-dankassari",
    "Département de Kédougou": "sen-name-departement-de-kedougou",
    "Département de l'Isère": "fra-dep-38",
    "Evry": "fra-cog-91228",
    "Grand Chambéry": "fra-siren-200069110",
    "Isère": "fra-dep-38",
    "Juvisy-sur-Orge": "fra-cog-91326",
    "Kayes": "mli-name-commune-urbaine-de-kayes",
    "Ministère de l'Europe et des Affaires étrangères": (
        "ministere-de-l-europe-et-des-affaires-etrangeres"
    ),
    "Ouahigouya": "bfa-name-ouahigouya",
    "Reims Métropole": "fra-name-reims-metropole",
    "Tenkodogo": "bfa-name-tenkodogo",
    "Ville d'Evry": "fra-cog-91228",
    "Ville de Cesson-Sévigné": "fra-cog-35051",
    "Ville de Chambéry": "fra-cog-73065",
    "Ville de Juvisy-sur-Orge": "fra-cog-91326",
    "Ville de Tenkodogo": "bfa-name-tenkodogo",
    "Zorgho": "bfa-name-zorgho",
}
"""The meanings of the names on the pages of the Atlas, decided by a person; no other is known."""


@pytest.mark.skipif(not ATLAS.exists(), reason="the pages of the Atlas are not here")
def test_no_name_on_the_pages_of_the_atlas_is_matched_wrongly(authorities: Authorities) -> None:
    known = registrations()["atlas"]
    outcome = read(known, Sources(replaced={"atlas": [ATLAS]}), Silent())
    assert len(outcome.records) == len(json.loads((ATLAS / "facts.json").read_text("utf-8")))
    found: dict[str, str] = {}
    for record in outcome.records:
        resolver = PartyResolver(authorities, "atlas", record, known.dataset.lookups)
        resolver.resolved()
        for resolution in resolver.resolutions.values():
            if resolution.iri:
                found[resolution.party.name] = resolution.iri.rpartition("/")[2]
    assert found == EXPECTED
