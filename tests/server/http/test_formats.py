"""The formats, by Accept and by `format=`; the language of what is told."""

import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from server.http.formats import FORMATS
from tests.server.connection import CROSS

SELECT = "SELECT ?l { <https://example.org/evry> ?p ?l FILTER(LANG(?l) = 'fr') }"
CONSTRUCT = "PREFIX ex: <https://example.org/> CONSTRUCT { ?s ex:gave ?n } { ?s ex:gave ?n }"
MARKS = {
    "json": '"xml:lang":"fr"',
    "xml": '<literal xml:lang="fr">Évry-Courcouronnes</literal>',
    "csv": "l\r\nÉvry-Courcouronnes",
    "tsv": '?l\n"Évry-Courcouronnes"@fr',
    "turtle": "ex:kayes ex:gave 40",
    "ntriples": "<https://example.org/kayes> <https://example.org/gave>",
    "rdfxml": "<rdf:RDF",
    "jsonld": '"https://example.org/gave":[{"@',
    "nquads": "<https://example.org/kayes> <https://example.org/gave>",
    "trig": "ex:kayes ex:gave 40",
}


@pytest.mark.parametrize("entry", FORMATS, ids=lambda entry: entry.name)
def test_each_format_is_had_by_name_by_suffix_and_by_accept(endpoint, entry):
    query = SELECT if "select" in entry.forms else CONSTRUCT
    by_name = endpoint.get(query, format=entry.name)
    assert by_name.headers["Content-Type"] == entry.content_type
    assert MARKS[entry.name] in by_name.text
    assert endpoint.get(query, format=entry.extension).body == by_name.body
    by_accept = endpoint.get(query, {"Accept": f"{entry.media_type}, */*;q=0.1"})
    assert by_accept.body == by_name.body
    assert by_accept.headers["Vary"] == "Accept, Accept-Encoding"


@pytest.mark.parametrize("name", ["turtle", "ntriples", "rdfxml", "jsonld"])
def test_a_graph_is_the_same_in_every_format(endpoint, name):
    expected = Graph().parse(data=endpoint.get(CONSTRUCT, format="ntriples").text, format="nt")
    parsers = {"turtle": "turtle", "ntriples": "nt", "rdfxml": "xml", "jsonld": "json-ld"}
    found = Graph().parse(data=endpoint.get(CONSTRUCT, format=name).text, format=parsers[name])
    assert len(expected) == 3
    assert isomorphic(found, expected)


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/csv;q=0.5, application/sparql-results+xml", "application/sparql-results+xml"),
        ("application/json", "application/sparql-results+json"),
        ("application/xml", "application/sparql-results+xml"),
        ("*/*", "application/sparql-results+json"),
        ("text/*;q=0.9, application/*;q=0.2", "text/csv; charset=utf-8"),
        ("text/csv; charset=utf-8", "text/csv; charset=utf-8"),
        ("application/xml;charset=UTF-8;q=0.2, text/csv;q=0.1", "application/sparql-results+xml"),
        ("image/png", "application/sparql-results+json"),
    ],
)
def test_accept_is_weighed_and_what_cannot_be_had_falls_to_json(endpoint, accept, media_type):
    assert endpoint.get(SELECT, {"Accept": accept}).headers["Content-Type"] == media_type


def test_an_unknown_format_is_refused_with_those_that_can_hold_the_result(endpoint):
    reply = endpoint.get("ASK{}", format="frob", lang="en")
    assert (reply.status, reply.json["offered"]) == (406, "json, xml")


def test_a_problem_speaks_the_language_and_form_that_is_asked(endpoint):
    assert endpoint.get("x", lang="en").json["title"] == "Malformed query"
    french = endpoint.get("x", {"Accept-Language": "de, fr;q=0.5"})
    assert (french.json["title"], french.headers["Content-Language"]) == (
        "Requête mal formée",
        "fr",
    )
    page = endpoint.get("x", {"Accept": "text/html", "Accept-Language": "en"})
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "<h1>Malformed query</h1>" in page.text
    assert endpoint.get("x", {"Accept": "text/plain"}).text.startswith("Requête mal formée\n")


@pytest.mark.parametrize(("lang", "said"), [("fr", "de 0,25 seconde"), ("en", "after 0.25 second")])
def test_a_number_is_written_as_the_language_does(endpoint, lang, said):
    reply = endpoint.get(CROSS, timeout="0.25", lang=lang)
    assert reply.json["limit"] == 0.25
    assert said in reply.json["detail"]


def test_what_the_caller_wrote_is_escaped_in_a_page(endpoint):
    page = endpoint.request("/%3Cscript%3Ealert(1)%3C/script%3E", headers={"Accept": "text/html"})
    assert page.status == 404
    assert "&lt;script&gt;alert(1)" in page.text
    assert "<script>" not in page.text


def test_a_syntax_error_says_where_and_what_is_there(endpoint):
    problem = endpoint.get("SELECT * {\n ?s ?p }", lang="en").json
    assert (problem["line"], problem["column"]) == (2, 8)
    assert problem["detail"] == "Line 2, column 8: the query stops being SPARQL at “}”."


@pytest.mark.parametrize("name", ["turtle", "ntriples", "rdfxml", "jsonld"])
def test_the_service_description_counts_what_the_store_holds(endpoint, name):
    reply = endpoint.request(f"/sparql?format={name}")
    parsers = {"turtle": "turtle", "ntriples": "nt", "rdfxml": "xml", "jsonld": "json-ld"}
    found = Graph().parse(data=reply.text, format=parsers[name])
    counts = found.query(
        """PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
        PREFIX void: <http://rdfs.org/ns/void#>
        SELECT ?name ?n { ?d sd:namedGraph [ sd:name ?name ; sd:graph/void:triples ?n ] }
        ORDER BY ?name"""
    )
    assert [(str(g), int(n)) for g, n in counts] == [
        ("https://example.org/a", 2),
        ("https://example.org/b", 2),
    ]
    default = found.query(
        """PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
        PREFIX void: <http://rdfs.org/ns/void#>
        SELECT ?n { [] sd:defaultDataset/sd:defaultGraph/void:triples ?n }"""
    )
    told = int(next(iter(default))[0])
    assert endpoint.get("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").values == [(str(told),)]
