"""The process that opens a store once and forks evaluators from it.

Run as `python -m server.engine.pool.fork_server CONFIGURATION` (JSON, see `Configuration`). It says
`ready` on standard output when the evaluators listen. It replaces every evaluator that dies.
SIGTERM makes it finish: what was accepted or queued is answered, then it ends. When its standard
input closes, whoever started it has gone, and it ends at once with all its evaluators.
"""

import ctypes
import gc
import json
import os
import select
import signal
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import NoReturn, TypedDict

from pyoxigraph import Store

from server.engine.pool.store import UnreadableFileError, open_store
from server.engine.pool.worker import GIVES_WAY, Evaluator

PR_SET_PDEATHSIG = 1
# What evaluators are put back by behind the process that speaks HTTP, which all wait for.
MODESTY = 7
# How often a fork server looks whether slow queries have taken evaluators away from quick ones.
SLOW_CHECK_SECONDS = 0.05


class Configuration(TypedDict):
    """The orders to a fork server: a store on disk, or files to load into memory."""

    store: str | None
    files: list[str]
    socket: str
    workers: int
    queue: int
    memory: int


class ForkServer:
    """A listening socket and the evaluators that accept on it."""

    def __init__(
        self,
        store: Store,
        listener: socket.socket,
        wanted: int,
        memory: int,
        files: int,
    ) -> None:
        self.store = store
        self.files = files
        self.listener = listener
        self.wanted = wanted
        self.memory = memory
        self.priority = os.getpriority(os.PRIO_PROCESS, 0)
        self.workers: set[int] = set()
        self.finishing = False

    def fork(self) -> None:
        """Start one more evaluator."""
        parent = os.getpid()
        pid = os.fork()
        if pid:
            self.workers.add(pid)
            return
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            die_with(parent)
            Evaluator(
                self.listener, self.store, self.memory, self.files, finishing=self.finishing
            ).run()
        finally:
            os._exit(1)  # an exception must never come back into the fork server's code

    def fill(self) -> None:
        """Start evaluators until as many as are wanted have no slow query.

        Who waits for a slow one lowers its priority (see `slots`): that is how it is known.
        """
        slow = sum(os.getpriority(os.PRIO_PROCESS, pid) != self.priority for pid in self.workers)
        for _ in range(self.wanted - len(self.workers) + slow):
            self.fork()

    def reap(self) -> int:
        """Take leave of the dead; the number of those that did not go because all were to go."""
        failed = 0
        while self.workers:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                break
            self.workers.discard(pid)
            code = os.waitstatus_to_exitcode(status)
            failed += code != 0
            if code not in (0, GIVES_WAY) and code > 0:
                time.sleep(0.1)  # it could not even start: do not spin
        return failed

    def run(self, wakeups: int) -> None:
        """Keep the evaluators alive until told to finish, then until the last has finished."""
        while self.workers:
            ready, _, _ = select.select([wakeups, sys.stdin.fileno()], [], [], SLOW_CHECK_SECONDS)
            if sys.stdin.fileno() in ready:
                self.kill()
                self.remove_traces()
                return
            signals = os.read(wakeups, 4096) if ready else b""
            if signal.SIGTERM in signals and not self.finishing:
                self.finish()
            failed = self.reap()
            if not self.finishing:
                self.fill()
            else:
                for _ in range(failed):  # somebody has to answer those in the queue
                    self.fork()

    def finish(self) -> None:
        """Let the evaluators end when they have served who is there."""
        self.finishing = True
        # Connections in the queue are still accepted, new ones are refused.
        self.listener.shutdown(socket.SHUT_RDWR)
        for pid in self.workers:
            os.kill(pid, signal.SIGHUP)

    def kill(self) -> None:
        """End every evaluator at once."""
        for pid in self.workers:
            os.kill(pid, signal.SIGKILL)
        for pid in self.workers:
            os.waitpid(pid, 0)

    def remove_traces(self) -> None:
        """Clear the socket's folder away: a host that was killed could not."""
        folder = Path(self.listener.getsockname()).parent
        with suppress(OSError):  # where other things are left, the folder stays
            Path(self.listener.getsockname()).unlink(missing_ok=True)
            (folder / "current").unlink(missing_ok=True)
            folder.rmdir()


def die_with(parent: int) -> None:
    """Make the kernel end this process when its parent ends (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def main() -> NoReturn:
    """Open, listen, fork, watch."""
    configuration: Configuration = json.loads(sys.argv[1])
    os.nice(MODESTY)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who started it
    with ThreadPoolExecutor(1) as aside:
        # A thread has its own heap (glibc). That of the evaluators then is not the one that loading
        # has left full of holes, which makes their allocations take a third of a query's time.
        opened = aside.submit(open_store, configuration["store"], configuration["files"])
        try:
            store = opened.result()
        except UnreadableFileError as error:
            sys.exit(str(error))
    wakeups, wakeup = os.pipe()
    os.set_blocking(wakeup, False)
    signal.set_wakeup_fd(wakeup)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until an evaluator has its own handler
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(configuration["socket"])
    on_disk = configuration["store"]
    # RocksDB opens a file when a query first needs it.
    files = len(list(Path(on_disk).iterdir())) if on_disk else 0
    workers, memory = configuration["workers"], configuration["memory"]
    server = ForkServer(store, listener, workers, memory, files)
    gc.collect()
    gc.freeze()  # the collector would touch, and so copy, every shared page
    listener.listen(configuration["queue"])
    server.fill()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    server.run(wakeups)
    os._exit(0)


if __name__ == "__main__":
    main()
