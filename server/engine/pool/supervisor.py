"""The keeper of the evaluators: one zygote per version, the newest of which serves.

A thread looks at what should be served, some times a second. A new version is opened beside the
old one; when its evaluators listen, the link `current` is switched, and the old zygote finishes
what it has and ends. A zygote that dies is started again.
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

from server.engine.embedded import CURRENT, EmbeddedEngine, Limits
from server.engine.leases import Pool as Pool
from server.engine.pool.fork_server import Configuration

LOOK = 0.2
# A version that could not be opened is tried again after so many looks.
PATIENCE = 50

logger = logging.getLogger("maillage.host")


@dataclass(frozen=True)
class Source:
    """What a zygote opens: a store on disk, or files to load into memory.

    `closed` are the transitive properties whose every consequence is in the default graph.
    `literals` is the file that keeps the index over its objects; it is written where it is missing.
    """

    version: str
    store: Path | None = None
    files: tuple[Path, ...] = ()
    closed: tuple[str, ...] = ()
    literals: Path | None = None


class Host:
    """Evaluators for whatever `find` says is to be served now (None: nothing yet)."""

    def __init__(
        self, find: Callable[[], Source | None], sockets: Path, pool: Pool, limits: Limits
    ) -> None:
        self.find = find
        self.sockets = sockets
        self.pool = pool
        self.limits = limits
        self.zygote: subprocess.Popen[bytes] | None = None
        self.serving: Source | None = None
        self.finishing: list[subprocess.Popen[bytes]] = []
        self.refused: Source | None = None
        self.looks = 0
        self.closing = threading.Event()
        self.thread = threading.Thread(target=self.watch, name="maillage-host", daemon=True)

    def start(self) -> None:
        """Serve what is there already, then keep watch in the background."""
        self.look()
        self.thread.start()

    def close(self) -> None:
        """End every zygote and evaluator; returns when none is left."""
        self.closing.set()
        if self.thread.is_alive():
            self.thread.join()
        (self.sockets / CURRENT).unlink(missing_ok=True)
        for zygote in [*self.finishing, *([self.zygote] if self.zygote else [])]:
            end(zygote)

    def watch(self) -> None:
        """Look until closed."""
        while not self.closing.wait(LOOK):
            try:
                self.look()
            except Exception:
                logger.exception("The host could not look after its evaluators")

    def look(self) -> None:
        """Bring what is served into line with what should be."""
        self.looks += 1
        self.finishing = [zygote for zygote in self.finishing if zygote.poll() is None]
        if self.zygote is not None and self.zygote.poll() is not None:
            logger.error("The process that holds version %s died", self.serving)
            (self.sockets / CURRENT).unlink(missing_ok=True)
            end(self.zygote)
            self.zygote = self.serving = None
        source = self.find()
        if source is None or source == self.serving:
            return
        if source == self.refused and self.looks % PATIENCE:
            return
        self.switch(source)

    def switch(self, source: Source) -> None:
        """Open a version and, once its evaluators listen, let it take over."""
        zygote = self.open(source)
        if zygote is None:
            self.refused = source
            return
        if self.zygote is not None:
            self.zygote.send_signal(signal.SIGTERM)
            self.finishing.append(self.zygote)
        self.zygote, self.serving, self.refused = zygote, source, None

    def open(self, source: Source) -> subprocess.Popen[bytes] | None:
        """A zygote that is ready and that `current` leads to, or None if it could not open."""
        address = self.sockets / f"{source.version}.sock"
        address.unlink(missing_ok=True)
        configuration: Configuration = {
            "store": str(source.store) if source.store else None,
            "files": [str(file) for file in source.files],
            "closed": list(source.closed),
            "literals": str(source.literals) if source.literals else None,
            "socket": str(address),
            "workers": self.pool.evaluators,
            "queue": self.pool.queue + self.pool.evaluators,
            "memory": self.limits.memory,
        }
        packages = str(Path(__file__).parents[3])
        zygote = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
            [sys.executable, "-m", "server.engine.pool.fork_server", json.dumps(configuration)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": packages, "RUST_BACKTRACE": "0"},
        )
        assert zygote.stdout is not None  # noqa: S101 (a pipe was asked for)
        if zygote.stdout.readline() != b"ready\n":
            end(zygote)
            logger.error("Version %s could not be opened", source.version)
            return None
        link = self.sockets / f"{CURRENT}.new"
        link.unlink(missing_ok=True)
        link.symlink_to(address.name)
        link.replace(self.sockets / CURRENT)
        return zygote


def end(zygote: subprocess.Popen[bytes]) -> None:
    """End a zygote and its evaluators now: closing its input tells it that we have gone."""
    for pipe in (zygote.stdin, zygote.stdout):
        if pipe is not None:
            pipe.close()
    try:
        zygote.wait(timeout=5)
    except subprocess.TimeoutExpired:
        zygote.kill()
        zygote.wait()


@contextmanager
def hosted(
    find: Callable[[], Source | None], pool: Pool, limits: Limits
) -> Iterator[EmbeddedEngine]:
    """An engine over a host of its own, which is gone at the end."""
    sockets = Path(tempfile.mkdtemp(prefix="maillage-"))
    host = Host(find, sockets, pool, limits)
    engine = EmbeddedEngine(sockets, limits, pool)
    try:
        host.start()
        yield engine
    finally:
        engine.close()
        host.close()
        shutil.rmtree(sockets, ignore_errors=True)
