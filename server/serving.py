"""The whole endpoint running: evaluators, and the processes that speak HTTP in front of them."""

import hashlib
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.request import urlopen

from pyoxigraph import RdfFormat

from server.engine.embedded import EmbeddedEngine
from server.engine.errors import NoVersion
from server.engine.pool.supervisor import Source, hosted
from server.http.metrics import FOLDER
from server.listener import BACKLOG
from server.process import PARENT
from server.settings import SettingError, Settings
from server.versions import current_source

LOOK = 0.02
# Seconds before a process that has died is started again.
PAUSE = 0.5

logger = logging.getLogger("maillage.serving")


@contextmanager
def engine_host(home: Path, settings: Settings) -> Iterator[EmbeddedEngine]:
    """An engine over HOME/current, whatever version that is from one moment to the next."""
    followed = replace(settings, home=home)
    with hosted(lambda: current_source(followed), settings.pool, settings.limits) as engine:
        yield engine


@contextmanager
def data_host(files: tuple[Path, ...], settings: Settings) -> Iterator[EmbeddedEngine]:
    """An engine over RDF files, read into memory; SettingError where one cannot be read.

    The version is named for what the files hold, so that no cache takes other files for these.
    """
    source = Source(f"data-{fingerprint(files)}", files=tuple(map(Path.absolute, files)))
    with hosted(lambda: source, settings.pool, settings.limits) as engine:
        try:
            engine.version()
        except NoVersion:
            raise SettingError("data: a file is no RDF; what stands above says where") from None
        yield engine


def fingerprint(files: Iterable[Path]) -> str:
    """A short name for the content of files of RDF; SettingError for a suffix of no format."""
    content = hashlib.blake2b(digest_size=8)
    for file in files:
        suffix = (file.with_suffix("") if file.suffix == ".gz" else file).suffix
        if RdfFormat.from_extension(suffix.removeprefix(".")) is None:
            raise SettingError(f"data: {file.name} has no suffix of RDF, as .ttl, .nq.gz, .jsonld")
        content.update(file.name.encode() + b"\0")
        with file.open("rb") as stream:
            content.update(hashlib.file_digest(stream, "blake2b").digest())
    return content.hexdigest()


@contextmanager
def sockets_for(settings: Settings, data: tuple[Path, ...]) -> Iterator[Path | None]:
    """Where the evaluators are; nowhere if a remote engine is to answer."""
    if settings.engine and data:
        raise SettingError("engine: files are served by the own engine; leave out one of both")
    if settings.engine:
        yield None
    else:
        host = data_host(data, settings) if data else engine_host(settings.home, settings)
        with host as engine:
            yield engine.sockets


@contextmanager
def shared_metrics(processes: int) -> Iterator[None]:
    """A folder in which several processes count together, named in the environment for them."""
    if processes == 1:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="maillage-metrics-") as folder:
        os.environ[FOLDER] = folder
        yield


def serve(
    settings: Settings,
    *,
    data: tuple[Path, ...] = (),
    announce: Callable[[str], None] = print,
) -> None:
    """Serve HOME/current, or the RDF files of `data`, until SIGTERM or SIGINT.

    `announce` gets the address once `/health` answers. Requests that run when the signal comes
    are finished.
    """
    with listen(settings.host, settings.port) as listener:
        settings = replace(settings, port=listener.getsockname()[1])
        with sockets_for(settings, data) as sockets, shared_metrics(settings.processes):
            running = replace(settings, sockets=sockets, home=settings.home.absolute())
            os.environ.update(running.environment(), **{PARENT: str(os.getpid())})
            telling = threading.Thread(
                target=announce_when_ready, args=(settings, announce), daemon=True
            )
            telling.start()
            keep_processes(settings.processes, listener)


def keep_processes(wanted: int, listener: socket.socket) -> None:
    """Keep so many processes answering on a socket until SIGTERM or SIGINT, and end them then."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())

    def start() -> subprocess.Popen[bytes]:
        packages = str(Path(__file__).parents[1])
        return subprocess.Popen(  # noqa: S603 (our own interpreter and module)
            [sys.executable, "-m", "server.process", str(listener.fileno())],
            env={**os.environ, "PYTHONPATH": packages},
            pass_fds=[listener.fileno()],
        )

    running = [start() for _ in range(wanted)]
    while not stop.wait(PAUSE):
        for place, process in enumerate(running):
            if process.poll() is not None:
                logger.error("A process that answers died (%s)", process.returncode)
                running[place] = start()
    listener.close()  # who connects now is refused, and does not wait for nobody
    for process in running:
        process.terminate()
    for process in running:
        process.wait()


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there, for 0 on any port; SettingError where that cannot be."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    # A port that a stopped server has just left is free all the same.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise SettingError(
            f"cannot listen on {host}:{port}: {reason}; choose another --port, or 0 for any"
        ) from error
    return listener


def announce_when_ready(settings: Settings, announce: Callable[[str], None]) -> None:
    """Tell the address as soon as something answers there, data or not."""
    address = settings.base_url or f"http://{settings.host}:{settings.port}"
    while True:
        try:
            with urlopen(f"http://{settings.host}:{settings.port}/health", timeout=5) as answer:
                json.load(answer)
            break
        except OSError as error:
            if getattr(error, "code", 0) == 503:
                break
            time.sleep(LOOK)
    announce(address)
    sys.stdout.flush()
