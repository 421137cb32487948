"""The whole endpoint running: evaluators, and granian in front of them."""

import hashlib
import json
import multiprocessing
import os
import resource
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.request import urlopen

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels
from pyoxigraph import RdfFormat

from server.engine.embedded import EmbeddedEngine
from server.engine.errors import NoVersion
from server.engine.host import Source, hosted
from server.metrics import FOLDER
from server.rsgi import PARENT
from server.settings import SettingError, Settings
from server.versions import current_source

LOOK = 0.02
# Connections of a process, most of them idle or slow: more wait to be taken. Left alone, granian
# takes a thousand, and as many that say nothing keep everybody else out.
CONNECTIONS = 8192
# Files that a process may have open beside them.
FILES = 1024
# Bytes of an address with its headers, which each connection may make the server hold, and
# milliseconds for them to come. Longer queries go by POST.
HEAD = HTTP1Settings(max_buffer_size=128 * 1024, header_read_timeout=15_000)


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
    settings = replace(settings, port=open_port(settings.host, settings.port))
    with sockets_for(settings, data) as sockets, shared_metrics(settings.processes):
        running = replace(settings, sockets=sockets, home=settings.home.absolute())
        os.environ.update(running.environment(), **{PARENT: str(os.getpid())})
        # This process has threads, and what forks from such a one may wait for ever for a lock.
        multiprocessing.set_start_method("spawn", force=True)
        threading.Thread(target=announce_when_ready, args=(settings, announce), daemon=True).start()
        Granian(
            "server.rsgi:make_app",
            factory=True,
            address=settings.host,
            port=settings.port,
            interface=Interfaces.RSGI,
            http=HTTPModes.http1,  # HTTP/2 is for the proxy: browsers want TLS for it
            http1_settings=HEAD,
            backpressure=connections(),
            # Left to choose it would take whichever happens to be installed.
            loop=Loops.asyncio,
            workers=settings.processes,
            websockets=False,
            respawn_failed_workers=True,
            log_level=LogLevels.error,
        ).serve()


def connections() -> int:
    """How many connections a process may have, once it may have as many files as it can get."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft == resource.RLIM_INFINITY:
        return CONNECTIONS
    return min(CONNECTIONS, max(1, soft // 2))


def open_port(host: str, port: int) -> int:
    """The port, or for 0 one that is free; SettingError where it cannot be listened on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        # A port that a stopped server has just left is free all the same.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise SettingError(
                f"cannot listen on {host}:{port}: {reason}; choose another --port, or 0 for any"
            ) from error
        found: int = probe.getsockname()[1]
        return found


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
