"""SERVICE and FROM in every spelling before a remote engine: nothing that calls is sent there."""

import pytest

from tests.server.conftest import run_server
from tests.server.engine.test_armour import kind
from tests.server.engine.test_spellings import listener, spellings
from tests.server.engines import JSON, fake_engine, reply

EMPTY = b'{"head":{"vars":["n"]},"results":{"bindings":[]}}'
GRAPH = b"<x:s> <x:p> <x:o> .\n"
EX = "https://example.org/"


def answer(handler, _: int) -> None:
    accepts_graphs = "n-triples" in handler.headers["Accept"]
    media_type = "application/n-triples" if accepts_graphs else JSON
    reply(handler, GRAPH if accepts_graphs else EMPTY, media_type)


@pytest.fixture(scope="module")
def remote(tmp_path_factory):
    """A server in front of an engine that remembers what it is asked."""
    with fake_engine(answer) as fake:
        home = tmp_path_factory.mktemp("remote")
        for endpoint in run_server(home, engine=fake.address, evaluators=2):
            yield endpoint, fake


def test_no_spelling_of_service_reaches_the_engine(remote):
    endpoint, fake = remote
    with listener() as (at, heard):
        sent = len(fake.asked)
        for query in spellings(at):
            refused = endpoint.get(query)
            assert refused.status == 400, query
            assert kind(refused) in ("service", "syntax", "unclear", "refused"), query
        assert len(fake.asked) == sent
        assert heard == []


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ('\\u0027 } SERVICE <http://127.0.0.1/> { #' AS ?n) {}",
        "SELECT ?n { ?s <http://127.0.0.1/\\u003E SERVICE> ?n }",
        "SELECT ?n FROM <x:a> { ?s ?p ?n FILTER(?n<?b#>'''\n) SERVICE ?p {} } # '''",
        "SELECT ?n { ?n ?p 'service' . ?n ?p ?o ?o }",
    ],
)
def test_what_can_be_read_in_two_ways_is_not_sent(remote, query):
    endpoint, fake = remote
    sent = len(fake.asked)
    assert endpoint.get(query).status == 400
    assert len(fake.asked) == sent


@pytest.mark.parametrize(
    ("query", "default", "named"),
    [
        ("SELECT?n{?n ?p 'SERVICE'}", None, None),
        ("PREFIX service:<x:>SELECT?n{?n service:from '\\u0053ERVICE'}#FROM<x:y>", None, None),
        ("SELECT*FROM<{ex}a>FROMNAMED<{ex}b>{{?n?p?o}}", ["a"], ["b"]),
        ("ASKFROM<{ex}a>{{}}", ["a"], None),
        ("CONSTRUCTFROM<{ex}a>WHERE{{?s?p?o}}", ["a"], None),
        ("PREFIX e:<{ex}>DESCRIBE e:a FROMe:a", ["a"], None),
    ],
)
def test_what_is_plain_is_sent_with_its_graphs(remote, query, default, named):
    endpoint, fake = remote
    sent = len(fake.asked)
    got = endpoint.get(query.format(ex=EX) if "{ex}" in query else query)
    assert got.status in (200, 503), got.text  # the engine's table is no answer to ASK
    assert len(fake.asked) == sent + 1
    asked = fake.asked[-1]
    graphs = [asked.get("default-graph-uri"), asked.get("named-graph-uri")]
    assert graphs == [names and [EX + name for name in names] for names in (default, named)]


def control(handler, _: int) -> None:
    graph = "n-triples" in handler.headers["Accept"]
    row = b'{"n":{"type":"literal","value":"\\u0001"}}'
    table = EMPTY.replace(b"[]", b"[" + row + b"]")
    body = b'<x:s> <http://e/p/2021> "a" .\n' if graph else table
    reply(handler, body, "application/n-triples" if graph else JSON)


@pytest.mark.parametrize(
    ("query", "accept", "found"),
    [
        ("SELECT ?n { ?s ?p ?n }", "application/sparql-results+xml", "U+0001"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "application/rdf+xml", "<http://e/p/2021>"),
    ],
)
def test_xml_of_an_engine_that_no_parser_reads_is_not_sent(tmp_path, query, accept, found):
    with fake_engine(control) as fake:
        for endpoint in run_server(tmp_path, engine=fake.address, evaluators=1):
            got = endpoint.get(query, {"Accept": accept})
            assert (got.status, kind(got)) == (406, "unwritable")
            assert found in got.json["detail"]
            assert endpoint.get(query).status == 200
