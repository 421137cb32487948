"""Releases stay as they were: no term goes, a version follows its prior, the changelog is right."""

from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef

from ontology import releases
from ontology.documents import documents, ontology_graph
from ontology.errors import OntologyError
from ontology.namespaces import DCT, MLG, ONTOLOGY, OWL, RDF, RDFS
from ontology.releases import (
    Difference,
    changelog_entry,
    difference,
    main,
    objections,
    own_terms,
    release_before,
    release_path,
    released,
    version_of,
)

CHANGELOG = Path(__file__).parents[2] / "CHANGELOG.md"


@pytest.fixture
def present() -> Graph:
    return ontology_graph()


@pytest.fixture
def following(present: Graph) -> Graph:
    """The present ontology as the version after it, with nothing changed yet."""
    graph = ontology_graph()
    graph.set((ONTOLOGY, OWL.versionInfo, Literal("9.0.0")))
    graph.set((ONTOLOGY, OWL.versionIRI, URIRef(f"{ONTOLOGY}/9.0.0")))
    graph.set((ONTOLOGY, OWL.priorVersion, present.value(ONTOLOGY, OWL.versionIRI)))
    return graph


def test_the_present_version_may_follow_the_last_one_released(present: Graph) -> None:
    before = released(release_before(version_of(present)))
    assert list(objections(before, present)) == []


def test_the_present_version_is_recorded_as_it_ships(present: Graph) -> None:
    assert version_of(present) in releases.releases()
    recorded = release_path(version_of(present)).read_bytes()
    assert recorded == documents()[ONTOLOGY].read_bytes(), (
        "raise the version, or before it is published: python -m ontology.releases record"
    )


def test_each_release_may_follow_the_one_before() -> None:
    for version in releases.releases():
        graph = released(version)
        assert version_of(graph) == version
        assert list(objections(released(release_before(version)), graph)) == []


def test_the_first_version_has_no_prior() -> None:
    assert release_before("0.1.0") is None
    assert len(released(None)) == 0
    assert released("0.1.0").value(ONTOLOGY, OWL.priorVersion) is None


def test_the_changelog_has_the_entry_of_the_present_version(present: Graph) -> None:
    if not CHANGELOG.is_file():
        pytest.skip("there is no changelog here")
    entry = changelog_entry(released(release_before(version_of(present))), present)
    assert f"{entry.strip()}\n" in CHANGELOG.read_text("utf-8"), (
        "python -m ontology.releases changelog"
    )


def test_a_version_that_changes_nothing_may_follow(present: Graph, following: Graph) -> None:
    assert list(objections(present, following)) == []
    assert difference(present, following) == Difference((), (), (), {})
    assert changelog_entry(present, following) == "### Ontology 9.0.0\n\n- No change.\n"


def test_a_term_removed_is_objected_to(present: Graph, following: Graph) -> None:
    following.remove((MLG.Figure, None, None))
    assert list(objections(present, following)) == [
        "mlg:Figure is removed: deprecate it and name its successor"
    ]
    assert "- Removed: `mlg:Figure`" in changelog_entry(present, following)


def test_a_deprecation_without_a_successor_is_objected_to(present: Graph, following: Graph) -> None:
    following.add((MLG.Figure, OWL.deprecated, Literal(True)))
    assert list(objections(present, following)) == [
        "mlg:Figure is deprecated and names no successor (dct:isReplacedBy)"
    ]
    following.add((MLG.Figure, DCT.isReplacedBy, MLG.Nowhere))
    assert len(list(objections(present, following))) == 1
    following.set((MLG.Figure, DCT.isReplacedBy, MLG.FundingLine))
    assert list(objections(present, following)) == []


def test_a_version_that_does_not_follow_is_objected_to(present: Graph, following: Graph) -> None:
    following.remove((ONTOLOGY, OWL.priorVersion, None))
    following.set((ONTOLOGY, OWL.versionInfo, Literal("0.0.9")))
    current = version_of(present)
    assert list(objections(present, following)) == [
        f"owl:versionIRI is not <{ONTOLOGY}/0.0.9>, as owl:versionInfo has it",
        f"owl:priorVersion is not <{ONTOLOGY}/{current}>",
        f"version 0.0.9 does not come after {current}",
    ]


def test_a_version_that_is_no_number_is_refused(present: Graph, following: Graph) -> None:
    following.set((ONTOLOGY, OWL.versionInfo, Literal("next")))
    with pytest.raises(OntologyError, match="not a version: 'next'"):
        list(objections(present, following))


def test_the_entry_says_what_was_added_changed_and_deprecated(
    present: Graph, following: Graph
) -> None:
    following.add((MLG.Visit, RDF.type, OWL.Class))
    following.set((MLG.Figure, RDFS.label, Literal("nombre", lang="fr")))
    following.remove((MLG.Municipality, OWL.equivalentClass, None))
    following.add((MLG.guest, OWL.deprecated, Literal(True)))
    following.add((MLG.guest, DCT.isReplacedBy, MLG.participant))
    assert changelog_entry(present, following) == (
        "### Ontology 9.0.0\n\n"
        "- Added: `mlg:Visit`\n"
        "- Changed: `mlg:Figure` (`rdfs:label`)\n"
        "- Changed: `mlg:Municipality` (`owl:equivalentClass`)\n"
        "- Deprecated: `mlg:guest` (use `mlg:participant`)\n"
    )


def test_the_entry_of_the_first_version_counts_its_terms(present: Graph) -> None:
    terms = own_terms(present)
    opening = changelog_entry(Graph(), present).splitlines()[2]
    assert opening.startswith("- First version: ")
    assert f"{list(terms.values()).count(OWL.Class)} classes" in opening
    assert sum(int(word) for word in opening.split() if word.isdigit()) == len(terms)


def test_the_command_prints_the_entry(present: Graph, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["changelog"]) == 0
    assert capsys.readouterr().out.startswith(f"### Ontology {version_of(present)}\n")
    assert main([]) == 2
