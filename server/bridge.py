"""A WSGI application asked from an event loop, in threads beside it."""

import os
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from io import BytesIO
from typing import IO, Any, Protocol
from wsgiref.types import WSGIApplication

from server.engine import CHUNK
from server.message import Request
from server.reply import Content, Reply, gathered

PROBLEM = "maillage.problem"
"""Where in the WSGI environment an answer leaves the kind of problem that it tells of."""


class Caller(Protocol):
    """The other side of a request."""

    on_leave: Callable[[], object] | None
    """What is to be done when it goes away before it is answered."""

    @property
    def gone(self) -> bool:
        """Whether it has gone away."""
        ...

    def __aiter__(self) -> AsyncIterator[bytes]:
        """The body of the request, as it comes."""
        ...

    def send(self, reply: Reply) -> None:
        """Answer."""
        ...


def environ(request: Request, body: bytes, more: Mapping[str, object]) -> dict[str, Any]:
    """The request as PEP 3333 wants it, with more beside it."""
    name, _, port = request.host.rpartition(":") if ":" in request.host else (request.host, "", "")
    told = {
        "HTTP_" + name.upper().replace("-", "_"): value
        for name, value in request.headers.items()
        if "_" not in name  # `x_y` would pass for `x-y`
    }
    told.pop("HTTP_CONTENT_LENGTH", None)
    return {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": request.query_string,
        "CONTENT_TYPE": told.pop("HTTP_CONTENT_TYPE", ""),
        "CONTENT_LENGTH": str(len(body)) if body else "",
        "SERVER_NAME": name or "localhost",
        "SERVER_PORT": port or {"https": "443"}.get(request.scheme, "80"),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": request.client,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": request.scheme,
        "wsgi.input": BytesIO(body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileBody,
        **told,
        **more,
    }


class FileBody:
    """A body that is a file from where it stands to its end (PEP 3333, optional file handling)."""

    def __init__(self, file: IO[bytes], size: int = CHUNK) -> None:
        self.file = file
        self.size = size

    def __iter__(self) -> "FileBody":
        return self

    def __next__(self) -> bytes:
        if chunk := self.file.read(self.size):
            return chunk
        raise StopIteration

    def close(self) -> None:
        """Close the file."""
        self.file.close()


def call(application: WSGIApplication, environ: dict[str, Any]) -> Reply:
    """The application's answer, whole."""
    started: list[Any] = []

    def start_response(*told: Any) -> Callable[[bytes], object]:
        started[:] = told
        return refuse

    body = application(environ, start_response)
    bodiless = environ["REQUEST_METHOD"] == "HEAD"
    content = discard(body) if bodiless else whole(body)
    status, headers = started[:2]
    headers = tuple((name, value) for name, value in headers if name.lower() != "date")
    etag = next((value for name, value in headers if name.lower() == "etag"), "")
    return Reply(int(status[:3]), headers, content, etag, environ.get(PROBLEM), bodiless)


def whole(body: Iterable[bytes]) -> bytes | Content:
    """A body in one piece or one file."""
    if isinstance(body, list):
        return b"".join(body)
    if isinstance(body, FileBody) and body.file.tell() == 0:
        return Content(body.file, os.fstat(body.file.fileno()).st_size)
    try:
        return gathered(body)
    finally:
        discard(body)


def discard(body: Iterable[bytes]) -> bytes:
    """Nothing, of a body that is not wanted."""
    close: Callable[[], None] | None = getattr(body, "close", None)
    if close is not None:
        close()
    return b""


def refuse(_: bytes) -> object:
    """Stand where PEP 3333 has a `write` that nobody calls any more."""
    raise NotImplementedError
