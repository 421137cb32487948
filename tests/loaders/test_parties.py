"""The parties that a record's names are found to mean, and how a person decides."""

import dataclasses
import json
from dataclasses import replace
from pathlib import Path

import pytest

from loaders.errors import SourceError
from loaders.identity import candidates as ranking
from loaders.identity.lookups import read_lookups
from loaders.identity.parties import PartyResolver
from loaders.identity.resolution import Authorities
from loaders.identity.unresolved import later_names, unresolved
from loaders.model.iris import graph_iri
from loaders.model.records import Authority, Document, FundingLine, Party, Project, SourceRecord
from loaders.model.values import PartialDate, Ref, Text
from ontology.namespaces import ID, MLG

FRANCE, MALI, CONGO = (Ref(f"country/{code}") for code in ("FRA", "MLI", "COG"))


def authority(key, name, country=FRANCE, within=(), start=None):
    refs = tuple(Ref(f"authority/{key}") for key in within)
    begun = PartialDate(start) if start else None
    return Authority(key=key, names=(Text(name),), country=country, within=refs, start=begun)


KNOWN = Authorities(
    [
        authority("essonne", "Essonne"),
        authority("fra-cog-91228", "Évry", within=["essonne"]),
        authority("fra-cog-89162", "Évry", within=["yonne"]),
        authority("corbeil", "Corbeil-Essonnes", within=["essonne"]),
        authority("kayes", "Kayes", MALI),
        authority("brest", "Brest Métropole"),
    ]
)
EVRY = Party(name="Evry", country=FRANCE, authority=True)


def record(key="1", **fields):
    project = Project(key="p", start=PartialDate("2010"), **fields)
    return SourceRecord(key=key, document=Document(title=Text("x")), entities=(project,))


def resolver(key="1", lookups=None, **fields):
    return PartyResolver(KNOWN, "test", record(key, **fields), lookups or {})


def found(party, **fields):
    return resolver(**(fields or {"partners": (party,)}))(party).removeprefix(str(ID))


def test_a_funder_is_the_partner_of_the_same_name():
    partner, funder = Party(name="Kayes", country=MALI, authority=True), Party(name="kayes")
    fields = {"foreign_partners": (partner,), "funding": (FundingLine(sole_funder=funder),)}
    assert found(funder, **fields) == found(partner, **fields) == "authority/kayes"


def test_a_resolved_record_refers_to_the_agents_that_its_parties_are():
    funder = Party(name="kayes")
    line, other = FundingLine(sole_funder=funder), FundingLine(unnamed=True)
    (partnership,) = resolver(partners=(EVRY, FRANCE), funding=(line, other)).resolved().entities
    assert partnership.partners == (Ref(f"{ID}authority/fra-name-evry-test-1"), FRANCE)
    assert partnership.funding[0].sole_funder == Ref(f"{ID}organisation/xxx-name-kayes-test-1")
    assert partnership.funding[1] is other


def test_a_record_that_names_nobody_stays_as_it_is():
    stated = record(partners=(FRANCE,))
    assert PartyResolver(KNOWN, "test", stated, {}).resolved() is stated


def test_the_same_name_in_two_countries_is_two_agents():
    parties = tuple(Party(name="Kayes", country=c, authority=True) for c in (MALI, CONGO))
    first, second = (found(party, foreign_partners=parties) for party in parties)
    assert (first, second) == ("authority/kayes", "authority/cog-name-kayes")


def test_another_party_of_the_record_decides_between_namesakes():
    for other in ("Essonne", "Corbeil-Essonnes"):
        partners = (EVRY, Party(name=other, country=FRANCE))
        assert found(EVRY, home_partners=partners) == "authority/fra-cog-91228"
    brest = (EVRY, Party(name="Brest Métropole", country=FRANCE))
    assert found(EVRY, home_partners=brest) == "authority/fra-name-evry-test-1"


def test_an_authority_that_no_register_knows_is_shared_by_the_records_of_its_country():
    party = Party(name="Modèle-sur-Exemple", country=FRANCE, authority=True)
    find = resolver(partners=(party,))
    subject = f"<{find(party)}>"
    stated = {" ".join(triple) for triple in find.triples()}
    assert f"{subject} <{MLG}resolution> <{ID}concept/resolution/unresolved>" in stated
    assert f'{subject} <{MLG}nameAsStated> "Modèle-sur-Exemple"' in stated
    assert find(party) == f"{ID}authority/fra-name-modele-sur-exemple"
    for name in ("Modèle sur Exemple", "Ville de Modèle-sur-Exemple"):
        other = dataclasses.replace(party, name=name)
        assert resolver("2", partners=(other,))(other) == find(party)
    for other in (
        dataclasses.replace(party, name="Région de Modèle-sur-Exemple"),
        dataclasses.replace(party, country=MALI),
        dataclasses.replace(party, country=None),
        dataclasses.replace(party, authority=False),
    ):
        assert resolver("2", partners=(other,))(other) != find(party)


def test_a_name_that_several_bear_stays_with_its_record():
    one, two = (resolver(key, partners=(EVRY,))(EVRY) for key in "12")
    assert (one, two) == tuple(f"{ID}authority/fra-name-evry-test-{key}" for key in "12")


def test_a_name_that_its_source_keys_is_one_agent_in_all_its_records():
    party = Party(name="Modèle", country=FRANCE, authority=True, key="q64")
    one, two = (resolver(key, partners=(party,))(party) for key in "12")
    assert one == two == f"{ID}authority/fra-name-modele-test-q64"


def test_the_name_as_stated_is_kept_beside_the_agent_that_is_found():
    party = Party(name="KAYES", country=MALI)
    find = resolver(partners=(party,))
    find(party)
    assert [t[2] for t in find.triples()] == ['"KAYES"']


def provenance(party, **fields):
    find = resolver(partners=(party,), **fields)
    find(party)
    return {(p.strip("<>").removeprefix(str(MLG)), o) for _, p, o in find.provenance()}


def test_the_provenance_says_how_a_name_was_identified():
    stated = provenance(Party(name="KAYES", country=MALI))
    assert ("identifiedAs", f"<{ID}authority/kayes>") in stated
    assert ("method", f"<{ID}concept/resolution/exact-name>") in stated
    assert ("nameAsStated", '"KAYES"') in stated
    assert ("statedIn", f"<{ID}source/test/1>") in stated
    assert ("score", '"0.99"^^<http://www.w3.org/2001/XMLSchema#decimal>') in stated
    assert not [o for p, o in stated if p == "candidate"]


def test_the_provenance_of_an_ambiguity_has_candidates_and_no_score():
    stated = provenance(EVRY)
    assert ("identifiedAs", f"<{ID}authority/fra-name-evry-test-1>") in stated
    assert ("method", f"<{ID}concept/resolution/ambiguous>") in stated
    assert sorted(o for p, o in stated if p == "candidate") == [
        f"<{ID}authority/fra-cog-89162>",
        f"<{ID}authority/fra-cog-91228>",
    ]
    assert not [o for p, o in stated if p == "score"]


def listed(*finders):
    resolutions = {}
    for number, find in enumerate(finders):
        find.resolved()
        resolutions[graph_iri("test", str(number))] = list(find.resolutions.values())
    return unresolved(resolutions, KNOWN.register)


def test_a_name_of_what_began_after_the_record_is_listed_with_the_record():
    known = Authorities([authority("fra-reg-75", "Nouvelle-Aquitaine", start="2016")])
    party = Party(name="Nouvelle-Aquitaine", country=FRANCE, authority=True)
    stated = record(partners=(party,))
    stated = replace(stated, document=replace(stated.document, issued=PartialDate("2024")))
    resolve = PartyResolver(known, "test", stated, {})
    resolve(party)
    assert later_names({graph_iri("test", "1"): resolve.resolutions.values()}) == [
        {
            "record": graph_iri("test", "1"),
            "name": "Nouvelle-Aquitaine",
            "authority": f"{ID}authority/fra-reg-75",
            "why": "later name: begins 2016",
        }
    ]


def test_what_is_unresolved_is_listed_most_frequent_first_with_candidates():
    rare = Party(name="Modèle", country=FRANCE)
    entries = listed(resolver(partners=(rare,)), *(resolver(k, partners=(EVRY,)) for k in "23"))
    assert [(e["lookup"], e["count"], e["why"]) for e in entries] == [
        ("Evry | FRA", 2, "ambiguous"),
        ("Modèle | FRA", 1, "unknown"),
    ]
    assert [c["iri"].rpartition("/")[2] for c in entries[0]["candidates"][:2]] == [
        "fra-cog-91228",
        "fra-cog-89162",
    ]
    assert {e["decision"] for e in entries} == {None}


@pytest.mark.skipif(ranking.process is None, reason="rapidfuzz is not installed")
def test_names_alike_are_proposed_and_never_taken():
    (entry,) = listed(resolver(partners=(Party(name="Reims Métropole", country=FRANCE),)))
    assert [(c["name"], c["likeness"]) for c in entry["candidates"]] == [("Brest Métropole", 0.867)]


def test_a_decision_filled_into_the_report_is_fed_back(tmp_path: Path):
    (entry,) = listed(resolver(partners=(EVRY,)))
    report = tmp_path / "report.json"
    report.write_text(
        json.dumps({"unresolved": [{**entry, "decision": "authority/fra-cog-91228"}]})
    )
    lookups = read_lookups(report)
    assert lookups == {"test": {"Evry | FRA": Ref("authority/fra-cog-91228")}}
    find = resolver(lookups=lookups["test"], partners=(EVRY,))
    assert find(EVRY) == f"{ID}authority/fra-cog-91228"
    assert listed(find) == []


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[", "no report"),
        ("{}", "no report"),
        ('[{"decision": "fra-cog-91228", "dataset": "atlas", "lookup": "Evry"}]', "'Evry'"),
    ],
)
def test_a_file_that_holds_no_decisions_is_refused(tmp_path: Path, content, told):
    path = tmp_path / "decisions.json"
    path.write_text(content)
    with pytest.raises(SourceError, match=told):
        read_lookups(path)
