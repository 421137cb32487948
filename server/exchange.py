"""A request that is being answered, as whoever answers it sees its client."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

from server.message import BrokenBodyError, Request
from server.reply import Reply

if TYPE_CHECKING:
    from server.http1 import Connection

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Exchange:
    """A request on a connection, and the way to answer it."""

    def __init__(
        self, connection: "Connection", request: Request, *, persists: bool, old: bool = False
    ) -> None:
        self.connection = connection
        self.request = request
        self.persists = persists
        """Whether the connection may stay open after it."""
        self.old = old
        """Whether it is one of HTTP/1.0."""
        self.begun = False
        """Whether it is being answered."""
        self.ends = False
        """Whether the whole request is there."""
        self.on_leave: Callable[[], object] | None = None
        """What is to be done when the client goes away first."""
        self.parts: deque[bytes] = deque()
        self.size = 0
        self.arrival: asyncio.Future[None] | None = None
        self.broken = False
        """Whether what came is no body."""
        self.continues = not old and request.headers.get("expect", "").lower() == "100-continue"

    @property
    def gone(self) -> bool:
        """Whether the client has gone away."""
        return self.connection.closed

    def take(self, part: bytes) -> None:
        """Take a part of the body."""
        self.parts.append(part)
        self.size += len(part)
        self.wake()

    def wake(self) -> None:
        """Tell who reads the body that there is something new."""
        if self.arrival is not None and not self.arrival.done():
            self.arrival.set_result(None)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The body of the request, as it comes; raises BrokenBodyError."""
        connection = self.connection
        if self.continues and not self.ends:
            connection.write(CONTINUE)
        while True:
            while self.parts:
                part = self.parts.popleft()
                self.size -= len(part)
                connection.hold()
                yield part
            if self.ends:
                return
            if connection.closed:
                raise asyncio.CancelledError
            if self.broken:
                raise BrokenBodyError
            self.arrival = connection.server.loop.create_future()
            await self.arrival

    def send(self, reply: Reply) -> None:
        """Answer."""
        self.connection.answer(self, reply)
