"""Reading the shipped files, and what is said when one of them is bad."""

from pathlib import Path

import pytest

import ontology
from ontology import (
    GRAPH_INFERRED,
    GRAPH_ONTOLOGY,
    GRAPH_PROVENANCE,
    OntologyFileMissingError,
    OntologySyntaxError,
    read_graph,
)


def test_a_syntax_error_gives_the_file_and_the_line(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text("@prefix a: <http://example.org/> .\n\na:b a:c .\n", encoding="utf-8")
    with pytest.raises(OntologySyntaxError, match=r"broken\.ttl, line 3: "):
        read_graph(broken)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(OntologyFileMissingError, match=r"absent\.ttl"):
        read_graph(tmp_path / "absent.ttl")


def test_a_check_without_its_rule_is_refused(tmp_path: Path) -> None:
    headless = tmp_path / "headless.rq"
    headless.write_text("SELECT ?entity ?value WHERE {}\n", encoding="utf-8")
    with pytest.raises(OntologySyntaxError, match=r"headless\.rq, line 1: "):
        ontology._read_check(headless)


def test_a_graph_read_twice_is_the_callers_own() -> None:
    first = ontology.ontology_graph()
    first.remove((None, None, None))
    assert len(ontology.ontology_graph()) > 0


def test_the_fixed_graphs_have_their_iris() -> None:
    assert str(GRAPH_INFERRED) == "https://w3id.org/maillage/graph/inferred"
    assert str(GRAPH_PROVENANCE) == "https://w3id.org/maillage/graph/provenance"
    assert str(GRAPH_ONTOLOGY) == "https://w3id.org/maillage/graph/ontology"
