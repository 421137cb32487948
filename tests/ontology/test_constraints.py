"""The shapes as SPARQL find what pySHACL finds: each focus node, constraint and value of it."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pyshacl import validate
from rdflib import Graph, Literal
from rdflib.term import Node

from ontology.documents import (
    alignment_graph,
    ontology_graph,
    read_graph,
    schemes_graph,
    shapes_graph,
)
from ontology.namespaces import GRAPH_PROVENANCE, PREFIXES, RDFS, SH, SKOS
from ontology.shapes.constraints import constraints
from ontology.shapes.shacl import UnknownComponent
from tests.ontology.test_shapes import CASES, CLEAN, PROLOGUE

PREAMBLE = "".join(
    f"@prefix {prefix}: <{iri}> .\n"
    for prefix, iri in (*PREFIXES.items(), ("ex", "https://example.org/"))
)

Breach = tuple[str, str, str, str]
"""Shape, component, focus node, value."""


@pytest.fixture(scope="module")
def vocabulary() -> Graph:
    return ontology_graph() + alignment_graph() + schemes_graph()


def by_pyshacl(data: Graph, vocabulary: Graph, shapes: Graph | None = None) -> set[Breach]:
    _, report, _ = validate(data + vocabulary, shacl_graph=shapes or shapes_graph())
    return {
        (
            _local(report.value(result, SH.sourceShape)),
            _local(report.value(result, SH.sourceConstraintComponent)),
            _written(report.value(result, SH.focusNode)),
            _written(report.value(result, SH.value)),
        )
        for result in report.objects(None, SH.result)  # without their details
    }


def by_store(store: ox.Store, graph: str | None = None) -> set[Breach]:
    within = ox.NamedNode(graph) if graph else ox.DefaultGraph()
    return {
        (each.name, each.component, str(row[0]), str(row[1] or ""))
        for each in constraints()
        for row in store.query(each.query, default_graph=within)
    }


def both(data: Graph, vocabulary: Graph) -> tuple[set[Breach], set[Breach]]:
    store = loaded(data + vocabulary)
    kept = Graph().parse(data=store_dump(store), format="nt")
    return by_store(store), by_pyshacl(kept, Graph())


def loaded(graph: Graph) -> ox.Store:
    store = ox.Store()
    store.load(graph.serialize(format="nt", encoding="utf-8"), format=ox.RdfFormat.N_TRIPLES)
    return store


def store_dump(store: ox.Store, graph: str | None = None) -> bytes:
    """The content of the store: it writes numbers in their canonical form."""
    within = ox.NamedNode(graph) if graph else ox.DefaultGraph()
    dump = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=within)
    assert dump is not None
    return dump


def _written(node: Node | None) -> str:
    if isinstance(node, Literal) and node.datatype is None:
        return Literal(str(node), lang=(node.language or "").lower() or None).n3()
    return "" if node is None else node.n3()


def _local(node: Node | None) -> str:
    return str(node).rpartition("#")[2]


def own(number: int, text: str) -> str:
    """Turtle or SPARQL in which every example is the number's own."""
    return re.sub(r"(?<![\w:>]):(?=[a-z])", f":c{number}-", text)


def mutant(number: int, taken: str, added: str) -> Graph:
    data = Graph().parse(data=own(number, CLEAN.read_text("utf-8")), format="turtle")
    if taken:
        data.update(f"{PROLOGUE} DELETE WHERE {{ {own(number, taken)} }}")
    if added:
        data.update(f"{PROLOGUE} INSERT DATA {{ {own(number, added)} }}")
    return data


def test_a_clean_graph_is_clean_to_both(vocabulary: Graph) -> None:
    assert both(read_graph(CLEAN), vocabulary) == (set(), set())


def test_both_find_the_same_in_every_mutant(vocabulary: Graph) -> None:
    data = Graph()
    for number, (_, _, taken, added) in enumerate(CASES):
        data += mutant(number, taken, added)
    here, there = both(data, vocabulary)
    assert here == there
    for number, (shape, entity, _, _) in enumerate(CASES):
        focus = f"<https://example.org/c{number}-{entity}>"
        assert any(breach[0] == shape and breach[2] == focus for breach in here), shape


def test_both_find_the_same_in_the_shipped_data(small_home: Path) -> None:
    store = ox.Store.read_only(str(small_home / "current" / "store"))
    for graph in (None, str(GRAPH_PROVENANCE)):
        data = Graph().parse(data=store_dump(store, graph), format="nt")
        assert by_store(store, graph) == by_pyshacl(data, ontology_graph() + alignment_graph())


THINGS = [f"ex:{name}" for name in "abc"]
CLASSES = [
    *("mlg:Agreement", "mlg:Encounter", "mlg:Figure", "mlg:FundingLine", "mlg:LocalAuthority"),
    *("mlg:Municipality", "mlg:Objective", "mlg:Organ", "mlg:Partnership", "mlg:ThemePriority"),
    *("foaf:Person", "org:ChangeEvent", "org:FormalOrganization", "org:Membership"),
    "mlg:SourceRecord",
]
CONCEPTS = [
    *("kind/fra-commune", "theme/sante", "sdg/6", "status/ended", "form/twinning"),
    *("resolution/unresolved", "level/national", "measure/members", "role/president"),
    *("precision/about", "encounter-type/summit", "organ-type/deliberative-body"),
]
NUMBERS = ["0.0", "7.5", "-1.5", "12", "0", "-3", '"many"', '"few"']
DATES = [
    *('"2010"^^xsd:gYear', '"2010-05"^^xsd:gYearMonth', '"2010-05-12"^^xsd:date'),
    *('"--05-12"^^xsd:gMonthDay', '"2010-02-30"^^xsd:date', '"2010"', '"mai"@fr', "2010"),
]
LINKS = [
    *("tel:+22312345678", "tel:012", "mailto:a@example.org", "mailto:a@", "mailto:@example.org"),
    *("http://publications.europa.eu/resource/authority/country/MLI", "http://example.org/MLI"),
]
VALUES = {
    "a": CLASSES,
    "mlg:amountEUR mlg:waterSolidarityEUR mlg:value mlg:priority": NUMBERS,
    "mlg:start mlg:end mlg:date mlg:year mlg:foundingDate mlg:attestedOn mlg:firstSignature "
    "mlg:earliest mlg:latest": DATES,
    "skos:prefLabel mlg:text mlg:funderAsStated dct:title dct:language dct:rights": [
        *('"A"@fr', '"B"@fr', '"B"@en', '"C"', '"D"', '"E"@fr-be'),
    ],
    "mlg:kind mlg:theme mlg:concept mlg:status mlg:form mlg:resolution mlg:level mlg:measure "
    "mlg:precision mlg:encounterType mlg:organType org:role": [
        *(f"<https://w3id.org/maillage/id/concept/{each}>" for each in CONCEPTS),
        *('"as stated"', "ex:a"),
    ],
    "mlg:country vcard:hasTelephone vcard:hasEmail foaf:phone schema:email": [
        *(f"<{link}>" for link in LINKS),
        '"+223 12 34"',
    ],
    "mlg:unnamedFunder": ["true", "false"],
    "mlg:signatory mlg:hasPartner mlg:hasHomePartner mlg:hasForeignPartner mlg:fundingOf "
    "mlg:soleFunder mlg:jointFunder mlg:figureOf org:member org:organization org:unitOf "
    "mlg:hasThemePriority prov:wasDerivedFrom": THINGS,
}
STATEMENTS = [
    (subject, predicate, value)
    for predicates, values in VALUES.items()
    for predicate in predicates.split()
    for value in values
    for subject in THINGS
]
TYPES = [each for each in STATEMENTS if each[1] == "a"]


@pytest.fixture(scope="module")
def background() -> Graph:
    """The graphs that shapes read beside the data, and no more: pySHACL takes its time."""
    graph = Graph()
    for triple in (ontology_graph() + alignment_graph()).triples((None, RDFS.subClassOf, None)):
        graph.add(triple)
    for triple in schemes_graph().triples((None, SKOS.inScheme, None)):
        graph.add(triple)
    return graph


@settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    # Shrinking would ask pySHACL for minutes.
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    types=st.lists(st.sampled_from(TYPES), min_size=2, max_size=8),
    statements=st.lists(st.sampled_from(STATEMENTS), min_size=20, max_size=90),
)
def test_both_find_the_same_in_any_small_graph(
    background: Graph, types: list[tuple[str, ...]], statements: list[tuple[str, ...]]
) -> None:
    turtle = PREAMBLE + "".join(f"{' '.join(each)} .\n" for each in (*types, *statements))
    here, there = both(Graph().parse(data=turtle, format="turtle"), background)
    assert here == there


EDGES = """
    ex:plain a foaf:Person ; skos:prefLabel "A", "B" .
    ex:region a foaf:Person ; skos:prefLabel "A"@fr, "B"@fr-be .
    ex:twice a foaf:Person ; skos:prefLabel "A"@fr, "B"@fr, "C"@fr .
    ex:line a mlg:FundingLine ; mlg:amountEUR 5.0, 7.0 ; mlg:waterSolidarityEUR 6.0, "much" .
    ex:nothing a mlg:FundingLine ; mlg:amountEUR 0.0 ; mlg:waterSolidarityEUR 0.0 .
    ex:day a mlg:Figure ; mlg:earliest "2010-02-30"^^xsd:date ; mlg:value "1e5"^^xsd:integer .
    ex:link a org:FormalOrganization ; vcard:hasEmail "mailto:a@example.org" .
"""


def test_both_find_the_same_at_the_edges(background: Graph) -> None:
    here, there = both(Graph().parse(data=PREAMBLE + EDGES, format="turtle"), background)
    assert here == there
    per_language = {breach[2] for breach in here if breach[0] == "name-per-language"}
    assert per_language == {"<https://example.org/twice>"}


SHAPE_OF = "ex:shape a sh:NodeShape ; sh:targetClass ex:Thing ; "
UNKNOWN = {
    "sh:closed": f"{SHAPE_OF} sh:closed true .",
    "sh:sparql": f'{SHAPE_OF} sh:sparql [ sh:select "SELECT $this WHERE {{}}" ] .',
    "sh:targetNode": f"{SHAPE_OF} sh:targetNode ex:a .",
    "sh:maxLength": f"{SHAPE_OF} sh:property ex:p . ex:p sh:path ex:q ; sh:maxLength 5 .",
    "sh:zeroOrMorePath": f"{SHAPE_OF} sh:property ex:p . "
    "ex:p sh:path [ sh:zeroOrMorePath ex:q ] ; sh:minCount 1 .",
    "sh:xone": f"{SHAPE_OF} sh:not [ sh:xone ( ex:shape ) ] .",
    "sh:minCount without sh:path": f"{SHAPE_OF} sh:minCount 1 .",
    "sh:property beside sh:path": f"{SHAPE_OF} sh:property ex:p . "
    "ex:p sh:path ex:q ; sh:property [ sh:path ex:r ; sh:minCount 1 ] .",
    "sh:minCount of a shape without a name": f"{SHAPE_OF} "
    "sh:property [ sh:path ex:q ; sh:minCount 1 ] .",
}


@pytest.mark.parametrize("construct", UNKNOWN)
def test_what_has_no_translation_is_refused_by_name(construct: str) -> None:
    shapes = Graph().parse(data=PREAMBLE + UNKNOWN[construct], format="turtle")
    with pytest.raises(UnknownComponent, match=construct) as error:
        constraints(shapes, Graph())
    assert error.value.construct == construct


def test_every_shape_with_a_message_is_translated() -> None:
    stated = {_local(shape) for shape in shapes_graph().subjects(SH.message)}
    assert {each.name for each in constraints()} == stated


def test_a_constraint_has_the_severity_and_message_of_its_shape() -> None:
    (known,) = [each for each in constraints() if each.name == "figure-dated"]
    assert known.severity == "Info"
    assert known.rule == {"fr": "Ce chiffre n’a pas de date.", "en": "This figure has no date."}
