"""The answers of queries about data that the shipped sources do not hold."""

import pyoxigraph as ox
import pytest

from queries import find_query

DATA = """
@prefix mlg: <https://w3id.org/maillage/def#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix country: <http://publications.europa.eu/resource/authority/country/> .
@base <https://w3id.org/maillage/id/> .

<project/unfunded> a mlg:Project .
<project/funded> a mlg:Project .
<partnership/one--abroad> a mlg:Partnership ; mlg:hasPartner <authority/one> , <authority/abroad> .
<funding/1> mlg:fundingOf <project/funded> ; mlg:amountEUR 100.5 ;
    mlg:jointFunder <authority/one> , <authority/two> ; mlg:funderAsStated "Une, Deux" .
<funding/2> mlg:fundingOf <project/funded> ; mlg:amountEUR 100.5 ;
    mlg:unnamedFunder true .
<funding/3> mlg:fundingOf <project/funded> ; mlg:funderAsStated "Une" ;
    mlg:soleFunder <authority/one> .
<authority/one> skos:prefLabel "Une"@fr , "One"@en ; mlg:partnerOf <authority/abroad> ;
    mlg:succeededBy <authority/two> , <authority/three> .
<authority/two> skos:prefLabel "Deux"@fr ; mlg:succeededBy <authority/three> .
<authority/three> skos:prefLabel "Trois"@fr .
<authority/abroad> skos:prefLabel "Ailleurs"@fr .

<organisation/bare> a mlg:LocalGovernmentAssociation ; mlg:country country:FRA ;
    skos:prefLabel "Sans sigle"@fr ;
    mlg:foundingDate "1907"^^xsd:gYear , "1906-12"^^xsd:gYearMonth .
"""

Row = tuple[str | None, ...]


@pytest.fixture(scope="module")
def store() -> ox.Store:
    store = ox.Store()
    store.load(input=DATA, format=ox.RdfFormat.TURTLE)
    return store


def rows(store: ox.Store, name: str, **arguments: str) -> list[Row]:
    query = find_query(name)
    solutions = store.query(query.bind({key: [value] for key, value in arguments.items()}))
    return [tuple(term and term.value for term in solution) for solution in solutions]


def test_a_partnership_without_funding_lines_has_no_total(store: ox.Store) -> None:
    assert rows(store, "project-funding-total", project="project/unfunded") == []


def test_a_line_without_an_amount_adds_nothing_and_two_equal_ones_add_twice(
    store: ox.Store,
) -> None:
    funded = {"project": "project/funded"}
    assert rows(store, "project-funding-total", **funded) == [("201", "2")]


def test_a_joint_contribution_is_counted_once(store: ox.Store) -> None:
    funded = {"project": "project/funded"}
    assert rows(store, "project-funding-attribution", **funded) == [
        ("joint", "100.5"),
        ("unnamed", "100.5"),
    ]


def test_an_amount_of_nobody_named_stands_in_an_empty_cell(store: ox.Store) -> None:
    funded = {"project": "project/funded"}
    assert rows(store, "project-funding-by-stated-funder", **funded) == [
        (None, "100.5"),
        ("Une, Deux", "100.5"),
    ]


def test_an_unstated_water_amount_is_no_zero(store: ox.Store) -> None:
    assert rows(store, "project-water-solidarity", project="project/funded") == []


def test_a_cooperation_of_unknown_date_is_told_without_one(store: ox.Store) -> None:
    assert rows(store, "authority-foreign-partners", authority="authority/one") == [
        ("Ailleurs", None)
    ]


def test_only_the_last_heir_of_a_chain_of_changes_is_told(store: ox.Store) -> None:
    assert rows(store, "authority-successors", authority="authority/one") == [("Une", "Trois")]


def test_two_sources_may_give_two_dates_and_a_name_stands_for_an_acronym(store: ox.Store) -> None:
    assert rows(store, "association-founding-dates", country="FR") == [
        ("Sans sigle", "1906-12", "gYearMonth"),
        ("Sans sigle", "1907", "gYear"),
    ]
