"""A line of JSON for each request. It tells neither who asked nor what.

No address of the caller, and no query string unless the operator wants it. A file that is moved
away is opened anew, as logrotate needs it.
"""

import json
import logging
import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from logging.handlers import WatchedFileHandler
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from server.http.middleware import PROBLEM, observe

STANDARD_ERROR = "-"


class AccessLog:
    """A WSGI middleware that writes to a file, or to standard error for `-`."""

    def __init__(self, application: WSGIApplication, target: str, *, queries: bool) -> None:
        self.application = application
        self.queries = queries
        handler = logging.StreamHandler(sys.stderr)
        self.logger = logging.Logger("maillage.access")
        self.logger.addHandler(
            handler if target == STANDARD_ERROR else WatchedFileHandler(target, encoding="utf-8")
        )

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The application's answer, noted when it is sent."""
        start = time.perf_counter()

        def end(status: int, size: int) -> None:
            self.note(environ, status, size, time.perf_counter() - start)

        return observe(self.application, environ, start_response, end)

    def note(self, environ: WSGIEnvironment, status: int, size: int, seconds: float) -> None:
        """Add the line of one request. JSON in ASCII: no byte of a caller's can begin a line."""
        line: dict[str, object] = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "method": environ["REQUEST_METHOD"],
            "path": environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace"),
            "status": status,
            "bytes": size,
            "milliseconds": round(seconds * 1000, 2),
        }
        if self.queries:
            line["query"] = environ.get("QUERY_STRING", "")
        if PROBLEM in environ:
            line["problem"] = environ[PROBLEM]
        self.logger.info(json.dumps(line))
