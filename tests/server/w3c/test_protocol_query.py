"""SPARQL 1.1 Protocol, section 2.1: the query operation, one case per clause, over HTTP."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
G1, G2 = "https://example.org/g1", "https://example.org/g2"
WEIGHTS = "SELECT (SUM(?w) AS ?x) { ?s <https://example.org/weight> ?w }"
NAMED = "SELECT ?g { GRAPH ?g { <https://example.org/a> ?p 5 } } ORDER BY ?g"
BOTH = "SELECT (COUNT(?w) AS ?x) { ?s ?p ?w GRAPH ?g { ?s ?p ?w } }"
FROM = WEIGHTS.replace("{", f"FROM <{G2}> {{", 1)


@dataclass(frozen=True)
class Case:
    """One request, and what the clause says of its answer."""

    clause: str
    method: str = "GET"
    address: dict[str, object] = field(default_factory=dict)
    content_type: str | None = None
    body: bytes | None = None
    accept: str = "application/sparql-results+json"
    status: tuple[int, ...] = (200,)
    answer: object = None
    media_types: tuple[str, ...] = ()


def form(**pairs: object) -> bytes:
    """A form, with underscores of names as hyphens."""
    return urlencode({name.replace("_", "-"): v for name, v in pairs.items()}, doseq=True).encode()


SELECT_TYPES = ("application/sparql-results+json", "application/sparql-results+xml", "text/csv")
GRAPH_TYPES = ("text/turtle", "application/rdf+xml", "application/n-triples", "application/ld+json")
CASES = (
    Case("2.1.1 query via GET", address={"query": "ASK {}"}, answer=True),
    Case(
        "2.1.2 query via URL-encoded POST",
        "POST",
        content_type=FORM,
        body=form(query="ASK {}"),
        answer=True,
    ),
    Case("2.1.3 query via POST directly", "POST", content_type=DIRECT, body=b"ASK {}", answer=True),
    Case(
        "2.1.4 one default graph by GET",
        address={"query": WEIGHTS, "default-graph-uri": G1},
        answer=["12"],
    ),
    Case(
        "2.1.4 several default graphs by GET are merged",
        address={"query": WEIGHTS, "default-graph-uri": [G1, G2]},
        answer=["13"],
    ),
    Case(
        "2.1.4 several default graphs by form",
        "POST",
        content_type=FORM,
        body=form(query=WEIGHTS, default_graph_uri=[G1, G2]),
        answer=["13"],
    ),
    Case(
        "2.1.4 several default graphs beside a query sent directly",
        "POST",
        {"default-graph-uri": [G1, G2]},
        DIRECT,
        WEIGHTS.encode(),
        answer=["13"],
    ),
    Case(
        "2.1.4 named graphs by GET",
        address={"query": NAMED, "named-graph-uri": [G1, G2]},
        answer=[G1, G2],
    ),
    Case(
        "2.1.4 named graphs by form",
        "POST",
        content_type=FORM,
        body=form(query=NAMED, named_graph_uri=G2),
        answer=[G2],
    ),
    Case(
        "2.1.4 named graphs beside a query sent directly",
        "POST",
        {"named-graph-uri": G1},
        DIRECT,
        NAMED.encode(),
        answer=[G1],
    ),
    Case(
        "2.1.4 default and named graphs together",
        address={"query": BOTH, "default-graph-uri": G1, "named-graph-uri": G2},
        answer=["1"],
    ),
    Case(
        "2.1.4 the protocol's dataset overrides that of the query",
        address={"query": FROM, "default-graph-uri": G1},
        answer=["12"],
    ),
    Case("2.1.4 without either, the dataset of the query", address={"query": FROM}, answer=["6"]),
    Case(
        "2.1.6 SELECT comes in a format of results",
        address={"query": "SELECT (1 AS ?x) {}"},
        accept="application/sparql-results+xml, application/sparql-results+json;q=0.9",
        media_types=("application/sparql-results+xml",),
    ),
    Case(
        "2.1.6 ASK comes in a format of results",
        address={"query": "ASK {}"},
        accept="*/*",
        media_types=SELECT_TYPES,
    ),
    Case(
        "2.1.6 DESCRIBE comes in a format of graphs",
        address={"query": "DESCRIBE <https://example.org/a>"},
        accept="text/turtle, application/rdf+xml;q=0.5",
        media_types=("text/turtle",),
    ),
    Case(
        "2.1.6 CONSTRUCT comes in a format of graphs",
        address={"query": "CONSTRUCT WHERE { ?s ?p 1 }"},
        accept="application/rdf+xml",
        media_types=("application/rdf+xml",),
    ),
    Case(
        "2.1.6 CONSTRUCT without a preference comes in a format of graphs",
        address={"query": "CONSTRUCT WHERE { ?s ?p 1 }"},
        accept="*/*",
        media_types=GRAPH_TYPES,
    ),
    Case("2.1 no other method", "PUT", {"query": "ASK {}"}, FORM, b"", status=(400, 405)),
    Case("2.1 one query only", address={"query": ["ASK {}", "ASK {}"]}, status=(400,)),
    Case("2.1.3 another media type", "POST", {}, "text/plain", b"ASK {}", status=(400, 415)),
    Case(
        "2.1.2 a form without its type", "POST", {}, None, form(query="ASK {}"), status=(400, 415)
    ),
    Case("2.1.3 a query without its type", "POST", {}, None, b"ASK {}", status=(400, 415)),
    Case(
        "2.1.3 a query that is not UTF-8",
        "POST",
        {},
        DIRECT + "; charset=UTF-16",
        "ASK {}".encode("utf-16"),
        status=(400, 415),
    ),
    Case("2.1.6 bad syntax is 400", address={"query": "SELECT {}"}, status=(400,)),
    Case("2.1.2 a form without a query", "POST", {}, FORM, b"x=1", status=(400,)),
    Case("2.2 an update by POST is refused", "POST", {}, FORM, b"update=CLEAR+ALL", status=(403,)),
    Case(
        "2.2 an update sent directly is refused",
        "POST",
        {},
        "application/sparql-update",
        b"CLEAR ALL",
        status=(403,),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.clause)
def test_a_request_is_answered_as_its_clause_says(standard, case):
    path = "/sparql" + (f"?{urlencode(case.address, doseq=True)}" if case.address else "")
    headers = {"Accept": case.accept}
    if case.content_type is not None:
        headers["Content-Type"] = case.content_type
    elif case.body is not None:
        headers["Content-Type"] = ""  # else the client names the type of a form itself
    reply = standard.request(path, method=case.method, headers=headers, body=case.body)
    assert reply.status in case.status, reply.text
    if reply.status != 200:
        assert reply.headers["Content-Type"] == "application/problem+json"
        return
    if case.media_types:
        assert reply.headers.get_content_type() in case.media_types
    if isinstance(case.answer, bool):
        assert reply.json["boolean"] is case.answer
    elif case.answer is not None:
        assert [row[0] for row in reply.values] == case.answer
