"""Axioms become rules, each with its words and its query; what has no rule is refused by name."""

from __future__ import annotations

import doctest

import pyoxigraph as ox
import pytest
from rdflib import Graph

import ontology.rules.rule
from ontology.documents import alignment_graph, ontology_graph
from ontology.errors import OntologyError
from ontology.namespaces import OWL, PREFIXES, RDFS
from ontology.rules.entailment import UnknownConstruct, entailment_rules, ontology_rules
from ontology.rules.rule import Pattern, strata

PROLOGUE = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
BY_ID = {rule.id: rule for rule in ontology_rules()}


def axioms(turtle: str) -> Graph:
    return Graph().parse(
        data=f"{PROLOGUE}@prefix : <https://example.org/> .\n{turtle}", format="turtle"
    )


def test_a_chain_reads_as_a_sentence_and_as_a_query() -> None:
    rule = BY_ID["prp-spo2/mlg:funds/mlg:hasForeignPartner/mlg:supportsAuthority"]
    assert rule.kind == "prp-spo2"
    assert rule.axiom == (
        "mlg:supportsAuthority owl:propertyChainAxiom ( mlg:funds mlg:hasForeignPartner )"
    )
    mlg = PREFIXES["mlg"]
    assert rule.premises == (
        Pattern("?a", f"<{mlg}funds>", "?b"),
        Pattern("?b", f"<{mlg}hasForeignPartner>", "?c"),
    )
    assert rule.conclusion == Pattern("?a", f"<{mlg}supportsAuthority>", "?c")
    assert rule.text["fr"] == (
        "Si A « finance » B et B « a pour partenaire étranger » C, "
        "alors A « soutient la collectivité » C."
    )
    assert rule.text["en"] == (
        "If A “funds” B and B “has foreign partner” C, then A “supports authority” C."
    )
    assert rule.sparql == (
        f"PREFIX mlg: <{mlg}>\n"
        "CONSTRUCT { ?a mlg:supportsAuthority ?c }\n"
        "WHERE {\n  ?a mlg:funds ?b .\n  ?b mlg:hasForeignPartner ?c\n}\n"
    )


def test_a_restriction_gives_a_rule_in_each_direction() -> None:
    to_class = BY_ID["cls-hv2/mlg:kind/concept/kind/municipality/mlg:Municipality"]
    to_value = BY_ID["cls-hv1/mlg:Municipality/mlg:kind/concept/kind/municipality"]
    assert to_class.premises == (to_value.conclusion,)
    assert to_value.premises == (to_class.conclusion,)
    assert to_class.axiom == to_value.axiom
    assert to_class.text["en"] == "If A “kind” municipality, then A is of type “municipality”."


def test_a_contradiction_has_no_conclusion_and_its_query_lists_it() -> None:
    functional = BY_ID["prp-fp/mlg:amountEUR/mlg:amountEUR"]
    assert functional.conclusion is None
    assert functional.distinct == ("?b", "?c")
    assert functional.text["fr"] == (
        "Il ne se peut pas que A « montant en euros » B et A « montant en euros » C "
        "(B et C étant distincts)."
    )
    assert "SELECT ?a ?b ?c" in functional.sparql
    assert "FILTER (?b != ?c)" in functional.sparql
    disjoint = BY_ID["cax-dw/mlg:FundingLine/mlg:Cooperation"]
    assert [premise.subject for premise in disjoint.premises] == ["?a", "?a"]


def test_every_rule_has_words_in_both_languages_and_a_query_that_runs() -> None:
    store = ox.Store()
    for rule in BY_ID.values():
        assert set(rule.text) == {"fr", "en"}
        assert all(text.endswith(".") and "<" not in text for text in rule.text.values())
        assert list(store.query(rule.sparql)) == []


def test_every_axiom_of_the_ontology_has_its_rules() -> None:
    told = {rule.axiom for rule in BY_ID.values()}
    stated = ontology_graph() + alignment_graph()
    names = stated.namespace_manager
    for predicate in (RDFS.subClassOf, RDFS.subPropertyOf, OWL.inverseOf, OWL.disjointWith):
        for subject, value in stated.subject_objects(predicate):
            axiom = " ".join(term.n3(names) for term in (subject, predicate, value))
            assert axiom in told
    assert "mlg:within rdf:type owl:TransitiveProperty" in told
    assert "org:memberOf rdfs:subPropertyOf mlg:indirectMemberOf" in told
    # A range of values says nothing of entities: the shapes hold it.
    assert not [axiom for axiom in told if "xsd:" in axiom or "rdfs:Literal" in axiom]


def test_an_axiom_added_needs_no_code() -> None:
    [rule] = entailment_rules(
        axioms(
            "[ owl:intersectionOf ( :Town [ owl:onProperty :twinnedWith ; "
            "owl:someValuesFrom [ owl:unionOf ( :Capital ) ] ] ) ] rdfs:subClassOf :Proud ."
        )
    )
    assert rule.kind == "cls-int1"
    assert " . ".join(premise.sparql() for premise in rule.premises) == (
        "?a a <https://example.org/Town> . ?a <https://example.org/twinnedWith> ?b . "
        "?b a <https://example.org/Capital>"
    )


def test_a_chain_has_any_length_and_may_go_backwards() -> None:
    [rule] = entailment_rules(
        axioms(
            ":near owl:propertyChainAxiom ( :in :in [ owl:inverseOf :in ] [ owl:inverseOf :in ] ) ."
        )
    )
    assert [(p.subject, p.object) for p in rule.premises] == [
        ("?a", "?b"),
        ("?b", "?c"),
        ("?d", "?c"),
        ("?e", "?d"),
    ]
    assert rule.conclusion == Pattern("?a", "<https://example.org/near>", "?e")


@pytest.mark.parametrize(
    ("turtle", "construct"),
    [
        (":a owl:sameAs :b .", "owl:sameAs"),
        (":C owl:hasKey ( :p ) .", "owl:hasKey"),
        (":p a owl:ReflexiveProperty .", "owl:ReflexiveProperty"),
        (":C rdfs:subClassOf [ owl:unionOf ( :A :B ) ] .", "owl:unionOf"),
        (
            ":C rdfs:subClassOf [ owl:onProperty :p ; owl:someValuesFrom :B ] .",
            "owl:someValuesFrom",
        ),
        (
            ":C owl:equivalentClass [ owl:onProperty :p ; owl:allValuesFrom :B ] .",
            "owl:allValuesFrom",
        ),
        (":C rdfs:subClassOf [ owl:onProperty :p ; owl:maxCardinality 2 ] .", "owl:maxCardinality"),
        (":C rdfs:subClassOf [ owl:onProperty :p ; owl:minCardinality 1 ] .", "owl:minCardinality"),
        (":C rdfs:subClassOf [ owl:oneOf ( :a :b ) ] .", "owl:oneOf"),
        (":C owl:disjointUnionOf ( :A :B ) .", "owl:disjointUnionOf"),
        ("owl:Thing rdfs:subClassOf :C .", "owl:Thing as a sub-class"),
        ("[ owl:onProperty :p ; owl:someValuesFrom xsd:date ] rdfs:subClassOf :C .", "datatype"),
        ("<https://example.org> owl:imports <https://example.org/other> .", "owl:imports"),
        (":p rdfs:subPropertyOf [ a owl:ObjectProperty ] .", "property expression"),
    ],
)
def test_a_construct_without_a_rule_stops_with_its_name(turtle: str, construct: str) -> None:
    with pytest.raises(UnknownConstruct) as stopped:
        entailment_rules(axioms(turtle))
    assert stopped.value.construct == construct
    assert "https://example.org" in stopped.value.axiom
    assert construct in str(stopped.value)
    assert isinstance(stopped.value, OntologyError)


def test_an_import_of_what_is_read_too_is_no_obstacle() -> None:
    assert entailment_rules(axioms(":one owl:imports :two . :two a owl:Ontology .")) == ()


def test_strata_follow_what_they_need() -> None:
    done: set[str] = set()
    ordered = strata(ontology_rules())
    concluded = {rule.conclusion.relation for rule in ontology_rules() if rule.conclusion}
    for stratum in ordered:
        own = {rule.conclusion.relation for rule in stratum.rules if rule.conclusion}
        needed = {premise.relation for rule in stratum.rules for premise in rule.premises}
        assert needed & concluded <= done | own
        assert stratum.recursive == bool(needed & own)
        done |= own
    assert sum(len(stratum.rules) for stratum in ordered) == len(ontology_rules())


def test_only_rules_that_need_each_other_run_together() -> None:
    recursive = [
        sorted(rule.id for rule in stratum.rules)
        for stratum in strata(ontology_rules())
        if stratum.recursive
    ]
    assert ["prp-trp/mlg:within/mlg:within/mlg:within"] in recursive
    assert all(len(ids) < 10 for ids in recursive)


def test_identifiers_last_and_are_given_once() -> None:
    again = entailment_rules(ontology_graph() + alignment_graph())
    assert [rule.id for rule in again] == sorted(BY_ID)
    assert [rule.axiom for rule in again] == [rule.axiom for rule in ontology_rules()]


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(ontology.rules).failed == 0
