"""What follows from the ontology: the inferences of the design, by owlrl on small graphs.

Each case has resources of its own, so that all of them are closed together, once.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from rdflib import Graph

from ontology import PREFIXES, alignment_graph, ontology_graph

PROLOGUE = (
    "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    + "@prefix kind: <https://w3id.org/maillage/id/concept/kind/> .\n"
    + "@prefix theme: <https://w3id.org/maillage/id/concept/theme/> .\n"
)

# name: (premises, what follows, what does not)
CASES = {
    "I01 whoever is the funder of a line funds its partnership": (
        ":l mlg:soleFunder :a ; mlg:fundingOf :p .",
        ":a mlg:funds :p . :p mlg:fundedBy :a ; mlg:hasFundingLine :l . :a a mlg:Funder .",
        ":p a mlg:Funder .",
    ),
    "I02 and so supports the foreign partner": (
        ":l mlg:jointFunder :a ; mlg:fundingOf :p . :p mlg:hasForeignPartner :f ; "
        "mlg:hasLeadPartner :h .",
        ":a mlg:supportsAuthority :f .",
        ":a mlg:supportsAuthority :h .",
    ),
    "I03 and its country": (
        ":l mlg:jointFunder :a ; mlg:fundingOf :p . :p mlg:hasForeignPartner :f . "
        ":f mlg:country country:MLI . :a mlg:country country:SEN .",
        ":a mlg:supportsCountry country:MLI .",
        ":a mlg:supportsCountry country:SEN .",
    ),
    "I04 a sole and a joint funder are funders": (
        ":l mlg:soleFunder :a . :m mlg:jointFunder :b, :c .",
        ":l mlg:funder :a . :m mlg:funder :b, :c . :a mlg:funderIn :l .",
        ":m mlg:soleFunder :b . :l mlg:jointFunder :a .",
    ),
    "I05 a partnership has the countries of its partners": (
        ":p mlg:hasLeadPartner :h ; mlg:hasForeignPartner :f ; mlg:hasImplementer :i . "
        ":h mlg:country country:FRA . :f mlg:country country:MLI . :i mlg:country country:SEN .",
        ":p mlg:partnershipCountry country:FRA, country:MLI .",
        ":p mlg:partnershipCountry country:SEN .",
    ),
    "I06 home and foreign partners are partners of each other": (
        ":p mlg:hasLeadPartner :h, :g ; mlg:hasForeignPartner :f .",
        ":h mlg:partnerOf :f . :f mlg:partnerOf :h, :g .",
        ":h mlg:partnerOf :g .",
    ),
    "I07 whoever has a role takes part": (
        ":p mlg:hasLeadPartner :a ; mlg:hasForeignPartner :b ; mlg:hasProjectOwner :c ; "
        "mlg:hasImplementer :d ; mlg:associatedAuthority :e . :l mlg:soleFunder :f ; "
        "mlg:fundingOf :p .",
        ":p mlg:hasParticipant :a, :b, :c, :d, :e, :f ; mlg:hasPartner :a, :b . "
        ":e mlg:participatesIn :p .",
        ":p mlg:hasPartner :c .",
    ),
    "I08 a partnership is under every broader theme": (
        ":t skos:broader :u . :u skos:broader :v . :p mlg:theme :t .",
        ":p mlg:theme :u, :v ; dct:subject :v .",
        ":t mlg:theme :u .",
    ),
    "I08 a ranked theme is a theme": (
        ":t skos:broader :u . :p mlg:hasThemePriority :r . :r mlg:concept :t ; mlg:priority 2 .",
        ":p mlg:theme :t, :u . :r a mlg:ThemePriority .",
        ":r mlg:theme :t .",
    ),
    "I09 an authority is of every broader kind": (
        ":k skos:broader :c . :c skos:broader :m . :a mlg:kind :k .",
        ":a mlg:kind :c, :m ; org:classification :m .",
        ":k mlg:kind :c .",
    ),
    "I10 its kind makes an authority a municipality": (
        ":k skos:broader kind:municipality . :a mlg:kind :k .",
        ":a a mlg:Municipality, mlg:LocalAuthority .",
        ":a a mlg:RegionalAuthority .",
    ),
    "I10 or of another tier": (
        ":a mlg:kind kind:intermunicipal-body . :b mlg:kind kind:intermediate-authority . "
        ":c mlg:kind kind:regional-authority .",
        ":a a mlg:IntermunicipalBody . :b a mlg:IntermediateAuthority . "
        ":c a mlg:RegionalAuthority .",
        ":a a mlg:Municipality .",
    ),
    "I11 an organ is under what it serves and what that is a unit of": (
        ":s mlg:serves :b ; a mlg:Organ . :b org:unitOf :o .",
        ":s org:transitiveSubOrganizationOf :b, :o ; org:subOrganizationOf :b . "
        ":b org:subOrganizationOf :o .",
        ":s org:subOrganizationOf :o .",
    ),
    "I12 a member of a member is a member, indirectly": (
        ":a org:memberOf :b . :b org:memberOf :c . :c org:memberOf :d .",
        ":a mlg:indirectMemberOf :b, :c, :d .",
        ":a org:memberOf :c .",
    ),
    "I13 what results from the change that ended an organisation succeeds it": (
        ":e org:originalOrganization :a, :b ; org:resultingOrganization :c . "
        ":c org:changedBy :f . :f org:resultingOrganization :d .",
        ":a mlg:succeededBy :c, :d . :b mlg:succeededBy :c . :d mlg:succeeds :a, :c . "
        ":c org:resultedFrom :e .",
        ":a mlg:succeededBy :b .",
    ),
    "I14 host and guest have met": (
        ":e mlg:host :a ; mlg:guest :b, :c ; mlg:participant :d ; mlg:organiser :o .",
        ":a mlg:met :b, :c . :b mlg:met :a . :e mlg:involves :a, :b, :d, :o ; "
        "prov:wasAssociatedWith :d .",
        ":b mlg:met :c . :a mlg:met :d .",
    ),
    "I15 a place in a place is in what contains that": (
        ":q mlg:within :c . :c mlg:within :d .",
        ":q mlg:within :d .",
        ":d mlg:within :q .",
    ),
    "I16 clients of ORG, CPOV, PROV and FOAF find their classes": (
        ":p mlg:hasPartner :a . :a a mlg:Municipality . :l mlg:amountEUR 5.0 . "
        ":g mlg:figureOf :a . :e mlg:guest :x . :o org:unitOf :z ; mlg:level :n .",
        ":p a mlg:Partnership, org:OrganizationalCollaboration, org:Organization . "
        ":a a cv:PublicOrganisation, org:FormalOrganization, org:Organization, foaf:Agent . "
        ":l a prov:Entity . :g a sosa:Observation . :e a prov:Activity . "
        ":o a org:OrganizationalUnit . :n a skos:Concept . :a mlg:kind kind:municipality .",
        ":a a org:OrganizationalCollaboration .",
    ),
    "a former name is found under the new one, not the other way round": (
        ":p mlg:evaluationPolicy true . :q mlg:evaluated true .",
        ":p mlg:evaluated true .",
        ":q mlg:evaluationPolicy true .",
    ),
}

CLASHES = {
    "a line that is a partnership": ":x a mlg:FundingLine, mlg:Partnership .",
    "an agreement that is a partnership": ":x a mlg:Agreement, mlg:Partnership .",
    "an encounter that is a partnership": ":x a mlg:Encounter, mlg:Partnership .",
    "an authority that is a partnership": ":x a mlg:Municipality, mlg:Partnership .",
    "an authority that is an association": ":x mlg:kind kind:regional-authority ; "
    "a mlg:LocalGovernmentAssociation .",
    "a figure that is a funding line": ":x mlg:figureOf :y ; mlg:amountEUR 5.0 .",
}


def _close(turtle: str) -> str:
    ontology = ontology_graph() + alignment_graph()
    return subprocess.run(
        [sys.executable, str(Path(__file__).with_name("close.py"))],
        input=ontology.serialize(format="turtle") + PROLOGUE + turtle,
        capture_output=True,
        check=True,
        text=True,
        timeout=200,
    ).stdout


def _own(number: int, turtle: str) -> str:
    return re.sub(r"(^|[ ,]):(?=\w)", rf"\g<1>c{number}:", turtle)


def _graph(number: int, turtle: str) -> Graph:
    return Graph().parse(data=_prologue(number) + _own(number, turtle), format="turtle")


def _prologue(number: int) -> str:
    return f"{PROLOGUE}@prefix c{number}: <https://example.org/{number}/> .\n"


@pytest.fixture(scope="module")
def closure() -> Graph:
    premises = [
        _prologue(number) + _own(number, case[0]) for number, case in enumerate(CASES.values())
    ]
    return Graph().parse(data=_close("\n".join(premises)), format="nt")


@pytest.fixture(scope="module")
def clash_report() -> str:
    premises = [
        _prologue(number) + _own(number, turtle) for number, turtle in enumerate(CLASHES.values())
    ]
    return _close("\n".join(premises))


@pytest.mark.parametrize("name", CASES)
def test_it_follows(closure: Graph, name: str) -> None:
    number = list(CASES).index(name)
    expected = set(_graph(number, CASES[name][1]))
    assert expected
    assert expected - set(closure) == set()


@pytest.mark.parametrize("name", CASES)
def test_nothing_follows_that_should_not(closure: Graph, name: str) -> None:
    number = list(CASES).index(name)
    refused = set(_graph(number, CASES[name][2]))
    assert refused
    assert refused & set(closure) == set()


def test_nothing_clashes_in_the_cases(closure: Graph) -> None:
    assert "agent-ont#ErrorMessage" not in closure.serialize(format="nt")


@pytest.mark.parametrize("name", CLASHES)
def test_it_clashes(clash_report: str, name: str) -> None:
    number = list(CLASHES).index(name)
    errors = [line for line in clash_report.splitlines() if "agent-ont#error" in line]
    assert any(f"https://example.org/{number}/x" in line for line in errors)


def test_a_functional_property_has_one_value() -> None:
    facts = (
        ":l mlg:amountEUR 5.0, 6.0 ; mlg:waterSolidarityEUR 0.0, 1.0 . "
        ":p mlg:triennial true, false . :f mlg:value 557.0, 560.0 ."
    )
    report = _close(_prologue(0) + _own(0, facts))
    for pair in ("5.0 and 6.0", "0.0 and 1.0", "true and false", "557.0 and 560.0"):
        assert f'"{pair} are different values"' in report
