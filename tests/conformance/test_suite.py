"""`benchmarks/conformance` over a few tests: it tells those that pass from those that do not."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.server.conftest import run_server

PROGRAM = Path(__file__).parents[2] / "benchmarks" / "conformance" / "run.py"
FILES = {
    "manifest.ttl": """
@prefix : <https://example.org/manifest#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix mf: <http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#> .
@prefix qt: <http://www.w3.org/2001/sw/DataAccess/tests/test-query#> .

<> mf:entries (
    :towns :wrong-sum :order :relative :nodes :same-node :merged :sheet :reduced :broken
    :good-query :bad-query :lenient :renewal
) .
:towns a mf:QueryEvaluationTest ; mf:result <towns.srx> ;
    mf:action [ qt:query <towns.rq> ; qt:data <towns.ttl> ] .
:wrong-sum a mf:QueryEvaluationTest ; mf:result <wrong-sum.srj> ;
    mf:action [ qt:query <sum.rq> ; qt:data <towns.ttl> ] .
:order a mf:QueryEvaluationTest ; mf:result <order.ttl> ;
    mf:action [ qt:query <towns.rq> ; qt:data <towns.ttl> ] .
:relative a mf:QueryEvaluationTest ; mf:result <relative.ttl> ;
    mf:action [ qt:query <relative.rq> ; qt:graphData [ qt:graph <towns.ttl> ;
        rdfs:label "https://example.org/g" ] ] .
:nodes a mf:QueryEvaluationTest ; mf:result <nodes.tsv> ; mf:action [ qt:query <nodes.rq> ] .
:same-node a mf:QueryEvaluationTest ; mf:result <same-node.tsv> ;
    mf:action [ qt:query <nodes.rq> ] .
:merged a mf:QueryEvaluationTest ; mf:result <merged.srx> ; mf:action [ qt:query <merged.rq> ] .
:sheet a mf:CSVResultFormatTest ; mf:result <sheet.csv> ; mf:action [ qt:query <sheet.rq> ] .
:reduced a mf:QueryEvaluationTest ; mf:resultCardinality mf:LaxCardinality ;
    mf:result <reduced.tsv> ; mf:action [ qt:query <reduced.rq> ] .
:broken a mf:QueryEvaluationTest ; mf:result <towns.srx> ;
    mf:action [ qt:query <towns.rq> ; qt:data <broken.ttl> ] .
:good-query a mf:PositiveSyntaxTest11 ; mf:action <sum.rq> .
:bad-query a mf:NegativeSyntaxTest11 ; mf:action <bad.rq> .
:lenient a mf:NegativeSyntaxTest11 ; mf:action <sum.rq> .
:renewal a mf:UpdateEvaluationTest ; mf:action [ qt:data <towns.ttl> ] .
""",
    "towns.ttl": "<#evry> <#gave> 1.50 . <#kayes> <#gave> 2 . <#lome> <#gave> 2 .",
    "towns.rq": "SELECT ?sum { ?town <towns.ttl#gave> ?sum } ORDER BY ?sum",
    "towns.srx": """<sparql xmlns="http://www.w3.org/2005/sparql-results#">
<head><variable name="sum"/></head><results>
<result><binding name="sum">
<literal datatype="http://www.w3.org/2001/XMLSchema#decimal">1.5</literal></binding></result>
<result><binding name="sum">
<literal datatype="http://www.w3.org/2001/XMLSchema#integer">02</literal></binding></result>
<result><binding name="sum">
<literal datatype="http://www.w3.org/2001/XMLSchema#integer">2</literal></binding></result>
</results></sparql>""",
    "order.ttl": """@prefix rs: <http://www.w3.org/2001/sw/DataAccess/tests/result-set#> .
[] a rs:ResultSet ; rs:resultVariable "sum" ; rs:solution
    [ rs:index 2 ; rs:binding [ rs:variable "sum" ; rs:value 1.5 ] ] ,
    [ rs:index 1 ; rs:binding [ rs:variable "sum" ; rs:value 2 ] ] ,
    [ rs:index 3 ; rs:binding [ rs:variable "sum" ; rs:value 2 ] ] .""",
    "sum.rq": "SELECT (SUM(?sum) AS ?all) { ?town ?gave ?sum }",
    "wrong-sum.srj": """{"head": {"vars": ["all"]}, "results": {"bindings": [{"all": {
"type": "literal", "datatype": "http://www.w3.org/2001/XMLSchema#decimal", "value": "6.5"}}]}}""",
    "relative.rq": """CONSTRUCT { [] <#names> ?town }
{ GRAPH <https://example.org/g> { ?town <towns.ttl#gave> 1.5 } }""",
    "relative.ttl": "[] <relative.rq#names> <towns.ttl#evry> .",
    "nodes.rq": "SELECT ?a ?b { VALUES ?n { 1 2 } BIND (BNODE() AS ?a) BIND (?a AS ?b) }",
    "nodes.tsv": "?a\t?b\n_:x\t_:x\n_:y\t_:y\n",
    "same-node.tsv": "?a\t?b\n_:x\t_:y\n_:y\t_:x\n",
    "merged.rq": "ASK FROM <towns.ttl> { <towns.ttl#lome> ?gave 2 }",
    "merged.srx": """<sparql xmlns="http://www.w3.org/2005/sparql-results#">
<head/><boolean>true</boolean></sparql>""",
    "sheet.rq": "SELECT ?b ?a { VALUES (?b ?a) { (1e3 'x, y') } }",
    "sheet.csv": 'b,a\n1000.0,"x, y"\n',
    "reduced.rq": "SELECT REDUCED ?n { VALUES ?n { 1 1 2 } }",
    "reduced.tsv": "?n\n1\n1\n1\n2\n",
    "broken.ttl": "<#evry> <#gave> .",
    "bad.rq": "SELECT ?a WHERE",
}
FAILURES = {
    "wrong-sum": 'missing: ?all="6.5"^^<http://www.w3.org/2001/XMLSchema#decimal> (1 in all)',
    "order": "another order",
    "same-node": "blank nodes are the same in other places",
    "broken": "SyntaxError: ",
    "lenient": "answered 200 in place of 400",
}


@pytest.fixture(scope="module")
def suite(tmp_path_factory) -> Path:
    """The folder of a manifest, in the folder of a suite."""
    folder = tmp_path_factory.mktemp("suites") / "small"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text)
    return folder


def run(folder: Path, known: str, *options: str) -> subprocess.CompletedProcess[str]:
    """The verdict of the tool on a suite, given the tests that may fail."""
    file = folder.parent / "known.yml"
    file.write_text(known)
    return subprocess.run(
        [sys.executable, PROGRAM, folder.parent, "--known", file, *options],
        capture_output=True,
        text=True,
    )


def test_tests_that_pass_are_told_from_those_that_fail_and_those_left_out(suite):
    told = run(suite, "{}")
    assert "| small | 8 | 13 |" in told.stdout, told.stderr
    assert "| evaluation | 6 | 10 |" in told.stdout
    assert "| positive syntax | 1 | 1 |\n" in told.stdout
    assert "| negative syntax | 1 | 2 |\n" in told.stdout
    assert "| UpdateEvaluationTest | 1 |\n" in told.stdout
    lines = [line for line in told.stdout.splitlines() if line.startswith("- ")]
    assert len(lines) == len(FAILURES)
    for name, difference in FAILURES.items():
        assert any(line.startswith(f"- small/{name}: {difference}") for line in lines), lines
    assert told.returncode == 1


def test_a_failure_that_is_known_is_told_with_its_reason_and_is_no_error(suite):
    known = "".join(f"small/{name}: it is made so\n" for name in FAILURES)
    told = run(suite, known)
    assert told.stdout.count("(it is made so)") == len(FAILURES)
    assert told.returncode == 0


def test_a_test_that_passes_though_it_is_known_to_fail_is_an_error(suite):
    told = run(suite, "small/bad-query: it was so once", "--only", "small/bad-query")
    assert "- small/bad-query: passes" in told.stdout
    assert told.returncode == 1


def test_one_test_can_be_asked_for_alone(suite):
    told = run(suite, "{}", "--only", "small/good-query")
    assert "| all | 1 | 1 |" in told.stdout
    assert told.returncode == 0
    nothing = run(suite, "{}", "--only", "small/no-such-test")
    assert "no such test" in nothing.stderr
    assert nothing.returncode == 2


def test_an_endpoint_that_runs_already_is_asked_the_tests_of_syntax(suite, tmp_path):
    for endpoint in run_server(tmp_path, data=[suite / "towns.ttl"], evaluators=1, access_log=""):
        told = run(suite, "{}", "--address", f"{endpoint.address}/sparql")
    assert "| all | 2 | 3 |" in told.stdout, told.stderr
    assert "| needs data of its own | 10 |" in told.stdout
    assert "- small/lenient: answered 200 in place of 400" in told.stdout
    assert told.returncode == 1
