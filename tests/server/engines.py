"""Remote engines for the tests: real ones on a free port, and one that misbehaves."""

import os
import shutil
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from server.engine.remote.layout import FIND_MARKER
from server.engine.remote.transport import Credentials
from tests.server.conftest import wait_until

PROGRAMS = {"oxigraph": "oxigraph", "virtuoso": "virtuoso-t"}
VIRTUOSO = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
[Parameters]
ServerPort = 127.0.0.1:{other}
DisableUnixSocket = 1
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
ServerThreads = 20
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {folder}
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = {rows}
"""
WAIT = 120


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class RealEngine:
    """A program that can be ended and started again, at the same address over the same data."""

    name: str
    program: str
    folder: Path
    port: int
    rows: int
    process: subprocess.Popen | None = None

    @property
    def address(self) -> str:
        path = "query" if self.name == "oxigraph" else "sparql"
        return f"http://127.0.0.1:{self.port}/{path}"

    @property
    def credentials(self) -> Credentials:
        return Credentials() if self.name == "oxigraph" else Credentials("dba", "dba")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [self.program, "serve", "-l", str(self.folder), "-b", f"127.0.0.1:{self.port}"]
        if self.name == "virtuoso":
            settings = self.folder / "virtuoso.ini"
            if not settings.exists():
                text = VIRTUOSO.format(
                    folder=self.folder, port=self.port, other=free_port(), rows=self.rows
                )
                settings.write_text(text)
            command = [self.program, "+foreground", "+configfile", str(settings)]
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder
        )
        wait_until(self.answers, WAIT)

    def answers(self) -> bool:
        """True where the engine answers already."""
        try:
            with urllib.request.urlopen(f"{self.address}?query=ASK%7B%7D", timeout=WAIT):
                return True
        except OSError:
            assert self.process is not None
            assert self.process.poll() is None, f"{self.name} ended"
            return False

    def stop(self) -> None:
        """End it."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=WAIT)
            self.process = None


@contextmanager
def real_engine(name: str, folder: Path, rows: int = 100_000) -> Iterator[RealEngine]:
    """A running engine; the test is skipped without its program, unless CI is set."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    program = shutil.which(PROGRAMS[name], path=path)
    if program is None:
        if os.environ.get("CI"):
            pytest.fail(f"{name} is not installed")
        pytest.skip(f"{name} is not installed")
    folder.mkdir(parents=True, exist_ok=True)
    engine = RealEngine(name, program, folder, free_port(), rows)
    try:
        engine.start()
        yield engine
    finally:
        engine.stop()


MARKER = b"""{"head":{"vars":["p","o"]},"results":{"bindings":[
{"p":{"type":"uri","value":"http://purl.org/dc/terms/identifier"},
 "o":{"type":"literal","value":"first"}}]}}"""
JSON = "application/sparql-results+json"


@dataclass
class FakeEngine:
    """An engine that answers as it is told; `asked` has the parameters of each query."""

    answer: Callable[[BaseHTTPRequestHandler, int], None]
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    address: str = ""
    well: bool = True
    marker: bytes = b""
    leaving: threading.Event = field(default_factory=threading.Event)


def reply(
    handler: BaseHTTPRequestHandler,
    body: bytes,
    media_type: str = JSON,
    status: int = 200,
    **headers: str,
) -> None:
    """Send an answer; underscores of a header's name are hyphens."""
    told = {"Content-Type": media_type, "Content-Length": str(len(body))}
    told |= {name.replace("_", "-"): value for name, value in headers.items()}
    handler.send_response(status)
    for name, value in told.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def fake_engine(answer: Callable[[BaseHTTPRequestHandler, int], None]) -> Iterator[FakeEngine]:
    """An engine that knows its version, and answers every query by `answer(handler, number)`."""
    engine = FakeEngine(answer)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            form = parse_qs(sent)
            if form.get("query") == [FIND_MARKER]:
                reply(self, engine.marker or MARKER, status=200 if engine.well else 503)
                return
            engine.asked.append(form)
            engine.headers.append(dict(self.headers))
            engine.answer(self, len(engine.asked))

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    engine.address = f"http://127.0.0.1:{server.server_port}/sparql"
    try:
        yield engine
    finally:
        engine.leaving.set()
        server.shutdown()
        server.server_close()
