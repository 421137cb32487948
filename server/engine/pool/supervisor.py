"""The supervisor of the evaluators: one fork server per version, the newest of which serves.

A thread looks at what should be served, some times a second. A new version is opened beside the
old one; when its evaluators listen, the link `current` is switched, and the old fork server
finishes what it has and ends. A fork server that dies is started again, and whoever asks meanwhile
waits, or is told that the engine is unavailable.
"""

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from server.engine.limits import Limits, PoolSize
from server.engine.pool.client import CURRENT, SOCKET, PoolEngine
from server.engine.pool.fork_server import Configuration

POINTER_LOOK_SECONDS = 0.2
# A version that could not be opened is tried again after so many looks.
LOOKS_UNTIL_RETRY = 50

logger = logging.getLogger("maillage.supervisor")


@dataclass(frozen=True)
class StoreSource:
    """The store that a fork server opens: on disk, or files to load into memory."""

    version: str
    store: Path | None = None
    files: tuple[Path, ...] = ()


class Supervisor:
    """Evaluators for whatever `find` says is to be served now (None: nothing yet)."""

    def __init__(
        self, find: Callable[[], StoreSource | None], sockets: Path, size: PoolSize, limits: Limits
    ) -> None:
        self.find = find
        self.sockets = sockets
        self.size = size
        self.limits = limits
        self.fork_server: subprocess.Popen[bytes] | None = None
        self.serving: StoreSource | None = None
        self.finishing: list[subprocess.Popen[bytes]] = []
        self.refused: StoreSource | None = None
        self.looks = 0
        self.closing = threading.Event()
        self.thread = threading.Thread(target=self.watch, name="maillage-supervisor", daemon=True)

    def start(self) -> None:
        """Serve what is there already, then keep watch in the background."""
        self.look()
        self.thread.start()

    def close(self) -> None:
        """End every fork server and evaluator; returns when none is left."""
        self.closing.set()
        if self.thread.is_alive():
            self.thread.join()
        (self.sockets / CURRENT).unlink(missing_ok=True)
        for process in [*self.finishing, *([self.fork_server] if self.fork_server else [])]:
            end(process)

    def watch(self) -> None:
        """Look until closed."""
        while not self.closing.wait(POINTER_LOOK_SECONDS):
            try:
                self.look()
            except Exception:
                logger.exception("The supervisor could not look after its evaluators")

    def look(self) -> None:
        """Bring what is served into line with what should be."""
        self.looks += 1
        self.finishing = [process for process in self.finishing if process.poll() is None]
        if self.fork_server is not None and self.fork_server.poll() is not None:
            logger.error("The process that holds version %s died", self.serving)
            end(self.fork_server)
            self.fork_server = self.serving = None
        source = self.find()
        if source is None or source == self.serving:
            return
        if source == self.refused and self.looks % LOOKS_UNTIL_RETRY:
            return
        self.switch(source)

    def switch(self, source: StoreSource) -> None:
        """Open a version and, once its evaluators listen, let it take over."""
        fork_server = self.open(source)
        if fork_server is None:
            self.refused = source
            return
        if self.fork_server is not None:
            self.fork_server.send_signal(signal.SIGTERM)
            self.finishing.append(self.fork_server)
        self.fork_server, self.serving, self.refused = fork_server, source, None

    def open(self, source: StoreSource) -> subprocess.Popen[bytes] | None:
        """A fork server that is ready and that `current` leads to, or None if it could not open."""
        address = self.sockets / f"{source.version}{SOCKET}"
        address.unlink(missing_ok=True)
        configuration: Configuration = {
            "store": str(source.store) if source.store else None,
            "files": [str(file) for file in source.files],
            "socket": str(address),
            "workers": self.size.evaluators,
            "queue": self.size.queue + self.size.evaluators,
            "memory": self.limits.memory,
        }
        packages = str(Path(__file__).parents[3])
        fork_server = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
            [sys.executable, "-m", "server.engine.pool.fork_server", json.dumps(configuration)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": packages, "RUST_BACKTRACE": "0"},
        )
        assert fork_server.stdout is not None  # noqa: S101 (a pipe was asked for)
        if fork_server.stdout.readline() != b"ready\n":
            end(fork_server)
            logger.error("Version %s could not be opened", source.version)
            return None
        link = self.sockets / f"{CURRENT}.new"
        link.unlink(missing_ok=True)
        link.symlink_to(address.name)
        link.replace(self.sockets / CURRENT)
        return fork_server


def end(fork_server: subprocess.Popen[bytes]) -> None:
    """End a fork server and its evaluators now: closing its input tells it that we have gone."""
    for pipe in (fork_server.stdin, fork_server.stdout):
        if pipe is not None:
            pipe.close()
    try:
        fork_server.wait(timeout=5)
    except subprocess.TimeoutExpired:
        fork_server.kill()
        fork_server.wait()


@contextmanager
def supervised(
    find: Callable[[], StoreSource | None], size: PoolSize, limits: Limits
) -> Iterator[PoolEngine]:
    """An engine over a supervisor of its own, which is gone at the end."""
    sockets = Path(tempfile.mkdtemp(prefix="maillage-"))
    supervisor = Supervisor(find, sockets, size, limits)
    engine = PoolEngine(sockets, limits, size)
    try:
        supervisor.start()
        yield engine
    finally:
        engine.close()
        supervisor.close()
        shutil.rmtree(sockets, ignore_errors=True)
