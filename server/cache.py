"""Answers kept in memory, the least recently used of them dropped when their bytes pass a limit.

Identical questions that come while the first is being answered wait for its answer.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, Protocol, TypeVar


class Kept(Protocol):
    """What a cache can keep."""

    @property
    def weight(self) -> int | None:
        """Its bytes in memory; None where it cannot be kept or handed out twice."""
        ...


Value = TypeVar("Value", bound=Kept)


class Cache(Generic[Value]):
    """Values by key, up to so many bytes in all. It belongs to one event loop."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self.entries: OrderedDict[Hashable, Value] = OrderedDict()
        self.flights: dict[Hashable, Flight[Value]] = {}

    def get(self, key: Hashable) -> Value | None:
        """The value kept under a key, which is now the most recently used."""
        value = self.entries.get(key)
        if value is not None:
            self.entries.move_to_end(key)
        return value

    def put(self, key: Hashable, value: Value) -> None:
        """Keep a value, unless it is too large to be worth many others."""
        weight = value.weight
        if weight is None or weight > self.limit // 16:
            return
        replaced = self.entries.pop(key, None)
        self.entries[key] = value
        self.size += weight - ((replaced.weight or 0) if replaced else 0)
        while self.size > self.limit:
            _, dropped = self.entries.popitem(last=False)
            self.size -= dropped.weight or 0

    async def fetch(
        self, key: Hashable, question: Hashable, make: Callable[[], Awaitable[Value]]
    ) -> Value:
        """The value under a key, made and kept if need be; what `make` raises is raised.

        Of those who ask the same `question` at once, one makes the value; if its client goes away,
        another. A value that cannot be handed out twice is made by each.
        """
        while True:
            value = self.get(key)
            if value is not None:
                return value
            flight = self.flights.get(question)
            if flight is None:
                return await self.make(key, question, make)
            arrived = await flight.landed()
            if arrived is not None:
                return await make() if arrived.weight is None else arrived

    async def make(
        self, key: Hashable, question: Hashable, make: Callable[[], Awaitable[Value]]
    ) -> Value:
        """The value for whoever asks the question meanwhile."""
        flight = self.depart(question)
        try:
            value = await make()
        except BaseException as error:
            self.fail(question, flight, error if isinstance(error, Exception) else None)
            raise
        self.arrive(key, question, flight, value)
        return value

    def depart(self, question: Hashable) -> "Flight[Value]":
        """Begin to make a value, for whoever asks the question meanwhile."""
        flight: Flight[Value] = Flight()
        self.flights[question] = flight
        return flight

    def arrive(
        self, key: Hashable, question: Hashable, flight: "Flight[Value]", value: Value
    ) -> None:
        """Keep the value that was made, and give it to those who wait."""
        del self.flights[question]
        self.put(key, value)
        flight.land(value)

    def fail(self, question: Hashable, flight: "Flight[Value]", error: Exception | None) -> None:
        """Tell those who wait why there is no value; where its client has left, one makes it."""
        del self.flights[question]
        flight.land(error)


class Flight(Generic[Value]):
    """A value that is being made. A future is there only when somebody waits for it."""

    def __init__(self) -> None:
        self.future: asyncio.Future[Value | Exception | None] | None = None

    async def landed(self) -> Value | None:
        """The value, or None where nobody makes it any more; what making it raises is raised."""
        if self.future is None:
            self.future = asyncio.get_running_loop().create_future()
        await asyncio.wait([self.future])
        outcome = self.future.result()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def land(self, outcome: Value | Exception | None) -> None:
        """Tell what came of it."""
        if self.future is not None:
            self.future.set_result(outcome)
