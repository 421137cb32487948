"""Bodies that come in and go out slowly: so many at a time, so that the others are answered.

The HTTP server reads a body, and sends a long answer, on the thread of the request, and knows no
time within which the other side has to do its part.
"""

from collections.abc import Iterable
from io import BytesIO
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.exceptions import RequestEntityTooLarge

from server.engine import CHUNK, client
from server.engine.errors import EngineError
from server.http.client_limits import Shares
from server.http.errors import ProtocolError
from server.http.middleware import FAILED, Observed, close_body, recorder

# The parts of the threads that may read bodies, and send long answers, at a time; of the first one
# client may have a quarter.
READING, SENDING = 8, 2
READING_OF_CLIENT = 4
# Bytes of a body that is too long that are read all the same.
DISCARDED = 16 * 1024 * 1024


class Transfers:
    """A WSGI middleware. It gives the application bodies of at most `largest` bytes, read whole."""

    def __init__(
        self, application: WSGIApplication, largest: int, threads: int, *, proxied: bool
    ) -> None:
        self.application = application
        self.largest = largest
        self.proxied = proxied
        reading, sending = max(1, threads // READING), max(1, threads // SENDING)
        share = max(1, reading // READING_OF_CLIENT)
        self.reading = Shares(share, reading, proxied=proxied)
        self.sending = Shares(sending, sending, proxied=proxied)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The application's answer, or why the body is not read or the answer not sent now."""
        name = client.get()
        if environ["REQUEST_METHOD"] == "POST" and FAILED not in environ and has_body(environ):
            try:
                self.read(environ, name)
            except (EngineError, ProtocolError, RequestEntityTooLarge) as error:
                environ[FAILED] = error
        started: list[tuple[str, list[tuple[str, str]]]] = []
        body = self.application(environ, recorder(started))
        if not isinstance(body, list) and environ["REQUEST_METHOD"] != "HEAD":
            try:
                self.sending.enter(name)
            except EngineError as error:
                close_body(body)
                environ[FAILED] = error
                body = self.application(environ, recorder(started))
            else:
                body = Observed(body, lambda _: self.sending.leave(name))
        ((status, headers),) = started
        start_response(status, headers)
        return body

    def read(self, environ: WSGIEnvironment, name: str) -> None:
        """Read the body; raises what is wrong with it, or why it is not read now.

        Of one in chunks it cannot be told whether the last of them has come.
        """
        told = environ.get("CONTENT_LENGTH", "")
        self.reading.enter(name)
        try:
            if told and int(told) > self.largest:
                if self.proxied:
                    discard(environ, min(int(told), DISCARDED))
                raise RequestEntityTooLarge
            content = bytearray()
            # No further than the body is long: a server may wait there for more (PEP 3333).
            end = int(told) if told else self.largest + 1
            while len(content) < end:
                part = environ["wsgi.input"].read(end - len(content))
                if not part:
                    break
                content += part
        finally:
            self.reading.leave(name)
        if len(content) > self.largest:
            raise RequestEntityTooLarge
        if told and len(content) != int(told):
            raise ProtocolError(400, "broken-body")
        environ["wsgi.input"] = BytesIO(content)
        environ["CONTENT_LENGTH"] = str(len(content))
        environ.pop("HTTP_TRANSFER_ENCODING", None)


def discard(environ: WSGIEnvironment, size: int) -> None:
    """Read so many bytes of a body that is too long.

    A proxy that still sends when the connection ends tells its client of a bad gateway instead. It
    has the body from its client already; one that comes from elsewhere may never come.
    """
    while size > 0 and (part := environ["wsgi.input"].read(min(size, CHUNK))):
        size -= len(part)


def has_body(environ: WSGIEnvironment) -> bool:
    """True where something follows the head of a request (RFC 9112, 6)."""
    return environ.get("CONTENT_LENGTH", "0") != "0" or "HTTP_TRANSFER_ENCODING" in environ
