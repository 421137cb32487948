"""The agent that a name means: on a handful of known agents, rule by rule."""

import datetime
from decimal import Decimal

import pytest

from loaders.identity.resolution import Authorities, Context
from loaders.model.records import (
    Authority,
    Figure,
    Geometry,
    Identifier,
    Organisation,
    Party,
)
from loaders.model.values import PartialDate, Point, Ref, Text
from ontology.namespaces import COUNTRY, ID

FRANCE, MALI, CONGO, SENEGAL = (Ref(f"country/{code}") for code in ("FRA", "MLI", "COG", "SEN"))


def authority(key, *names, country=FRANCE, kind="fra-commune", people=None, within=(), **more):
    texts = tuple(Text(name) for name in names)
    measure = Ref("concept/measure/population")
    return Authority(
        key=key,
        names=texts[:1],
        other_names=texts[1:],
        country=country,
        kind=Ref(f"concept/kind/{kind}") if kind else None,
        figures=(Figure(measure=measure, value=Decimal(people)),) if people else (),
        within=tuple(Ref(f"authority/{key}") for key in within),
        **more,
    )


def departement(code, name):
    key = f"fra-dep-{code}"
    identifiers = (Identifier(key=key, notation=code),)
    return authority(key, name, kind="fra-departement", identifiers=identifiers)


KNOWN = (
    departement("91", "Essonne"),
    departement("89", "Yonne"),
    departement("17", "Charente-Maritime"),
    departement("21", "Côte-d'Or"),
    authority("fra-cog-91228", "Évry", end=PartialDate("2018-12-31"), within=["fra-dep-91"],
              heirs=(Ref("authority/fra-cog-91228-2019"),)),
    authority("fra-cog-91182", "Courcouronnes", end=PartialDate("2018-12-31"),
              heirs=(Ref("authority/fra-cog-91228-2019"),)),
    authority("fra-cog-91228-2019", "Évry-Courcouronnes", people=66919, within=["fra-dep-91"],
              start=PartialDate("2019-01-01")),
    authority("fra-cog-89162", "Évry", people=402, within=["fra-dep-89"]),
    authority("fra-comd-91228", "Évry", kind="fra-commune-deleguee",
              start=PartialDate("2019-01-01"), within=["fra-cog-91228-2019"]),
    authority("fra-cog-17155", "Étaules", people=2500, within=["fra-dep-17"]),
    authority("fra-cog-21255", "Étaules", people=390, within=["fra-dep-21"]),
    authority("fra-cog-76351", "Le Havre", people=166000),
    authority("fra-cog-17300", "La Rochelle", people=79851, within=["fra-dep-17"]),
    authority("fra-cog-25000", "Saint-Étienne-sur-Exemple"),
    authority("fra-siren-1", "CA du Pays Basque", "Communauté d'agglomération du Pays Basque",
              kind="fra-communaute-agglomeration"),
    authority("fra-siren-2", "Brest Métropole", kind="fra-metropole"),
    authority("mli-name-kayes", "Commune urbaine de Kayes", "Kayes", country=MALI,
              kind="mli-commune-urbaine"),
    authority("mli-name-region-de-kayes", "Région de Kayes", country=MALI, kind="mli-region"),
    authority("sen-name-dakar", "Ville de Dakar", "Dakar", country=SENEGAL, kind="sen-ville"),
    Organisation(key="ministry", names=(Text("Ministère de l'Exemple"),), country=FRANCE),
)  # fmt: skip
AUTHORITIES = Authorities(KNOWN)


def resolved(name, *, country=FRANCE, year=None, more=(), known=KNOWN, point=None, **context):
    authorities = AUTHORITIES if not more and known is KNOWN else Authorities((*known, *more))
    days = {}
    if year:
        days = {"earliest": datetime.date(year, 1, 1), "latest": datetime.date(year, 12, 31)}
    party = name if isinstance(name, Party) else Party(name=name, country=country, point=point)
    return authorities.resolve(party, Context(**days, **context))


def key(resolution):
    return resolution.iri.rpartition("/")[2] if resolution.iri else None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("LE HAVRE", "fra-cog-76351"),
        ("Ville du Havre", "fra-cog-76351"),
        ("Mairie du Havre", "fra-cog-76351"),
        ("Havre", "fra-cog-76351"),
        ("commune de la Rochelle", "fra-cog-17300"),
        ("La Rochelle (17)", "fra-cog-17300"),
        ("La Rochelle, Charente-Maritime", "fra-cog-17300"),
        ("Rochelle (La)", "fra-cog-17300"),
        ("St Etienne s/ Exemple", "fra-cog-25000"),
        ("Département de l’Essonne", "fra-dep-91"),
        ("Conseil général de l'Essonne", "fra-dep-91"),
        ("Essonne", "fra-dep-91"),
        ("Yonne", "fra-dep-89"),
        ("CA Pays Basque", "fra-siren-1"),
        ("Communauté d’agglomération du Pays Basque", "fra-siren-1"),
        ("Etaules (17)", "fra-cog-17155"),
        ("Étaules (Côte-d'Or)", "fra-cog-21255"),
    ],
)
def test_a_name_is_found_in_each_form_that_says_the_same(name, expected):
    assert key(resolved(name)) == expected


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("Reims Métropole", "unknown"),
        ("CA Evry Centre Essonne", "unknown"),
        ("Pays Basque", "unknown"),  # the region of that name is no grouping of communes
        ("Communauté de communes du Pays Basque", "does-not-fit"),
        ("Région de l'Essonne", "does-not-fit"),
        ("La Rochelle (93)", "does-not-fit"),
        ("Étaules", "ambiguous"),
        ("Étaule", "unknown"),
    ],
)
def test_a_name_that_does_not_tell_stays_unresolved(name, method):
    found = resolved(name)
    assert (found.iri, found.method, found.score) == (None, method, None)


def test_the_authority_of_the_records_date_is_meant():
    assert key(resolved("Evry", year=2010)) == "fra-cog-91228"
    assert key(resolved("Evry (91)", year=2010)) == "fra-cog-91228"
    assert key(resolved("Evry (89)", year=2010)) == "fra-cog-89162"
    assert key(resolved("Évry-Courcouronnes", year=2020)) == "fra-cog-91228-2019"
    assert resolved("Évry-Courcouronnes", year=2010).method == "does-not-fit"


def test_a_town_that_has_merged_is_not_mistaken_for_a_village_of_its_name():
    assert resolved("Évry", year=2020).method == "ambiguous"
    assert key(resolved("Évry")) == "fra-cog-91228"


def test_a_part_of_a_commune_is_not_meant_where_a_commune_bears_the_name():
    former = authority("fra-cog-74093", "Cran", end=PartialDate("2016-12-31"))
    part = authority("fra-comd-74093", "Cran", kind="fra-commune-deleguee")
    assert key(resolved("Cran", more=[former, part])) == "fra-cog-74093"
    assert key(resolved("Cran", more=[part])) == "fra-comd-74093"


def test_of_a_line_of_authorities_a_dated_record_means_the_one_of_its_first_day():
    old = authority("fra-cog-74010", "Annecy", end=PartialDate("2016-12-31"),
                    heirs=(Ref("authority/fra-cog-74010-2017"),))  # fmt: skip
    new = authority("fra-cog-74010-2017", "Annecy", start=PartialDate("2017-01-01"), people=132117)
    line = [old, new]
    span = {"earliest": datetime.date(2005, 1, 1), "latest": datetime.date(2020, 1, 1)}
    assert key(resolved("Annecy", more=line, **span)) == "fra-cog-74010"
    assert key(resolved("Annecy", more=line, year=2020)) == "fra-cog-74010-2017"
    assert key(resolved("Annecy", more=line)) == "fra-cog-74010-2017"


def test_a_departement_that_is_one_commune_is_that_commune():
    paris = authority("fra-cog-75056", "Paris", within=["fra-dep-75"])
    assert key(resolved("Paris", more=[paris, departement("75", "Paris")])) == "fra-cog-75056"


def test_a_departement_and_a_commune_of_one_name_are_an_ambiguity_unless_a_word_tells():
    more = [departement("86", "Vienne"), authority("fra-cog-38544", "Vienne", people=31778)]
    assert resolved("Vienne", more=more).method == "ambiguous"
    assert key(resolved("Ville de Vienne", more=more)) == "fra-cog-38544"
    assert key(resolved("Département de la Vienne", more=more)) == "fra-dep-86"


def test_the_territory_of_another_party_decides_between_namesakes():
    company = frozenset({f"{ID}authority/fra-cog-17300"})
    found = resolved("Étaules", company=company)
    assert (key(found), found.method) == ("fra-cog-17155", "company")
    assert found.evidence == "shares Charente-Maritime with another party"


def test_coordinates_decide_between_namesakes_and_refuse_what_lies_elsewhere():
    points = [
        Geometry(key="a", of=Ref("authority/fra-cog-17155"), point=Point(45.73, -1.1)),
        Geometry(key="b", of=Ref("authority/fra-cog-21255"), point=Point(47.41, 4.99)),
    ]
    assert key(resolved("Étaules", more=points, point=Point(45.74, -1.09))) == "fra-cog-17155"
    assert resolved("Étaules", more=points, point=Point(48.9, 2.4)).method == "does-not-fit"


def test_a_name_alone_means_the_town_that_dwarfs_its_namesakes():
    more = [authority("fra-cog-82186", "La Rochelle", people=7900)]
    assert resolved("La Rochelle", more=more).method == "population"
    more = [authority("fra-cog-82186", "La Rochelle", people=8000)]
    assert resolved("La Rochelle", more=more).method == "ambiguous"
    unknown = [authority("fra-cog-82186", "La Rochelle")]
    assert resolved("La Rochelle", more=unknown).method == "ambiguous"


def test_a_name_in_another_country_is_not_the_same():
    found = resolved(Party(name="Kayes", country=CONGO, authority=True))
    assert (found.iri, found.method) == (None, "unknown")  # nobody bears it there
    assert {each.objection for each in found.candidates} == {"in another country"}
    assert key(resolved("Kayes", country=MALI)) == "mli-name-kayes"
    assert key(resolved("Région de Kayes", country=MALI)) == "mli-name-region-de-kayes"


def test_a_bare_name_without_a_country_needs_the_record_to_name_the_country():
    senegal = frozenset({f"{COUNTRY}SEN"})
    assert resolved("Dakar", country=None).method == "does-not-fit"
    assert key(resolved("Dakar", country=None, countries=senegal)) == "sen-name-dakar"
    assert key(resolved("Ville de Dakar", country=None)) == "sen-name-dakar"


def test_an_acronym_without_a_country_is_no_commune():
    more = [authority("fra-cog-16018", "Ars")]
    france = frozenset({f"{COUNTRY}FRA"})
    assert resolved("ARS", country=None, countries=france, more=more).method == "does-not-fit"
    assert key(resolved("Ars", country=None, countries=france, more=more)) == "fra-cog-16018"


def test_a_local_authority_is_no_ministry():
    name = "Ministère de l'Exemple"
    assert resolved(Party(name=name, country=FRANCE, authority=True)).iri is None
    assert key(resolved("Ministère de l’Exemple")) == "ministry"


def test_a_decision_of_a_person_comes_first_in_the_country_that_it_names():
    lookups = {("evry", "FRA"): Ref("authority/fra-cog-89162")}
    found = resolved("Évry", year=2010, lookups=lookups)
    assert (key(found), found.method, found.score) == ("fra-cog-89162", "person", 1.0)
    assert resolved("Évry", country=MALI, lookups=lookups).iri is None


def test_candidates_come_with_the_reason_against_them():
    found = resolved("Evry (89)", year=2010)
    objections = {c.iri.rpartition("/")[2]: c.objection for c in found.candidates}
    assert objections == {
        "fra-cog-91228": "not known to lie in 89",
        "fra-cog-89162": None,
        "fra-comd-91228": "not known to lie in 89",
    }


def test_the_kind_and_the_territory_that_the_source_tells_choose_between_namesakes():
    more = [departement("86", "Vienne"), authority("fra-cog-38544", "Vienne", people=31778)]
    for kind, expected in (("departement", "fra-dep-86"), ("commune", "fra-cog-38544")):
        party = Party(name="Vienne", country=FRANCE, authority=True, kind=kind)
        assert key(resolved(party, more=more)) == expected
    party = Party(name="Étaules", country=FRANCE, within=("Indre-et-Loire", "Charente Maritime"))
    assert key(resolved(party)) == "fra-cog-17155"


def test_the_kind_and_the_territory_that_the_source_tells_rule_nobody_out():
    party = Party(name="Le Havre", country=FRANCE, kind="departement", within=("Essonne",))
    assert key(resolved(party)) == "fra-cog-76351"


def test_a_territory_that_has_ended_holds_what_its_heir_holds():
    regions = [
        authority("fra-reg-43", "Franche-Comté", kind="fra-region", end=PartialDate("2015-12-31"),
                  heirs=(Ref("authority/fra-reg-27"),)),
        authority("fra-reg-27", "Bourgogne-Franche-Comté", kind="fra-region"),
        authority("fra-cog-70245", "Fougerolles", within=["fra-reg-27"]),
        authority("fra-cog-53100", "Fougerolles"),
    ]  # fmt: skip
    party = Party(name="Fougerolles", country=FRANCE, within=("Franche-Comté",))
    assert key(resolved(party, more=regions)) == "fra-cog-70245"


def test_an_undated_name_of_a_region_that_has_ended_means_that_region():
    more = [
        authority("fra-reg-26", "Bourgogne", kind="fra-region", end=PartialDate("2015-12-31")),
        authority("fra-cog-51075", "Bourgogne"),
    ]
    party = Party(name="Bourgogne", country=FRANCE, kind="region")
    assert key(resolved(party, more=more)) == "fra-reg-26"


def test_a_source_written_since_may_name_what_began_after_the_tie():
    since = datetime.date(2024, 6, 1)
    found = resolved("Évry-Courcouronnes", year=2010, written=since)
    assert (key(found), found.method) == ("fra-cog-91228-2019", "later-name")
    assert found.evidence == "begins 2019-01-01"
    before = datetime.date(2015, 6, 1)
    assert resolved("Évry-Courcouronnes", year=2010, written=before).iri is None


def test_a_grouping_whose_start_nobody_knows_is_not_certain_in_the_past():
    found = resolved("CA du Pays Basque", year=2005)
    assert (key(found), found.method, found.score) == ("fra-siren-1", "unknown-start", 0.9)
    assert resolved("CA du Pays Basque").score == 0.99


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("LE HAVRE CEDEX", "fra-cog-76351"),
        ("La Rochelle Cedex 9", "fra-cog-17300"),
        ("PARIS 10", "fra-cog-75056"),
        ("Paris 10ème arrondissement", "fra-cog-75056"),
    ],
)
def test_a_name_as_an_address_writes_it_means_the_commune(name, expected):
    found = resolved(name, more=[authority("fra-cog-75056", "Paris")])
    assert (key(found), found.method) == (expected, "postal-name")


def test_an_authority_overseas_is_found_by_its_own_number_and_by_its_kind():
    more = [
        authority("fra-cog-32389", "Saint-Martin"),
        authority("fra-com-978", "Saint-Martin", kind="fra-collectivite-outre-mer"),
    ]
    assert resolved("Saint-Martin", more=more).method == "ambiguous"
    for name in ("Saint-Martin (978)", "Collectivité de Saint-Martin"):
        assert key(resolved(name, more=more)) == "fra-com-978"


def test_an_acronym_after_a_name_is_no_territory():
    name = "Communauté d'agglomération du Pays Basque"
    assert key(resolved(f"{name} (CAPB)")) == "fra-siren-1"
    assert resolved(f"{name} (RE)").method == "does-not-fit"
