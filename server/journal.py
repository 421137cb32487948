"""Every request, counted for /metrics and, as set, written to the access log.

A line of the log is a JSON object. It tells neither who asked nor what: no address of the caller,
no query string unless the operator wants it.
"""

import json
import os
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import IO

from server.http.metrics import Metrics
from server.message import Request
from server.reply import Reply

METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH")
STANDARD_ERROR = "-"


class AccessLog:
    """A file, or standard error, that takes one line per request."""

    def __init__(self, target: str, *, queries: bool) -> None:
        self.queries = queries
        self.file: IO[bytes] = sys.stderr.buffer
        if target != STANDARD_ERROR:
            self.file = Path(target).open("ab")  # noqa: SIM115 (open for as long as the process)

    def write(self, request: Request, **facts: object) -> None:
        """Add the line of one request; a full disk stops no answer."""
        line: dict[str, object] = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "method": request.method,
            "path": request.path,
        }
        if self.queries:
            line["query"] = request.query_string
        line.update((name, value) for name, value in facts.items() if value is not None)
        with suppress(OSError, ValueError):
            text = json.dumps(line, ensure_ascii=False)
            # One write at the end of the file keeps the lines of processes apart.
            os.write(self.file.fileno(), text.encode("utf-8", "backslashreplace") + b"\n")


class Journal:
    """What passes: counted, timed and logged."""

    def __init__(self, places: frozenset[str], metrics: Metrics, log: AccessLog | None) -> None:
        self.places = places
        self.metrics = metrics
        self.log = log
        # Finding the counters by their labels takes as long as an answer out of the cache.
        self.counters = lru_cache(maxsize=1024)(metrics.counters)

    def note(self, request: Request, reply: Reply, start: float) -> None:
        """Take note of a request that came at `start` (`perf_counter`) and is answered."""
        seconds = time.perf_counter() - start
        first = request.path.lstrip("/").partition("/")[0].partition(".")[0]
        place = first if first in self.places else "other"
        method = request.method if request.method in METHODS else "other"
        requests, timed, volume = self.counters(place, method, str(reply.status))
        requests.inc()
        timed.observe(seconds)
        volume.inc(reply.size)
        if reply.problem is not None:
            self.metrics.problems.labels(reply.problem).inc()
        if self.log is not None:
            self.log.write(
                request,
                status=reply.status,
                bytes=reply.size,
                milliseconds=round(seconds * 1000, 2),
                problem=reply.problem,
            )
