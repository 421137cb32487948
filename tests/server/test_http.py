"""Requests and answers of HTTP/1.1 on the wire, as RFC 9110 has them."""

import re

import pytest

from tests.server.connection import QUERY, head, said, sized, slow, words

DATE = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) "
    r"\d{4} \d\d:\d\d:\d\d GMT"
)


@pytest.mark.parametrize("hosts", ["", "Host: x\r\nHost: y\r\n", "Host: a b\r\n"])
def test_a_host_that_is_none_changes_no_answer(connection, hosts):
    connection.send(f"GET {words('here')} HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n".encode())
    reply = connection.answer()
    assert (reply.status, reply.body) == (200, said("here"))


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        (words("here"), ("Accept-Encoding: identity",), 200),
        ("/", ("Accept: text/html",), 200),
        ("/nothing", (), 404),
        ("/sparql?query=x", (), 400),
        ("/static/maillage.css", (), 200),
        ("/export.nq", ("Accept-Encoding: gzip",), 200),
    ],
)
def test_head_has_the_headers_of_get_and_no_body(connection, path, fields, status):
    connection.send(
        head(path, *fields)
        + head(path, *fields, method="HEAD")
        + head(path, *fields)
        + head(path, *fields, method="HEAD")
    )
    replies = [connection.answer(method) for method in ("GET", "HEAD") * 2]
    assert [reply.status for reply in replies] == [status] * 4
    for reply in replies:
        del reply.headers["Date"]
    told = [sorted((n.lower(), v) for n, v in reply.headers.items()) for reply in replies]
    assert told == told[:1] * 4
    assert int(replies[1].headers["Content-Length"]) == len(replies[0].body) > 0


def test_what_has_no_body_is_followed_by_the_next_answer(connection):
    etag = connection.ask().headers["ETag"]
    preflight = head(
        "/sparql", "Origin: http://y", "Access-Control-Request-Method: GET", method="OPTIONS"
    )
    unchanged = head(words("here"), f"If-None-Match: {etag}")
    connection.send((preflight + unchanged) * 2 + head(words("next")))
    replies = [connection.answer() for _ in range(5)]
    assert [reply.status for reply in replies] == [204, 304, 204, 304, 200]
    assert "Content-Length" not in replies[0].headers
    assert {"Content-Length", "Transfer-Encoding"}.isdisjoint(replies[1].headers)
    assert replies[4].body == said("next")


@pytest.mark.parametrize("target", [words("here"), "/", "/nothing", "/sparql?query=x", slow(1)])
def test_every_answer_has_its_date_once(connection, target):
    for method in ("GET", "HEAD"):
        connection.send(head(target, method=method))
        (date,) = connection.answer(method).headers.get_all("Date")
        assert DATE.fullmatch(date)


@pytest.mark.parametrize(
    "fields",
    [
        ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAoAAA"),
        (
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version: 13",
        ),
        ("Connection: upgrade", "Upgrade: TLS/1.0"),
    ],
)
def test_another_protocol_is_not_taken_up(connection, fields):
    connection.send(head(words("one"), *fields) + sized(QUERY, *fields) + head(words("three")))
    replies = [connection.answer() for _ in range(3)]
    assert {reply.status for reply in replies} <= {200, 400}
    assert replies[2].body == said("three")


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("CONNECT", "example.org:443"),
        ("TRACE", "/sparql"),
        ("PROPFIND", "/sparql"),
        ("A-METHOD-OF-ITS-OWN", "/"),
    ],
)
def test_a_method_that_is_not_known_is_refused(connection, method, target):
    connection.send(head(target, "Connection: close", "X-Told: back", method=method))
    reply = connection.answer()
    assert reply.status in (400, 404, 405, 501)
    assert (reply.status == 405) <= ("Allow" in reply.headers)
    assert b"X-Told" not in reply.body


def test_an_address_with_scheme_and_host_is_understood(connection):
    iri = "/sparql?format=csv&query=SELECT(STR(%3Ca%3E)AS%3Fx)%7B%7D"
    connection.send(head(f"http://one.example:81{iri}", "Host: two.example") + head("http://one.x"))
    assert connection.answer().body == said("http://two.example/a")
    assert connection.answer().status in (200, 303)


def test_options_may_be_asked_of_the_server_as_a_whole(connection):
    connection.send(head("*", method="OPTIONS") + head(words("next"), "Connection: close"))
    assert connection.answer().status in (200, 204, 400, 404)
    assert b"Traceback" not in connection.rest()


def test_a_fragment_in_an_address_is_refused_or_left_out(connection):
    connection.send(head(words("here") + "#'", "Connection: close"))
    reply = connection.answer()
    assert (reply.status, reply.body) == (200, said("here")) or reply.status == 400


@pytest.mark.parametrize(
    "fields",
    [
        ("X-Name: \xe9\xff\x80",),
        ("User-Agent: \xc3\xa9", "Accept-Language: fr;q=\xe9"),
        ("hOsT: x", "ACCEPT: text/csv"),
        ("Host:x", "Accept: \t text/csv \t "),
        ("Accept:", "X-Empty:", "X-Signs: !#$%&'*+-.^_`|~\"(),/:;<=>?@[\\]{}"),
        ("!#$%&'*+-.^_`|~9: x",),
    ],
)
def test_a_header_may_be_written_like_this(connection, fields):
    reply = connection.ask(*fields)
    assert (reply.status, reply.body) == (200, said("here"))


@pytest.mark.parametrize("turned", [False, True])
def test_several_headers_of_a_name_are_one_list(connection, turned):
    accepts = ["Accept: text/csv;q=0.1, image/png", "accept: application/sparql-results+xml;q=0.5"]
    connection.send(head("/sparql?query=SELECT*%7B%7D", *(accepts[::-1] if turned else accepts)))
    assert connection.answer().headers["Content-Type"].startswith("application/sparql-results+xml")
    etag = connection.ask().headers["ETag"]
    matches = [f"If-None-Match: {value}" for value in ('"none"', etag)]
    assert connection.ask(*(matches[::-1] if turned else matches)).status == 304


def test_a_path_that_is_no_utf_8_is_answered_however_long_it_is(connection):
    for path in ("/%ff", "/%ff" + 1100 * "a"):
        connection.send(head(path))
        assert connection.answer().status == 404
