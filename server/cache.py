"""Answers kept in memory, the least recently used of them dropped when their bytes pass a limit.

Identical questions that come while the first is being answered wait for its answer.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar


class Kept(Protocol):
    """What a cache can keep."""

    @property
    def weight(self) -> int | None:
        """Its bytes in memory; None where it cannot be kept or handed out twice."""
        ...


Value = TypeVar("Value", bound=Kept)


@dataclass
class Flight(Generic[Value]):
    """A question that is being answered, and then its answer or why there is none."""

    landed: threading.Event = field(default_factory=threading.Event)
    value: Value | None = None
    error: Exception | None = None


class Cache(Generic[Value]):
    """Values by key, up to so many bytes in all. Threads may share it."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self.entries: OrderedDict[Hashable, Value] = OrderedDict()
        self.flights: dict[Hashable, Flight[Value]] = {}
        self.lock = threading.Lock()

    def get(self, key: Hashable) -> Value | None:
        """The value kept under a key, which is now the most recently used."""
        with self.lock:
            value = self.entries.get(key)
            if value is not None:
                self.entries.move_to_end(key)
            return value

    def put(self, key: Hashable, value: Value) -> None:
        """Keep a value, unless it is too large to be worth many others."""
        weight = value.weight
        if weight is None or weight > self.limit // 16:
            return
        with self.lock:
            replaced = self.entries.pop(key, None)
            self.entries[key] = value
            self.size += weight - ((replaced.weight or 0) if replaced else 0)
            while self.size > self.limit:
                _, dropped = self.entries.popitem(last=False)
                self.size -= dropped.weight or 0

    def fetch(self, key: Hashable, question: Hashable, make: Callable[[], Value]) -> Value:
        """The value under a key, made and kept if need be; what `make` raises is raised.

        Of those who ask the same `question` at once, one makes the value. A value that cannot be
        handed out twice is made by each.
        """
        with self.lock:
            value = self.entries.get(key)
            if value is not None:
                self.entries.move_to_end(key)
                return value
            flight = self.flights.get(question)
            first = flight is None
            if flight is None:
                flight = self.flights[question] = Flight()
        if not first:
            flight.landed.wait()
            if flight.error is not None:
                raise flight.error
            return make() if flight.value is None else flight.value
        try:
            value = make()
            if value.weight is not None:
                flight.value = value
                self.put(key, value)
        except Exception as error:
            flight.error = error
            raise
        finally:
            with self.lock:
                del self.flights[question]
            flight.landed.set()
        return value
