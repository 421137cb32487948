"""Queries of which it is known that they exhaust what one may have: they are not tried again soon.

Without this, one embed with a query that never ends would keep every evaluator busy.
"""

import math
import threading
import time
from dataclasses import replace

from server.engine.errors import DeadlineExceeded, Exhausted

# Seconds for which it is remembered, and queries of which it is.
AGAIN = 60
MOST_FAILED = 1000


class FailedQueries:
    """The errors of such queries, by version, text and dataset. Threads share them.

    Those only that had the whole deadline: who allows a query less time says nothing of it.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.known: dict[str, tuple[Exhausted, float]] = {}
        """Why there is no answer, and until when (`monotonic`) it is not looked for."""

    def note(self, key: str, error: Exhausted, deadline: float) -> None:
        """Remember an error if it is one of these, and tell its reader for how long."""
        if isinstance(error, DeadlineExceeded) and error.limit < deadline:
            return
        with self.lock:
            if key in self.known:
                return
            if len(self.known) >= MOST_FAILED:
                del self.known[next(iter(self.known))]
            error.retry_after = AGAIN
            # A copy, which has no traceback, and so nothing of what was being done.
            self.known[key] = replace(error), time.monotonic() + AGAIN

    def error(self, key: str) -> Exhausted | None:
        """Why a query is not tried now, if so."""
        with self.lock:
            if key not in self.known:
                return None
            error, until = self.known[key]
            left = math.ceil(until - time.monotonic())
            if left <= 0:
                del self.known[key]
                return None
            return replace(error, retry_after=left)
