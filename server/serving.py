"""The whole endpoint running: evaluators, and granian in front of them."""

import json
import multiprocessing
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.request import urlopen

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from server.engine.embedded import EmbeddedEngine
from server.engine.host import Source, hosted
from server.settings import Settings
from server.versions import current_source
from server.wsgi import PARENT

LOOK = 0.02


@contextmanager
def engine_host(home: Path, settings: Settings) -> Iterator[EmbeddedEngine]:
    """An engine over HOME/current, whatever version that is from one moment to the next."""
    followed = replace(settings, home=home)
    with hosted(lambda: current_source(followed), settings.pool, settings.limits) as engine:
        yield engine


@contextmanager
def data_host(files: tuple[Path, ...], settings: Settings) -> Iterator[EmbeddedEngine]:
    """An engine over RDF files, read into memory."""
    source = Source("data", files=files)
    with hosted(lambda: source, settings.pool, settings.limits) as engine:
        yield engine


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
    settings = replace(settings, port=settings.port or free_port(settings.host))
    host = data_host(data, settings) if data else engine_host(settings.home, settings)
    with host as engine:
        running = replace(settings, sockets=engine.sockets, home=settings.home.absolute())
        os.environ.update(running.environment(), **{PARENT: str(os.getpid())})
        # This process has threads, and what forks from such a one may wait for ever for a lock.
        multiprocessing.set_start_method("spawn", force=True)
        threading.Thread(target=announce_when_ready, args=(settings, announce), daemon=True).start()
        Granian(
            "server.wsgi:make_app",
            factory=True,
            address=settings.host,
            port=settings.port,
            interface=Interfaces.WSGI,
            workers=settings.processes,
            blocking_threads=settings.threads,
            websockets=False,
            respawn_failed_workers=True,
            log_level=LogLevels.error,
        ).serve()


def free_port(host: str) -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


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
