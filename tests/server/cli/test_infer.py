"""`maillage infer`: owlrl's closure of one's own triples, and what is refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result
from rdflib import Graph, Literal

from ontology.namespaces import ID, MLG, PREFIXES
from ontology.rules.closure import is_published, stated_vocabulary
from server.cli import infer as inferring
from server.cli.main import main

OWLRL = Path(__file__).parents[2] / "reference" / "owlrl_closure.py"
PROLOGUE = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
GRAPH = """@prefix : <https://example.org/> .
:tie a mlg:Project ; mlg:hasLeadPartner :evry ; mlg:hasForeignPartner :kayes .
:evry mlg:kind <https://w3id.org/maillage/id/concept/kind/fra-commune> ; mlg:within :essonne ;
    mlg:funds :tie .
:essonne mlg:within :region .
:line mlg:amountEUR 10200.50 ; mlg:fundingOf :tie ; mlg:year "2010"^^xsd:gYear .
:party mlg:start "--07-14"^^xsd:gMonthDay .
:Commune rdfs:subClassOf mlg:LocalAuthority .
:unit a :Commune ; org:hasMember [ a foaf:Person ] .
"""


def infer(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["infer", *map(str, arguments)])


@pytest.fixture
def towns(tmp_path: Path) -> Path:
    path = tmp_path / "towns.ttl"
    path.write_text(PROLOGUE + GRAPH, "utf-8")
    return path


def by_value(graph: Graph) -> set[tuple[object, ...]]:
    return {
        (s, p, (o.datatype, o.language, o.value) if isinstance(o, Literal) and o.value else o)
        for s, p, o in graph
    }


def by_reference(graph: Graph) -> Graph:
    done = subprocess.run(
        [sys.executable, OWLRL],
        input=graph.serialize(format="nt"),
        capture_output=True,
        check=True,
        text=True,
    )
    return Graph().parse(data=done.stdout, format="nt")


def test_what_follows_is_what_owlrl_gives_triple_for_triple(towns: Path) -> None:
    result = infer(towns, "--new", "--format", "ntriples", "--quiet")
    assert result.exit_code == 0, result.output
    found = Graph().parse(data=result.stdout, format="nt")
    stated = Graph().parse(towns)
    known = by_value(by_reference(stated_vocabulary())) | by_value(stated)
    expected = {
        triple
        for triple in by_value(by_reference(stated + stated_vocabulary())) - known
        if is_published(*(term for term in triple if not isinstance(term, tuple)), *triple[3:])
        if not isinstance(triple[2], tuple)
    }
    assert by_value(found) == expected
    assert len(found) > 20
    tie = "https://example.org/"
    lines = {" ".join(term.n3() for term in triple) for triple in found}
    assert f"<{tie}evry> <{MLG}within> <{tie}region>" in lines
    assert f"<{tie}evry> <{MLG}supportsAuthority> <{tie}kayes>" in lines
    assert not [line for line in lines if line.startswith("<http://www.w3.org/2001/XMLSchema#")]


def test_the_closure_has_what_is_stated_as_it_is_written(towns: Path) -> None:
    result = infer(towns)
    assert "10200.50" in result.stdout
    assert '"--07-14"^^xsd:gMonthDay' in result.stdout
    assert "about" in result.stderr
    assert "Traceback" not in result.stderr
    closed = Graph().parse(data=result.stdout, format="turtle")
    assert len(closed) > len(Graph().parse(towns))


def test_two_files_are_one_graph_and_the_same_every_time(tmp_path: Path) -> None:
    one, other = tmp_path / "one.nt", tmp_path / "other.jsonld"
    one.write_text(f"<{ID}x/a> <{MLG}within> <{ID}x/b> .\n", "utf-8")
    other.write_text(f'{{"@id": "{ID}x/b", "{MLG}within": {{"@id": "{ID}x/c"}}}}', "utf-8")
    first = infer(one, other, "--new", "--format", "ntriples", "--quiet").stdout
    assert f"<{ID}x/a> <{MLG}within> <{ID}x/c> .\n" in first
    assert infer(one, other, "--new", "--format", "ntriples", "--quiet").stdout == first


def test_more_than_the_limit_is_refused_with_the_time_that_it_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "many.nt"
    path.write_text("".join(f"<http://a/{n}> <http://p> <http://b> .\n" for n in range(60_000)))
    result = infer(path)
    assert result.exit_code == 1
    assert "60000 triples: owlrl would take about 2 min" in result.output
    assert "--limit 60000" in result.output
    monkeypatch.setattr(inferring, "following", lambda graph: Graph())
    assert infer(path, "--limit", 60_000).exit_code == 0


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("bad.ttl", "<http://a> <http://b> .\n", "bad.ttl, line 1"),
        ("bad.nt", "<http://a> <http://b> <http://c> .\n<http://a> b\n", "bad.nt, line 2"),
        ("bad.jsonld", "{", "bad.jsonld"),
        ("bad.rdf", "<rdf", "bad.rdf"),
        ("towns.csv", "a;b", "does not tell the format"),
        ("clash.ttl", f"<http://a> a <{MLG}FundingLine>, <{MLG}Partnership> .", "contradict"),
    ],
)
def test_what_cannot_be_read_or_be_true_is_told(
    tmp_path: Path, name: str, content: str, told: str
) -> None:
    path = tmp_path / name
    path.write_text(content, "utf-8")
    result = infer(path)
    assert result.exit_code == 1
    assert told in result.output
    assert "Traceback" not in result.output


def test_every_format_that_is_offered_can_be_read_again(towns: Path) -> None:
    triples = inferring.read_files([towns])
    for known in inferring.FORMATS.values():
        again = ox.parse(inferring.written(triples, known), format=known)
        assert len({quad.triple for quad in again}) == len(triples)
