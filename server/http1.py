"""Connections of HTTP/1.1 (RFC 9112) in an event loop: requests come in, answers go out in turn."""

import asyncio
import re
import time
from collections import deque
from contextlib import suppress
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

import httptools

from server.exchange import Exchange
from server.message import SHORT, Head, MalformedError, read_whole
from server.reply import Content, Reply, refusal

if TYPE_CHECKING:
    from server.listener import Server

# Bytes of a head that are read: longer queries go by POST.
LONGEST_HEAD = 128 * 1024
# Requests sent ahead of their answers on one connection; further ones are not answered.
AHEAD = 32
# Bytes of a body that are taken before somebody wants them.
UNREAD = 256 * 1024
CHUNK = 256 * 1024
# Seconds: for a head to come; without a request; for a part of an answer to be taken; for what a
# client still sends of a request that was answered before its end.
COMING, IDLE, TAKING, LINGERING = 15.0, 75.0, 300.0, 5.0
# A request of a method that llhttp does not know.
OTHER_METHOD = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+ [^ \r\n]+ HTTP/1\.[01]\r\n")
CLOSE = b"Connection: close\r\n"
KEEP = b"Connection: keep-alive\r\n"


class Connection(asyncio.Protocol):
    """A client's connection. Its requests are answered one after the other."""

    def __init__(self, server: "Server") -> None:
        self.server = server
        self.parser: httptools.HttpRequestParser | None = None
        """What reads a message that does not come in one piece, and all after it."""
        self.head = Head()
        self.coming = False
        """Whether a request has begun that has not ended."""
        self.unread = 0
        """Bytes that came and belong to no request that is there and to no body."""
        self.reading: Exchange | None = None
        """The one whose body is coming."""
        self.resumed: Exchange | None = None
        """The one whose body is still to come, though its end was told."""
        self.exchanges: deque[Exchange] = deque()
        """Those to be answered: the first is being so."""
        self.closed = False
        self.closing = False
        """Whether nothing more is read as a request."""
        self.held = False
        self.writing: asyncio.Future[None] | None = None
        """What is done when the client has taken enough of an answer, where it is slow."""
        self.left = 0
        self.until = 0.0
        """When (`monotonic`) the client will have taken too long; 0 where it is not waited for."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what to write to."""
        self.transport = cast(asyncio.Transport, transport)
        peer = transport.get_extra_info("peername")
        self.client = peer[0] if peer else ""
        self.until = time.monotonic() + COMING
        self.server.enter(self)

    def connection_lost(self, _: Exception | None) -> None:
        """Tell those who answer that there is nobody left."""
        self.closed = True
        self.server.connections.pop(self, None)
        self.resume_writing()
        for exchange in self.exchanges:
            exchange.wake()
            if exchange.on_leave is not None:
                exchange.on_leave()

    def data_received(self, data: bytes) -> None:
        """Read requests."""
        if self.closing:
            return
        if self.parser is None and not self.exchanges and len(data) <= SHORT:
            request = read_whole(data, self.client)
            if request is not None:
                exchange = Exchange(self, request, persists=True)
                exchange.ends = True
                self.exchanges.append(exchange)
                self.begin()
                return
        self.read(data)

    def read(self, data: bytes) -> None:
        """Let the parser have what came."""
        if self.parser is None:
            self.parser = httptools.HttpRequestParser(self)
            if not self.unread and not self.exchanges:
                self.until = time.monotonic() + COMING
        self.unread += len(data)
        rest = b""
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:  # which nobody here does
            rest = data[upgrade.args[0] :]
            self.parser = None
            self.await_body()
        except httptools.HttpParserInvalidMethodError:
            whole = self.unread == len(data) and OTHER_METHOD.match(data)
            self.refuse(HTTPStatus.NOT_IMPLEMENTED if whole else HTTPStatus.BAD_REQUEST)
        except httptools.HttpParserError:
            self.refuse(HTTPStatus.BAD_REQUEST)
        if self.unread > LONGEST_HEAD:
            self.refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        if not self.coming:
            self.parser = None
        self.begin()
        self.hold()
        if rest and not self.closing:
            self.read(rest)

    def await_body(self) -> None:
        """Expect the body of the last request, which llhttp takes for another protocol's."""
        if self.closing or not self.exchanges:
            return
        exchange = self.exchanges[-1]
        fields = exchange.request.headers
        framing = [name for name in ("content-length", "transfer-encoding") if name in fields]
        if framing:
            self.parser = httptools.HttpRequestParser(self)
            self.resumed = exchange
            lines = [f"{name}: {fields[name]}\r\n" for name in framing]
            self.parser.feed_data(f"POST / HTTP/1.1\r\n{''.join(lines)}\r\n".encode("latin-1"))

    def on_message_begin(self) -> None:
        """Expect a head."""
        self.head = Head()
        self.coming = True

    def on_url(self, part: bytes) -> None:
        """Take a part of the request target."""
        self.head.on_url(part)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a field."""
        self.head.on_header(name, value)

    def on_headers_complete(self) -> None:
        """Take the request up."""
        self.unread = 0
        if self.resumed is not None:
            self.reading, self.resumed = self.resumed, None
            self.reading.ends = False
            return
        if self.exchanges and not self.exchanges[-1].persists:
            self.closing = True
        if self.closing:
            return
        if self.head.size > LONGEST_HEAD:
            self.refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
            return
        parser = cast(httptools.HttpRequestParser, self.parser)
        try:
            request = self.head.request(parser, self.client)
        except MalformedError as error:
            self.refuse(error.status)
            return
        old = parser.get_http_version() == "1.0"
        # What a proxy of HTTP/1.0 made of chunks, nobody knows (RFC 9112, 6.1).
        persists = parser.should_keep_alive() and not (
            old and "transfer-encoding" in request.headers
        )
        exchange = Exchange(self, request, persists=persists, old=old)
        self.reading = exchange
        self.exchanges.append(exchange)
        if len(self.exchanges) >= AHEAD:
            self.closing = True

    def begin(self) -> None:
        """Have the first request answered, unless it is so already."""
        waiting = self.exchanges and not self.exchanges[0].begun and self.writing is None
        if waiting and not self.closed:
            exchange = self.exchanges[0]
            exchange.begun = True
            self.until = 0.0
            self.server.receive(exchange.request, exchange)

    def on_body(self, part: bytes) -> None:
        """Hand on a part of a body."""
        self.unread -= len(part)
        if self.reading is not None:
            self.reading.take(part)

    def on_message_complete(self) -> None:
        """Close a body."""
        self.coming = False
        self.unread = 0
        if self.reading is not None:
            self.reading.ends = True
            self.reading.wake()
            self.reading = None

    def hold(self) -> None:
        """Read no further where enough is read, and again where there is room."""
        reading = self.reading
        held = len(self.exchanges) > 1 or (reading is not None and reading.size > UNREAD)
        if held != self.held and not self.closed and not self.transport.is_closing():
            self.held = held
            if held:
                self.transport.pause_reading()
            else:
                self.transport.resume_reading()

    def refuse(self, status: HTTPStatus) -> None:
        """Take nothing more for a request, say so where nobody waits for an answer, and close."""
        if self.closing:
            return
        self.closing = True
        if self.reading is not None:
            self.reading.broken = True
            self.reading.wake()
        elif not self.exchanges:
            reply = refusal(status, self.server.headers)
            self.write(head_of(reply, CLOSE) + cast(bytes, reply.body))
            self.linger()

    def answer(self, exchange: Exchange, reply: Reply) -> None:
        """Send the answer to the first request."""
        body = reply.body
        if self.closed or not self.exchanges or self.exchanges[0] is not exchange:
            if isinstance(body, Content):
                body.file.close()
            return
        if not (exchange.persists and exchange.ends) or self.server.stopping:
            self.closing = True
        last = self.closing and len(self.exchanges) == 1
        connection = CLOSE if last else KEEP if exchange.old else b""
        head = head_of(reply, connection)
        if isinstance(body, Content):
            self.write(head)
            self.server.tasks.run(self.send_file(exchange, body))
        else:
            self.write(head + body)
            self.finish(exchange)

    async def send_file(self, exchange: Exchange, content: Content) -> None:
        """Send a body that lies in a file no faster than it is taken."""
        left = content.size
        with content.file as file, suppress(OSError):
            file.seek(0)
            while not self.closed and (chunk := file.read(min(CHUNK, left))):
                left -= len(chunk)
                self.write(chunk)
                if self.writing is not None:
                    await self.writing
        if left:
            self.transport.abort()  # less than was announced: it must not look whole
        elif not self.closed:
            self.finish(exchange)

    def finish(self, exchange: Exchange) -> None:
        """Go on to the next request."""
        self.exchanges.popleft()
        if self.exchanges:
            self.server.loop.call_soon(self.begin)
        elif self.closing:
            if exchange.ends:
                self.close()
            else:
                self.linger()
            return
        elif self.writing is None:
            self.until = time.monotonic() + (COMING if self.coming else IDLE)
        self.hold()

    def close(self) -> None:
        """Close when the client has taken what it was sent."""
        self.closing = True
        self.until = time.monotonic() + TAKING
        self.transport.close()

    def linger(self) -> None:
        """Close when the client has sent what it wants to, or else it may never see the answer."""
        self.closing = True
        self.until = time.monotonic() + LINGERING
        if self.transport.can_write_eof():
            self.transport.write_eof()
        if self.held:
            self.held = False
            self.transport.resume_reading()

    def write(self, data: bytes) -> None:
        """Send some bytes."""
        self.transport.write(data)

    def pause_writing(self) -> None:
        """Wait for a client that takes its time."""
        self.writing = self.server.loop.create_future()
        self.left = self.transport.get_write_buffer_size()
        self.until = time.monotonic() + TAKING

    def resume_writing(self) -> None:
        """Go on."""
        if self.writing is not None:
            writing, self.writing = self.writing, None
            if not writing.done():
                writing.set_result(None)
            self.until = 0.0 if self.exchanges else time.monotonic() + IDLE
            if not self.closed:
                self.begin()

    def expire(self, now: float) -> None:
        """Give a client up that has taken too long, unless it has taken something."""
        left = self.transport.get_write_buffer_size()
        if left and left < self.left:
            self.left = left
            self.until = now + TAKING
        elif self.coming and not self.closing and not self.exchanges:
            self.refuse(HTTPStatus.REQUEST_TIMEOUT)
        elif self.closing or left:
            self.transport.abort()
        else:
            self.close()


def head_of(reply: Reply, connection: bytes) -> bytes:
    """The head of an answer, with the field for its connection, if any."""
    return b"".join((opening(reply.status, int(time.time())), reply.head, connection, b"\r\n"))


@lru_cache(maxsize=128)
def opening(status: int, second: int) -> bytes:
    """The first line of an answer that is made at a second, with the field that tells it."""
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = ""
    return f"HTTP/1.1 {status} {phrase}\r\nDate: {formatdate(second, usegmt=True)}\r\n".encode()
