"""Evaluators on loan: connections that go from query to query, so many at a time.

An evaluator serves whoever has connected to it until that one hangs up. To ask the next query on
the connection of the last costs half of what a new connection costs.
"""

import os
import queue
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from server.engine import wire
from server.engine.errors import Busy, TooManySlow

SOCKET = ".sock"
RETRY = 0.02
# What a slow query's evaluator is put back by: a tenth of the processor where quick ones want it.
NICE = 10


@dataclass(frozen=True)
class Pool:
    """How many evaluators there are, and how many requests may wait for them."""

    evaluators: int = 4
    queue: int = 16


@dataclass(eq=False)
class Lease:
    """A connection to an evaluator, which serves nobody else."""

    connection: socket.socket
    version: str
    evaluator: int
    """Its process id."""
    lasts: bool = False
    """Whether the next query may have it."""
    has_place: bool = True

    def holds(self) -> bool:
        """Whether the evaluator is still there and silent, as one without a query is."""
        try:
            self.connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return True
        except OSError:
            pass
        return False


class Leases:
    """The evaluators that one process may use at a time. Threads share it."""

    def __init__(self, folder: str, pool: Pool, wait: float, timeout: float) -> None:
        self.folder = folder
        self.wait = wait
        self.timeout = timeout
        self.queue = pool.queue
        self.waiting = 0
        self.lock = threading.Lock()
        # A place to evaluate in, with the connection that was used there last.
        self.places: queue.SimpleQueue[Lease | None] = queue.SimpleQueue()
        for _ in range(pool.evaluators):
            self.places.put(None)

    def take(self, version: str) -> Lease:
        """An evaluator of that version; raises Busy, or OSError where none is to be had."""
        lease = self.place()
        if lease is not None:
            if lease.version == version and lease.holds():
                lease.lasts, lease.has_place = False, True
                return lease
            lease.connection.close()
        try:
            return self.open(version)
        except BaseException:
            self.places.put(None)
            raise

    def place(self) -> Lease | None:
        """A free place, perhaps after a wait."""
        try:
            return self.places.get_nowait()
        except queue.Empty:
            pass
        busy = Busy(retry_after=max(1, round(self.wait)))
        with self.lock:
            if self.waiting >= self.queue:
                raise busy
            self.waiting += 1
        try:
            return self.places.get(timeout=self.wait)
        except queue.Empty:
            raise busy from None
        finally:
            with self.lock:
                self.waiting -= 1

    def open(self, version: str) -> Lease:
        """A connection to an evaluator that has greeted, which may still have to be started."""
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            wire.set_timeout(connection, self.wait)
            connection.connect(f"{self.folder}/{version}{SOCKET}")
            (evaluator,) = wire.GREETING.unpack(wire.receive(connection, wire.GREETING.size))
            wire.set_timeout(connection, self.timeout)
        except BlockingIOError:
            connection.close()
            raise Busy(retry_after=max(1, round(self.wait))) from None
        except EOFError:
            connection.close()
            raise ConnectionResetError from None
        except OSError:
            connection.close()
            time.sleep(RETRY)
            raise
        return Lease(connection, version, evaluator)

    @contextmanager
    def lease(self, version: str) -> Iterator[Lease]:
        """An evaluator for one query; where it does not last, this hangs up, and it ends."""
        lease = self.take(version)
        try:
            yield lease
        finally:
            if not (lease.lasts and lease.has_place):
                lease.connection.close()
            self.free(lease)

    def free(self, lease: Lease) -> None:
        """Let the next query have the place, once."""
        if lease.has_place:
            lease.has_place = False
            self.places.put(lease if lease.lasts else None)


class Patience:
    """What becomes of a query that is not done after some seconds.

    It leaves its place to the quick ones and goes on behind them, its evaluator's priority lowered;
    the zygote sees that and starts another evaluator. There are only so many places for the slow.
    """

    def __init__(self, seconds: float, limit: int, leases: Leases) -> None:
        self.seconds = seconds
        self.limit = limit
        self.leases = leases
        self.slow = threading.Semaphore(limit)

    @contextmanager
    def enter(self, lease: Lease) -> Iterator[None]:
        """A place for a slow query; raises TooManySlow."""
        if not self.slow.acquire(blocking=False):
            raise TooManySlow(self.seconds, self.limit, retry_after=2)
        try:
            with suppress(OSError):  # it is done by now
                own = os.getpriority(os.PRIO_PROCESS, 0)
                os.setpriority(os.PRIO_PROCESS, lease.evaluator, own + NICE)
            self.leases.free(lease)
            yield
        finally:
            self.slow.release()
