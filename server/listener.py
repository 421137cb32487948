"""A socket that listens, and the connections that come from it."""

import asyncio
import socket
import time
from collections.abc import Callable

from server.exchange import Exchange
from server.http1 import Connection
from server.message import Request
from server.reply import Headers
from server.tasks import Tasks

# How often it is looked for clients that take too long (seconds).
LOOK = 1.0
# Seconds, when the server stops, in which idle connections may still ask, and in which answers have
# to be taken.
PARTING, LONGEST_PARTING = 1.0, 60.0
# Connections that wait to be taken: those beyond them are refused.
BACKLOG = 1024


class Server:
    """All connections of a process, and what answers their requests."""

    def __init__(
        self,
        receive: Callable[[Request, Exchange], None],
        headers: Headers,
        limit: int,
    ) -> None:
        self.receive = receive
        self.headers = headers
        """What every answer has."""
        self.limit = limit
        """Connections, most of them idle or slow."""
        self.loop = asyncio.get_running_loop()
        self.connections: dict[Connection, None] = {}
        """The oldest first."""
        self.stopping = False
        self.tasks = Tasks()

    async def serve(self, listener: socket.socket, stop: asyncio.Event) -> None:
        """Take connections until told to stop; the requests that run then are answered."""
        listening = await self.loop.create_server(
            lambda: Connection(self), sock=listener, backlog=BACKLOG
        )
        self.look()
        await stop.wait()
        listening.close()
        self.stopping = True
        # Who is about to send on an idle connection is still answered, and told to close it.
        end = time.monotonic()
        while self.connections:
            await asyncio.sleep(PARTING / 10)
            waited = time.monotonic() - end
            for connection in list(self.connections):
                if waited > LONGEST_PARTING:
                    connection.transport.abort()
                elif waited > PARTING and not connection.exchanges:
                    connection.close()

    def enter(self, connection: Connection) -> None:
        """Take a connection; where there are too many, the oldest that is idle goes."""
        self.connections[connection] = None
        if len(self.connections) > self.limit:
            idle = (c for c in self.connections if not c.exchanges)
            next(idle, connection).transport.abort()

    def look(self) -> None:
        """See who has taken too long, from time to time."""
        self.loop.call_later(LOOK, self.look)
        now = time.monotonic()
        for connection in [c for c in self.connections if 0.0 < c.until < now]:
            connection.expire(now)
