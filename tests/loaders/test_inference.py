"""The rules against owlrl, triple for triple, and against themselves as SPARQL."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef
from rdflib.util import from_n3

from loaders.build.graphs import vocabulary
from loaders.errors import BuildError
from loaders.inference.forward import inferences, inferred, published
from loaders.model.quads import described
from loaders.progress import Silent
from loaders.sources.dataset import registrations
from loaders.sources.reading import Sources, read
from ontology.documents import alignment_graph, ontology_graph, schemes_graph
from ontology.namespaces import (
    GRAPH_INFERRED,
    GRAPH_PROVENANCE,
    ID,
    MLG,
    OWL,
    PREFIXES,
    RDF,
    RDFS,
    XSD,
)
from ontology.rules.computed import STANDING
from ontology.rules.entailment import entailment_rules, ontology_rules
from ontology.rules.rule import Pattern, Rule

Terms = tuple[str, str, str]

OWLRL = Path(__file__).parent.parent / "reference" / "owlrl_closure.py"
ERROR = "<http://www.daml.org/2002/03/agents/agent-ont#error>"
PROLOGUE = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items()) + (
    f"@prefix kind: <{ID}concept/kind/> .\n@prefix : <{ID}x/> .\n"
)

# Every construct that the rules know and the ontology does not use, or uses in one place only.
TOY = """
@prefix : <https://example.org/toy#> .
:Both owl:equivalentClass [ owl:intersectionOf ( :A :B ) ] .
[ owl:intersectionOf ( :A [ owl:unionOf ( :B :C ) ] ) ] rdfs:subClassOf :Either .
[ owl:onProperty :p ; owl:someValuesFrom :B ] rdfs:subClassOf :Somewhere .
[ owl:onProperty :p ; owl:someValuesFrom owl:Thing ] rdfs:subClassOf :Anywhere .
:D rdfs:subClassOf [ owl:onProperty :q ; owl:allValuesFrom :E ] , [ owl:intersectionOf ( :F :G ) ] .
:E rdfs:subClassOf [ owl:onProperty :q ; owl:allValuesFrom
        [ owl:onProperty :r ; owl:hasValue :here ] ] .
:H owl:equivalentClass [ owl:intersectionOf ( [ owl:onProperty :p ; owl:hasValue :there ]
        [ owl:intersectionOf ( :B :C ) ] ) ] .
[ owl:intersectionOf ( [ owl:onProperty :q ; owl:someValuesFrom :B ]
        [ owl:onProperty :p ; owl:hasValue :there ]
        [ owl:onProperty :r ; owl:someValuesFrom :A ] ) ] rdfs:subClassOf :M .
[ owl:unionOf ( :A :H ) ] rdfs:subClassOf :I .
[ owl:unionOf ( :F :I ) ] rdfs:subClassOf :J .
:A owl:equivalentClass :K .
:L rdfs:subClassOf owl:Thing .
:V owl:equivalentClass [ owl:onProperty :v ; owl:hasValue "yes" ] .
:p owl:equivalentProperty :s .
:t a owl:TransitiveProperty ; rdfs:subPropertyOf :u .
:u a owl:SymmetricProperty .
:w owl:propertyChainAxiom ( :p :q :r ) , ( :w :w ) , ( :t ) ; owl:inverseOf :x .
:x rdfs:subPropertyOf [ owl:inverseOf :y ] ; rdfs:range [ owl:intersectionOf ( :K :L ) ] .
:z owl:propertyChainAxiom ( [ owl:inverseOf :p ] :q ) ; rdfs:domain :D .
"""


def values() -> dict[str, str]:
    """For each property of values, one that it may have."""
    known = ontology_graph()
    lexical = {XSD.boolean: "true", XSD.decimal: "23314.90", XSD.integer: "2"}
    found = {}
    for owned in known.subjects(RDF.type, OWL.DatatypeProperty):
        datatype = known.value(owned, RDFS.range)
        text = lexical.get(datatype)
        found[owned.n3()] = Literal(text, datatype=datatype).n3() if text else '"2010"'
    return found


def graph(turtle: str) -> Graph:
    return Graph().parse(data=PROLOGUE + turtle, format="turtle")


def lines(known: Graph) -> set[str]:
    text = known.serialize(format="nt", encoding="utf-8")
    triples = ox.parse(text, format=ox.RdfFormat.N_TRIPLES)
    return {f"{quad.subject} {quad.predicate} {quad.object}" for quad in triples}


def terms(line: str) -> Terms:
    subject, predicate, value = line.split(" ", 2)
    return subject, predicate, value


def by_value(triples: Iterable[str]) -> set[tuple[str, str, object]]:
    """The triples, their literals by value: owlrl writes numbers again in canonical form."""
    return {(s, p, _value(o)) for s, p, o in map(terms, triples)}


def _value(term: str) -> object:
    node = from_n3(term)
    if isinstance(node, Literal) and node.value is not None:
        return (str(node.datatype), node.language, node.value)
    return term


def closed_by_owlrl(axioms: Graph, data: set[str]) -> set[str]:
    known = "".join(f"{line} .\n" for line in sorted(lines(axioms) | data))
    process = subprocess.run(
        [sys.executable, str(OWLRL)], input=known, capture_output=True, check=True, text=True
    )
    return lines(Graph().parse(data=process.stdout, format="nt"))


def worth_publishing(closure: set[str], data: set[str]) -> set[tuple[str, str, object]]:
    found = {line for line in closure if published(*terms(line))}
    return by_value(abroad(found)) - by_value(data)


def abroad(closure: set[str]) -> set[str]:
    """The triples, without those that say that somebody supports their own country."""
    country = {(s, o) for s, p, o in map(terms, closure) if p == f"<{MLG.country}>"}
    at_home = {
        (s, o)
        for s, land in country
        for o, other in {*country, *((o, o) for _, o in country)}
        if land == other
    }
    supports = {f"<{MLG.supportsAuthority}>", f"<{MLG.supportsCountry}>"}
    return {
        line
        for line in closure
        if terms(line)[1] not in supports or (terms(line)[0], terms(line)[2]) not in at_home
    }


def run_as_sparql(rules: Iterable[Rule], data: set[str]) -> set[str]:
    """The rules' own queries, over and over until nothing is new: the naive reading of them."""
    store = ox.Store()
    store.bulk_load(input="".join(f"{line} .\n" for line in data), format=ox.RdfFormat.N_TRIPLES)
    size = -1
    while len(store) != size:
        size = len(store)
        for rule in rules:
            if rule.conclusion:
                found = store.query(rule.sparql)
                assert isinstance(found, ox.QueryTriples)
                store.extend(ox.Quad(*triple) for triple in list(found))
    found_lines = {f"{quad.subject} {quad.predicate} {quad.object}" for quad in store}
    return {line for line in abroad(found_lines) - data if published(*terms(line))}


@st.composite
def instances(draw: st.DrawFn, rules: tuple[Rule, ...]) -> list[Pattern]:
    """The premises of a few rules over four nodes, so that rules meet each other's conclusions."""
    chosen = draw(st.lists(st.sampled_from(rules), min_size=2, max_size=6))
    found = []
    for rule in chosen:
        nodes = {
            name: f":n{draw(st.integers(0, 3))}" for p in rule.premises for name in p.variables
        }
        found += [premise.bound(nodes) for premise in rule.premises]
    return found


def generated(rules: tuple[Rule, ...], number: int) -> set[str]:
    """Many small graphs with nodes of their own, as one, so that owlrl has to start only once."""
    data: set[str] = set()
    single = {rule.premises[0].predicate for rule in rules if rule.kind in ("prp-fp", "prp-ifp")}
    # Each rule's premises by themselves, and then together with those of others.
    drawn = [
        [Pattern(*(term.replace("?", ":") for term in premise)) for premise in rule.premises]
        for rule in rules
        if rule.conclusion
    ]
    literals = values()

    @settings(
        max_examples=number,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(instances(tuple(rule for rule in rules if rule.conclusion)))
    def draw(patterns: list[Pattern]) -> None:
        drawn.append(patterns)

    draw()
    for place, patterns in enumerate(drawn):
        seen: set[tuple[str, str]] = set()
        for pattern in patterns:
            if pattern.predicate in single and pattern[:2] in seen:
                continue  # owlrl would make the two values one thing; here that contradicts
            seen.add((pattern.subject, pattern.predicate))
            subject, predicate, value = (
                f"<{ID}x/g{place}-{term[1:]}>" if term.startswith(":") else term for term in pattern
            )
            data.add(f"{subject} {predicate} {literals.get(predicate, value)}")
    return data


@pytest.fixture(scope="module")
def axioms() -> Graph:
    return ontology_graph() + alignment_graph()


@pytest.fixture(scope="module")
def small_graphs() -> set[str]:
    """Several hundred graphs over the ontology, and the schemes."""
    return generated(ontology_rules(), 400) | lines(schemes_graph())


def test_the_rules_give_what_owlrl_gives_on_several_hundred_small_graphs(
    axioms: Graph, small_graphs: set[str]
) -> None:
    found = inferences(small_graphs)
    closure = closed_by_owlrl(axioms, small_graphs)
    assert by_value(found.triples) == worth_publishing(closure, small_graphs | lines(axioms))
    errors = {terms(line)[2] for line in closure if terms(line)[1] == ERROR}
    clashes = [c for c in found.contradictions if c.rule_id.startswith("cax-dw")]
    assert {_clash(c.triples) for c in clashes} == {frozenset(_iris(error)) for error in errors}


def _clash(triples: tuple[Terms, ...]) -> frozenset[str]:
    return frozenset(t.strip("<>") for s, _, known in triples for t in (s, known))


def _iris(message: str) -> set[str]:
    return {word.strip('"') for word in message.split() if word.strip('"').startswith("http")}


def test_the_small_graphs_use_every_rule(small_graphs: set[str]) -> None:
    closed = small_graphs | set(inferences(small_graphs).triples)
    store = ox.Store()
    store.bulk_load(input="".join(f"{line} .\n" for line in closed), format=ox.RdfFormat.N_TRIPLES)
    unused = [r.id for r in ontology_rules() if r.conclusion and not list(store.query(r.sparql))]
    assert unused == []


def test_the_queries_of_the_rules_give_the_same(small_graphs: set[str]) -> None:
    queried = by_value(run_as_sparql(ontology_rules(), small_graphs))
    assert queried - by_value(small_graphs) == by_value(inferences(small_graphs).triples)


def test_every_supported_construct_gives_what_owlrl_gives() -> None:
    toy = graph(TOY)
    rules = entailment_rules(toy)
    data = generated(rules, 200)
    found = inferences(data, rules)
    assert len(found.triples) > 500
    assert by_value(found.triples) == worth_publishing(closed_by_owlrl(toy, data), data)
    assert set(found.triples) == run_as_sparql(rules, data)


def test_what_owlrl_derives_of_the_ontology_itself_is_in_the_rules(axioms: Graph) -> None:
    """So nothing is lost by making rules of the stated axioms and not of the closed ones."""
    readable = [RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range]
    readable += [OWL.equivalentClass, OWL.equivalentProperty]
    spoken = {
        term.strip("<>")
        for r in ontology_rules()
        for p in (*r.premises, r.conclusion or ())
        for term in p
    }
    closure = "".join(f"{line} .\n" for line in closed_by_owlrl(axioms, set()))
    closed = Graph()
    for triple in Graph().parse(data=closure, format="nt"):
        if triple[1] in readable and {str(triple[0]), str(triple[2])} <= spoken:
            closed.add(triple)
    rules = [r for r in entailment_rules(closed) if r.conclusion]
    assert len(rules) > len(ontology_rules())
    data, expected = set(), {}
    for number, rule in enumerate(rules):
        found = {name for premise in rule.premises for name in premise.variables}
        nodes = {name: f"<{ID}x/r{number}-{name[1:]}>" for name in found}
        data |= {" ".join(premise.bound(nodes)) for premise in rule.premises}
        assert rule.conclusion is not None
        expected[rule.id] = " ".join(rule.conclusion.bound(nodes))
    closed_data = data | set(inferences(data).triples)
    assert [rule for rule, line in expected.items() if line not in closed_data] == []


def test_the_real_build_holds_what_owlrl_gives(small_home: Path, axioms: Graph) -> None:
    store = ox.Store.read_only(str(small_home / "current" / "store"))
    left_out = {str(GRAPH_INFERRED), str(GRAPH_PROVENANCE)}
    data, found = set(), set()
    for quad in store:
        line = f"{quad.subject} {quad.predicate} {quad.object}"
        if isinstance(quad.graph_name, ox.NamedNode):
            if quad.graph_name.value == str(GRAPH_INFERRED):
                (data if URIRef(quad.predicate.value) in STANDING else found).add(line)
            elif quad.graph_name.value not in left_out and "_:" not in line:
                data.add(line)
    spoken = {p.predicate for r in ontology_rules() for p in r.premises}
    premises = {line for line in data if terms(line)[1] in spoken}
    assert len(found) > 600
    assert by_value(found) == worth_publishing(closed_by_owlrl(axioms, premises), data)


REGISTERS = [
    name
    for name, registration in registrations().items()
    if registration.dataset.register and "coordinates" not in name
]
SAMPLE = 100
"""Entities of each register: owlrl takes a second for some thousand triples."""


@pytest.mark.parametrize("name", REGISTERS)
def test_a_sample_of_a_register_gives_what_owlrl_gives(name: str, axioms: Graph) -> None:
    outcome = read(registrations()[name], Sources(), Silent())
    (record,) = outcome.records
    step = max(1, len(record.entities) // SAMPLE)
    chosen = record.entities[::step]
    data = {line for entity in chosen for line in described(entity)}
    data |= {line for line in vocabulary() if "_:" not in line}
    spoken = {p.predicate for r in ontology_rules() for p in r.premises}
    premises = {line for line in data if terms(line)[1] in spoken}
    found = inferred(data)
    assert len(found) > 100
    assert by_value(found) == worth_publishing(closed_by_owlrl(axioms, premises), data)


def test_what_is_already_stated_is_not_derived_again() -> None:
    stated = lines(graph(":p mlg:hasHomePartner :a ; mlg:hasPartner :a ."))
    found = inferred(stated)
    assert f"<{ID}x/p> <{PREFIXES['mlg']}hasParticipant> <{ID}x/a>" in found
    assert not set(found) & stated
    assert found == sorted(set(found))


def test_nothing_is_published_that_says_nothing() -> None:
    found = inferred(
        lines(
            graph(
                ":l mlg:soleFunder :a ; mlg:fundingOf :p . "
                ":p mlg:hasForeignPartner :a ; mlg:hasHomePartner :a ; mlg:theme 'eau' . "
                ":a mlg:country country:MLI ; mlg:kind <https://example.org/kind> . "
                "<https://example.org/line> mlg:fundingOf :p ; mlg:soleFunder :a ."
            )
        )
    )
    assert f"<{ID}x/a> <{PREFIXES['mlg']}funds> <{ID}x/p>" in found
    assert not any("supports" in line for line in found)
    for line in found:
        subject, predicate, value = terms(line)
        assert subject.startswith(f"<{ID}")
        assert subject != value or "within" in predicate
        assert "owl#" not in line


def test_two_amounts_of_one_line_contradict_but_not_two_spellings_of_one() -> None:
    stated = lines(graph(":l mlg:amountEUR 5.0, 5.00, 6.0 ."))
    [*found] = inferences(stated).contradictions
    assert {c.rule_id for c in found} == {"prp-fp/mlg:amountEUR/mlg:amountEUR"}
    pairs = {tuple(sorted(o.split('"')[1] for _, _, o in c.triples)) for c in found}
    assert pairs == {("5.0", "6.0"), ("5.00", "6.0")}
    with pytest.raises(BuildError, match=r"amount in euros.*6\.0"):
        inferred(stated)


CLASHES = {
    ":D owl:disjointWith :E": ":n a :D, :E .",
    "[] a owl:AllDisjointClasses ; owl:members ( :D :E :F )": ":n a :D, :F .",
    ":p owl:propertyDisjointWith :q": ":n :p :m ; :q :m .",
    ":p a owl:IrreflexiveProperty": ":n :p :n .",
    ":p a owl:AsymmetricProperty": ":n :p :m . :m :p :n .",
    ":D rdfs:subClassOf [ owl:complementOf :E ]": ":n a :D, :E .",
    ":D rdfs:subClassOf owl:Nothing": ":n a :D .",
    ":D rdfs:subClassOf [ owl:onProperty :p ; owl:maxCardinality 0 ]": ":n a :D ; :p :m .",
    ":D rdfs:subClassOf [ owl:onProperty :p ; owl:maxCardinality 1 ]": ":n a :D ; :p 1, 2 .",
    ":p a owl:InverseFunctionalProperty": ":n :p :o . :m :p :o .",
}


@pytest.mark.parametrize("axiom", CLASHES)
def test_a_contradiction_is_told_with_its_triples(axiom: str) -> None:
    rules = entailment_rules(graph(f"{axiom} ."))
    clashing = lines(graph(CLASHES[axiom]))
    [found, *_] = inferences(clashing, rules).contradictions
    assert {" ".join(triple) for triple in found.triples} == clashing
    assert found.message.startswith("It cannot be that A ")
    for left_out in clashing:
        assert inferences(clashing - {left_out}, rules).contradictions == ()


def test_a_long_chain_of_places_is_closed() -> None:
    places = [f"<{ID}x/{number:03}>" for number in range(200)]
    within = f"<{PREFIXES['mlg']}within>"
    steps = [f"{a} {within} {b}" for a, b in pairwise(places)]
    assert len(inferred(steps)) == 200 * 199 // 2 - len(steps)
