"""SERVICE and FROM in every spelling that the engine's parser takes, over HTTP."""

import itertools
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from server.engine.pool.reading import MAY_BE_CLAUSE
from tests.server.engine.test_armour import kind

EX = "https://example.org/"


@contextmanager
def listener() -> Iterator[tuple[str, list[bytes]]]:
    """An address, and what whoever connects there says."""
    heard: list[bytes] = []

    def serve(server: socket.socket) -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                heard.append(connection.recv(100))

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, args=(server,), daemon=True).start()
        yield f"127.0.0.1:{server.getsockname()[1]}", heard
        server.shutdown(socket.SHUT_RDWR)


KEYWORDS = (
    "SERVICE", "service", "SeRvIcE", "SERVICE ", "SERVICE#c\n", "SERVICE\t\r\n", "SERVICESILENT",
    "SERVICE SILENT ", "service#\nsilent", "\\u0053ERVICE ", "SERV\\U00000049CE SILENT",
)  # fmt: skip
NAMES = ("<http://{at}/>", "?e", "$e", "x:", "<http://{at}/#>")
PLACES = (
    "SELECT*{{{0}}}",
    "SELECT * {{ ?s ?p 1e0{0} }}",
    "SELECT * {{ ?s ?p ?o.{0} }}",
    "SELECT * {{ ?s ?p 'x'{0} }}",
    "SELECT * {{ ?s ?p true.{0} }}",
    "SELECT * {{ FILTER(1<2){0} }}",
    "SELECT * {{ FILTER(?a<?b#>\n){0} }}",
    "ASK {{ FILTER EXISTS {{{0}}} }}",
    "SELECT * {{ OPTIONAL{{{0}}} }}",
    "SELECT * {{ {{ SELECT*{{{0}}} }} }}",
    "SELECT * {{ ?s ?p ?o MINUS{{{0}}} }}",
    "SELECT * {{ {{}} UNION{{{0}}} }}",
    "SELECT * {{ GRAPH ?g{{{0}}} }}",
    "CONSTRUCTWHERE{{?s?p?o}}#\n{0}",
    "DESCRIBE?s WHERE{{{0}}}",
)


def spellings(at: str) -> Iterator[str]:
    """Queries that call `at`, were they allowed to."""
    prologue = f"PREFIX x:<http://{at}/>"
    for number, (keyword, name, place) in enumerate(itertools.product(KEYWORDS, NAMES, PLACES)):
        if number % 3 == 0:
            called = f"VALUES ?e {{ <http://{at}/> }} " if name in ("?e", "$e") else ""
            clause = f"{called}{keyword}{name.format(at=at)}{{?a ?b ?c}}"
            yield prologue + place.format(clause)


def test_no_spelling_of_service_calls_or_passes(endpoint):
    with listener() as (at, heard):
        for query in spellings(at):
            reply = endpoint.get(query)
            assert reply.status == 400, query
            assert kind(reply) in ("service", "syntax"), query
            if "\\" not in query and "CONSTRUCT" not in query and "SERVICEx:" not in query:
                assert kind(reply) == "service", query
        assert heard == []
    assert endpoint.get("ASK{}").status == 200


def test_the_place_of_service_is_told(endpoint):
    reply = endpoint.get("SELECT * {\n ?s ?p 1e0SERVICESILENT<http://127.0.0.1/>{} }")
    assert kind(reply) == "service"
    assert "ligne 2, colonne 11" in reply.json["detail"]


@pytest.mark.parametrize(
    "query",
    [
        "PREFIX service:<https://example.org/> SELECT ?service { ?service service:gave 'SERVICE' }",
        "PREFIX SERVICE:<https://example.org/> PREFIX service:<x:> ASK { SERVICE:a service:b 1 }",
        "SELECT ('\\u0053ERVICE' AS ?service) {} # SERVICE <http://127.0.0.1/> {}",
        "ASK { _:service ?p 'x'@service }",
        "SELECT * { ?s <https://example.org/from> 'FROM' } # FROM <https://example.org/a>",
        "PREFIX from:<https://example.org/> DESCRIBE from:evry",
    ],
)
def test_the_words_elsewhere_disturb_nothing(endpoint, query):
    assert endpoint.get(query).status == 200


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("SELECT(SUM(?o)AS?n)FROM<{ex}a>FROM<{ex}b>{{?s<{ex}gave>?o}}", "390"),
        ("SELECT (SUM(?o) AS ?n) from<{ex}a>FrOm#c\n<{ex}b>WHERE{{?s<{ex}gave>?o}}", "390"),
        ("PREFIXe:<{ex}>SELECT(SUM(?o)AS?n)FROMe:a FROMe:b{{?s<{ex}gave>?o}}", "390"),
        ("BASE<{ex}>SELECT(SUM(?o)AS?n)FROM<a>FROM<\\u0062>{{?s<{ex}gave>?o}}", "390"),
        (
            "SELECT(SUM(?o)AS?n)FROMNAMED<{ex}a>FROMNAMED<{ex}b>{{GRAPH?g{{?s<{ex}gave>?o}}}}",
            "490",
        ),
        ("SELECT(SUM(?o)AS?n)FR\\u004FM<{ex}a>\\u0046ROM<{ex}b>{{?s<{ex}gave>?o}}", "390"),
        ("SELECT(SUM(?o)AS?n)FROM<{ex}a>FROM<{ex}a>{{?s<{ex}gave>?o}}", "140"),
    ],
)
def test_graphs_are_merged_however_from_is_spelt(endpoint, query, total):
    reply = endpoint.get(query.format(ex=EX))
    assert (reply.status, reply.values) == (200, [(total,)])


@pytest.mark.parametrize(
    ("query", "media_type"),
    [
        ("CONSTRUCTWHERE{?s<https://example.org/since>?o}", "text/turtle"),
        ("CONSTRUCTFROM<https://example.org/a>WHERE{?s?p?o}", "text/turtle"),
        ("DESCRIBE<https://example.org/evry>FROM<https://example.org/b>", "text/turtle"),
        ("SELECTDISTINCT*{?s?p?o}LIMIT 1", "application/sparql-results+json"),
        ("ASKFROM<https://example.org/a>{?s?p?o}", "application/sparql-results+json"),
    ],
)
def test_a_form_is_read_with_or_without_blanks(endpoint, query, media_type):
    reply = endpoint.get(query)
    assert (reply.status, reply.headers.get_content_type()) == (200, media_type)
    assert len(reply.body) > 20


@pytest.mark.parametrize(
    ("text", "may_be"),
    [
        ("SELECT * FROM<x:g>{}", True),
        ("SELECT * FROM NAMED <x:g> {}", True),
        ("ASK from#c\n<x:g>{}", True),
        ("ASK FROMex:g{}", True),
        ("ASK FROM :g{}", True),
        ("ASK { ?s prov:wasDerivedFrom/dct:source ?o }", False),
        ("ASK { ?s mlg:from ?o }", False),
    ],
)
def test_a_name_that_ends_in_from_is_not_taken_for_a_clause(text, may_be):
    assert bool(MAY_BE_CLAUSE.search(text)) is may_be
