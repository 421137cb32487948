"""The watch that ends a request to a remote engine when it takes too long.

A query that is not done after `patience` seconds goes on in a place for slow ones, so that quick
ones always get through; if none is free it is broken off (as `pool.slots` does at home).
"""

import socket
import threading
import time
from contextlib import suppress
from typing import Any

from urllib3 import BaseHTTPResponse

from server.engine.errors import Busy, DeadlineExceeded, EngineError, TooManySlow
from server.engine.limits import Limits


class Watch:
    """A request's deadline (seconds): a context, at the end of which nothing is broken off."""

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline
        self.start = time.monotonic()
        self.cause: EngineError | None = None
        """Why the request was broken off."""
        self.connection: Any = None
        """The connection of `http.client` that the request goes over, once it does."""
        self.response: BaseHTTPResponse | None = None
        self.lock = threading.Lock()
        self.ended = False
        self.timer: threading.Timer | None = None

    def __enter__(self) -> "Watch":
        self.look_after(self.deadline)
        return self

    def __exit__(self, *_: object) -> None:
        with self.lock:
            self.ended = True
        if self.timer is not None:
            self.timer.cancel()

    @property
    def left(self) -> float:
        """The seconds that are left; raises the cause where none are."""
        if self.cause is not None:
            raise self.cause
        left = self.start + self.deadline - time.monotonic()
        if left <= 0:
            raise DeadlineExceeded(self.deadline)
        return left

    def look_after(self, seconds: float) -> None:
        """Look at the request when so many seconds have gone since it began."""
        self.timer = threading.Timer(self.start + seconds - time.monotonic(), self.look)
        self.timer.daemon = True
        self.timer.start()

    def look(self) -> None:
        """Break the request off, if it is still there."""
        with self.lock:
            if not self.ended:
                self.break_off(DeadlineExceeded(self.deadline))

    def break_off(self, cause: EngineError) -> None:
        """Let whatever waits for the engine end now."""
        self.cause = cause
        with suppress(Exception):  # it may have come to its end this very moment
            if self.response is not None:
                self.response.shutdown()
            elif self.connection is not None:
                self.connection.sock.shutdown(socket.SHUT_RDWR)


class Lanes:
    """The places of an engine: so many for queries, so many for those that turn out slow."""

    def __init__(self, places: int, limits: Limits) -> None:
        self.limits = limits
        self.quick = threading.Semaphore(places)
        self.slow = threading.Semaphore(limits.slow_queries)
        self.size = places + limits.slow_queries

    def enter(self, deadline: float) -> "PlacedWatch":
        """The watch over a query that has a place; raises Busy where none comes free."""
        wait = self.limits.queue_wait
        if not self.quick.acquire(timeout=min(wait, deadline)):
            raise Busy(retry_after=max(1, round(wait)))
        return PlacedWatch(self, deadline)


class PlacedWatch(Watch):
    """The watch over a query that holds a place, first among the quick ones."""

    def __init__(self, lanes: Lanes, deadline: float) -> None:
        super().__init__(deadline)
        self.lanes = lanes
        self.place = lanes.quick

    def __enter__(self) -> "Watch":
        self.look_after(min(self.lanes.limits.patience, self.deadline))
        return self

    def __exit__(self, *details: object) -> None:
        super().__exit__(*details)
        self.place.release()

    def look(self) -> None:
        """Let the query go on among the slow ones, or break it off."""
        limits = self.lanes.limits
        with self.lock:
            if self.ended:
                return
            if self.place is self.lanes.slow or self.deadline <= limits.patience:
                self.break_off(DeadlineExceeded(self.deadline))
            elif self.lanes.slow.acquire(blocking=False):
                self.lanes.quick.release()
                self.place = self.lanes.slow
                self.look_after(self.deadline)
            else:
                retry_after = max(1, round(limits.queue_wait))
                self.break_off(TooManySlow(limits.patience, limits.slow_queries, retry_after))
