"""SERVICE where the operator allows it: a local endpoint, and others that mean harm."""

import socket
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from server.engine.limits import Limits
from server.engine.query_text import service_place
from server.settings import SettingError, Settings
from server.sparql.federation import MOST_CLAUSES, Federation, without_heads
from tests.server.conftest import Endpoint, command, run_server, wait_until
from tests.server.hostile_services import EMPTY, HOSTILE, RESULTS, answering, hang

EX = "https://example.org/"
THEIRS = f"""
@prefix ex: <{EX}> .
ex:evry ex:mayor "Amina «\\n\\"\\\\»"@fr , 7 ; ex:office [ ex:in 1 ] .
ex:dakar ex:mayor "none of ours, at your service" .
"""


@pytest.fixture(scope="module")
def theirs(tmp_path_factory) -> Iterator[Endpoint]:
    """Another endpoint: a server of our own over other data."""
    file = tmp_path_factory.mktemp("theirs") / "data.ttl"
    file.write_text(THEIRS)
    yield from run_server(file.parent, data=[file], evaluators=1)


@pytest.fixture(scope="module")
def ours(tmp_path_factory, data_file, theirs) -> Iterator[Endpoint]:
    """A server that may call that one, and a port where nobody is."""
    home = tmp_path_factory.mktemp("ours")
    services = f"{theirs.address}/sparql http://127.0.0.1:1/sparql"
    yield from run_server(
        home, data=[data_file], evaluators=2, services=services, max_query_length=20_000
    )


def kind(reply) -> tuple[int, str]:
    return reply.status, reply.json["type"].rpartition("/")[2] if reply.status != 200 else ""


def test_a_clause_is_joined_with_what_is_here(ours, theirs):
    query = f"""PREFIX ex: <{EX}> PREFIX at: <{theirs.address}/>
    SELECT ?s ?m {{ # SERVICE
      ?s ex:gave 100 . service at:sparql {{ ?s ex:mayor ?m }} }} ORDER BY DESC(STR(?m))"""
    assert ours.get(query).values == [(f"{EX}evry", 'Amina «\n"\\»'), (f"{EX}evry", "7")]


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("OPTIONAL { SERVICE <{at}> { ?s ex:mayor ?m FILTER isNumeric(?m) } }", ["7", ""]),
        ("FILTER EXISTS { SERVICE <{at}> { ?s ex:mayor ?x } } BIND (1 AS ?m)", ["1"]),
        ("FILTER NOT EXISTS { SERVICE <{at}> { ?s ex:mayor ?x } } BIND (1 AS ?m)", ["1"]),
        ("MINUS { SERVICE <{at}> { ?s ex:mayor ?x } } BIND (2 AS ?m)", ["2"]),
        ("SERVICE <{at}> { SELECT ?s (COUNT(*) AS ?m) { ?s ex:mayor ?x } GROUP BY ?s }", ["2"]),
        ("SERVICE <{at}> { ?s ex:nothing ?m }", []),
        ("SERVICE <{at}> { } BIND (3 AS ?m)", ["3", "3"]),
        ("{ SERVICE <{at}> { ?s ex:mayor 7 } } UNION { SERVICE <{at}> { ex:x ex:y ?m } }", [""]),
        ("SERVICE SILENT <http://127.0.0.1:1/sparql> { ?s ex:mayor ?m }", ["", ""]),
        ("SERVICE <{at}> { SERVICE SILENT <{at}> { ?s ex:mayor ?m } }", None),
        ("SERVICE <{at}> { ?s <../mayor> ?m }", []),
    ],
)
def test_a_clause_means_wherever_it_stands_what_the_standard_says(ours, theirs, clause, expected):
    text = clause.replace("{at}", f"{theirs.address}/sparql")
    query = (
        f"PREFIX ex: <{EX}> SELECT ?s ?m {{ {{ SELECT DISTINCT ?s {{ ?s ex:gave ?n }} }} {text} }}"
    )
    reply = ours.get(query + " ORDER BY ?s")
    if expected is None:  # the other endpoint allows nothing
        assert kind(reply) == (502, "service-answer")
        assert reply.json["found"] == "HTTP 400"
    else:
        assert [row[1] for row in reply.values] == expected


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <{other}> { ?s ?p ?o } }",
        "SELECT * { SERVICE <{at}/> { ?s ?p ?o } }",
        "SELECT * { SERVICE <{at}?x> { ?s ?p ?o } }",
        "SELECT * { SERVICE SILENT <{other}> { ?s ?p ?o } }",
        "SELECT * { BIND (<{at}> AS ?e) SERVICE ?e { ?s ?p ?o } }",
        "SELECT * { SERVICE <{at}> { SERVICE <{other}> { ?s ?p ?o } } }",
        "SELECT * { SERVICE <{at}> { ?s ?p ?o FILTER EXISTS { SERVICE ?s {} } } }",
        "SELECT * { SERVICE <{at}> {} SERVICE <{other}> {} }",
        "SELECT * { SERV\\u0049CE <{other}> {} }",
        "SELECT * { SERVICE <{at}> { ?s ?p 'x } } ' } SERVICE <{other}> {} }",
        "SELECT * { SERVICE <{at}> {} FILTER (?a <?b#>) SERVICE <{other}> {}\n }",
        "PREFIX e: <{other}> SELECT * { SERVICE e: {} }",
        "SELECT * {" + "SERVICE <{at}> {}" * (MOST_CLAUSES + 1) + "}",
    ],
)
def test_every_other_service_is_refused(ours, theirs, query):
    with socket.create_server(("127.0.0.1", 0)) as canary:
        other = f"http://127.0.0.1:{canary.getsockname()[1]}/sparql"
        text = query.replace("{at}", f"{theirs.address}/sparql").replace("{other}", other)
        assert kind(ours.get(text)) == (400, "service")
        canary.settimeout(0.1)
        with pytest.raises(TimeoutError):
            canary.accept()


@pytest.mark.parametrize("name", HOSTILE)
def test_an_endpoint_that_means_harm_costs_the_query_that_calls_it(tmp_path, data_file, name):
    answer, then, expected = HOSTILE[name]
    with answering(RESULTS + b"\r\n" + EMPTY) as (canary, called):
        with answering(answer.replace(b"{canary}", canary.encode()), then) as (address, got):
            federation = Federation([address], Limits(deadline=2, max_query_length=20_000))
            text = f"SELECT * {{ SERVICE <{address}> {{ ?a ?b ?c }} }}"
            with pytest.raises(Exception) as caught:
                federation.fill(text, federation.read(text), "", None)
        assert caught.value.kind == expected
        assert len(got) == 1
        assert got[0].startswith(b"POST /sparql HTTP/1.1\r\n")
        assert called == []
        # Of SILENT nothing is left but the one solution that binds nothing.
        text = f"SELECT * {{ SERVICE SILENT <{canary}> {{ ?a ?b ?c }} }}"
        federation = Federation([canary], Limits())
        assert federation.fill(text, federation.read(text), "", None) == (
            "SELECT * { VALUES (?a) {  } }"
        )


def test_an_endpoint_that_is_not_there_is_a_clear_problem_in_both_languages(ours):
    query = "SELECT * { SERVICE <http://127.0.0.1:1/sparql> { ?s ?p ?o } }"
    for language, title in (("fr", "Un autre point d’accès ne répond pas"), ("en", "Another")):
        reply = ours.get(query, lang=language)
        assert kind(reply) == (504, "service-unanswered")
        assert reply.json["title"].startswith(title)
        assert reply.json["endpoint"] == "http://127.0.0.1:1/sparql"


def test_what_others_answer_is_not_kept(ours, theirs):
    query = f"ASK {{ SERVICE <{theirs.address}/sparql> {{ ?s ?p 7 }} }}"
    reply = ours.get(query)
    assert reply.json["boolean"] is True
    assert (reply.headers["ETag"], reply.headers["Cache-Control"]) == (None, "no-store")


def test_blank_nodes_and_too_much_are_refused_over_http(ours, theirs):
    at = f"{theirs.address}/sparql"
    assert kind(ours.get(f"SELECT * {{ SERVICE <{at}> {{ ?s <{EX}office> ?o }} }}")) == (
        502,
        "service-blank",
    )
    digits = "VALUES ?d { 0 1 2 3 4 5 6 7 8 9 }"
    many = " ".join(digits.replace("?d", f"?d{n}") for n in range(4))
    assert kind(ours.get(f"SELECT * {{ SERVICE <{at}> {{ {many} }} }}")) == (413, "service-size")


def test_calls_that_wait_take_only_so_many_threads():
    federation = Federation(["http://127.0.0.1:1/"], Limits(slow_queries=1))
    text = "ASK { SERVICE <http://127.0.0.1:1/> {} }"
    with federation.places, pytest.raises(Exception) as caught:
        federation.fill(text, federation.read(text), "", None)
    assert caught.value.kind == "busy"


def test_calls_that_hang_keep_nobody_else_waiting(tmp_path, data_file):
    with answering(b"", hang) as (address, _):
        settings = {"services": address, "deadline": 3, "slow_queries": 2, "threads": 64}
        for endpoint in run_server(tmp_path, data=[data_file], access_log="", **settings):
            query = f"ASK {{ SERVICE <{address}> {{ ?s ?p %d }} }}"
            with ThreadPoolExecutor(40) as pool:
                replies = [pool.submit(endpoint.get, query % number) for number in range(40)]
                probes = [endpoint.get(f"ASK {{ FILTER ({n} >= 0) }}").status for n in range(20)]
                kinds = Counter(kind(reply.result()) for reply in replies)
            assert probes == [200] * 20
            assert set(kinds) == {(504, "service-unanswered"), (503, "busy")}
            assert kinds[503, "busy"] >= 20
            wait_until(lambda endpoint=endpoint: not calls(endpoint))  # none is left behind


def calls(endpoint: Endpoint) -> list[int]:
    """The processes that ask another endpoint."""
    return [pid for pid in endpoint.processes if b"sparql.federated_call" in command(pid)]


def test_places_in_a_text_stay_where_they_are():
    federation = Federation(["http://a/"], Limits())
    text = "SELECT *\n{ SERVICE\n<http://a/>\n{ } SERVICE ?x {} }"
    blank = without_heads(text, federation.read(text))
    assert [len(line) for line in blank.splitlines()] == [len(line) for line in text.splitlines()]
    assert service_place(blank) == (4, 5)


def test_the_service_description_says_whether_there_is_federation(ours, theirs):
    feature = "http://www.w3.org/ns/sparql-service-description#feature"
    told = [
        endpoint.request("/sparql", headers={"Accept": "application/n-triples"}).text
        for endpoint in (ours, theirs)
    ]
    assert [f"<{feature}>" in text for text in told] == [True, False]


def test_the_setting_is_a_list_of_addresses_on_the_web(tmp_path):
    file = tmp_path / "maillage.toml"
    file.write_text("services = ['http://a/sparql', 'https://b/?x=y']\n")
    settings = Settings.from_environment({}, config=file)
    assert settings.services == ("http://a/sparql", "https://b/?x=y")
    assert Settings.from_environment(settings.environment()) == settings
    for wrong in ("file:///etc/passwd", "a", "http://", "http://u:p@a/"):
        with pytest.raises(SettingError, match="MAILLAGE_SERVICES"):
            Settings.from_environment({"MAILLAGE_SERVICES": wrong})
