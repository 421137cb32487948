"""The shipped Turtle is what rdflib writes of it, which is a function of the triples."""

from pathlib import Path

import pytest
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from ontology.documents import read_graph
from ontology.turtle import main, shipped_files, to_turtle

EX = "https://example.org/"


@pytest.mark.parametrize("path", [*shipped_files()], ids=lambda path: path.name)
def test_serialising_a_shipped_file_again_changes_nothing(path: Path) -> None:
    assert to_turtle(read_graph(path)) == path.read_text("utf-8"), (
        "`python -m ontology.turtle` writes it in this form"
    )


@pytest.mark.parametrize("path", [*shipped_files()], ids=lambda path: path.name)
def test_the_order_in_which_triples_come_does_not_count(path: Path) -> None:
    first = read_graph(path)
    second = Graph(bind_namespaces="none")
    for prefix, namespace in first.namespaces():
        second.bind(prefix, namespace)
    renamed = {node: BNode() for node in first.all_nodes() if isinstance(node, BNode)}
    for s, p, o in sorted(first, reverse=True):
        second.add((renamed.get(s, s), p, renamed.get(o, o)))
    assert to_turtle(second) == path.read_text("utf-8")
    assert isomorphic(first, Graph().parse(data=to_turtle(second), format="turtle"))


def test_the_command_writes_a_file_anew_and_then_finds_nothing_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "loose.ttl"
    path.write_text(f"# why\n<{EX}b> a <{EX}C>.\n<{EX}a> a <{EX}C>.\n", "utf-8")
    assert main(["--check", str(path)]) == 1
    assert capsys.readouterr().out == "loose.ttl: would change\n"
    assert main([str(path)]) == 0
    assert (
        path.read_text("utf-8") == f"<{EX}a>\n    a <{EX}C> ;\n.\n\n<{EX}b>\n    a <{EX}C> ;\n.\n"
    )
    assert main(["--check", str(path)]) == 0


def test_a_text_is_escaped_so_that_it_reads_the_same() -> None:
    graph = Graph(bind_namespaces="none")
    said = Literal('a "quoted" \\ back\\slash,\ttab\r\nand «guillemets» — \u202f')
    graph.add((URIRef(f"{EX}a"), URIRef(f"{EX}p"), said))
    read = Graph().parse(data=to_turtle(graph), format="turtle")
    assert list(read.objects()) == [said]
