import dataclasses

import pytest

from loaders.authorities import Authorities, Finder
from loaders.records import (
    Authority,
    Document,
    FundingLine,
    Organisation,
    Partnership,
    Party,
    SourceRecord,
)
from loaders.values import PartialDate, Ref, Text
from ontology import ID, MLG

FRANCE, MALI, CONGO, SENEGAL = (Ref(f"country/{code}") for code in ("FRA", "MLI", "COG", "SEN"))


def authority(key, *names, country, **more):
    texts = tuple(Text(name) for name in names)
    return Authority(key=key, names=texts[:1], other_names=texts[1:], country=country, **more)


EVRY = authority(
    "fra-cog-91228", "Évry", "Ville d'Évry", country=FRANCE, end=PartialDate("2018-12-31")
)
OTHER_EVRY = authority("fra-cog-89162", "Évry", country=FRANCE)
KAYES = authority("mli-name-kayes", "Commune urbaine de Kayes", "Kayes", country=MALI)
DAKAR = authority("sen-name-dakar", "Ville de Dakar", "Dakar", country=SENEGAL)
MINISTRY = Organisation(key="ministry", names=(Text("Ministère de l'Exemple"),), country=FRANCE)
KNOWN = Authorities([EVRY, KAYES, DAKAR, MINISTRY])


def record(**fields):
    partnership = Partnership(key="p", start=PartialDate("2010"), **fields)
    return SourceRecord(key="1", document=Document(title=Text("x")), entities=(partnership,))


def found(party, known=KNOWN, lookups=None, **fields):
    fields = fields or {"partners": (party,)}
    finder = Finder(known, "test", record(**fields), lookups or {})
    return finder(party).removeprefix(str(ID))


def test_accents_case_and_apostrophes_do_not_matter():
    for name in ("Evry", "ÉVRY", "ville d’evry"):
        assert found(Party(name=name, country=FRANCE)) == "authority/fra-cog-91228"


def test_a_name_in_another_country_is_not_the_same():
    assert found(Party(name="Kayes", country=CONGO, authority=True)) == (
        "authority/cog-name-kayes-test-1"
    )


def test_an_authority_that_had_ended_is_not_meant():
    party = Party(name="Évry", country=FRANCE, authority=True)
    late = dataclasses.replace(record(partners=(party,)).entities[0], start=PartialDate("2020"))
    late = SourceRecord(key="1", document=Document(title=Text("x")), entities=(late,))
    finder = Finder(KNOWN, "test", late, {})
    assert finder(party) == f"{ID}authority/fra-name-evry-test-1"
    (resolution,) = finder.resolutions.values()
    assert [candidate.objection for candidate in resolution.candidates] == ["ended 2018-12-31"]


def test_two_that_fit_are_an_ambiguity_and_stay_unresolved():
    known = Authorities([EVRY, OTHER_EVRY])
    assert found(Party(name="Evry", country=FRANCE), known).startswith("organisation/fra-name-evry")


def test_a_decision_of_a_person_comes_first():
    known = Authorities([EVRY, OTHER_EVRY])
    party = Party(name="Evry", country=FRANCE)
    assert (
        found(party, known, {"évry": Ref("authority/fra-cog-91228")}) == "authority/fra-cog-91228"
    )


def test_a_bare_name_without_a_country_needs_the_record_to_name_the_country():
    assert found(Party(name="Dakar")).startswith("organisation/xxx-name-dakar")
    assert found(Party(name="Ville de Dakar")) == "authority/sen-name-dakar"


def test_a_funder_is_the_partner_of_the_same_name():
    partner = Party(name="Kayes", country=MALI, authority=True)
    funder = Party(name="kayes")
    fields = {"foreign_partners": (partner,), "funding": (FundingLine(sole_funder=funder),)}
    assert found(funder, **fields) == found(partner, **fields) == "authority/mli-name-kayes"


def test_the_same_name_in_two_countries_is_two_agents():
    parties = tuple(Party(name="Kayes", country=c, authority=True) for c in (MALI, CONGO))
    first, second = (found(party, foreign_partners=parties) for party in parties)
    assert first == "authority/mli-name-kayes"
    assert second == "authority/cog-name-kayes-test-1"


def test_a_local_authority_is_no_ministry():
    party = Party(name="Ministère de l'Exemple", country=FRANCE, authority=True)
    assert found(party) == "authority/fra-name-ministere-de-l-exemple-test-1"
    assert found(Party(name="Ministère de l’Exemple")) == "organisation/ministry"


@pytest.mark.parametrize("name", ["Brest Métropole", "Reims Metropol", "Évry-Courcouronnes"])
def test_a_name_that_only_looks_alike_is_not_matched(name):
    known = Authorities([authority("x", "Reims Métropole", country=FRANCE), EVRY])
    assert "name-" in found(Party(name=name, country=FRANCE), known)


def test_an_unresolved_name_is_an_agent_of_its_record_alone():
    party = Party(name="Modèle-sur-Exemple", country=FRANCE, authority=True)
    finder = Finder(KNOWN, "test", record(partners=(party,)), {})
    subject = f"<{finder(party)}>"
    stated = {" ".join(triple) for triple in finder.triples()}
    assert f"{subject} <{MLG}resolution> <{ID}concept/resolution/unresolved>" in stated
    assert f'{subject} <{MLG}nameAsStated> "Modèle-sur-Exemple"' in stated
    other = SourceRecord(
        key="2", document=Document(title=Text("x")), entities=record(partners=(party,)).entities
    )
    assert Finder(KNOWN, "test", other, {})(party) != finder(party)


def test_the_name_as_stated_is_kept_beside_the_agent_that_is_found():
    party = Party(name="Evry", country=FRANCE)
    finder = Finder(KNOWN, "test", record(partners=(party,)), {})
    finder(party)
    assert [t[2] for t in finder.triples()] == ['"Evry"']
