"""Bodies of requests (RFC 9112, 6 and 7): one ends where it says, and nothing in it is a request.

Where a message has no certain end, what follows on its connection is nobody's request.
"""

import socket
import subprocess

import pytest

from tests.server.connection import (
    CHUNKED,
    DIRECT,
    LAST,
    QUERY,
    Connection,
    chunk,
    head,
    post,
    said,
    sized,
    statuses,
    words,
)

LONGEST = 500_000 * 12 + 65536
"""Bytes that a body may have."""
# Its answer is not in its words, so that no error message has it.
SMUGGLED = head("/sparql?query=SELECT(CONCAT('smug','gled')AS%3Fx)%7B%7D")
HIDDEN = b"smuggled"


def is_next(connection: Connection) -> None:
    """Assert that a further request is the next to be answered, unless the connection is closed."""
    connection.send(head(words("next"), "Connection: close"))
    came = connection.rest()
    assert HIDDEN not in came
    assert statuses(came) in ([], [200])
    assert came.endswith(said("next")) or not came


def refused(connection: Connection, message: bytes, allowed: set[int]) -> None:
    """Assert that the message gets one of these answers or none, and that then all is over."""
    connection.send(message)
    came = connection.rest()
    assert HIDDEN not in came
    assert len(statuses(came)) <= 1
    assert set(statuses(came)) <= allowed, came[:200]


BODIES = {
    "a length": sized(QUERY),
    "one chunk": post(CHUNKED, body=chunk(QUERY) + LAST),
    "chunks of one byte": post(CHUNKED, body=b"".join(chunk(bytes([b])) for b in QUERY) + LAST),
    "extensions": post(
        CHUNKED, body=chunk(QUERY[:9], b';a;b=c;d="e;\\"f"') + chunk(QUERY[9:], b";x=y") + LAST
    ),
    "trailers": post(
        CHUNKED,
        "Trailer: X-After",
        body=chunk(QUERY) + b"0\r\nX-After: x\r\nHost: y\r\n\r\n",
    ),
    "a size with zeros": post(CHUNKED, body=b"0000" + chunk(QUERY) + b"000\r\n\r\n"),
    "a size in small letters": post(CHUNKED, body=chunk(QUERY).lower() + LAST),
    "a coding in other letters": post("transfer-ENCODING: CHUNKed", body=chunk(QUERY) + LAST),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_ends_where_it_says_and_the_next_request_begins(connection, name):
    connection.send((BODIES[name] + head(words("next"))) * 2)
    bodies = [connection.answer().body for _ in range(4)]
    assert bodies == [said("été"), said("next")] * 2


@pytest.mark.parametrize(
    ("expect", "length", "body"),
    [
        ("Expect: 100-continue", f"Content-Length: {len(QUERY)}", QUERY),
        ("expect: 100-Continue", CHUNKED, chunk(QUERY) + LAST),
    ],
)
def test_who_asks_for_leave_to_send_a_body_gets_it_first(connection, expect, length, body):
    for _ in range(2):
        connection.send(post(expect, length))
        assert connection.answer().status == 100
        connection.send(body + head(words("next")))
        assert [connection.answer().body for _ in range(2)] == [said("été"), said("next")]


def test_http_1_0_gets_no_leave_to_send_a_body(connection):
    connection.send(post(f"Content-Length: {len(QUERY)}", "Expect: 100-continue", version="1.0"))
    connection.send(QUERY)
    assert connection.answer().body == said("été")
    assert connection.rest() == b""


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("chunks", [False, True])
def test_a_body_that_nobody_wants_is_not_taken_for_requests(connection, method, chunks):
    length = CHUNKED if chunks else f"Content-Length: {3 * len(SMUGGLED)}"
    body = chunk(SMUGGLED * 2) + chunk(SMUGGLED) + LAST if chunks else SMUGGLED * 3
    connection.send(head("/nothing", length, method=method) + body)
    assert connection.answer(method).status in (400, 404, 405, 413)
    is_next(connection)


@pytest.mark.parametrize("chunks", [False, True])
def test_a_body_longer_than_allowed_is_refused_and_not_taken_for_requests(connection, chunks):
    requests = SMUGGLED * (LONGEST // len(SMUGGLED) + 1)
    message = post(CHUNKED, body=chunk(requests) + LAST) if chunks else sized(requests)
    connection.send(message)
    assert connection.answer().status == 413
    is_next(connection)


def test_a_body_announced_as_too_long_is_refused(connection):
    connection.send(post(f"Content-Length: {LONGEST + 1}", "Expect: 100-continue"))
    reply = connection.answer()
    if reply.status == 100:
        connection.send(QUERY * (LONGEST // len(QUERY) + 1))
        reply = connection.answer()
    assert reply.status == 413


def test_curl_gets_leave_to_send_its_body(endpoint):
    command = ["curl", "-sSi", "--max-time", "30", "--expect100-timeout", "30", "-H", DIRECT]
    asked = ["-H", "Expect: 100-continue", "--data-binary", QUERY.decode()]
    answered = subprocess.run(
        [*command, *asked, f"{endpoint.address}/sparql?format=csv"], capture_output=True, check=True
    )
    assert answered.stdout.startswith(b"HTTP/1.1 100 Continue\r\n")
    assert answered.stdout.endswith(said("été"))


def test_chunks_of_http_1_0_end_the_connection(connection):
    message = post(CHUNKED, "Connection: keep-alive", body=chunk(QUERY) + LAST, version="1.0")
    refused(connection, message + SMUGGLED, {200, 400})


UNCERTAIN = {
    "two lengths": post("Content-Length: 0", "Content-Length: 41"),
    "two lengths in one": post("Content-Length: 0, 41"),
    "lengths that are the same but one": post(*["Content-Length: 41"] * 2, "Content-Length: 0"),
    "a length of letters": post("Content-Length: abc"),
    "a length below zero": post("Content-Length: -1"),
    "a length with a sign": post("Content-Length: +41"),
    "a length with a point": post("Content-Length: 41.0"),
    "a length in hexadecimal": post("Content-Length: 0x29"),
    "a length of nothing": post("Content-Length:"),
    "a length of two": post("Content-Length: 4 1"),
    "a length beyond all": post("Content-Length: 18446744073709551657"),
    "a length in other digits": post("Content-Length: \xb2"),
    "a length before its space": post("Content-Length : 41"),
    "a coding before its space": post("Transfer-Encoding : chunked", body=LAST),
    "a coding after a control": post("Transfer-Encoding:\x0bchunked", body=LAST),
    "a coding that is not the last": post("Transfer-Encoding: chunked, identity", body=LAST),
    "a coding that is not known": post("Transfer-Encoding: xchunked", body=LAST),
    "a coding alone": post("Transfer-Encoding: gzip", body=LAST),
    "a size of letters": post(CHUNKED, body=b"zz\r\n"),
    "a size below zero": post(CHUNKED, body=b"-1\r\n"),
    "a size with a sign": post(CHUNKED, body=b"+0\r\n\r\n"),
    "a size in C": post(CHUNKED, body=b"0x0\r\n\r\n"),
    "a size beyond all": post(CHUNKED, body=b"10000000000000000\r\n\r\n"),
    "no size": post(CHUNKED, body=b"\r\n\r\n"),
    "a chunk longer than its size": post(CHUNKED, body=b"19\r\n" + QUERY + b" \r\n" + LAST),
    "a chunk without its end": post(CHUNKED, body=b"19\r\n" + QUERY + LAST),
    "a chunk that ends in LF CR": post(CHUNKED, body=b"19\r\n" + QUERY + b"\n\r" + LAST),
}


@pytest.mark.parametrize("name", UNCERTAIN)
def test_a_message_without_a_certain_end_is_refused_and_ends_the_connection(connection, name):
    refused(connection, UNCERTAIN[name] + SMUGGLED, {400, 411, 413, 415, 501})


@pytest.mark.parametrize("length", [0, 5, 41, 10_000])
@pytest.mark.parametrize("turned", [False, True])
def test_a_length_beside_a_coding_is_refused(connection, length, turned):
    fields = [f"Content-Length: {length}", CHUNKED]
    refused(connection, post(*(fields[::-1] if turned else fields), body=LAST) + SMUGGLED, {400})


@pytest.mark.parametrize(
    "message",
    [
        post("Content-Length: 1000", body=QUERY),
        post(CHUNKED, body=chunk(QUERY)),
        post(CHUNKED, body=chunk(QUERY) + b"0\r\n"),
    ],
)
def test_a_body_that_is_cut_off_is_not_answered_as_if_it_were_whole(connection, message):
    connection.send(message)
    connection.socket.shutdown(socket.SHUT_WR)
    came = connection.rest()
    assert set(statuses(came)) <= {400, 408}, came[:200]
