"""Searches as people type them, and the first thing that each must find over all that ships."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from loaders.build.index import write_index
from server.graph.search import Filters, find, has_index

EXPECTED = """
évry                            authority/fra-cog-91228
EVRY                            authority/fra-cog-91228
Évry (91)                       authority/fra-cog-91228
evry 89                         authority/fra-cog-89162
evry yonne                      authority/fra-cog-89162
Ville d'Évry                    authority/fra-cog-91228
Évry-Petit-Bourg                authority/fra-cog-91228
evry courcouronnes              authority/fra-cog-91228-2019
Évry–Courcouronnes              authority/fra-cog-91228-2019
courcouronnes                   authority/fra-cog-91182
91228                           authority/fra-cog-91228
78228                           authority/fra-cog-91228
210100012                       authority/fra-cog-01001
evry centre essonne             authority/fra-siren-249100348
communaute agglomeration evry   authority/fra-siren-249100348
marsielle                       authority/fra-cog-13055
marseile                        authority/fra-cog-13055
Marseille                       authority/fra-cog-13055
mars                            authority/fra-cog-42141
bordaux                         authority/fra-cog-33063
grenobel                        authority/fra-cog-38185
toulose                         authority/fra-cog-31555
nnates                          authority/fra-cog-44109
St Denis                        authority/fra-cog-93066-2025
saint-denis reunion             authority/fra-cog-97411
St-Denis 974                    authority/fra-cog-97411
ste marie martinique            authority/fra-cog-97228
st étienne                      authority/fra-cog-42218-1970
l'hay les roses                 authority/fra-cog-94038
lhay les roses                  authority/fra-cog-94038
L’Haÿ-les-Roses                 authority/fra-cog-94038
oeuilly aisne                   authority/fra-cog-02565
paris                           authority/fra-cog-75056-2019
lyon                            authority/fra-cog-69123
lille                           authority/fra-cog-59350
strasb                          authority/fra-cog-67482
essonne                         authority/fra-dep-91
departement essonne             authority/fra-dep-91
ille et vilaine                 authority/fra-dep-35
Région Bretagne                 authority/fra-reg-53
bretagne                        authority/fra-reg-53
occitanie                       authority/fra-reg-76
Haute-Normandie                 authority/fra-reg-23
MLI                             country/MLI
mali                            country/MLI
Mali                            country/MLI
senegal                         country/SEN
madagascar                      country/MDG
burkina                         country/BFA
kayes                           authority/mli-name-commune-urbaine-de-kayes
région de kayes                 authority/mli-iso-ML-1
cercle de kayes                 authority/mli-geonames-ML.03.7701481
commune v bamako                authority/mli-name-commune-v-du-district-de-bamako
Dakar                           authority/sen-name-ville-de-dakar
dakar senegal                   authority/sen-name-ville-de-dakar
AMM                             organisation/association-des-municipalites-du-mali
AMBF                            organisation/association-des-municipalites-du-burkina-faso
ANCI                            organisation/association-nationale-des-communes-italiennes
municipalités du mali           organisation/association-des-municipalites-du-mali
Comuni Italiani                 organisation/association-nationale-des-communes-italiennes
ambassade ouagadougou           organisation/ambassade-de-france-a-ouagadougou
ouagadougu                      authority/bfa-name-ouagadougou
heidelbreg                      authority/deu-name-heidelberg
الجزائر                         country/DZA
أكادير                          authority/mar-hcp-09.001.01.01
اكادير                          authority/mar-hcp-09.001.01.01
المغرب                          country/MAR
السنغال                         country/SEN
09.001.01.01                    authority/mar-hcp-09.001.01.01
090010101                       authority/mar-hcp-09.001.01.01
ML-1                            authority/mli-iso-ML-1
eau et assainissement           concept/theme/eau-et-assainissement
"""

SMALL = """
@base <https://w3id.org/maillage/id/authority/> .
@prefix id: <https://w3id.org/maillage/id/authority/> .
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix mlg: <https://w3id.org/maillage/def#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xl: <http://www.w3.org/2008/05/skos-xl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix country: <http://publications.europa.eu/resource/authority/country/> .
country:FRA skos:prefLabel "France"@fr , "France"@en .
id:one a mlg:IntermediateAuthority ; skos:prefLabel "Essonne"@fr .
id:two a mlg:IntermediateAuthority ; skos:prefLabel "Yonne"@fr .
id:a a mlg:Municipality ; skos:prefLabel "Évry"@fr ; mlg:within id:one ; mlg:country country:FRA ;
  mlg:end "2018-12-31"^^xsd:date ; mlg:succeededBy id:c ; adms:identifier id:code ;
  xl:altLabel [] , id:petit .
id:petit xl:literalForm "Évry-Petit-Bourg"@fr ; mlg:end "1965-06-29"^^xsd:date .
id:code skos:notation "91228" ; mlg:end "2018-12-31"^^xsd:date ;
  dct:type <https://w3id.org/maillage/id/concept/identifier-scheme/fra-cog> .
id:b a mlg:Municipality ; skos:prefLabel "Évry"@fr ; mlg:within id:two .
id:c a mlg:Municipality ; skos:prefLabel "Évry-Courcouronnes"@fr ; mlg:within id:one .
<../project/wells> a mlg:Project ; skos:prefLabel "Puits d'Évry"@fr ; mlg:hasParticipant id:b ;
  mlg:start "1998"^^xsd:gYear ; mlg:theme <../concept/theme/water> .
<../funding/wells> mlg:fundingOf <../project/wells> .
<../concept/theme/water> skos:prefLabel "Eau"@fr .
id:x skos:prefLabel "Heidelberg" ;
  mlg:resolution <https://w3id.org/maillage/id/concept/resolution/unresolved> .
"""
AUTHORITY = "https://w3id.org/maillage/id/authority/"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of a few namesakes."""
    store = ox.Store()
    store.load(SMALL, ox.RdfFormat.TURTLE)
    path = tmp_path_factory.mktemp("index") / "names.sqlite"
    write_index(path, store)
    return path


def keys(index: Path, text: str, **asked: str) -> list[str]:
    return [hit.iri.removeprefix(AUTHORITY) for hit in find(index, text, Filters(**asked)).hits]


def test_namesakes_are_told_apart_by_place_and_period(index):
    found = find(index, "evry").hits
    assert [(hit.place.removeprefix(AUTHORITY), hit.until) for hit in found] == [
        ("two", ""),
        ("one", "2018-12-31"),
        ("one", ""),
        ("", ""),
    ]


def test_a_former_authority_leads_to_its_heir(index):
    assert [hit.heirs for hit in find(index, "evry essonne").hits] == [(f"{AUTHORITY}c",), ()]


def test_a_former_name_says_until_when(index):
    hit = find(index, "petit bourg").hits[0]
    assert (hit.iri, hit.how, hit.name_until) == (f"{AUTHORITY}a", "period", "1965-06-29")


def test_a_code_finds_its_holder_with_the_period(index):
    hit = find(index, "91228").hits[0]
    told = (hit.how, hit.scheme, hit.label, hit.name_until)
    assert told == ("code", "fra-cog", "91228", "2018-12-31")


@pytest.mark.parametrize("text", ["heidelberg", "HEIDELBEGR", "heidlberg", "delberg"])
def test_typing_errors_are_forgiven_and_an_unresolved_name_is_found_as_such(index, text):
    assert [hit.unresolved for hit in find(index, text).hits] == [True]


def test_what_is_found_can_be_narrowed_to_a_kind_and_a_country(index):
    france = "http://publications.europa.eu/resource/authority/country/FRA"
    found = find(index, "evry", Filters(country=france))
    assert ([hit.iri for hit in found.hits], found.kinds) == (
        [f"{AUTHORITY}a"],
        {"Municipality": 1},
    )
    assert keys(index, "essonne", kind="IntermediateAuthority") == ["one"]
    assert keys(index, "evry", kind="Agreement") == []


def test_what_takes_part_in_a_tie_is_found_by_its_theme_years_and_money(index):
    found = find(index, "evry")
    theme = "https://w3id.org/maillage/id/concept/theme/water"
    assert (found.themes, found.decades, found.funded) == ({theme: 2}, {1990: 2}, 2)
    wells = ["b", "https://w3id.org/maillage/id/project/wells"]
    assert keys(index, "evry", theme=theme) == wells
    assert keys(index, "evry", decade=1990, funded=True) == wells
    narrowed = find(index, "evry", Filters(decade=1990, kind="Project"))
    assert (narrowed.total, narrowed.kinds) == (1, {"Municipality": 1, "Project": 1})
    contradicting = find(index, "evry", Filters(decade=2000, kind="Project"))
    assert (contradicting.total, contradicting.decades) == (0, {1990: 1})


@pytest.mark.parametrize(
    "text", ["", " ", '"', "*", "AND", "evry OR", "NEAR(a b)", "e" * 10_000, "ﷺ"]
)
def test_what_would_be_syntax_is_text(index, text):
    assert find(index, text).total <= 3


def test_an_index_of_another_layout_is_none(tmp_path):
    path = tmp_path / "names.sqlite"
    path.write_bytes(b"")
    assert not has_index(path)
    assert find(path, "evry").hits == ()


@pytest.mark.full
@pytest.mark.timeout(600)
def test_people_find_first_what_they_mean(built_home):
    index = built_home / "current/names.sqlite"
    wrong = {}
    for line in EXPECTED.strip().splitlines():
        text, key = line.rsplit(maxsplit=1)
        hits = find(index, text.strip()).hits
        first = hits[0].iri if hits else "nothing"
        if not first.endswith(f"/{key}"):
            wrong[text.strip()] = first
    assert wrong == {}
