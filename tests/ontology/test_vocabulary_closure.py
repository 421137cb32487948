"""The vocabulary closed by owlrl: what is published of it, and what stops it."""

from __future__ import annotations

import pytest
from rdflib import Graph, URIRef

from loaders.build import build as building
from loaders.build import graphs
from loaders.build.build import build
from loaders.errors import BuildError
from loaders.inference.coverage import not_carried_out
from loaders.sources.reading import Sources
from ontology.errors import OntologyContradictionError
from ontology.namespaces import FOAF, ID, MLG, ORG, OWL, PREFIXES, RDFS
from ontology.rules import closure
from ontology.rules.closure import derived_axioms, stated_vocabulary
from ontology.rules.entailment import ontology_rules
from ontology.rules.unpublished import TYPES

PROLOGUE = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())


def turtle(text: str) -> Graph:
    return Graph().parse(data=PROLOGUE + text, format="turtle")


@pytest.fixture(scope="module")
def axioms() -> Graph:
    return derived_axioms()


def test_far_superclasses_domains_and_both_ways_of_an_inverse_are_there(axioms: Graph) -> None:
    assert (MLG.IntermunicipalBody, RDFS.subClassOf, FOAF.Agent) in axioms
    assert (ORG.headOf, RDFS.domain, FOAF.Agent) in axioms
    assert (MLG.fundedBy, OWL.inverseOf, MLG.funds) in axioms
    assert (MLG.funds, OWL.inverseOf, MLG.fundedBy) not in axioms  # as it is stated


def test_nothing_of_it_is_on_the_list_of_what_is_never_published(axioms: Graph) -> None:
    for subject, predicate, value in axioms:
        assert isinstance(subject, URIRef)
        assert isinstance(value, URIRef)
        assert subject != value
        assert predicate != OWL.sameAs
        assert not {subject, value} & TYPES
        assert not str(subject).startswith(str(ID))
    assert len(axioms & stated_vocabulary()) == 0


def test_the_graph_of_the_ontology_is_the_same_every_time() -> None:
    once, again = graphs.closed_vocabulary(), graphs.closed_vocabulary()
    assert once == again == sorted(set(once))
    assert set(graphs.vocabulary()) < set(once)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("mlg:Hamlet rdfs:subClassOf mlg:FundingLine, mlg:Partnership .", "Hamlet can have no"),
        (
            "<https://example.org/x> a mlg:FundingLine, mlg:Partnership .",
            "Disjoint classes .*def#FundingLine.* have a common individual",
        ),
        ('<https://example.org/x> mlg:inhabitants "many"^^xsd:integer .', "'many' does not match"),
    ],
)
def test_a_vocabulary_that_contradicts_itself_is_refused_and_says_where(
    text: str, told: str
) -> None:
    with pytest.raises(OntologyContradictionError, match=told):
        derived_axioms(stated_vocabulary() + turtle(text))


def test_a_build_stops_at_a_contradiction_and_serves_nothing(
    tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = stated_vocabulary() + turtle(
        "mlg:X rdfs:subClassOf mlg:FundingLine, mlg:Partnership ."
    )
    monkeypatch.setattr(closure, "stated_vocabulary", lambda: broken)
    monkeypatch.setattr(building, "closed_vocabulary", graphs.closed_vocabulary)
    with pytest.raises(OntologyContradictionError, match="X can have no member"):
        build(tmp_path, Sources(only=frozenset({"countries"})))
    assert not (tmp_path / "current").exists()


def test_what_the_rules_do_not_carry_out_is_named(
    axioms: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not_carried_out(axioms, ontology_rules()) == []
    more = axioms + turtle("mlg:funds rdfs:subPropertyOf mlg:met .")
    assert not_carried_out(more, ontology_rules()) == ["mlg:funds rdfs:subPropertyOf mlg:met"]
    monkeypatch.setattr(graphs, "derived_axioms", lambda: more)
    with pytest.raises(BuildError, match="mlg:funds rdfs:subPropertyOf mlg:met"):
        graphs.closed_vocabulary()
