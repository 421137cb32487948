"""Endpoints that mean harm to who calls them by SERVICE: what they send, and what comes of it."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

RESULTS = b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n"
EMPTY = b'{"head":{"vars":["a"]},"results":{"bindings":[]}}'


@contextmanager
def answering(answer: bytes, then=lambda connection: None) -> Iterator[tuple[str, list[bytes]]]:
    """A server that sends these bytes to everyone, and the requests that it has got."""
    got: list[bytes] = []

    def serve(listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                got.append(connection.recv(65536))
                try:
                    connection.sendall(answer)
                    then(connection)
                except OSError:
                    pass

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/sparql", got
        listener.shutdown(socket.SHUT_RDWR)


def flood(connection: socket.socket) -> None:
    while True:
        connection.sendall(b" " * 65536)


def drip(connection: socket.socket) -> None:
    while True:
        connection.sendall(b"X: y\r\n")
        time.sleep(0.2)


def hang(connection: socket.socket) -> None:
    connection.recv(1)


TERM = b'{"head":{"vars":["a"]},"results":{"bindings":[{"a":{"type":"%s","value":"%s"}}]}}'
# By name: what is sent, what then happens, and the kind of error that comes of it.
HOSTILE = {
    "redirect": (
        b"HTTP/1.1 302 Found\r\nLocation: {canary}\r\nContent-Length: 0\r\n\r\n",
        hang, "service-answer",
    ),
    "gigabyte": (RESULTS + b"\r\n", flood, "service-size"),
    "chunk without end": (
        RESULTS + b"Transfer-Encoding: chunked\r\n\r\nfffffffff\r\n", flood, "service-size",
    ),
    "silence": (b"", hang, "service-unanswered"),
    "headers without end": (RESULTS, drip, "service-unanswered"),
    "HTML": (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<script>", hang, "service-answer",
    ),
    "no HTTP": (b"SSH-2.0-x\r\n", hang, "service-unanswered"),
    "half of JSON": (RESULTS + b"\r\n" + EMPTY[:20], lambda _: None, "service-answer"),
    "ASK": (RESULTS + b'\r\n{"head":{},"boolean":true}', lambda _: None, "service-answer"),
    "deep JSON": (RESULTS + b"\r\n" + b"[" * 100_000, lambda _: None, "service-answer"),
    "an IRI that closes": (
        RESULTS + b"\r\n" + TERM % (b"uri", b"http://a/> ) } SERVICE <{canary}"),
        lambda _: None, "service-answer",
    ),
    "a variable that closes": (
        RESULTS + b"\r\n" + EMPTY.replace(b'"a"', b'"a) {} } SERVICE <{canary}"'),
        lambda _: None, "service-answer",
    ),
    "a blank node": (
        RESULTS + b"\r\n" + TERM % (b"bnode", b"b"), lambda _: None, "service-blank",
    ),
}  # fmt: skip
