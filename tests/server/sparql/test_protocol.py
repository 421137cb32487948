"""SPARQL 1.1 Protocol, query operation, clause by clause, over HTTP."""

import pytest

from server.app import create_app
from server.cli.serve import data_host
from server.http.errors import ProtocolError
from server.settings import Settings
from server.sparql.protocol import read_request

COUNT = "SELECT (SUM(?n) AS ?sum) { ?s <https://example.org/gave> ?n }"
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"


def test_a_query_by_get_is_answered(endpoint):
    reply = endpoint.get(COUNT)
    assert (reply.status, reply.values) == (200, [("390",)])


def test_a_query_by_form_is_answered(endpoint):
    assert endpoint.post(b"query=ASK%7B%7D", FORM).json["boolean"] is True


def test_a_query_sent_as_itself_is_answered(endpoint):
    reply = endpoint.post("SELECT ('é' AS ?x) {}".encode(), DIRECT + "; charset=UTF-8")
    assert reply.values == [("é",)]


def test_a_query_sent_as_itself_takes_its_graphs_from_the_address(endpoint):
    path = "/sparql?default-graph-uri=https://example.org/a"
    assert endpoint.post(COUNT.encode(), DIRECT, path).values == [("140",)]


@pytest.mark.parametrize(
    ("method", "query_string", "content_type", "body", "status", "kind"),
    [
        ("GET", "default-graph-uri=https://example.org/a", "", b"", 400, "missing"),
        ("GET", "query=", "", b"", 400, "missing"),
        ("GET", "query=ASK%7B%7D&query=ASK%7B%7D", "", b"", 400, "repeated"),
        ("GET", "query=ASK%7B%7D&timeout=1&timeout=2", "", b"", 400, "repeated"),
        ("GET", "query=ASK%7B%7", "", b"", 400, "encoding"),
        ("GET", "query=%E9", "", b"", 400, "encoding"),
        ("GET", "query=ASK%7B%7D&timeout=-1", "", b"", 400, "timeout"),
        ("GET", "query=ASK%7B%7D&timeout=nan", "", b"", 400, "timeout"),
        ("GET", "query=ASK%7B%7D&timeout=0", "", b"", 400, "timeout"),
        ("GET", "update=CLEAR+ALL", "", b"", 403, "update"),
        ("POST", "", FORM, b"update=CLEAR+ALL", 403, "update"),
        ("POST", "", "application/sparql-update", b"CLEAR ALL", 403, "update"),
        ("POST", "", FORM, b"", 400, "missing"),
        ("POST", "", DIRECT, b"", 400, "missing"),
        ("POST", "query=ASK%7B%7D", DIRECT, b"ASK{}", 400, "repeated"),
        ("POST", "", "text/plain", b"ASK{}", 415, "media-type"),
        ("POST", "", "", b"ASK{}", 415, "media-type"),
        ("POST", "", DIRECT + "; charset=utf-16", "ASK{}".encode("utf-16"), 415, "charset"),
        ("POST", "", DIRECT, b"ASK{ '\xe9' }", 400, "encoding"),
        ("POST", "", FORM, b"query=%zz", 400, "encoding"),
    ],
)
def test_what_is_no_query_gets_the_status_of_the_standard(
    endpoint, method, query_string, content_type, body, status, kind
):
    with pytest.raises(ProtocolError) as refusal:
        read_request(method, query_string, content_type, body)
    assert (refusal.value.status, refusal.value.kind) == (status, kind)
    reply = endpoint.request(
        f"/sparql?{query_string}",
        method=method,
        headers={"Content-Type": content_type} if method == "POST" else {},
        body=body if method == "POST" else None,
    )
    assert reply.status == status
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert reply.json["type"].endswith(f"/{kind}")
    assert reply.json["advice"]


def test_other_methods_are_refused_and_the_admitted_named(endpoint):
    reply = endpoint.request("/sparql", method="DELETE")
    assert (reply.status, reply.headers["Allow"]) == (405, "GET, HEAD, OPTIONS, POST")


def test_an_update_in_the_place_of_a_query_is_malformed(endpoint):
    reply = endpoint.get("INSERT DATA { <a:a> <a:b> 1 }")
    assert reply.status == 400
    assert (reply.json["line"], reply.json["type"].rpartition("/")[2]) == (1, "syntax")


def test_head_has_the_headers_of_get_and_no_body(endpoint):
    got = endpoint.get("ASK{}")
    head = endpoint.request("/sparql?query=ASK%7B%7D", method="HEAD")
    assert head.body == b""
    assert head.headers["Content-Type"] == got.headers["Content-Type"]
    assert head.headers["ETag"] == got.headers["ETag"]


def test_a_preflight_from_any_page_is_admitted(endpoint):
    reply = endpoint.request("/sparql", method="OPTIONS", headers={"Origin": "https://example.org"})
    assert reply.status == 200
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in reply.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in reply.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("path", ["/sparql?query=ASK%7B%7D", "/sparql?query=x", "/nothing"])
def test_every_answer_may_be_read_by_any_page_and_sniffed_by_none(endpoint, path):
    headers = endpoint.request(path).headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_the_same_answer_is_not_sent_twice(endpoint):
    first = endpoint.get("ASK{}")
    again = endpoint.get("ASK{}", {"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")
    other = endpoint.get("ASK{}", {"If-None-Match": first.headers["ETag"]}, format="xml")
    assert other.status == 200


def test_a_graph_given_beside_the_query_overrides_from(endpoint):
    query = COUNT.replace("{", "FROM <https://example.org/b> {", 1)
    assert endpoint.get(query).values == [("350",)]
    given = {"default-graph-uri": "https://example.org/a"}
    assert endpoint.get(query, **given).values == [("140",)]


def test_merged_graphs_count_a_triple_once(endpoint):
    both = ["https://example.org/a", "https://example.org/b"]
    assert endpoint.get(COUNT, **{"default-graph-uri": both}).values == [("390",)]
    written = f"PREFIX ex: <https://example.org/> {COUNT}".replace(
        "{", "FROM ex:a FROM <https://example.org/b> {", 1
    )
    assert endpoint.get(written).values == [("390",)]


def test_only_the_named_graphs_asked_for_are_seen(endpoint):
    query = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"
    assert endpoint.get(query).values == [("https://example.org/a",), ("https://example.org/b",)]
    named = {"named-graph-uri": "https://example.org/b"}
    assert endpoint.get(query, **named).values == [("https://example.org/b",)]
    assert endpoint.get(COUNT, **named).values == [("0",)]  # the default graph is then empty
    default = {"default-graph-uri": "https://example.org/a"}
    assert endpoint.get(query, **default).values == []


def test_a_relative_graph_name_is_refused(endpoint):
    reply = endpoint.get(COUNT, **{"default-graph-uri": "a"})
    assert (reply.status, reply.json["name"]) == (400, "a")


def relative(endpoint, query, headers=None):
    return [row[0] for row in endpoint.get(query, headers=headers).values]


def test_a_relative_iri_is_so_to_the_address_of_the_endpoint(endpoint):
    at = endpoint.address
    for iri, expected in {
        "<a>": f"{at}/a",
        "<>": f"{at}/sparql",
        "<#b>": f"{at}/sparql#b",
        "<//c/d>": "http://c/d",
        "IRI('e')": f"{at}/e",
    }.items():
        assert relative(endpoint, f"SELECT (STR({iri}) AS ?x) {{}}") == [expected]
    reply = endpoint.get(
        "PREFIX : <#> CONSTRUCT { <s> :p <> } {}", {"Accept": "application/n-triples"}
    )
    assert reply.text == f"<{at}/s> <{at}/sparql#p> <{at}/sparql> .\n"
    long = f"SELECT (STR(<a>) AS ?x) {{}} #{' ' * 1_000_000}"
    assert endpoint.post(long.encode(), DIRECT).status == 413


def test_base_wins_over_the_address_of_the_endpoint(endpoint):
    query = "BASE <https://example.org/> SELECT (SUM(?n) AS ?sum) FROM <a> { ?s <gave> ?n }"
    assert relative(endpoint, query) == ["140"]
    assert relative(endpoint, "BASE <x/> SELECT (STR(<y>) AS ?x) {}") == [f"{endpoint.address}/x/y"]


def test_a_relative_graph_of_a_query_is_so_to_the_address_of_the_endpoint(endpoint):
    asked = {"Host": "example.org"}
    count = "SELECT (COUNT(*) AS ?n) FROM <%s> { ?s ?p ?o }"
    assert relative(endpoint, count % "//example.org/a", asked) == ["0"]  # http, not https
    assert relative(endpoint, count % "https://example.org/a", asked) == ["2"]


def test_each_host_has_its_own_relative_iris(endpoint):
    query = "SELECT (STR(<a>) AS ?x) {}"
    for host in ("one.example", "two.example:81", "one.example"):
        assert relative(endpoint, query, {"Host": host}) == [f"http://{host}/a"]


@pytest.mark.parametrize("host", ["a{b", 'a"b', "<a>", "", "[", "é"])
def test_a_host_that_is_none_harms_no_query(endpoint, host):
    answer = endpoint.get("ASK { FILTER (1 = 1) }", {"Host": host.encode()})
    assert answer.status in (200, 400)
    assert b"Traceback" not in answer.body


def test_the_public_address_is_the_base_where_it_is_set(data_file):
    public = "https://maillage.example.org"
    settings = Settings(base_url=f"{public}/", evaluators=1)
    with data_host((data_file,), settings) as engine:
        client = create_app(settings, engine).test_client()
        asked = {"query": "SELECT (STR(<a>) AS ?x) {}", "format": "csv"}
        assert client.get("/sparql", query_string=asked).text == f"x\r\n{public}/a\r\n"
        described = client.get("/sparql", headers={"Accept": "application/n-triples"})
        sd = "http://www.w3.org/ns/sparql-service-description#"
        assert f"<{public}/sparql> <{sd}endpoint> <{public}/sparql> ." in described.text
