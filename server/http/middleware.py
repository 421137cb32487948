"""The middleware between the HTTP server and Flask, outermost first.

access log and metrics -> limits per client -> transfers of bodies -> response cache -> Flask
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

FAILED = "maillage.failed"
"""The key, in the WSGI environment, of the error for which Flask is to tell a problem."""
PROBLEM = "maillage.problem"
"""The key under which the application leaves the kind of problem that its answer tells of."""


class Observed:
    """A body that tells, once it is sent or given up, how many bytes went out."""

    def __init__(self, body: Iterable[bytes], end: Callable[[int], None]) -> None:
        self.body = body
        self.end = end
        self.chunks = iter(body)
        self.size = 0
        self.closed = False

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        chunk = next(self.chunks)
        self.size += len(chunk)
        return chunk

    def close(self) -> None:
        """Let go of the body."""
        if self.closed:
            return
        self.closed = True
        try:
            close_body(self.body)
        finally:
            self.end(self.size)


def observe(
    application: WSGIApplication,
    environ: WSGIEnvironment,
    start_response: StartResponse,
    end: Callable[[int, int], None],
) -> Iterable[bytes]:
    """The application's answer; `end` is told its status and bytes when it is sent or given up.

    A body in one piece is sent by the HTTP server itself, and counts as sent here.
    """
    status = 500

    def start(line: str, headers: list[tuple[str, str]], *more: Any) -> Callable[[bytes], object]:
        nonlocal status
        status = int(line[:3])
        return start_response(line, headers, *more)

    try:
        body = application(environ, start)
    except BaseException:
        end(500, 0)
        raise
    if isinstance(body, list):
        end(status, sum(map(len, body)))
        return body
    return Observed(body, lambda size: end(status, size))


def recorder(started: list[tuple[str, list[tuple[str, str]]]]) -> StartResponse:
    """A `start_response` that keeps what it is told."""

    def start(status: str, headers: list[tuple[str, str]], *_: object) -> Callable[[bytes], object]:
        started[:] = [(status, headers)]
        return lambda _: None

    return start


def close_body(body: Iterable[bytes]) -> None:
    """Let go of a body (PEP 3333: `close` is called where there is one)."""
    close = getattr(body, "close", None)
    if close is not None:
        close()
