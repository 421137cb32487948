"""`maillage serve`: the evaluators, and granian in front of them. Only here is granian named."""

import hashlib
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from flask import Flask
from granian._granian import SocketHolder
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer
from pyoxigraph import RdfFormat

from server.app import create_app
from server.engine import Engine
from server.engine.errors import NoVersion
from server.engine.pool.client import PoolEngine
from server.engine.pool.fork_server import die_with
from server.engine.pool.supervisor import StoreSource, supervised
from server.linked_data.kept_files import FILES
from server.settings import SettingError, Settings
from server.versions import current_source

TARGET = "server.cli.serve:worker"
BACKLOG = 1024
LOOK = 0.02
# Seconds for which requests that run at SIGTERM may go on.
GRACE = 40
# Milliseconds after which the kernel gives up a reader who takes nothing (tcp(7), Linux).
STALLED = 30_000
# Standard output is for the address.
TO_STANDARD_ERROR = {
    "handlers": {
        name: {
            "class": "logging.StreamHandler",
            "formatter": "generic",
            "stream": "ext://sys.stderr",
        }
        for name in ("console", "access")
    }
}


@contextmanager
def engine_host(home: Path, settings: Settings) -> Iterator[PoolEngine]:
    """An engine over HOME/current, whatever version that is from one moment to the next."""
    followed = replace(settings, home=home)
    with supervised(lambda: current_source(followed), settings.pool, settings.limits) as engine:
        yield engine


@contextmanager
def data_host(files: tuple[Path, ...], settings: Settings) -> Iterator[PoolEngine]:
    """An engine over RDF files, read into memory; SettingError where one cannot be read.

    The version is named for what the files hold, so that no cache takes other files for these.
    """
    source = StoreSource(f"data-{fingerprint(files)}", files=tuple(map(Path.absolute, files)))
    with supervised(lambda: source, settings.pool, settings.limits) as engine:
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
def sockets_for(settings: Settings, data: tuple[Path, ...]) -> Iterator[Path]:
    """The folder of the evaluators' sockets; before a remote engine they judge its queries."""
    if settings.engine and data:
        raise SettingError("engine: files are served by the own engine; leave out one of both")
    if settings.engine:
        host = supervised(lambda: StoreSource("nothing"), settings.pool, settings.limits)
    else:
        host = data_host(data, settings) if data else engine_host(settings.home, settings)
    with host as engine:
        yield engine.sockets


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
        with sockets_for(settings, data) as sockets:
            running = replace(settings, sockets=sockets, home=settings.home.absolute())
            os.environ.update(running.environment())
            Server(listener, settings, announce).serve()


class Server(MPServer):
    """Granian over a socket that listens already: a free port is known before it is told."""

    def __init__(
        self, listener: socket.socket, settings: Settings, announce: Callable[[str], None]
    ) -> None:
        super().__init__(
            TARGET,
            factory=True,
            address=settings.host,
            port=settings.port,
            interface=Interfaces.WSGI,
            http=HTTPModes.http1,
            websockets=False,
            blocking_threads=settings.threads,
            backlog=BACKLOG,
            backpressure=BACKLOG,
            workers_kill_timeout=GRACE,
            respawn_failed_workers=True,
            log_level=LogLevels.error,
            log_dictconfig=TO_STANDARD_ERROR,
        )
        self.listener = listener
        self.settings = settings
        self.announce = announce

    def startup(self, spawn_target: Any, target_loader: Any) -> None:
        """Start the process that speaks HTTP, and tell the address when it answers.

        Not before it is forked: a lock that a thread holds at that moment stays locked in the fork.
        """
        super().startup(spawn_target, target_loader)  # type: ignore[no-untyped-call]
        threading.Thread(
            target=announce_when_ready, args=(self.settings, self.announce), daemon=True
        ).start()

    def _init_shared_socket(self) -> None:
        self.listener.set_inheritable(True)
        self._sso = self.listener
        number = self.listener.fileno()
        self._shd = SocketHolder(number, False, BACKLOG)  # type: ignore[call-arg,assignment]


def worker() -> Flask:
    """The application of the process that speaks HTTP; `serve` has left its settings behind."""
    die_with(os.getppid())
    settings = Settings.from_environment(os.environ)
    FILES.parent = settings.sockets  # which goes with `serve`; this process ends without a word
    return create_app(settings, engine_of(settings))


def engine_of(settings: Settings) -> Engine:
    """The engine that is to answer: a remote one where it is named, else the evaluators."""
    if settings.sockets is None:
        raise SettingError("sockets: nobody has said where evaluators are; start with `serve`")
    pool = PoolEngine(settings.sockets, settings.limits, settings.pool)
    if settings.engine:
        from server.engine.remote.client import RemoteEngine  # which takes a while to load
        from server.engine.remote.transport import Credentials

        credentials = Credentials(settings.engine_user, settings.engine_password)
        places = settings.evaluators
        return RemoteEngine(settings.engine, settings.limits, credentials, places, pool.judge)
    return pool


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there, for 0 on any port; SettingError where that cannot be."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    # A port that a stopped server has just left is free all the same.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if sys.platform == "linux":  # connections that are accepted inherit it
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, STALLED)
        # One whose other side has vanished without a word would hold its thread for good.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, STALLED // 1000)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, STALLED // 3000)
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
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    while True:
        asking = HTTPConnection(settings.host, settings.port, timeout=5)
        try:
            asking.request("GET", "/health")
            asking.getresponse()
            break
        except (OSError, HTTPException):
            time.sleep(LOOK)
        finally:
            asking.close()
    announce(settings.base_url or f"http://{host}:{settings.port}")
    sys.stdout.flush()
