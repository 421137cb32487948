"""Every inferred triple is derived again, backwards, from what the store says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph, URIRef

from loaders.inference.backward import Lookup, Proof, derivations, proof
from loaders.inference.forward import inferences
from ontology.namespaces import GRAPH_INFERRED, GRAPH_PROVENANCE, ID, PREFIXES
from ontology.rules.computed import STANDING
from ontology.rules.rule import TYPE

Terms = tuple[str, str, str]

PROLOGUE = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items()) + (
    f"@prefix : <{ID}x/> .\n"
)
MLG = PREFIXES["mlg"]


def lines(turtle: str) -> set[str]:
    text = Graph().parse(data=PROLOGUE + turtle, format="turtle").serialize(format="nt")
    triples = ox.parse(text, format=ox.RdfFormat.N_TRIPLES)
    return {f"{quad.subject} {quad.predicate} {quad.object}" for quad in triples}


def terms(line: str) -> Terms:
    subject, predicate, value = line.split(" ", 2)
    return subject, predicate, value


def triple(turtle: str) -> Terms:
    (found,) = lines(turtle)
    return terms(found)


def lookup_in(store: ox.Store) -> Lookup:
    def lookup(s: str | None, p: str | None, o: str | None) -> Iterator[Terms]:
        asked = [_term(t) if t else None for t in (s, p, o)]
        for quad in store.quads_for_pattern(*asked, ox.DefaultGraph()):  # type: ignore[arg-type]
            yield str(quad.subject), str(quad.predicate), str(quad.object)

    return lookup


def _term(text: str) -> ox.NamedNode | ox.Literal:
    if text.startswith("<"):
        return ox.NamedNode(text[1:-1])
    (quad,) = ox.parse(f"<x:s> <x:p> {text} .", format=ox.RdfFormat.N_TRIPLES)
    assert isinstance(quad.object, ox.Literal)
    return quad.object


def holding(stated: set[str]) -> tuple[ox.Store, Callable[[Terms], bool]]:
    """A store of the triples and all that follows, and what tells the two apart."""
    store = ox.Store()
    known = stated | set(inferences(stated).triples)
    store.bulk_load(input="".join(f"{k} .\n" for k in known), format=ox.RdfFormat.N_TRIPLES)
    return store, lambda asked: " ".join(asked) in stated


def rests_on(found: Proof) -> set[Terms]:
    """The stated triples of a proof, each step of which is checked to be its rule's."""
    if found.rule is None:
        assert found.premises == ()
        return {found.triple}
    assert found.rule.conclusion is not None
    binding: dict[str, str] = {}
    patterns = [*found.rule.premises, found.rule.conclusion]
    for pattern, known in zip(patterns, [*found.premises, found], strict=True):
        for term, value in zip(pattern, known.triple, strict=True):
            assert (binding.setdefault(term, value) if term.startswith("?") else term) == value
    return set[Terms]().union(*(rests_on(premise) for premise in found.premises))


FUNDING = """
:line mlg:soleFunder :town ; mlg:fundingOf :project .
:project mlg:hasHomePartner :town ; mlg:hasForeignPartner :commune .
:commune mlg:country country:MLI .
"""


def test_a_chain_is_derived_from_its_two_steps() -> None:
    store, _ = holding(lines(FUNDING))
    asked = triple(":town mlg:supportsAuthority :commune .")
    [found] = derivations(asked, lookup_in(store))
    assert found.rule.kind == "prp-spo2"
    assert found.premises == (
        triple(":town mlg:funds :project ."),
        triple(":project mlg:hasForeignPartner :commune ."),
    )
    assert found.rule.text["fr"] == (
        "Si A « finance » B et B « a pour partenaire étranger » C, "
        "alors A « soutient la collectivité » C."
    )


def test_a_proof_goes_down_to_what_is_stated() -> None:
    store, is_stated = holding(lines(FUNDING))
    asked = triple(":town mlg:supportsCountry country:MLI .")
    found = proof(asked, lookup_in(store), is_stated)
    assert found is not None
    assert rests_on(found) == {
        triple(":line mlg:soleFunder :town ."),
        triple(":line mlg:fundingOf :project ."),
        triple(":project mlg:hasForeignPartner :commune ."),
        triple(":commune mlg:country country:MLI ."),
    }


def test_each_of_two_ways_is_given() -> None:
    store, _ = holding(lines(FUNDING))
    asked = triple(":project mlg:hasParticipant :town .")
    kinds = {d.rule.id.split("/", 1)[1] for d in derivations(asked, lookup_in(store))}
    assert kinds == {
        "mlg:hasPartner/mlg:hasParticipant",
        "mlg:fundedBy/mlg:hasParticipant",
        "mlg:participatesIn/mlg:hasParticipant",
    }
    assert len(derivations(asked, lookup_in(store), limit=1)) == 1


def test_partners_of_each_other_are_not_the_proof_of_each_other() -> None:
    store, is_stated = holding(lines(FUNDING))
    for asked in (":commune mlg:partnerOf :town .", ":town mlg:partnerOf :commune ."):
        found = proof(triple(asked), lookup_in(store), is_stated)
        assert found is not None
        assert rests_on(found) == {
            triple(":project mlg:hasHomePartner :town ."),
            triple(":project mlg:hasForeignPartner :commune ."),
        }


def test_a_premise_that_is_not_published_is_derived_again() -> None:
    stated = lines(FUNDING + ":line2 mlg:soleFunder :commune ; mlg:fundingOf :project .")
    store, is_stated = holding(stated)
    self_loop = triple(":commune mlg:supportsAuthority :commune .")
    assert not list(lookup_in(store)(*self_loop))
    asked = triple(":commune mlg:supportsCountry country:MLI .")
    [found] = derivations(asked, lookup_in(store))
    assert found.premises[0] == self_loop
    whole = proof(asked, lookup_in(store), is_stated)
    assert whole is not None
    assert triple(":line2 mlg:soleFunder :commune .") in rests_on(whole)


@pytest.mark.parametrize(
    "turtle",
    [":town mlg:supportsCountry country:SEN .", ":line a mlg:Partnership .", ":a mlg:b :c ."],
)
def test_what_does_not_hold_has_no_derivation(turtle: str) -> None:
    store, is_stated = holding(lines(FUNDING))
    assert derivations(triple(turtle), lookup_in(store)) == []
    assert proof(triple(turtle), lookup_in(store), is_stated) is None


def test_every_inferred_triple_of_the_build_is_proved_from_source_records(
    small_home: Path,
) -> None:
    store = ox.Store.read_only(str(small_home / "current" / "store"))
    graphs = {GRAPH_INFERRED: set[Terms](), GRAPH_PROVENANCE: set[Terms]()}
    stated: set[Terms] = set()
    for quad in store:
        if isinstance(quad.graph_name, ox.NamedNode):
            held = graphs.get(URIRef(quad.graph_name.value), stated)
            held.add((str(quad.subject), str(quad.predicate), str(quad.object)))
    computed = {known for known in graphs[GRAPH_INFERRED] if URIRef(known[1][1:-1]) in STANDING}
    inferred = graphs[GRAPH_INFERRED] - computed
    stated |= computed
    assert len(inferred) > 600
    assert any(known[1] == TYPE for known in inferred)
    for known in sorted(inferred):
        found = proof(known, lookup_in(store), stated.__contains__)
        assert found is not None, known
        assert found.rule is not None
        assert rests_on(found) <= stated
