"""The site in front of an engine elsewhere that misbehaves in every way it can."""

import base64
import json
import socket
import threading
import urllib.request
from contextlib import ExitStack, closing, contextmanager, suppress
from queue import Queue

import pyoxigraph as ox
import pytest

from server.app import create_app
from server.engine.errors import (
    AnswerCut,
    Busy,
    DeadlineExceeded,
    EngineError,
    EngineUnavailable,
    EvaluatorCrashed,
    InvalidGraphName,
    NestedTooDeeply,
    QueryRefused,
    QueryTooLong,
    ResultTooLarge,
    ServiceRefused,
    TooManySlow,
)
from server.engine.limits import Limits
from server.engine.remote.client import RemoteEngine
from server.engine.remote.layout import DEFAULT
from server.engine.remote.transport import ATTEMPTS, Credentials
from server.http.formats import FORMATS
from server.settings import SettingError, Settings
from tests.server.conftest import run_server
from tests.server.engines import JSON, MARKER, fake_engine, free_port, reply

XML = "application/sparql-results+xml"
TABLE = b'{"head":{"vars":["n"]},"results":{"bindings":[{"n":{"type":"literal","value":"7"}}]}}'
QUERY = "SELECT ?n { ?s ?p ?n }"
NOBODY = Credentials()
SECRET = b"Oracle 12 at db.internal.example.org says: password expired"


@contextmanager
def engine_over(answer, credentials=NOBODY, places=4, **limits):
    """A remote engine in front of one that answers so, and that one."""
    with fake_engine(answer) as fake:
        engine = RemoteEngine(fake.address, Limits(**limits), credentials, places)
        with closing(engine):
            yield engine, fake


def values(answer) -> list[str]:
    rows = json.loads(answer.read())["results"]["bindings"]
    return [row["n"]["value"] for row in rows]


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "PREFIX select: <a:> DROP ALL # SELECT",
        "INSERT { ?s ?p ?o } WHERE { SELECT * { ?s ?p ?o } }",
        "define get:soft 'soft' SELECT * FROM <http://127.0.0.1/> { ?s ?p ?o }",
        "; BASE <a:> <SELECT> (CLEAR DEFAULT)",
        "SELECT * { ?s ?p ?o } ; DROP ALL",
        "ASK {}\nDELETE WHERE { ?s ?p ?o }",
        "SELECT (bif:http_get('http://127.0.0.1:9/') AS ?x) {}",
        "SELECT (<bif:http_get>('http://127.0.0.1:9/') AS ?x) {}",
        "SELECT (<\\u0062if:http_get>('http://127.0.0.1:9/') AS ?x) {}",
        "PREFIX a: <SQL:> SELECT (a:user_list() AS ?x) {}",
        "PREFIX a: <bi> SELECT (a:f:http_get('http://127.0.0.1:9/') AS ?x) {}",
        "PREFIX a: <> SELECT (a:bif:http_get('http://127.0.0.1:9/') AS ?x) {}",
    ],
)
def test_what_is_no_query_is_never_sent(text):
    with engine_over(lambda handler, _: reply(handler, TABLE)) as (engine, fake):
        with pytest.raises(QueryRefused):
            engine.query(text, media_type=JSON)
        assert fake.asked == []


@pytest.mark.parametrize(
    "text",
    [
        "# INSERT\nBASE <http://a/INSERT> PREFIX drop: <a:> SELECT ?n { ?s drop:delete ?n }",
        "SELECT ?n { ?insert <a:drop> 'DELETE', ?n } LIMIT 1 VALUES ?clear { 'LOAD' }",
        "select ?n { ?s ?p ?n FILTER EXISTS { ?s ?p ?n } }",
    ],
)
def test_a_query_that_has_words_of_updates_in_its_names_is_sent(text):
    with engine_over(lambda handler, _: reply(handler, TABLE)) as (engine, fake):
        assert values(engine.query(text, media_type=JSON)) == ["7"]
        assert len(fake.asked) == 1


@pytest.mark.parametrize("status", [502, 503])
def test_an_engine_that_is_unwell_for_a_moment_is_asked_again(status):
    def answer(handler, number):
        reply(handler, TABLE, status=status if number == 1 else 200)

    with engine_over(answer) as (engine, fake):
        assert values(engine.query(QUERY, media_type=JSON)) == ["7"]
        assert len(fake.asked) == 2


def test_an_engine_that_stays_unwell_is_asked_so_many_times_and_no_more():
    with engine_over(lambda handler, _: reply(handler, SECRET, status=503)) as (engine, fake):
        with pytest.raises(EngineUnavailable):
            engine.query(QUERY, media_type=JSON)
        assert len(fake.asked) == ATTEMPTS


def test_an_engine_that_breaks_the_connection_is_asked_once_more_only():
    def answer(handler, _):
        handler.connection.shutdown(socket.SHUT_RDWR)

    with engine_over(answer) as (engine, fake):
        with pytest.raises(EngineUnavailable):
            engine.query(QUERY, media_type=JSON)
        assert len(fake.asked) == 2


def test_an_engine_that_is_not_there_is_a_problem_of_its_own():
    with (
        closing(
            RemoteEngine(f"http://127.0.0.1:{free_port()}/", Limits(deadline=5), NOBODY, 1)
        ) as engine,
        pytest.raises(EngineUnavailable),
    ):
        engine.version()


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, QueryRefused),
        (401, EngineUnavailable),
        (403, EngineUnavailable),
        (404, EngineUnavailable),
        (413, QueryRefused),
        (429, Busy),
        (500, EvaluatorCrashed),
        (504, DeadlineExceeded),
    ],
)
def test_what_the_engine_refuses_is_said_without_its_words(status, error):
    with engine_over(lambda handler, _: reply(handler, SECRET, status=status)) as (engine, fake):
        with pytest.raises(error) as raised:
            engine.query(QUERY, media_type=JSON)
        assert "internal" not in str(raised.value)
        client = create_app(Settings(engine=fake.address), engine).test_client()
        told = client.get("/sparql", query_string={"query": QUERY, "lang": "fr"})
        assert told.status_code >= 400
        assert told.json["type"].endswith(f"/{error.kind}")
        assert b"internal" not in told.data


def cut_by_length(handler, _):
    reply(handler, TABLE[:40], Content_Length=str(len(TABLE)), Connection="close")
    handler.close_connection = True


def cut_by_closing(handler, _):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n\r\n")
    handler.wfile.write(TABLE[:-2])
    handler.close_connection = True


def cut_in_chunks(handler, _):
    handler.wfile.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n10\r\n" + TABLE[:16] + b"\r\n"
    )
    handler.close_connection = True


@pytest.mark.parametrize("answer", [cut_by_length, cut_by_closing, cut_in_chunks])
def test_an_answer_that_is_cut_off_is_none(answer):
    with engine_over(answer) as (engine, _), pytest.raises(EngineUnavailable):
        engine.query(QUERY, media_type=JSON)


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"<html><body>Sorry</body></html>", "text/html"),
        (b"<html><body>Sorry</body></html>", XML),
        (b"Sorry", JSON),
        (b'{"head":{},"boolean":true}', JSON),
        (b"", ""),
    ],
)
def test_an_answer_that_is_no_result_is_none(body, media_type):
    with (
        engine_over(lambda handler, _: reply(handler, body, media_type)) as (engine, _),
        pytest.raises(EngineUnavailable),
    ):
        engine.query(QUERY, media_type=JSON)


@pytest.mark.parametrize("header", ["X_SPARQL_MaxRows", "X_SQL_State"])
def test_an_answer_that_the_engine_says_it_has_cut_is_none(header):
    with (
        engine_over(lambda handler, _: reply(handler, TABLE, **{header: "1"})) as (
            engine,
            _,
        ),
        pytest.raises(AnswerCut),
    ):
        engine.query(QUERY, media_type=JSON)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_never_followed(status):
    with fake_engine(lambda handler, _: reply(handler, TABLE)) as elsewhere:

        def answer(handler, _):
            reply(handler, b"", status=status, Location=elsewhere.address)

        with engine_over(answer) as (engine, _), pytest.raises(EngineUnavailable):
            engine.query(QUERY, media_type=JSON)
        assert elsewhere.asked == []


def test_an_answer_over_the_limit_is_not_read_to_its_end():
    sent = []

    def answer(handler, _):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n\r\n")
        try:
            for _ in range(1000):
                handler.wfile.write(b"x" * 65536)
                sent.append(65536)
        except OSError:
            pass
        handler.close_connection = True

    with (
        engine_over(answer, max_result_bytes=100_000) as (engine, _),
        pytest.raises(ResultTooLarge) as raised,
    ):
        engine.query(QUERY, media_type=JSON)
    assert raised.value.limit == 100_000
    assert sum(sent) < 1000 * 65536


@pytest.mark.parametrize("bad", [cut_by_length, "large", "html", "redirect"])
def test_what_goes_wrong_leaves_the_connection_to_the_next(bad):
    def answer(handler, number):
        match bad if number % 2 else "good":
            case "good":
                reply(handler, TABLE)
            case "large":
                reply(handler, b"x" * 10_000)
            case "html":
                reply(handler, b"<html>", "text/html", status=404)
            case "redirect":
                reply(handler, b"", status=302, Location="/")
            case way:
                way(handler, number)

    with engine_over(answer, places=1, queue_wait=0.5, max_result_bytes=1000) as (engine, _):
        for _ in range(3):
            with pytest.raises((EngineUnavailable, ResultTooLarge)):
                engine.query(QUERY, media_type=JSON)
            assert values(engine.query(QUERY, media_type=JSON)) == ["7"]


def test_a_result_that_grows_over_the_limit_when_it_is_written_anew_is_refused():
    rows = b",".join([b'{"n":{"type":"literal","value":"<<<<<<<<"}}'] * 100)
    body = b'{"head":{"vars":["n"]},"results":{"bindings":[%s]}}' % rows
    with (
        engine_over(lambda handler, _: reply(handler, body), max_result_bytes=len(body)) as (
            engine,
            _,
        ),
        pytest.raises(ResultTooLarge),
    ):
        engine.query(QUERY, media_type=XML)


def silent(fake):
    def answer(handler, _):
        fake[0].leaving.wait(60)
        with suppress(OSError):  # nobody waits for it any more
            reply(handler, TABLE)

    return answer


def dripping(fake):
    def answer(handler, _):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n\r\n")
        try:
            while not fake[0].leaving.wait(0.05):
                handler.wfile.write(b"x")
        except OSError:
            pass

    return answer


@pytest.mark.parametrize("way", [silent, dripping])
def test_an_engine_that_takes_too_long_is_given_up_at_the_deadline(way):
    holder = []
    with engine_over(way(holder), deadline=30) as (engine, fake):
        holder.append(fake)
        with pytest.raises(DeadlineExceeded) as raised:
            engine.query(QUERY, media_type=JSON, timeout=3)
        assert raised.value.limit == 3
        assert len(fake.asked) == 1


def queued(engine, *, count):
    """So many queries at once, and the problem that each meets."""
    problems = Queue()

    def ask():
        try:
            engine.query(QUERY, media_type=JSON).close()
        except EngineError as error:
            problems.put(error)

    threads = [threading.Thread(target=ask) for _ in range(count)]
    for thread in threads:
        thread.start()
    return problems, threads


def test_when_every_place_is_taken_the_next_query_is_told_to_come_back():
    holder = []
    limits = {"queue_wait": 0.2, "patience": 60, "deadline": 60}
    with engine_over(silent(holder), places=2, **limits) as (engine, fake):
        holder.append(fake)
        problems, threads = queued(engine, count=3)
        error = problems.get(timeout=60)
        assert (type(error), error.retry_after) == (Busy, 1)
        fake.leaving.set()
        for thread in threads:
            thread.join()


def test_slow_queries_leave_their_places_to_quick_ones_and_are_only_so_many():
    holder = []
    limits = {"patience": 0.2, "deadline": 60, "slow_queries": 2, "queue_wait": 30}
    with engine_over(silent(holder), places=1, **limits) as (engine, fake):
        holder.append(fake)
        problems, threads = queued(engine, count=3)
        error = problems.get(timeout=60)
        assert (type(error), error.limit, error.patience) == (TooManySlow, 2, 0.2)
        fake.answer = lambda handler, _: reply(handler, TABLE)
        assert values(engine.query(QUERY, media_type=JSON)) == ["7"]
        fake.leaving.set()
        for thread in threads:
            thread.join()
        # Their places are free again.
        assert engine.lanes.slow._value == 2
        assert engine.lanes.quick._value == 1


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("ASK { SERVICE SILENT <http://127.0.0.1/> { ?s ?p ?o } }", ServiceRefused),
        ("ASK { FILTER EXISTS { \\u0053ERVICE ?x { ?s ?p ?o } } }", ServiceRefused),
        ("ASK {" + " " * 2000 + "}", QueryTooLong),
        ("ASK " + "{" * 300 + "}" * 300, NestedTooDeeply),
        ("ASK FROM <not absolute> { }", QueryRefused),
        ("ASK FROM <relative> { }", InvalidGraphName),
    ],
)
def test_the_same_armour_stands_before_it(query, error):
    with engine_over(lambda handler, _: reply(handler, b"", status=400), max_query_length=1000) as (
        engine,
        fake,
    ):
        with pytest.raises(error):
            engine.query(query, media_type=JSON)
        assert fake.asked == [] or error is QueryRefused


def test_the_dataset_of_a_query_is_passed_on_and_overrides_from():
    with engine_over(lambda handler, _: reply(handler, TABLE)) as (engine, fake):
        engine.query(
            "SELECT ?n FROM <http://a/3> { ?s ?p ?n }",
            media_type=JSON,
            default_graphs=["http://a/1", "http://a/1"],
            named_graphs=["http://a/2"],
        ).close()
        engine.query(
            "PREFIX a: <http://a/> SELECT ?n FROM a:3 FROM NAMED <4> { ?s ?p ?n }",
            base="http://b/",
            media_type=JSON,
        ).close()
        engine.query(QUERY, media_type=JSON).close()
    datasets = [(form.get("default-graph-uri"), form.get("named-graph-uri")) for form in fake.asked]
    assert datasets == [
        (["http://a/1"], ["http://a/2"]),
        (["http://a/3"], ["http://b/4"]),
        (None, None),
    ]
    assert fake.asked[1]["query"][0].startswith("BASE <http://b/>\n")


TRIPLES = b'<http://a/s> <http://a/p> "\xc3\xa9"@fr .\n<http://a/s> <http://a/p> _:x .\n'


@pytest.mark.parametrize("entry", FORMATS, ids=lambda entry: entry.name)
def test_every_format_is_written_whatever_the_engine_offers(entry):
    graph = "construct" in entry.forms
    body, sent = (TRIPLES, "application/n-triples") if graph else (TABLE, JSON)
    query = "PREFIX a: <http://a/> CONSTRUCT WHERE { ?s a:p ?o }" if graph else QUERY
    with engine_over(lambda handler, _: reply(handler, body, f"{sent}; charset=UTF-8")) as (
        engine,
        _,
    ):
        answer = engine.query(query, media_type=entry.media_type)
        written = answer.read()
    assert (answer.size, answer.media_type, answer.version) == (
        len(written), entry.media_type, "first",
    )  # fmt: skip
    if graph:
        read = ox.parse(written, ox.RdfFormat.from_media_type(entry.media_type))
        objects = sorted(str(quad.object)[:4] for quad in read)
        assert objects[0] == '"é"@'
        assert objects[1].startswith("_:")
        assert len(objects) == 2
        assert (b"@prefix a:" in written) is (entry.name in ("turtle", "trig"))
    elif entry.name in ("csv", "tsv"):
        assert written.split() == ([b"n", b"7"] if entry.name == "csv" else [b"?n", b'"7"'])
    else:
        read = ox.parse_query_results(
            written, ox.QueryResultsFormat.from_media_type(entry.media_type)
        )
        assert [row["n"] for row in read] == [ox.Literal("7")]


def test_a_graph_as_large_as_virtuoso_gives_is_taken_for_cut(monkeypatch):
    monkeypatch.setattr("server.engine.remote.client.CEILING", 3)
    virtuoso = b"""{"p":{"type":"uri","value":"http://purl.org/dc/terms/conformsTo"},
        "o":{"type":"literal","value":"virtuoso"}},"""
    lines = TRIPLES.splitlines(keepends=True)

    def answer(handler, number):
        body = b"".join([*lines, lines[0].replace(b"/s", b"/t")][: number + 1])
        reply(handler, body, "application/n-triples")

    with engine_over(answer) as (engine, fake):
        fake.marker = MARKER.replace(b"[\n", b"[" + virtuoso)
        query = "CONSTRUCT WHERE { ?s ?p ?o }"
        assert engine.query(query, media_type="text/turtle").read()
        assert fake.asked[0]["default-graph-uri"] == [DEFAULT]
        with pytest.raises(AnswerCut):
            engine.query(query, media_type="text/turtle")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [(b'{"__ASK_RETVAL":{"type":"literal","value":"1"}}', True), (b"", False)],
)
def test_yes_or_no_in_a_table_as_virtuoso_writes_it_is_yes_or_no(rows, expected):
    body = b'{"head":{"vars":["__ASK_RETVAL"]},"results":{"bindings":[%s]}}' % rows
    with engine_over(lambda handler, _: reply(handler, body)) as (engine, _):
        answer = engine.query("ASK { ?s ?p ?o }", media_type=JSON)
        assert json.loads(answer.read()) == {"head": {}, "boolean": expected}


def test_blank_nodes_as_virtuoso_names_them_are_blank_nodes():
    node = "<result><binding name='n'><bnode>nodeID://b1</bnode></binding></result>"
    body = (
        "<sparql xmlns='http://www.w3.org/2005/sparql-results#'><head><variable name='n'/></head>"
        f"<results>{node * 3000}</results></sparql>"
    ).encode()
    with engine_over(lambda handler, _: reply(handler, body, XML)) as (engine, _):
        found = values(engine.query(QUERY, media_type=JSON))
    assert found == ["b1"] * 3000


def test_the_name_and_password_are_told_when_the_engine_asks_for_them():
    def answer(handler, _):
        told = handler.headers.get("Authorization", "")
        if told == "Basic " + base64.b64encode(b"us:secret").decode():
            reply(handler, TABLE)
        else:
            reply(handler, b"", status=401, WWW_Authenticate='Basic realm="x"')

    with engine_over(answer, Credentials("us", "secret")) as (engine, fake):
        assert values(engine.query(QUERY, media_type=JSON)) == ["7"]
        assert values(engine.query(QUERY, media_type=JSON)) == ["7"]
        assert len(fake.asked) == 3
    with engine_over(answer, Credentials("us", "wrong")) as (engine, fake):
        with pytest.raises(EngineUnavailable):
            engine.query(QUERY, media_type=JSON)
        assert len(fake.asked) == 2


@pytest.mark.parametrize(
    "address", ["ftp://a/", "127.0.0.1:7878", "http://us:secret@a/", "http://"]
)
def test_an_engine_that_has_no_address_on_the_web_is_refused(address):
    with pytest.raises(SettingError, match="engine") as raised:
        Settings(engine=address)
    assert "secret" not in str(raised.value)


def test_the_password_is_in_no_description_of_the_settings():
    assert "hush" not in repr(Settings(engine_password="hush"))


def test_health_is_told_while_many_queries_wait_for_the_engine(tmp_path):
    asked = threading.Event()

    def answer(handler, _):
        asked.set()
        fake.leaving.wait()
        reply(handler, b'{"head":{},"boolean":true}')

    with fake_engine(answer) as fake, ExitStack() as waiting:
        running = contextmanager(run_server)(
            tmp_path, engine=fake.address, threads=32, evaluators=1, deadline=60, patience=50,
            queue_wait=60, access_log="",
        )  # fmt: skip
        server = waiting.enter_context(running)
        host, _, port = server.address.removeprefix("http://").partition(":")
        for number in range(20):
            client = waiting.enter_context(socket.create_connection((host, int(port)), timeout=30))
            query = f"ASK%20%7B%20%3Fs%20%3Fp%20{number}%20%7D"
            client.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert asked.wait(30)
        for path in ("/health", "/queries.json", "/metrics"):
            with urllib.request.urlopen(server.address + path, timeout=30) as told:
                assert told.status == 200
        fake.leaving.set()
