"""The inferences of the design, made and not made, each on a graph written by hand."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from rdflib import Graph

from loaders.inference.forward import inferences, inferred
from ontology.namespaces import ID, PREFIXES

PROLOGUE = (
    "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    + f"@prefix kind: <{ID}concept/kind/> .\n@prefix : <{ID}x/> .\n"
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
        "mlg:hasHomePartner :h .",
        ":a mlg:supportsAuthority :f .",
        ":a mlg:supportsAuthority :h .",
    ),
    "I03 and its country": (
        ":l mlg:jointFunder :a ; mlg:fundingOf :p . :p mlg:hasForeignPartner :f . "
        ":f mlg:country country:MLI . :a mlg:country country:SEN .",
        ":a mlg:supportsCountry country:MLI .",
        ":a mlg:supportsCountry country:SEN .",
    ),
    "I03 but nobody supports their own country": (
        ":l mlg:jointFunder :a ; mlg:fundingOf :p . :p mlg:hasForeignPartner :f, :g . "
        ":f mlg:country country:MLI . :a mlg:country country:MLI . :g mlg:country country:SEN .",
        ":a mlg:supportsCountry country:SEN ; mlg:supportsAuthority :g .",
        ":a mlg:supportsCountry country:MLI ; mlg:supportsAuthority :f .",
    ),
    "I04 a sole and a joint funder are funders": (
        ":l mlg:soleFunder :a . :m mlg:jointFunder :b, :c .",
        ":l mlg:funder :a . :m mlg:funder :b, :c . :a mlg:funderIn :l .",
        ":m mlg:soleFunder :b . :l mlg:jointFunder :a .",
    ),
    "I05 a project has the countries of its partners and associated authorities": (
        ":p mlg:hasHomePartner :h ; mlg:hasForeignPartner :f ; mlg:hasImplementer :i ; "
        "mlg:associatedAuthority :j . :j mlg:country country:TGO . "
        ":h mlg:country country:FRA . :f mlg:country country:MLI . :i mlg:country country:SEN .",
        ":p mlg:partnershipCountry country:FRA, country:MLI, country:TGO ; "
        "mlg:associatedCountry country:TGO .",
        ":p mlg:partnershipCountry country:SEN .",
    ),
    "I06 home and foreign partners are partners of each other": (
        ":p mlg:hasHomePartner :h, :g ; mlg:hasForeignPartner :f .",
        ":h mlg:partnerOf :f . :f mlg:partnerOf :h, :g .",
        ":h mlg:partnerOf :g .",
    ),
    "I07 whoever has a role takes part": (
        ":p mlg:hasHomePartner :a ; mlg:hasForeignPartner :b ; mlg:hasProjectOwner :c ; "
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
    "I08 a theme with a priority is a theme": (
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
    "I13 the heir of an heir is an heir; a change alone makes none": (
        ":a mlg:succeededBy :c . :c mlg:succeededBy :d . "
        ":e org:originalOrganization :b ; org:resultingOrganization :c .",
        ":a mlg:succeededBy :d . :d mlg:succeeds :a, :c . :c org:resultedFrom :e .",
        ":b mlg:succeededBy :c .",
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
        ":p a mlg:Cooperation, org:OrganizationalCollaboration, org:Organization . "
        ":a a cv:PublicOrganisation, org:FormalOrganization, org:Organization, foaf:Agent . "
        ":l a prov:Entity . :g a sosa:Observation . :e a prov:Activity . "
        ":o a org:OrganizationalUnit . :n a skos:Concept . :a mlg:kind kind:municipality .",
        ":a a org:OrganizationalCollaboration .",
    ),
    "a project of a tie is both, and no tie itself": (
        ":p mlg:projectOf :t .",
        ":t mlg:hasProject :p ; a mlg:Partnership, mlg:Cooperation . "
        ":p a mlg:Project, mlg:Cooperation .",
        ":p a mlg:Partnership .",
    ),
}

CLASHES = {
    "a tie that is a project": ":x a mlg:Partnership, mlg:Project .",
    "a line that is a partnership": ":x a mlg:FundingLine, mlg:Partnership .",
    "an agreement that is a partnership": ":x a mlg:Agreement, mlg:Partnership .",
    "an encounter that is a partnership": ":x a mlg:Encounter, mlg:Partnership .",
    "an authority that is a partnership": ":x a mlg:Municipality, mlg:Partnership .",
    "an authority that is an association": (
        ":x mlg:kind kind:regional-authority ; a mlg:LocalGovernmentAssociation ."
    ),
    "a figure that is a funding line": ":x mlg:figureOf :y ; mlg:amountEUR 5.0 .",
    "a line with two amounts": ":x mlg:amountEUR 5.0, 6.0 .",
    "a line with two water shares": ":x mlg:waterSolidarityEUR 0.0, 1.0 .",
    "a line with two sole funders": ":x mlg:soleFunder :a, :b .",
    "a project that is triennial and is not": ":x mlg:triennial true, false .",
    "a figure with two values": ":x mlg:value 557.0, 560.0 .",
}


def lines(turtle: str) -> set[str]:
    text = Graph().parse(data=PROLOGUE + turtle, format="turtle").serialize(format="nt")
    triples = ox.parse(text, format=ox.RdfFormat.N_TRIPLES)
    return {f"{quad.subject} {quad.predicate} {quad.object}" for quad in triples}


def ours(turtle: str) -> set[str]:
    """The triples about an entity of ours: others are never published."""
    return {line for line in lines(turtle) if line.startswith(f"<{ID}")}


@pytest.mark.parametrize("name", CASES)
def test_it_follows(name: str) -> None:
    premises, follows, _ = CASES[name]
    expected = ours(follows)
    assert expected
    assert expected - set(inferred(lines(premises))) == set()


@pytest.mark.parametrize("name", CASES)
def test_nothing_follows_that_should_not(name: str) -> None:
    premises, _, refused = CASES[name]
    assert lines(refused) & set(inferred(lines(premises))) == set()


@pytest.mark.parametrize("name", CLASHES)
def test_it_clashes(name: str) -> None:
    found = inferences(lines(CLASHES[name])).contradictions
    assert found
    assert all(clash.triples[0][0] == f"<{ID}x/x>" for clash in found)
