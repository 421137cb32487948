"""The catalogue for programs, and the codes to copy, each run as it stands."""

import json
import re
import shutil
import subprocess
import sys
from html import unescape

import pytest
from openapi_spec_validator import validate
from rdflib import Graph
from rdflib.namespace import RDF, RDFS, SH

from queries import catalogue, former

NAME = "association-founding-dates"


def codes(site, name: str, asked: str = "") -> dict[str, str]:
    """The codes on the page of a question, by their headings."""
    page = site.get(f"/queries/{name}?lang=en{asked}").text
    found = re.findall(
        r'<h3>([^<]+)</h3>(?:<p>[^<]*</p>)?<pre class="wrap"[^>]*><code>(.*?)</code>',
        page,
        re.DOTALL,
    )
    return {heading: unescape(code) for heading, code in found}


def run(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=100).stdout


def test_openapi_is_valid_and_has_every_question(site):
    document = json.loads(site.get("/openapi.json").body)
    validate(document)
    assert {f"/queries/{name}.{{format}}" for name in catalogue()} <= set(document["paths"])
    country = document["paths"][f"/queries/{NAME}.{{format}}"]["get"]["parameters"][1]
    assert country["name"] == "country"
    assert country["schema"] == {
        "type": "array", "items": {"type": "string"}, "default": ["MLI", "SEN", "MAR"],
    }  # fmt: skip
    assert document["servers"] == [{"url": site.address}]


def test_every_question_is_executable_in_shacl(site):
    graph = Graph().parse(data=site.get("/queries.ttl").text, format="turtle")
    executable = set(graph.subjects(RDF.type, SH.SPARQLExecutable))
    assert len(executable) == len(catalogue())
    node = next(each for each in executable if str(each).endswith(f"/queries/{NAME}"))
    assert str(graph.value(node, SH.select)) == catalogue()[NAME].text
    assert {words.language for words in graph.objects(node, RDFS.label)} == {"fr", "en"}
    assert len(set(graph.subjects(SH.construct))) == 1


def test_curl_runs_as_copied(site):
    code = codes(site, NAME, "&country=MLI")["cURL"]
    assert run("sh", "-c", code).splitlines()[1] == "AMM,2000-11,gYearMonth"


def test_python_runs_as_copied(site):
    code = codes(site, NAME, "&country=Mali")["Python"]
    assert run(sys.executable, "-c", code) == (
        "{'association': 'AMM', 'founded': '2000-11', 'precision': 'gYearMonth'}\n"
    )


def test_rdflib_runs_as_copied(site):
    code = codes(site, "place-graph")["Python, rdflib"]
    run(sys.executable, "-c", code)


@pytest.mark.skipif(shutil.which("node") is None, reason="no node here")
def test_javascript_runs_as_copied(site):
    code = codes(site, NAME, "&country=MLI")["JavaScript"]
    assert run("node", "--input-type=module", "-e", code) == "AMM\t2000-11\tgYearMonth\n"


def test_pandas_runs_as_copied(site):
    pytest.importorskip("pandas")
    code = codes(site, NAME, "&country=MLI")["Python, pandas"]
    assert "2000-11" in run(sys.executable, "-c", code)


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="no R here")
def test_r_runs_as_copied(site):
    code = codes(site, NAME, "&country=MLI")["R"]
    assert "2000-11" in run("Rscript", "-e", code)


def test_excel_gets_the_address_of_a_table(site):
    address = codes(site, NAME, "&country=MLI")["Excel"]
    assert site.get(address.removeprefix(site.address)).media_type == "text/csv"


def test_a_renamed_question_is_found_for_ever(site):
    for old, new in former().renamed.items():
        assert old not in catalogue()
        assert new in catalogue()
        for suffix in ("", ".csv"):
            reply = site.get(f"/queries/{old}{suffix}?lang=en")
            assert reply.status == 301
            assert reply.headers["Location"] == f"/queries/{new}{suffix}?lang=en"
        assert site.get(f"/embed/{old}?lang=en").status == 200


def test_a_withdrawn_question_is_none_of_the_catalogue():
    assert not set(former().withdrawn) & set(catalogue())
