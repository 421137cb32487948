"""Heads that are odd, wrong or too long (RFC 9112): refused, and forgotten."""

import socket
from select import select

import pytest

from tests.server.connection import (
    CHUNKED,
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

HEAD = 128 * 1024
"""Bytes that a head may have."""
HERE = words("here")


LINES = {
    "a method alone": (b"GET\r\n\r\n", set()),
    "no version": (b"GET /sparql\r\n\r\n", set()),
    "a version to come": (f"GET {HERE} HTTP/9.9\r\nHost: x\r\n\r\n".encode(), {505}),
    "a version of three": (f"GET {HERE} HTTP/1.1.1\r\nHost: x\r\n\r\n".encode(), {505}),
    "a protocol in small letters": (f"GET {HERE} http/1.1\r\nHost: x\r\n\r\n".encode(), {505}),
    "HTTP/2 from the start": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {405, 505}),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)), set()),
    "a space in the address": (b"GET /sparql?query=ASK {} HTTP/1.1\r\nHost: x\r\n\r\n", {301, 308}),
    "a null in the address": (b"GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n", set()),
    "a control in the address": (b"GET /\x01\x7f HTTP/1.1\r\nHost: x\r\n\r\n", set()),
    "no slash": (b"GET sparql HTTP/1.1\r\nHost: x\r\n\r\n", {301, 308, 404}),
    "a sign in the method": (b"G@T / HTTP/1.1\r\nHost: x\r\n\r\n", set()),
    "a null in a header": (head(HERE, "X-A: a\0b"), set()),
    "a null in the name of a header": (head(HERE, "X-\0A: b"), set()),
    "a space before the colon": (head(HERE, "X-A : b"), set()),
    "a space in the name of a header": (head(HERE, "X A: b"), set()),
    "no name": (head(HERE, ": b"), set()),
    "no colon": (head(HERE, "X-A"), set()),
    "a header in front of all": (f"GET {HERE} HTTP/1.1\r\n Host: x\r\n\r\n".encode(), set()),
    "a letter beyond ASCII in a name": (head(HERE, "X-\xe9: b"), set()),
    # These may also be understood (RFC 9112, 2.2 and 5.2).
    "LF alone": (f"GET {HERE} HTTP/1.1\nHost: x\n\n".encode(), {200}),
    "CR alone": (head(HERE, "X-A: a\rb"), {200}),
    "CR at the end of a line": (f"GET {HERE} HTTP/1.1\rHost: x\r\n\r\n".encode(), set()),
    "a folded header": (head(HERE, "X-A: a\r\n b"), {200}),
    "two spaces": (f"GET  {HERE} HTTP/1.1\r\nHost: x\r\n\r\n".encode(), {200}),
}  # fmt: skip


@pytest.mark.parametrize("name", LINES)
def test_a_line_that_is_none_of_http_is_refused(connection, name):
    message, beside = LINES[name]
    connection.send(message + head(words("next"), "Connection: close"))
    came = connection.rest()
    first, *rest = statuses(came) or [400]
    assert first in {400} | beside, came[:200]
    assert rest in ([], [200])


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (head(words("a" * 100_000)), {200}),
        (head(words("a" * 200_000)), {400, 414, 431}),
        (head(HERE, f"X-A: {'a' * 100_000}"), {200}),
        (head(HERE, f"X-A: {'a' * 200_000}"), {400, 431}),
        (head(HERE, *(f"X-{n}: a" for n in range(2000))), {200, 400, 431}),
        (head(HERE, *["Accept: text/csv"] * 2000), {200, 400, 431}),
    ],
)
def test_a_long_head_is_read_up_to_the_limit(connection, message, expected):
    message = message.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    assert (len(message) > HEAD) == (200 not in expected)
    connection.send(message)
    came = connection.rest()
    assert set(statuses(came) or [400]) <= expected
    assert 200 not in statuses(came) or came.endswith(b"\r\n")


ENDLESS = {
    "address": (b"GET /", b"a"),
    "lines": (b"GET / HTTP/1.1\r\nHost: x\r\n", b"X-A: b\r\n"),
    "name": (b"GET / HTTP/1.1\r\nHost: x\r\n", b"a"),
    "value": (b"GET / HTTP/1.1\r\nHost: x\r\nX-A: ", b"a"),
    "empty lines": (b"", b"\r\n"),
    "method": (b"", b"G"),
    "size of a chunk": (post(CHUNKED), b"0"),
    "extension": (post(CHUNKED, body=b"5;"), b"a"),
    "extensions": (post(CHUNKED), b"1;" + b"a" * 1000 + b"\r\n \r\n"),
    "trailers": (post(CHUNKED, body=chunk(b"?") + b"0\r\n"), b"X-A: b\r\n"),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_what_never_ends_is_not_read_for_ever(connection, name):
    beginning, more = ENDLESS[name]
    connection.send(beginning)
    more *= 65536 // len(more)
    for _ in range(1024):
        if not connection.send(more) or select([connection.socket], [], [], 0)[0]:
            break
    else:
        pytest.fail("it would have read on")
    assert (statuses(connection.rest()) or [400])[0] in {400, 413, 414, 431}


def test_a_head_that_comes_drop_by_drop_is_given_up_and_keeps_nobody_waiting(endpoint):
    with Connection(endpoint) as slow, Connection(endpoint) as other:
        slow.send(head(HERE).removesuffix(b"\r\n"))
        while not select([slow.socket], [], [], 0.2)[0]:
            slow.send(b"X-A: b\r\n")
            assert other.ask(text="other").body == said("other")
        came = slow.rest()
    assert set(statuses(came)) <= {400, 408}


def test_a_part_of_a_request_is_none(endpoint):
    whole = sized(QUERY)
    for place in (1, 4, 20, whole.index(b"\r\n\r\n") + 2, len(whole) - 1):
        with Connection(endpoint) as leaver:
            leaver.send(whole[:place])
            leaver.socket.shutdown(socket.SHUT_WR)
            assert set(statuses(leaver.rest())) <= {400, 408}
        with Connection(endpoint) as leaver:
            leaver.send(whole[:place])
            leaver.reset()


def test_an_error_of_the_protocol_is_an_answer_of_http(connection):
    connection.send(b"GET / HTTP/1.1\r\nHost: x\r\nX-A : b\r\n\r\n")
    reply = connection.answer()
    assert reply.status == 400
    assert reply.headers["Date"]
    assert reply.headers["Server"] in (None, "Maillage")
    assert connection.rest() == b""
