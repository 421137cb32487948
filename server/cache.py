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
        self.flights: dict[Hashable, asyncio.Future[Value]] = {}

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
            await asyncio.wait([flight])
            if not flight.cancelled():
                value = flight.result()
                return await make() if value.weight is None else value

    async def make(
        self, key: Hashable, question: Hashable, make: Callable[[], Awaitable[Value]]
    ) -> Value:
        """The value for whoever asks the question meanwhile."""
        flight = self.flights[question] = asyncio.get_running_loop().create_future()
        try:
            value = await make()
        except Exception as error:
            flight.set_exception(error)
            flight.exception()  # there may be nobody who waits for it
            raise
        else:
            self.put(key, value)
            flight.set_result(value)
            return value
        finally:
            del self.flights[question]
            if not flight.done():
                flight.cancel()
