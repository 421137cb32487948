"""The shipped Turtle is what the serialiser writes, which is a function of the graph."""

from pathlib import Path

import pytest
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from ontology.documents import read_graph
from ontology.errors import OntologyError
from ontology.turtle import main, shipped_files, to_turtle

EX = "https://example.org/"
# Each thing that the serialiser may meet, in the form that it gives it.
CANONICAL = """\
@prefix : <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<https://example.org/> a owl:Ontology .

:a a owl:Class .
:B a owl:Class .

:c a owl:Class ;
    rdfs:subClassOf :a, <https://example.org/b/c>, [ a owl:Restriction ; owl:onProperty :p2 ] ;
    rdfs:label "dit \\"c\\"\\n"@fr, "said"@en, "c", "sagt"@de ;
    :says true, 2, 2.50, 10, "2010"^^xsd:gYear .

:p2 a owl:ObjectProperty ;
    owl:propertyChainAxiom ( :a-property-with-a-long-name-of-its-own
            :another-property-with-a-long-name-of-its-own
            :p10 ),
        ( :p2 :p10 ) .

:p10 a owl:ObjectProperty ;
    rdfs:label "p10" .

:2 a skos:Concept ;
    skos:notation "2" .

:12 a skos:Concept ;
    skos:broader :2 .

:10 a skos:Concept ;
    skos:notation "10" .
"""


@pytest.mark.parametrize("path", shipped_files(), ids=lambda path: path.name)
def test_serialising_a_shipped_file_again_changes_nothing(path: Path) -> None:
    assert to_turtle(read_graph(path)) == path.read_text("utf-8"), (
        "`python -m ontology.turtle` writes it in this form"
    )


def test_every_construct_has_one_form() -> None:
    graph = Graph(bind_namespaces="none").parse(data=CANONICAL, format="turtle")
    assert to_turtle(graph) == CANONICAL


def test_the_order_in_which_triples_come_does_not_count() -> None:
    first = Graph(bind_namespaces="none").parse(data=CANONICAL, format="turtle")
    second = Graph(bind_namespaces="none")
    for prefix, namespace in reversed(list(first.namespaces())):
        second.bind(prefix, namespace)
    renamed = {node: BNode() for node in first.all_nodes() if isinstance(node, BNode)}
    for s, p, o in sorted(first, reverse=True):
        second.add((renamed.get(s, s), p, renamed.get(o, o)))
    assert to_turtle(second) == CANONICAL


def test_nothing_is_lost_in_the_shapes_which_nest_deepest() -> None:
    [path] = [path for path in shipped_files() if path.name == "shapes.ttl"]
    graph = read_graph(path)
    assert isomorphic(graph, Graph().parse(data=to_turtle(graph), format="turtle"))


@pytest.mark.parametrize(
    "turtle",
    [
        f"<{EX}a> <{EX}p> _:x . <{EX}b> <{EX}p> _:x .",
        f"_:x <{EX}p> <{EX}a> .",
        f"_:x <{EX}p> _:y . _:y <{EX}p> _:x . <{EX}a> <{EX}p> <{EX}b> .",
    ],
    ids=["in two places", "in none", "in a circle"],
)
def test_a_blank_node_that_would_need_a_name_is_refused(turtle: str) -> None:
    with pytest.raises(OntologyError):
        to_turtle(Graph().parse(data=turtle, format="turtle"))


def test_the_command_writes_a_file_anew_and_then_finds_nothing_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "loose.ttl"
    path.write_text(f"# why\n<{EX}b> a <{EX}C>.\n<{EX}a> a <{EX}C>.\n", "utf-8")
    assert main(["--check", str(path)]) == 1
    assert capsys.readouterr().out == "loose.ttl: would change\n"
    assert main([str(path)]) == 0
    assert path.read_text("utf-8") == f"<{EX}a> a <{EX}C> .\n<{EX}b> a <{EX}C> .\n"
    assert main(["--check", str(path)]) == 0


def test_a_text_is_escaped_so_that_it_reads_the_same() -> None:
    graph = Graph(bind_namespaces="none")
    said = Literal('a "quoted" \\ back\\slash,\ttab\r\nand «guillemets» — \u202f')
    graph.add((URIRef(f"{EX}a"), URIRef(f"{EX}p"), said))
    read = Graph().parse(data=to_turtle(graph), format="turtle")
    assert list(read.objects()) == [said]
