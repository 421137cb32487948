"""A WSGI application asked by an RSGI server (granian): it runs in threads, off the event loop."""

import os
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from io import BytesIO
from typing import IO, Any, NamedTuple, Protocol
from wsgiref.types import WSGIApplication

from granian.rsgi import Scope

from server.engine import CHUNK
from server.reply import Content, Reply, gathered

PROBLEM = "maillage.problem"
"""Where in the WSGI environment an answer leaves the kind of problem that it tells of."""


class Request(NamedTuple):
    """A request without its body, with the headers of one name in one."""

    method: str
    path: str
    query_string: str
    scheme: str
    client: str
    headers: Mapping[str, str]

    @property
    def host(self) -> str:
        """Whom the caller believes to ask."""
        return self.headers.get("host", "")


def read_scope(scope: Scope) -> Request:
    """A request as granian tells of it."""
    fields = scope.headers.items()
    headers = dict(fields)
    if len(headers) < len(fields):  # several of one name stand for one (RFC 9110, 5.3)
        headers = {
            name: ("; " if name == "cookie" else ", ").join(v for n, v in fields if n == name)
            for name in headers
        }
    if scope.authority and "host" not in headers:
        headers["host"] = scope.authority
    peer = scope.client.rpartition(":")[0].strip("[]")
    return Request(scope.method, scope.path, scope.query_string, scope.scheme, peer, headers)


class Caller(Protocol):
    """The other side of a request, as granian has it."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """The body of the request, as it comes."""
        ...

    async def client_disconnect(self) -> None:
        """Wait until the client has left."""
        ...

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Answer with a body in one piece."""
        ...

    def response_file(self, status: int, headers: list[tuple[str, str]], file: str) -> None:
        """Answer with what lies in a file."""
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
    content = whole(body) if environ["REQUEST_METHOD"] != "HEAD" else discard(body)
    status, headers = started[:2]
    etag = next((value for name, value in headers if name.lower() == "etag"), "")
    return Reply(int(status[:3]), headers, content, etag, environ.get(PROBLEM))


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
