"""The harm that a query can do to the endpoint: the next one is answered all the same."""

import socket
from collections.abc import Iterator

import pytest

from server.engine.errors import ServiceRefused
from server.engine.limits import Limits, PoolSize
from server.engine.pool import client
from server.engine.pool.supervisor import StoreSource, supervised
from server.engine.query_text import read_structure
from tests.server.conftest import Endpoint, run_server

CROSS = "SELECT (COUNT(*) AS ?n) {" + " ".join(f"?s{i} ?p{i} ?o{i} ." for i in range(12)) + "}"
HUNGRY = CROSS.replace("(COUNT(*) AS ?n)", "DISTINCT *") + " ORDER BY ?o1"
PROBE = "SELECT (1 AS ?x) {}"


@pytest.fixture(scope="module")
def unhurried(tmp_path_factory, data_file) -> Iterator[Endpoint]:
    """A server whose queries have little memory, and more time than they take to have it all."""
    yield from run_server(
        tmp_path_factory.mktemp("unhurried"), data=[data_file], deadline=120, patience=120,
        evaluators=2, memory=128, access_log="",
    )  # fmt: skip


def kind(reply) -> str:
    return reply.json["type"].rpartition("/")[2]


def test_the_deadline_holds_and_says_what_to_do(endpoint):
    reply = endpoint.get(CROSS, timeout="0.5", lang="en")
    assert (reply.status, kind(reply), reply.json["limit"]) == (503, "deadline", 0.5)
    assert "LIMIT" in reply.json["advice"]
    assert endpoint.get(PROBE).values == [("1",)]


def test_a_timeout_cannot_raise_the_deadline(tmp_path, data_file):
    for endpoint in run_server(tmp_path, data=[data_file], deadline=1, evaluators=1):
        assert endpoint.get(CROSS, timeout="3600").json["limit"] == 1


def test_a_chain_as_long_as_a_text_may_be_is_answered(unhurried):
    query = "ASK { FILTER(" + "!" * 60_000 + "true) }"
    reply = unhurried.post(query.encode(), "application/sparql-query")
    assert reply.json == {"head": {}, "boolean": True}


@pytest.mark.parametrize(
    ("query", "status", "expected"),
    [
        ("SELECT ?o { BIND(" + "(" * 5000 + "1" + ")" * 5000 + " AS ?o) }", 400, "nesting"),
        ("SELECT * " + "{" * 5000 + "}" * 5000, 400, "nesting"),
        (HUNGRY, 503, "memory"),
        ("ASK { VALUES ?x { " + "1 " * 300_000 + "} }", 413, "query-length"),
        ("LOAD <http://127.0.0.1:1/>", 400, "syntax"),
        ("SELECT * { ?s ?p ?o FILTER(<https://example.org/f>(?o)) }", 400, "function"),
    ],
    ids=["parentheses", "braces", "memory", "length", "load", "function"],
)
def test_what_kills_or_exceeds_costs_that_query_a_clear_answer(unhurried, query, status, expected):
    reply = unhurried.post(query.encode(), "application/sparql-query")
    assert (reply.status, kind(reply)) == (status, expected)
    assert "Traceback" not in reply.text
    assert unhurried.get(PROBE).values == [("1",)]


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("SELECT (ex:f(?x + ?y) AS ?z) (1 AS ?one) {}", [("", "1")]),
        ("SELECT ?s { ?s ex:none ?o FILTER(ex:f(ex:g(?s)) && ex:h(?o)) }", []),
        ("SELECT (COUNT(*) AS ?n) FROM ex:a { ?s ?p ?o FILTER(true || ex:f(?o)) }", [("2",)]),
    ],
)
def test_a_function_that_is_not_there_matters_only_when_it_is_called(endpoint, query, values):
    """SPARQL 1.1 Query, 17.6: such a query is well-formed."""
    reply = endpoint.get("PREFIX ex: <https://example.org/> " + query)
    assert reply.values == values


def test_a_function_that_is_called_and_not_there_is_named(endpoint):
    reply = endpoint.get("SELECT (<https://example.org/f>(1) AS ?x) {}", lang="en")
    assert (reply.status, reply.json["name"]) == (400, "https://example.org/f")
    assert "https://example.org/f" in reply.json["detail"]


SERVICES = [
    "SELECT * { SERVICE <http://{host}/> { ?s ?p ?o } }",
    "SELECT * { service silent <http://{host}/> { ?s ?p ?o } }",
    "SELECT * { BIND(<http://{host}/> AS ?e) SERVICE ?e { ?s ?p ?o } }",
    "SELECT * { FILTER EXISTS { SERVICE <http://{host}/> { ?s ?p ?o } } }",
    "SELECT * { { SELECT * { OPTIONAL { SERVICE#c\n<http://{host}/> { ?s ?p ?o } } } } }",
    "SELECT * { SERV\\u0049CE <http://{host}/> { ?s ?p ?o } }",
    "SELECT * { \\U00000053ervice <http://{host}/> { ?s ?p ?o } }",
    "# '\nSELECT * { SERVICE <http://{host}/> { ?s ?p ?o } } # '",
    "SELECT * { ?s ?p '\\'' SERVICE <http://{host}/> { ?s ?p ?o } }",
    'SELECT * { ?s ?p """""\\"""" SERVICE <http://{host}/> { ?s ?p ?o } }',
    "PREFIX x: <http://{host}/> SELECT * { FILTER(?a<1)SERVICE#>\nx: { ?s ?p ?o } }",
    'SELECT * { FILTER(?a<1#>"""\n) SERVICE <http://{host}/> { ?s ?p ?o } #"""\n}',
    "SELECT * { ?s ?p 1.SERVICE <http://{host}/> { ?s ?p ?o } }",
    "SELECT * { ?s ?p 'x'@fr.SERVICE<http://{host}/>{ ?s ?p ?o } }",
]


@pytest.mark.parametrize("template", SERVICES)
def test_service_is_refused_wherever_it_hides_and_nothing_is_called(endpoint, template):
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(0.05)
        host = f"127.0.0.1:{trap.getsockname()[1]}"
        reply = endpoint.get(template.replace("{host}", host))
        assert (reply.status, kind(reply)) == (400, "service")
        with pytest.raises(TimeoutError):
            trap.accept()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ('SERVICE' AS ?x) {}",
        'SELECT ("""a "SERVICE" b""" AS ?x) {}',
        "SELECT (1 AS ?SERVICE) {}",
        "SELECT (1 AS ?x) { OPTIONAL { ?s <https://example.org/service#SERVICE> 1 } }",
        "PREFIX service: <https://example.org/> SELECT * { ?s service:service ?x }",
        "SELECT (1 AS ?x) {} # SERVICE <http://127.0.0.1/> {}",
        "SELECT (1 AS ?x) { OPTIONAL { ?s <https://example.org/#> 'service' } }",
    ],
)
def test_the_word_service_elsewhere_disturbs_nothing(endpoint, query):
    assert endpoint.get(query).status == 200


def test_an_evaluator_refuses_service_by_itself(monkeypatch, data_file):
    # It is asked without the checks before it.
    monkeypatch.setattr(client, "read_checked", lambda text, limits: read_structure(text))
    source = StoreSource("data", files=(data_file,))
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(0.05)
        port = trap.getsockname()[1]
        query = f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"
        with supervised(lambda: source, PoolSize(1, 1), Limits()) as engine:
            with pytest.raises(ServiceRefused):
                engine.query(query, media_type="text/csv")
            assert engine.query("ASK{}", media_type="text/csv").read() == b"true"
        with pytest.raises(TimeoutError):
            trap.accept()
