"""`docs/ontology.md` says what is so."""

import re
from pathlib import Path

import pytest

from ontology import releases as recording
from ontology.documents import alignment_graph, documents, ontology_graph
from ontology.namespaces import DCT, MLG, ORG, OWL, RDFS
from ontology.releases import version_of

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "ontology.md").read_text("utf-8")


def test_each_file_that_it_names_is_there() -> None:
    names = set(re.findall(r"`((?:ontology|loaders)/[^` ]+)`", PAGE))
    assert len(names) >= 6
    for name in names:
        assert list(ROOT.glob(name)), name
    assert {source.name for source in documents().values()} <= set(re.findall(r"\w+\.ttl", PAGE))


def test_the_commands_that_it_gives_exist(capsys: pytest.CaptureFixture[str]) -> None:
    given = set(re.findall(r"python -m (ontology\.\w+)(?: (\w+))?", PAGE))
    assert given == {
        ("ontology.turtle", ""),
        ("ontology.releases", "record"),
        ("ontology.releases", "changelog"),
    }
    recording.main([])
    usage = capsys.readouterr().err
    assert "record" in usage
    assert "changelog" in usage


def test_the_version_iri_that_it_gives_is_of_a_released_version() -> None:
    [version] = set(re.findall(r"`https://w3id\.org/maillage/def/([0-9.]+)`", PAGE))
    assert version in recording.releases()


def test_the_exception_that_it_names_is_the_only_one() -> None:
    assert (ORG.memberOf, RDFS.subPropertyOf, MLG.indirectMemberOf) in ontology_graph()
    assert "`org:memberOf`" in PAGE


def test_what_is_deprecated_stays_under_its_successor() -> None:
    graph = ontology_graph()
    for term in graph.subjects(OWL.deprecated):
        successor = graph.value(term, DCT.isReplacedBy)
        under = {*graph.objects(term, RDFS.subPropertyOf), *graph.objects(term, RDFS.subClassOf)}
        assert successor in under


def test_the_vocabularies_of_the_close_matches_are_named() -> None:
    [sentence] = re.findall(r"Kinship with\n?([^.]*\.org[^.]*)\.", PAGE)
    prefixes = {"schema.org": "schema.org", "FRAPO": "frapo", "EURIO": "s66", "igeo": "insee"}
    matched = {str(o) for o in alignment_graph().objects() if "http" in str(o)}
    for name, part in prefixes.items():
        assert name in sentence
        assert any(part in iri for iri in matched)


def test_the_version_is_semantic() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", version_of(ontology_graph()))
