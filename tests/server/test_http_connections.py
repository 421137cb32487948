"""Connections of HTTP/1.1 (RFC 9112): requests in turn, in pieces and at once; who leaves."""

import socket
from collections.abc import Iterator

import pytest

from tests.server.conftest import Endpoint
from tests.server.connection import (
    CHUNKED,
    QUERY,
    Connection,
    chunk,
    head,
    post,
    said,
    sized,
    slow,
    words,
)


@pytest.fixture
def other(endpoint: Endpoint) -> Iterator[Connection]:
    with Connection(endpoint) as opened:
        yield opened


def test_requests_on_one_connection_are_answered_in_turn(connection):
    texts = [f"answer {number}" for number in range(20)]
    assert [connection.ask(text=text).body for text in texts] == [said(text) for text in texts]


@pytest.mark.parametrize("field", ["Connection: close", "connection: CLOSE", "Connection: x,close"])
def test_a_connection_to_be_closed_is_closed_after_the_answer(connection, field):
    connection.send(head(words("one"), field) + head(words("two")))
    assert connection.answer().body == said("one")
    assert connection.rest() == b""


def test_http_1_0_is_closed_after_the_answer(connection):
    reply = connection.ask(version="1.0")
    assert (reply.status, reply.body) == (200, said("here"))
    assert "Transfer-Encoding" not in reply.headers
    assert connection.rest() == b""


def test_http_1_0_is_kept_open_on_demand(connection):
    for text in ("one", "two"):
        reply = connection.ask("Connection: keep-alive", text=text, version="1.0")
        assert (reply.body, reply.headers["Connection"].lower()) == (said(text), "keep-alive")


def test_http_1_0_needs_no_host(connection):
    connection.send(f"GET {words('here')} HTTP/1.0\r\n\r\n".encode())
    assert connection.answer().body == said("here")


def test_requests_in_one_segment_are_answered_in_order(connection):
    connection.send(
        head(slow(2)) + head(words("quick")) + head("/health") + sized(QUERY) + head("/nothing")
    )
    late, quick, page, posted, nothing = (connection.answer() for _ in range(5))
    assert (late.status, late.json["limit"]) == (503, 0.5)
    assert quick.body == said("quick")
    assert page.json["status"] == "ready"
    assert posted.body == said("été")
    assert nothing.status == 404


def test_thirty_requests_in_one_segment_are_answered_in_order(connection):
    texts = [f"answer {number}" for number in range(30)]
    connection.send(b"".join(head(words(text)) for text in texts))
    assert [connection.answer().body for _ in texts] == [said(text) for text in texts]


def test_an_empty_line_before_a_request_is_passed_over(connection):
    connection.send(b"\r\n" + head(words("one")) + b"\r\n" + head(words("two")))
    assert [connection.answer().body for _ in range(2)] == [said("one"), said("two")]


SPLIT = {
    "GET": (head(words("é"), "Accept: */*"), said("é")),
    "length": (
        sized(QUERY),
        said("été"),
    ),
    "chunks": (
        post(CHUNKED)
        + b'5;a=b;c="d e"\r\n'
        + QUERY[:5]
        + b"\r\n"
        + chunk(QUERY[5:12])
        + chunk(QUERY[12:])
        + b"000\r\nX-After: x\r\n\r\n",
        said("été"),
    ),
}


@pytest.mark.parametrize("name", SPLIT)
def test_a_request_may_be_split_anywhere(connection, other, name):
    message, expected = SPLIT[name]
    for place in range(1, len(message)):
        connection.send(message[:place])
        # When this one is answered, the server has seen the first part.
        assert other.ask().status == 200
        connection.send(message[place:])
        assert connection.answer().body == expected, message[:place]


@pytest.mark.parametrize("name", SPLIT)
def test_a_request_may_come_byte_by_byte(connection, other, name):
    message, expected = SPLIT[name]
    for place in range(len(message)):
        connection.send(message[place : place + 1])
        assert other.ask().status == 200
    assert connection.answer().body == expected


def large(rows: int) -> tuple[str, bytes]:
    """The address of a query, and its answer of that many lines of 400 bytes."""
    digits = "%20".join(str(100 + n) for n in range(100))
    tens = "%20".join(str(1000 + n) for n in range(rows // 100))
    text = "x" * 391
    return (
        f"/sparql?format=csv&query=SELECT%20%3Fa%20%3Fb%20('{text}'AS%3Ft)%7BVALUES%3Fa%7B"
        f"{tens}%7DVALUES%3Fb%7B{digits}%7D%7DORDER%20BY%20%3Fa%20%3Fb",
        b"a,b,t\r\n"
        + b"".join(
            b"%d,%d,%s\r\n" % (1000 + a, 100 + b, b"x" * 391)
            for a in range(rows // 100)
            for b in range(100)
        ),
    )


@pytest.mark.parametrize("rows", [500, 5_000, 20_000])
def test_a_large_answer_comes_whole_to_who_reads_it_late(endpoint, other, rows):
    target, expected = large(rows)
    with Connection(endpoint, buffer=4096) as reader:
        reader.send(head(target))
        assert reader.socket.recv(1, socket.MSG_PEEK) == b"H"
        assert [other.ask(text=f"{rows} {n}").status for n in range(20)] == [200] * 20
        reader.send(head(words("next")) + head(target))
        assert [other.ask(text=f"{rows} {n}").status for n in range(20, 40)] == [200] * 20
        assert reader.answer().body == expected
        assert reader.answer().body == said("next")
        assert reader.answer().body == expected


@pytest.mark.parametrize("sent", [head(slow(3)), head(slow(4)) * 3, head(large(20_000)[0]) * 2])
def test_who_goes_away_without_a_word_leaves_the_server_at_work(endpoint, other, sent):
    for _ in range(10):
        leaver = Connection(endpoint)
        leaver.send(sent)
        assert other.ask().status == 200  # by now the server is at work for the one before
        leaver.reset()
    assert other.ask(text="still").body == said("still")


@pytest.mark.parametrize("target", [words("here"), "/health", slow(5), large(20_000)[0]])
def test_who_says_no_more_is_answered_or_left(connection, target):
    connection.send(head(target))
    connection.socket.shutdown(socket.SHUT_WR)
    if connection.stream.peek():
        assert connection.answer().status == (503 if target == slow(5) else 200)
    assert connection.rest() == b""
