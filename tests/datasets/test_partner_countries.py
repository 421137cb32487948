"""The registers of countries other than France: what ships, and that they agree."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from functools import cache

import pytest

from loaders.model.records import Authority, Organisation, Place
from loaders.model.values import PartialDate, Ref, Text
from loaders.progress import Silent
from loaders.sources.dataset import registrations
from loaders.sources.issue_log import IssueLog
from loaders.sources.reading import Sources, read

REGISTERS = ("algeria", "benin", "geonames", "morocco", "subdivisions")

Things = dict[str, Authority | Place]


@cache
def shipped(name: str) -> tuple[Things, IssueLog]:
    """The divisions of a dataset by `{segment}/{key}`, and what became of the rows."""
    outcome = read(registrations()[name], Sources(), Silent())
    (record,) = outcome.records
    things = [entity for entity in record.entities if isinstance(entity, Authority | Place)]
    assert len(things) == len(record.entities)
    found = {f"{thing.SEGMENT}/{thing.key}": thing for thing in things}
    assert len(found) == len(things), "two divisions have one address"
    return found, outcome.issues


def authority(name: str, key: str) -> Authority:
    found = shipped(name)[0][f"authority/{key}"]
    assert isinstance(found, Authority)
    return found


def kinds(name: str) -> Counter[str]:
    things = shipped(name)[0].values()
    return Counter(
        thing.kind.target.rpartition("/")[2] if isinstance(thing, Authority) and thing.kind else ""
        for thing in things
    )


@pytest.mark.parametrize("name", REGISTERS)
def test_the_counts_of_a_register_are_those_of_its_description(name: str) -> None:
    _, issues = shipped(name)
    counts = {level: count for level, count in issues.counts.items() if level != "files"}
    assert {"records": 1, **counts} == registrations()[name].dataset.counts
    assert (issues.lines["refused"], issues.lines["unknown"]) == (0, 0)
    assert not [note for note in issues.notes if note.level != "info"]


@pytest.mark.parametrize("name", REGISTERS)
def test_everything_lies_within_something_that_is_known_and_in_its_country(name: str) -> None:
    everything = {**shipped("subdivisions")[0], **shipped(name)[0]}
    for thing in shipped(name)[0].values():
        for parent in thing.within:
            assert everything[parent.target].country == thing.country


@pytest.mark.parametrize("name", REGISTERS)
def test_a_kind_is_one_of_the_country(name: str) -> None:
    for thing in shipped(name)[0].values():
        if isinstance(thing, Authority):
            assert thing.kind
            assert thing.country
            country = thing.country.target.rpartition("/")[2].lower()
            assert thing.kind.target.startswith(f"concept/kind/{country}-")


def test_morocco_has_its_communes_and_no_authority_of_what_has_no_legal_personality() -> None:
    assert kinds("morocco") == {
        "mar-region": 12,
        "mar-prefecture": 13,
        "mar-province": 62,
        "mar-commune-urbaine": 242,
        "mar-commune-rurale": 1261,
        "": 213 + 8 + 41,  # cercles, prefectures of arrondissements, arrondissements
    }


def test_a_moroccan_commune_has_both_names_its_code_and_its_census_figures() -> None:
    smimou = authority("morocco", "mar-hcp-07.211.05.39")
    assert smimou.names == (Text("Smimou"), Text("سميمو", "ar"))
    assert smimou.kind == Ref("concept/kind/mar-commune-rurale")
    assert smimou.identifiers[0].notation == "07.211.05.39"
    assert smimou.within == (Ref("place/mar-hcp-07.211.05"),)
    assert [(figure.date, figure.value) for figure in smimou.figures] == [
        (PartialDate("2014"), Decimal(8026)),
        (PartialDate("2024"), Decimal(8883)),
    ]


def test_four_moroccan_communes_have_no_population_of_2014() -> None:
    communes = [
        thing
        for thing in shipped("morocco")[0].values()
        if isinstance(thing, Authority) and thing.kind and "commune" in thing.kind.target
    ]
    alone = {thing.names[0].value for thing in communes if len(thing.figures) == 1}
    assert alone == {"Mijik", "Lagouira", "Aghouinite", "Zoug"}


def test_a_province_is_found_by_its_name_alone_where_all_towns_are_known() -> None:
    essaouira = authority("morocco", "mar-hcp-07.211")
    assert essaouira.names == (Text("Province d'Essaouira"), Text("إقليم الصويرة", "ar"))
    assert Text("Essaouira") in essaouira.other_names


def test_the_communes_of_benin_are_its_only_authorities() -> None:
    assert kinds("benin") == {"ben-commune": 77, "": 12 + 546}
    ouidah = authority("benin", "ben-name-ouidah")
    assert ouidah.within == (Ref("place/ben-iso-BJ-AQ"),)
    assert Text("Seme-Podji") in authority("benin", "ben-name-seme-kpodji").other_names


def test_algeria_has_its_wilayas_and_communes_and_its_dairas_are_places() -> None:
    assert kinds("algeria") == {"dza-wilaya": 69, "dza-commune": 1541, "": 591}
    bejaia = authority("algeria", "dza-name-06-bejaia")
    assert bejaia.names == (Text("Bejaia"), Text("بجاية", "ar"))
    assert bejaia.within == (Ref("place/dza-name-06-daira-bejaia"),)


def test_a_wilaya_keeps_one_key_in_both_registers_that_have_it() -> None:
    ours, iso = authority("algeria", "dza-wilaya-06"), authority("subdivisions", "dza-wilaya-06")
    assert (ours.names[0].value, iso.names[0].value) == ("Wilaya de Bejaia", "Wilaya de Béjaïa")
    assert (ours.identifiers[0].notation, iso.identifiers[0].notation) == ("06", "DZ-06")


def test_a_moroccan_region_gets_its_iso_code_under_its_own_key() -> None:
    codes = {f"mar-hcp-{n:02d}": f"MA-{n:02d}" for n in range(1, 13)}
    for key, code in codes.items():
        assert authority("subdivisions", key).identifiers[0].notation == code
        assert f"authority/{key}" in shipped("morocco")[0]


def test_the_subdivisions_of_the_iso_list_are_what_their_law_makes_them() -> None:
    assert kinds("subdivisions") == {
        "bfa-region": 13,
        "civ-district-autonome": 2,
        "cmr-region": 10,
        "dza-wilaya": 58,
        "gin-region": 7,
        "hti-departement": 10,
        "mar-region": 12,
        "mdg-province": 6,
        "mli-district": 1,
        "mli-region": 10,
        "mrt-region": 12,
        "ner-region": 7,
        "ner-ville": 1,
        "sen-region": 14,
        "tgo-region": 5,
        "tun-gouvernorat": 24,
        "": 45 + 12 + 34 + 15 + 14,  # BFA, CIV, GIN, MRT, SEN
    }


def test_a_region_of_senegal_ended_as_an_authority_and_stays_as_a_territory() -> None:
    matam = authority("subdivisions", "sen-iso-SN-MT")
    assert (matam.end, matam.within) == (PartialDate("2013"), (Ref("place/sen-iso-SN-MT"),))
    kanel = authority("geonames", "sen-geonames-SN.15.9166367")
    assert (kanel.start, kanel.within) == (PartialDate("2013"), (Ref("place/sen-iso-SN-MT"),))


def test_a_prefecture_of_togo_ended_as_an_authority_and_stays_as_a_territory() -> None:
    kozah = authority("geonames", "tgo-geonames-TG.23.2365382")
    assert kozah.names == (Text("Préfecture de la Kozah"),)
    assert (kozah.kind, kozah.end) == (Ref("concept/kind/tgo-prefecture"), PartialDate("2019"))
    assert kozah.within == (Ref("place/tgo-geonames-TG.23.2365382"),)


def test_a_name_of_cameroon_is_french_with_its_article() -> None:
    assert authority("subdivisions", "cmr-iso-CM-EN").names == (Text("Région de l'Extrême-Nord"),)


def test_where_communes_are_not_known_the_name_of_a_town_names_no_larger_division() -> None:
    for name in ("geonames", "subdivisions"):
        for thing in shipped(name)[0].values():
            if isinstance(thing, Authority) and thing.country not in (
                Ref("country/DZA"),
                Ref("country/MAR"),
            ):
                cities = thing.kind == Ref("concept/kind/ner-ville")
                assert cities or thing.other_names == ()
    assert authority("geonames", "sen-geonames-SN.07.2244804").names == (
        Text("Département de Thiès"),
    )


def test_authorities_that_were_listed_by_hand_keep_their_keys() -> None:
    outcome = read(registrations()["curated"], Sources(), Silent())
    by_hand = {
        thing.key: thing
        for record in outcome.records
        for thing in record.entities
        if isinstance(thing, Organisation)
    }
    bamako, kedougou = "mli-name-district-de-bamako", "sen-name-departement-de-kedougou"
    assert authority("subdivisions", bamako).names == by_hand[bamako].names
    assert authority("subdivisions", bamako).identifiers[0].notation == "ML-BKO"
    assert authority("geonames", kedougou).names == by_hand[kedougou].names
    registered = {
        name: thing.key
        for register in REGISTERS
        for thing in shipped(register)[0].values()
        if isinstance(thing, Authority)
        for name in thing.names
    }
    for key, thing in by_hand.items():
        if isinstance(thing, Authority) and thing.names and thing.country != Ref("country/FRA"):
            assert registered.get(thing.names[0], key) == key


@pytest.mark.parametrize("name", REGISTERS)
def test_an_arabic_name_is_in_arabic_script(name: str) -> None:
    names = [text for thing in shipped(name)[0].values() for text in thing.names]
    arabic = [text.value for text in names if text.language == "ar"]
    assert all("\u0600" <= letter <= "\u06ff" for text in arabic for letter in text[:1])
    assert bool(arabic) == (name in ("algeria", "morocco", "subdivisions"))
