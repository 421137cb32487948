"""The requests of the most used Python client, as it sends them, are answered."""

import itertools
import json
import warnings
from xml.etree import ElementTree

import pytest
from pyld import jsonld
from rdflib import Graph
from rdflib.compare import isomorphic
from SPARQLWrapper import SPARQLWrapper
from SPARQLWrapper.Wrapper import _allowedFormats as FORMATS

QUERIES = {
    "select": "SELECT ?o { <https://example.org/evry> <https://example.org/since> ?o }",
    "ask": "ASK { <https://example.org/evry> <https://example.org/since> ?o }",
    "construct": "CONSTRUCT WHERE { ?s <https://example.org/since> ?o }",
    "describe": "DESCRIBE <https://example.org/evry>",
}
GRAPHS = ("construct", "describe")
NQUADS = {"format": "application/n-quads"}
# The media type by what is asked for; where the form of the query has no such format, its own.
EXPECTED = {
    "xml": ("application/sparql-results+xml", "application/rdf+xml"),
    "json": ("application/sparql-results+json", "application/ld+json"),
    "json-ld": ("application/sparql-results+json", "application/ld+json"),
    "turtle": ("application/sparql-results+json", "text/turtle"),
    "n3": ("application/sparql-results+json", "text/turtle"),
    "rdf": ("application/sparql-results+xml", "application/rdf+xml"),
    "rdf+xml": ("application/sparql-results+xml", "application/rdf+xml"),
    "csv": ("text/csv", "text/turtle"),
    "tsv": ("text/tab-separated-values", "text/turtle"),
}


@pytest.mark.parametrize(
    ("form", "wanted", "method"),
    [(*pair, "GET") for pair in itertools.product(QUERIES, FORMATS)]
    + [("select", "tsv", "POST"), ("describe", "json-ld", "POST")],
)
def test_every_format_for_every_form_is_answered_and_converted(endpoint, form, wanted, method):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wrapper = SPARQLWrapper(f"{endpoint.address}/sparql")
        wrapper.setMethod(method)
        wrapper.setReturnFormat(wanted)
        wrapper.setQuery(QUERIES[form])
        result = wrapper.query()
        media_type = result.info()["content-type"].partition(";")[0]
        expected = EXPECTED[wanted][form in GRAPHS]
        if form == "ask" and wanted in ("csv", "tsv"):
            expected = "application/sparql-results+json"  # they have no yes and no
        assert media_type == expected
        converted = result.convert()
    text = converted.decode() if isinstance(converted, bytes) else str(converted)
    if isinstance(converted, Graph):
        assert len(converted) >= 1
    elif form == "select":
        content = converted.toxml() if hasattr(converted, "toxml") else text
        assert "1998" in content
    else:
        assert converted


def test_a_program_that_says_nothing_of_formats_is_answered(endpoint):
    wrapper = SPARQLWrapper(f"{endpoint.address}/sparql")
    wrapper.setQuery(QUERIES["describe"])
    assert len(wrapper.query().convert()) == 4


@pytest.mark.parametrize(
    ("form", "parameters", "accept", "media_type"),
    [
        # Its requests, word for word.
        ("construct", {"format": "xml", "output": "xml", "results": "xml"},
         "application/rdf+xml", "application/rdf+xml"),
        ("describe", {"format": "json", "output": "json", "results": "json"}, "*/*",
         "application/ld+json"),
        ("select", {"format": ["tsv", "text/tab-separated-values"], "results": ["tsv"]},
         "text/tab-separated-values", "text/tab-separated-values"),
        ("construct", {"format": ["rdf+xml", "application/rdf+xml"], "output": "rdf+xml"},
         "application/rdf+xml", "application/rdf+xml"),
        ("construct", {"format": ["json-ld", "application/ld+json,application/x-json+ld"]},
         "application/ld+json,application/x-json+ld", "application/ld+json"),
        # A hint for the other kind of query never beats the header.
        ("construct", {"format": "xml"}, "text/turtle", "text/turtle"),
        ("construct", {"format": "csv"}, "application/n-triples", "application/n-triples"),
        ("select", {"format": "turtle"}, "text/csv", "text/csv"),
        ("select", {"format": "rdfxml"}, "application/sparql-results+json",
         "application/sparql-results+json"),
        # One for this kind does, by whatever name the parameter goes.
        ("select", {"output": "csv"}, "application/sparql-results+json", "text/csv"),
        ("select", {"results": "text/csv"}, "*/*", "text/csv"),
        ("select", {"format": "xml", "output": "csv"}, "*/*", "application/sparql-results+xml"),
        ("select", {"format": ["", "csv"], "output": ""}, "*/*", "text/csv"),
    ],
)  # fmt: skip
def test_hints_are_read_with_the_header(endpoint, form, parameters, accept, media_type):
    reply = endpoint.get(QUERIES[form], {"Accept": accept}, **parameters)
    assert (reply.status, reply.headers.get_content_type()) == (200, media_type)


@pytest.mark.parametrize(
    ("parameters", "kind"),
    [
        ({"format": ["csv", "json"]}, "repeated"),
        ({"format": ["csv", "frob"]}, "repeated"),
        ({"output": "turtle,csv"}, "repeated"),
        ({"format": "frob"}, "format"),
    ],
)
def test_hints_that_disagree_or_are_none_are_refused(endpoint, parameters, kind):
    reply = endpoint.get(QUERIES["select"], **parameters)
    assert reply.status in (400, 406)
    assert reply.json["type"].endswith(kind)


RDF_XML = "application/rdf+xml"
UNWRITABLE = [
    ('CONSTRUCT {{ ex:s <{ex}budget/2021> "b" }} {{}}', RDF_XML, "<https://example.org/budget/2021>"),
    ("CONSTRUCT {{ ex:s <{ex}p/> 1 }} {{}}", RDF_XML, "<https://example.org/p/>"),
    ("CONSTRUCT {{ ex:s a <{ex}types/42> }} {{}}", RDF_XML, "<https://example.org/types/42>"),
    ("CONSTRUCT {{ ex:s <http://www.w3.org/1999/02/22-rdf-syntax-ns#li> 1 }} {{}}", RDF_XML,
     "rdf:li"),
    ('CONSTRUCT {{ ex:s ex:p "a\\u0001b" }} {{}}', RDF_XML, "U+0001"),
    ('CONSTRUCT {{ ex:s ex:p "\\u0000" }} {{}}', RDF_XML, "U+0000"),
    ('CONSTRUCT {{ ex:s ex:p "\\uFFFF" }} {{}}', RDF_XML, "U+FFFF"),
    ('SELECT ("Commune\\u0001 de L\\u0005Isle" AS ?n) {{}}', "application/sparql-results+xml",
     "U+0001"),
    ('SELECT ("\\uFFFE" AS ?n) {{}}', "application/sparql-results+xml", "U+FFFE"),
    ("CONSTRUCT {{ ex:s ex:says ?t }} {{ BIND(TRIPLE(ex:a, ex:b, ex:c) AS ?t) }}",
     "application/ld+json", "<<( )>>"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "media_type", "found"), UNWRITABLE)
def test_what_a_format_cannot_hold_is_told_and_hurts_nobody(endpoint, query, media_type, found):
    text = "PREFIX ex: <https://example.org/> " + query.format(ex="https://example.org/")
    reply = endpoint.get(text, {"Accept": media_type})
    assert reply.status == 406
    assert reply.json["type"].endswith("unwritable")
    assert found in reply.json["detail"]
    whole = endpoint.get(text)
    assert whole.status == 200
    assert len(whole.body) > 40


def test_xml_says_what_the_result_is(endpoint):
    text = 'SELECT ("one\\r\\ntwo\\rthree\\n<&>\\t\\u0085" AS ?n) {}'
    read = ElementTree.fromstring(endpoint.get(text, format="xml").body)
    literal = read.find(".//{http://www.w3.org/2005/sparql-results#}literal")
    assert literal.text == "one\r\ntwo\rthree\n<&>\t\x85"
    graph = 'CONSTRUCT { <x:s> <x:p> "one\\r\\ntwo\\rthree\\n<&>" } {}'
    parsed = Graph().parse(data=endpoint.get(graph, format="rdfxml").body, format="xml")
    (value,) = parsed.objects()
    assert str(value) == "one\r\ntwo\rthree\n<&>"


@pytest.mark.parametrize("accept", ["application/sparql-results+json", "text/csv", "text/turtle"])
def test_other_formats_hold_control_characters(endpoint, accept):
    query = 'CONSTRUCT { <x:s> <x:p> "a\\u0001b" } {}'
    if accept != "text/turtle":
        query = 'SELECT ("a\\u0001b" AS ?n) {}'
    reply = endpoint.get(query, {"Accept": accept})
    assert reply.status == 200
    if accept.endswith("json"):
        assert json.loads(reply.body)["results"]["bindings"][0]["n"]["value"] == "a\x01b"


def test_every_key_of_json_ld_is_a_whole_iri_so_that_every_parser_reads_the_same(endpoint):
    found = endpoint.get("CONSTRUCT WHERE { ?s ?p ?o }", format="jsonld")
    nodes = json.loads(found.body)
    assert {key for node in nodes for key in node if not key.startswith("@")} == {
        "https://example.org/gave",
        "https://example.org/since",
        "http://www.w3.org/2000/01/rdf-schema#label",
    }
    read = Graph().parse(data=found.text, format="json-ld")
    assert isomorphic(read, Graph().parse(data=jsonld.to_rdf(nodes, NQUADS), format="nt"))
