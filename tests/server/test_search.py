"""Searches as people type them: what they find, in which order, and how it is narrowed."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from loaders.build.index import write_index
from server.graph.search import Filters, find, has_index

SEARCHES = Path(__file__).with_name("searches.tsv")
"""What people type, its sort, and the first thing that it must find: by what the registers, the
laws and the sources say, not by what the search gives."""
FIRST, FIVE = 0.95, 0.99

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


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Mairie d'Évry", "b"),
        ("évry (essonne)", "a"),
        ("91 228", "a"),
        ("yonne evyr", "b"),
        ("esson", "one"),
    ],
)
def test_words_of_an_office_or_around_and_groups_of_digits_are_seen_through(index, text, first):
    assert keys(index, text)[0] == first


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
    lines = SEARCHES.read_text("utf-8").splitlines()
    places = {}
    for line in lines:
        if not line.startswith("#"):
            _, text, key = line.split("\t")
            hits = [hit.iri for hit in find(index, text, limit=5).hits]
            places[text] = next((n for n, iri in enumerate(hits) if iri.endswith(f"/{key}")), 5)
    assert len(places) >= 250
    late = {text: place for text, place in places.items() if place}
    assert len(late) <= (1 - FIRST) * len(places), late
    missing = [text for text, place in places.items() if place == 5]
    assert len(missing) <= (1 - FIVE) * len(places), missing
