"""Reading the shipped files, and what is said when one of them is bad."""

from pathlib import Path

import pytest
from rdflib import URIRef

from ontology import documents as ontology_documents
from ontology.documents import read_graph, read_ontology
from ontology.errors import (
    OntologyContradictionError,
    OntologyFileMissingError,
    OntologyImportError,
    OntologySyntaxError,
)
from ontology.namespaces import GRAPH_INFERRED, GRAPH_ONTOLOGY, GRAPH_PROVENANCE, ONTOLOGY, OWL, RDF


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
        ontology_documents._read_check(headless)


def test_a_graph_read_twice_is_the_callers_own() -> None:
    first = ontology_documents.ontology_graph()
    first.remove((None, None, None))
    assert len(ontology_documents.ontology_graph()) > 0


def test_the_fixed_graphs_have_their_iris() -> None:
    assert str(GRAPH_INFERRED) == "https://w3id.org/maillage/graph/inferred"
    assert str(GRAPH_PROVENANCE) == "https://w3id.org/maillage/graph/provenance"
    assert str(GRAPH_ONTOLOGY) == "https://w3id.org/maillage/graph/ontology"


def test_what_an_ontology_imports_is_read_with_it(tmp_path: Path) -> None:
    known = _imports(tmp_path, a="b", b="c", c=None)
    assert len(read_ontology(A, known)) == 5


def test_a_circle_of_imports_is_refused_and_named(tmp_path: Path) -> None:
    known = _imports(tmp_path, a="b", b="c", c="a")
    with pytest.raises(OntologyImportError) as error:
        read_ontology(A, known)
    assert str(error.value) == (
        "a.ttl: a circle of owl:imports: a.ttl imports b.ttl imports c.ttl imports a.ttl"
    )


def test_an_import_of_what_does_not_ship_is_refused_and_not_fetched(tmp_path: Path) -> None:
    known = _imports(tmp_path, a="d")
    with pytest.raises(OntologyImportError, match=r"a\.ttl imports https://.+/d: no such"):
        read_ontology(A, known)


def test_the_shipped_documents_are_known_by_the_iri_in_their_header() -> None:
    for iri, source in ontology_documents.documents().items():
        assert (iri, RDF.type, OWL.Ontology) in read_graph(source)


def test_a_class_that_can_have_no_member_is_refused_with_its_file_and_line(
    tmp_path: Path,
) -> None:
    shipped = ontology_documents.documents()[ONTOLOGY].read_text("utf-8")
    broken = tmp_path / "maillage.ttl"
    broken.write_text(
        shipped.replace(
            "\nmlg:Municipality\n", "\nmlg:Municipality\n    rdfs:subClassOf mlg:Partnership ;\n"
        ),
        "utf-8",
    )
    line = 1 + shipped.splitlines().index("mlg:Municipality")
    with pytest.raises(OntologyContradictionError) as error:
        read_ontology(ONTOLOGY, {ONTOLOGY: broken})
    assert str(error.value) == (
        f"maillage.ttl, line {line}: Municipality can have no member: "
        "it is under LocalAuthority and Cooperation, which are disjoint"
    )


A = URIRef("https://example.org/a")


def _imports(folder: Path, **imports: str | None) -> dict[URIRef, Path]:
    known = {}
    for name, imported in imports.items():
        iri = f"https://example.org/{name}"
        statement = f"<{iri}> a <{OWL.Ontology}> ."
        if imported:
            statement += f" <{iri}> <{OWL.imports}> <https://example.org/{imported}> ."
        known[URIRef(iri)] = folder / f"{name}.ttl"
        known[URIRef(iri)].write_text(statement, "utf-8")
    return known
