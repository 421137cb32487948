"""Every request seen from outside: counted for /metrics and, as set, written to the access log.

A line of the log is a JSON object. It tells neither who asked nor what: no address of the caller,
no query string unless the operator wants it.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import IO, Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from server.metrics import Metrics

PROBLEM = "maillage.problem"
"""Where in the WSGI environment an answer leaves the kind of problem that it tells of."""
METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH")
STANDARD_ERROR = "-"


class AccessLog:
    """A file, or standard error, that takes one line per request."""

    def __init__(self, target: str, *, queries: bool) -> None:
        self.queries = queries
        self.file: IO[bytes] = sys.stderr.buffer
        if target != STANDARD_ERROR:
            self.file = Path(target).open("ab")  # noqa: SIM115 (open for as long as the process)

    def write(self, environ: WSGIEnvironment, **facts: object) -> None:
        """Add the line of one request; a full disk stops no answer."""
        line: dict[str, object] = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "method": environ.get("REQUEST_METHOD"),
            "path": readable(environ.get("PATH_INFO", "")),
        }
        if self.queries:
            line["query"] = environ.get("QUERY_STRING", "")
        line.update((name, value) for name, value in facts.items() if value is not None)
        with suppress(OSError, ValueError):
            # One write at the end of the file keeps the lines of threads and processes apart.
            os.write(self.file.fileno(), json.dumps(line, ensure_ascii=False).encode() + b"\n")


class Journal:
    """A WSGI application around the site: counts, times and logs what passes."""

    def __init__(
        self,
        application: WSGIApplication,
        places: frozenset[str],
        metrics: Metrics,
        log: AccessLog | None,
    ) -> None:
        self.application = application
        self.places = places
        self.metrics = metrics
        self.log = log
        # Finding the counters by their labels takes as long as an answer out of the cache.
        self.counters = lru_cache(maxsize=1024)(metrics.counters)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the application does."""
        start = time.perf_counter()
        status = ["500"]

        def started(line: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            status[0] = line[:3]
            return start_response(line, headers, *error)

        self.metrics.running.inc()
        try:
            body = self.application(environ, started)
        except BaseException:
            self.done(environ, status[0], 0, start)
            raise
        if isinstance(body, list):  # whole already, and sent in one piece
            self.done(environ, status[0], sum(map(len, body)), start)
            return body
        return Body(body, lambda sent: self.done(environ, status[0], sent, start))

    def done(self, environ: WSGIEnvironment, status: str, sent: int, start: float) -> None:
        """Take note of an answer that has ended."""
        seconds = time.perf_counter() - start
        method = environ.get("REQUEST_METHOD", "")
        problem = environ.get(PROBLEM)
        first = environ.get("PATH_INFO", "").lstrip("/").partition("/")[0].partition(".")[0]
        place = first if first in self.places else "other"
        self.metrics.running.dec()
        counted = method if method in METHODS else "other"
        requests, timed, volume = self.counters(place, counted, status)
        requests.inc()
        timed.observe(seconds)
        volume.inc(sent)
        if problem is not None:
            self.metrics.problems.labels(problem).inc()
        if self.log is not None:
            milliseconds = round(seconds * 1000, 2)
            self.log.write(
                environ, status=int(status), bytes=sent, milliseconds=milliseconds, problem=problem
            )


class Body:
    """The body of an answer, which tells its size when it is closed."""

    def __init__(self, chunks: Iterable[bytes], done: Callable[[int], None]) -> None:
        self.chunks = chunks
        self.done = done
        self.sent = 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self.chunks:
            self.sent += len(chunk)
            yield chunk

    def close(self) -> None:
        """Close the body beneath and tell."""
        try:
            close = getattr(self.chunks, "close", None)
            if close is not None:
                close()
        finally:
            done, self.done = self.done, lambda _: None
            done(self.sent)


def readable(path: str) -> str:
    """A path as text: WSGI has its bytes as Latin-1 (PEP 3333)."""
    return path.encode("latin-1", "replace").decode("utf-8", "replace")
