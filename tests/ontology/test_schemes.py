"""The concept schemes, and the way from a label of a page to its concept."""

import doctest
from collections import Counter

import pytest
from rdflib import URIRef

import ontology.schemes
from ontology.documents import ontology_graph, schemes_graph
from ontology.namespaces import CONCEPT, COUNTRY, DCT, MLG, OWL, RDF, SKOS
from ontology.schemes import concept, leading_concept

SCHEMES = """
amount-kind change contradiction declaration encounter-type form identifier-scheme kind level
measure organ-type precision resolution rights role sdg status theme
"""


@pytest.fixture(scope="module")
def graph():
    return schemes_graph()


def test_the_schemes_are_those_of_the_design(graph) -> None:
    assert set(graph.subjects(RDF.type, SKOS.ConceptScheme)) == {
        CONCEPT[s] for s in SCHEMES.split()
    }


def test_a_concept_has_one_preferred_label_in_each_language(graph) -> None:
    for node in set(graph.subjects(RDF.type, SKOS.Concept)):
        languages = Counter(label.language for label in graph.objects(node, SKOS.prefLabel))
        assert languages == {"fr": 1, "en": 1}, node


def test_a_concept_iri_ends_with_its_notation(graph) -> None:
    for node in set(graph.subjects(RDF.type, SKOS.Concept)):
        scheme = graph.value(node, SKOS.inScheme)
        notation = str(graph.value(node, SKOS.notation))
        assert node == URIRef(f"{scheme}/{notation}")
        assert notation == notation.lower()


def test_a_concept_is_at_the_top_or_under_one_of_its_own_scheme(graph) -> None:
    for node in set(graph.subjects(RDF.type, SKOS.Concept)):
        scheme = graph.value(node, SKOS.inScheme)
        above = list(graph.objects(node, SKOS.broader))
        if graph.value(node, SKOS.topConceptOf) == scheme:
            assert above == []
        else:
            assert [graph.value(broader, SKOS.inScheme) for broader in above] == [scheme], node


def test_no_two_concepts_of_a_scheme_and_country_share_a_preferred_label(graph) -> None:
    for scheme in SCHEMES.split():
        labels = [
            label
            for node in graph.subjects(SKOS.inScheme, CONCEPT[scheme])
            for label in graph.objects(node, SKOS.prefLabel)
        ]
        assert len(labels) == len(set(labels)), scheme


def test_a_national_kind_is_under_a_tier_and_names_its_country(graph) -> None:
    for node in graph.subjects(DCT.spatial, None):
        notation = str(graph.value(node, SKOS.notation))
        assert graph.value(node, DCT.spatial) == COUNTRY[notation[:3].upper()]
        top = list(graph.transitive_objects(node, SKOS.broader))[-1]
        assert graph.value(top, DCT.spatial) is None


def test_the_tier_classes_point_to_concepts_that_exist(graph) -> None:
    values = set(ontology_graph().objects(None, OWL.hasValue))
    assert values == {
        CONCEPT[f"kind/{tier}"]
        for tier in (
            "municipality",
            "intermunicipal-body",
            "intermediate-authority",
            "regional-authority",
        )
    }
    assert values <= set(graph.subjects(SKOS.topConceptOf, CONCEPT.kind))


def test_every_concept_named_in_an_example_exists(graph) -> None:
    for example in ontology_graph().objects(None, SKOS.example):
        for word in str(example).split():
            if word.startswith("<concept/"):
                assert (CONCEPT[word[9:-1]], RDF.type, SKOS.Concept) in graph, word


@pytest.mark.parametrize(
    ("scheme", "label", "notation"),
    [
        ("status", "En cours", "ongoing"),
        ("status", "Terminé", "ended"),
        ("form", "Jumelage", "twinning"),
        ("form", "Projet de coopération décentralisée", "decentralised-cooperation-project"),
        ("theme", "Gouvernance et démocratie locales", "gouvernance-et-democratie-locales"),
        ("theme", "Jeunesse & genre", "jeunesse-genre"),
        (
            "theme",
            "Protection / Gestion de l’environnement / Biodiversité",
            "protection-gestion-de-l-environnement-biodiversite",
        ),
        ("sdg", "Faim « zéro »", "2"),
        ("sdg", "13", "13"),
        ("sdg", "Mesures relatives à la lutte contre le changement climatique", "13"),
        ("organ-type", "organes de réflexion et de conseils", "advisory-body"),
        ("level", "niveau national", "national"),
        ("rights", "réservée", "reserved"),
        ("kind", "université", "university"),
    ],
)
def test_a_label_of_a_page_leads_to_its_concept(scheme: str, label: str, notation: str) -> None:
    assert concept(scheme, label) == CONCEPT[f"{scheme}/{notation}"]


@pytest.mark.parametrize("label", ["Suspendu", "", "Terminé ?", "terminus"])
def test_an_unknown_label_leads_nowhere(label: str) -> None:
    assert concept("status", label) is None


def test_the_same_word_leads_to_the_kind_of_the_country() -> None:
    assert concept("kind", "Ville", COUNTRY.FRA) == CONCEPT["kind/fra-commune"]
    assert concept("kind", "Ville", COUNTRY.SEN) == CONCEPT["kind/sen-ville"]
    assert concept("kind", "Commune urbaine", COUNTRY.MLI) == CONCEPT["kind/mli-commune-urbaine"]
    assert concept("kind", "Département", COUNTRY.SEN) == CONCEPT["kind/sen-departement"]


def test_a_word_that_several_countries_use_leads_nowhere_without_a_country() -> None:
    assert concept("kind", "commune") is None
    assert concept("kind", "municipality") == CONCEPT["kind/municipality"]


def test_a_word_unknown_in_a_country_leads_nowhere() -> None:
    assert concept("kind", "cercle", COUNTRY.FRA) is None


def test_the_longest_known_label_opens_a_row() -> None:
    row = "Environnement, Climat et Energie Eau et déchets Eau et assainissement 2"
    found = []
    while match := leading_concept("theme", row):
        found.append(match[0])
        row = match[1]
    assert found == [
        CONCEPT["theme/environnement-climat-et-energie"],
        CONCEPT["theme/eau-et-dechets"],
        CONCEPT["theme/eau-et-assainissement"],
    ]
    assert row == "2"
    assert leading_concept("theme", "Sport et loisirs 3") is None


def test_the_examples_of_the_module_hold() -> None:
    assert doctest.testmod(ontology.schemes).failed == 0


def test_the_themes_lie_on_three_levels(graph) -> None:
    water = CONCEPT["theme/eau-et-assainissement"]
    assert len(list(graph.transitive_objects(water, SKOS.broader))) == 3
    assert MLG.theme not in set(graph.predicates())
