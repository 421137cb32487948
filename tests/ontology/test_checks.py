"""Each check is silent on a clean graph and lists the offenders of a bad one."""

from pathlib import Path

import pytest
from rdflib import Graph

from ontology.documents import Check, checks, read_graph, schemes_graph
from ontology.namespaces import PREFIXES

CLEAN = Path(__file__).with_name("clean.ttl")
PROLOGUE = (
    "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    + "PREFIX kind: <https://w3id.org/maillage/id/concept/kind/>\n"
    + "PREFIX : <https://example.org/>\n"
)
BY_NAME = {check.name: check for check in checks()}

# check: (what is taken away, what is added, entity, value)
MUTANTS = {
    "country-unknown": (
        ":unresolved mlg:country ?o",
        ":unresolved mlg:country country:XYZ",
        "https://example.org/unresolved",
        "http://publications.europa.eu/resource/authority/country/XYZ",
    ),
    "end-before-start": (
        ":project mlg:latest ?o",
        ':project mlg:latest "2009-12-31"^^xsd:date',
        "https://example.org/project",
        "2009-12-31",
    ),
    "ended-without-end": (
        ":project mlg:end ?o",
        "",
        "https://example.org/project",
        "https://w3id.org/maillage/id/concept/status/ended",
    ),
    "kind-of-another-country": (
        "",
        ":home mlg:kind kind:mli-cercle",
        "https://example.org/home",
        "https://w3id.org/maillage/id/concept/kind/mli-cercle",
    ),
    "partners-in-one-country": (
        "",
        ":project mlg:hasForeignPartner :successor",
        "https://example.org/project",
        "https://example.org/successor",
    ),
    "succession-in-a-circle": (
        "",
        ":successor mlg:succeededBy :successor",
        "https://example.org/successor",
        "https://example.org/successor",
    ),
}


def _offenders(check: Check, graph: Graph) -> list[tuple[str, str]]:
    return [(str(row[0]), str(row[1])) for row in graph.query(check.query)]


@pytest.fixture
def graph() -> Graph:
    return schemes_graph() + read_graph(CLEAN)


def test_every_check_has_a_mutant() -> None:
    assert set(BY_NAME) == set(MUTANTS)


@pytest.mark.parametrize("name", MUTANTS)
def test_a_check_finds_nothing_in_a_clean_graph(graph: Graph, name: str) -> None:
    assert _offenders(BY_NAME[name], graph) == []


@pytest.mark.parametrize("name", MUTANTS)
def test_a_check_lists_the_offender(graph: Graph, name: str) -> None:
    taken, added, entity, value = MUTANTS[name]
    if taken:
        graph.update(f"{PROLOGUE} DELETE WHERE {{ {taken} }}")
    if added:
        graph.update(f"{PROLOGUE} INSERT DATA {{ {added} }}")
    assert _offenders(BY_NAME[name], graph) == [(entity, value)]


@pytest.mark.parametrize("name", MUTANTS)
def test_a_check_says_its_rule_in_both_languages_and_its_severity(name: str) -> None:
    check = BY_NAME[name]
    assert set(check.rule) == {"en", "fr"}
    assert all(sentence.endswith(".") for sentence in check.rule.values())
    assert check.severity in {"Violation", "Warning", "Info"}
    assert "SELECT DISTINCT ?entity ?value WHERE" in check.query
