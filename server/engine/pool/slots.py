"""Slots for queries: so many quick ones at a time, and beside them so many that turned out slow.

Who waits for a slot is served in turn, but a client with fewer queries under way comes before one
with more. A query that has used more processor time than the patience leaves its slot to the quick
and goes on in a slow one, its evaluator's priority lowered. A client may have every slow slot while
nobody else wants one; then the newest query of the one who has most gives way.
"""

import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from server.engine.errors import Busy, TooManySlow
from server.engine.limits import Limits, PoolSize

# What a slow query's evaluator is put back by: a tenth of the processor where quick ones want it.
NICE = 14
# Seconds between two looks at a query; after the first it is put back if others wait.
QUERY_LOOK_SECONDS = 0.1
RETRY_AFTER = 2


@dataclass(eq=False)
class Waiter:
    """A client that waits for a slot."""

    client: str
    ready: threading.Event = field(default_factory=threading.Event)


class Slots:
    """The slots of one pool. Threads share it."""

    def __init__(self, size: PoolSize, limits: Limits) -> None:
        self.limits = limits
        self.queue = size.queue
        self.free = size.evaluators
        self.lock = threading.Lock()
        self.waiting: list[Waiter] = []
        self.running: Counter[str] = Counter()
        self.slow: list[Slot] = []

    def enter(self, client: str) -> "Slot":
        """A slot for a query, as soon as there is one.

        Raises Busy where the queue is full or none comes free in `queue_wait` seconds.
        """
        with self.lock:
            if self.free and not self.waiting:
                self.occupy(client)
                return Slot(self, client)
            if len(self.waiting) >= self.queue:
                raise self.busy()
            waiter = Waiter(client)
            self.waiting.append(waiter)
        if not waiter.ready.wait(self.limits.queue_wait):
            with self.lock:
                if not waiter.ready.is_set():  # it may have come this very moment
                    self.waiting.remove(waiter)
                    raise self.busy()
        return Slot(self, client)

    def busy(self) -> Busy:
        """The error for those who find no slot."""
        return Busy(retry_after=max(1, round(self.limits.queue_wait)))

    def occupy(self, client: str) -> None:
        """Take a free slot; the lock is held."""
        self.free -= 1
        self.running[client] += 1

    def release(self) -> None:
        """Let the next one have a slot; the lock is held."""
        self.free += 1
        if self.waiting:
            # `min` takes the first of those alike, who has waited longest.
            waiter = min(self.waiting, key=lambda each: self.running[each.client])
            self.waiting.remove(waiter)
            self.occupy(waiter.client)
            waiter.ready.set()

    def count_out(self, client: str) -> None:
        """A query of the client has ended; the lock is held."""
        self.running[client] -= 1
        if self.running[client] <= 0:
            del self.running[client]

    def make_room(self, client: str) -> None:
        """Have a slow slot free for the client; raises TooManySlow. The lock is held."""
        if len(self.slow) < self.limits.slow_queries:
            return
        shares = Counter(slot.client for slot in self.slow)
        heaviest, most = shares.most_common(1)[0]
        if most <= shares[client] + 1:
            raise self.too_many_slow()
        newest = next(slot for slot in reversed(self.slow) if slot.client == heaviest)
        self.slow.remove(newest)
        newest.evict()

    def too_many_slow(self) -> TooManySlow:
        """The error for a slow query that finds no slot, or loses it."""
        return TooManySlow(self.limits.patience, self.limits.slow_queries, RETRY_AFTER)


class Slot:
    """The slot of one query: a context, within which `look` is called some times a second."""

    def __init__(self, slots: Slots, client: str) -> None:
        self.slots = slots
        self.client = client
        self.is_slow = False
        self.put_back = False
        self.evicted = False
        self.kill: Callable[[], None] = lambda: None

    def __enter__(self) -> "Slot":
        return self

    def __exit__(self, *_: object) -> None:
        slots = self.slots
        with slots.lock:
            slots.count_out(self.client)
            if not self.is_slow:
                slots.release()
            elif self in slots.slow:
                slots.slow.remove(self)

    def begin(self, evaluator: int, kill: Callable[[], None]) -> None:
        """Take note that the query begins in the process `evaluator`, which `kill` ends."""
        self.evaluator = evaluator
        self.kill = kill
        self.start = processor_seconds(evaluator)

    def evict(self) -> None:
        """End the query for the sake of another client's."""
        self.evicted = True
        self.kill()

    def look(self) -> None:
        """Put the query back where others wait, or among the slow; raises TooManySlow."""
        if self.is_slow:
            return
        slots = self.slots
        used = processor_seconds(self.evaluator) - self.start
        if used < slots.limits.patience:
            if slots.waiting:
                self.lower()
            return
        with slots.lock:
            slots.make_room(self.client)
            self.is_slow = True
            slots.slow.append(self)
            slots.release()
        self.lower()

    def lower(self) -> None:
        """Let the evaluators of other queries go first.

        Priorities do not rise again: the fork server sees it and starts another evaluator.
        """
        if self.put_back:
            return
        self.put_back = True
        with suppress(OSError):  # it is done by now
            own = os.getpriority(os.PRIO_PROCESS, 0)
            os.setpriority(os.PRIO_PROCESS, self.evaluator, own + NICE)


def processor_seconds(process: int) -> float:
    """The processor time that a process has used; elsewhere than on Linux the time of day."""
    if sys.platform != "linux":
        return time.monotonic()
    try:
        return time.clock_gettime((~process << 3) | 2)  # MAKE_PROCESS_CPUCLOCK(pid, CPUCLOCK_SCHED)
    except OSError:
        return 0.0  # it has ended
