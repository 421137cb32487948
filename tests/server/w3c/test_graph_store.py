"""SPARQL 1.1 Graph Store HTTP Protocol, reading, over HTTP."""

from urllib.parse import quote

import pytest
from rdflib import Graph

from tests.server.conftest import run_server

STORE = "/rdf-graph-store"
G1 = f"{STORE}?graph={quote('https://example.org/g1')}"
N_TRIPLES = {"Accept": "application/n-triples"}
FIRST = """@prefix : <https://example.org/> . :a :weight 5 ; :next :z . :b :weight 7 ."""


def triples(text: str, form: str = "nt") -> set[tuple[object, ...]]:
    return set(Graph().parse(data=text, format=form))


def test_a_graph_named_in_the_address_is_given(standard):
    """4.2 indirect graph identification; 5.2 HTTP GET."""
    reply = standard.request(G1, headers=N_TRIPLES)
    assert (reply.status, reply.headers.get_content_type()) == (200, "application/n-triples")
    assert triples(reply.text) == triples(FIRST, "turtle")


def test_the_default_graph_is_given_by_its_own_parameter(standard):
    """4.2: `?default`."""
    reply = standard.request(f"{STORE}?default", headers=N_TRIPLES)
    count = standard.get("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").values[0][0]
    assert len(triples(reply.text)) == int(count)
    assert "https://example.org/weight" not in reply.text


def test_a_graph_is_given_at_its_own_address(tmp_path):
    """4.1 direct graph identification: the path that stands for the graph's IRI on this host."""
    file = tmp_path / "data.trig"
    file.write_text("<https://w3id.org/maillage/graph/test/9> { <a:a> <b:b> 1 }")
    for own in run_server(tmp_path, data=[file], evaluators=1):
        reply = own.request("/graph/test/9", headers=N_TRIPLES)
        assert (reply.status, len(triples(reply.text))) == (200, 1)
        assert own.request("/graph/test/9", method="HEAD", headers=N_TRIPLES).body == b""
        assert own.request("/graph/test/10", headers=N_TRIPLES).status == 404
        indirect = f"{STORE}?graph=https://w3id.org/maillage/graph/test/9"
        assert own.request(indirect, headers=N_TRIPLES).text == reply.text
        assert own.request("/graph/test/9", method="PUT", body=b"").status == 405


@pytest.mark.parametrize(
    ("accept", "media_type", "form"),
    [
        ("text/turtle", "text/turtle", "turtle"),
        ("application/rdf+xml", "application/rdf+xml", "xml"),
        ("application/ld+json", "application/ld+json", "json-ld"),
        ("text/html, application/n-triples;q=0.5", "application/n-triples", "nt"),
        ("*/*", "text/turtle", "turtle"),
        ("image/png", "text/turtle", "turtle"),
    ],
)
def test_the_format_is_negotiated(standard, accept, media_type, form):
    """5.2, RFC 9110 12."""
    reply = standard.request(G1, headers={"Accept": accept})
    assert reply.headers.get_content_type() == media_type
    assert reply.headers["Vary"].startswith("Accept")
    assert triples(reply.text, form) == triples(FIRST, "turtle")


def test_head_has_the_headers_of_get_and_no_body(standard):
    """5.6 HTTP HEAD."""
    head = standard.request(G1, method="HEAD")
    got = standard.request(G1)
    assert (head.status, head.body) == (200, b"")
    for name in ("Content-Type", "ETag", "Vary", "Access-Control-Allow-Origin"):
        assert head.headers[name] == got.headers[name]


def test_a_graph_that_is_not_there_is_not_found(standard):
    """5.2: 404 where the graph is unknown, for HEAD as well."""
    absent = f"{STORE}?graph=https://example.org/absent"
    assert standard.request(absent).status == 404
    assert standard.request(absent, method="HEAD").status == 404


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?graph=",
        "?graph=relative",
        "?graph=/g1",
        "?graph=https://example.org/a%3E%20%7B",
        f"?default&graph={quote('https://example.org/g1')}",
        "?graph=https://example.org/g1&graph=https://example.org/g2",
        "?graph=%zz",
    ],
)
def test_an_address_that_names_no_one_graph_is_refused(standard, query):
    """4.2: an absolute IRI, and one graph only."""
    reply = standard.request(STORE + query)
    assert (reply.status, reply.headers["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_writing_is_refused_and_reading_offered(standard, method):
    """5.1: 405 with Allow where an operation is not supported."""
    body = b"" if method != "DELETE" else None
    reply = standard.request(G1, method=method, body=body)
    assert (reply.status, reply.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_a_graph_is_not_sent_twice(standard):
    etag = standard.request(G1).headers["ETag"]
    again = standard.request(G1, headers={"If-None-Match": etag})
    assert (again.status, again.body) == (304, b"")
