"""The engine inside: evaluators forked over Oxigraph, asked over blocking Unix sockets.

A supervisor (see `supervisor`) keeps a folder of sockets, one per version, and a link `current` to
the one that serves. Any number of processes and threads may hold a `PoolEngine` over that folder.
"""

import os
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, cast

from server.engine import Answer, QueryForm, client
from server.engine.errors import EngineUnavailable, EvaluatorCrashed, NoVersion
from server.engine.graph_names import dataset_of, prefixes_for
from server.engine.limits import Limits, PoolSize, read_checked
from server.engine.pool import wire
from server.engine.pool.connection import Connection
from server.engine.pool.slots import Slots
from server.engine.result_files import ResultFile, ResultFiles

CURRENT = "current"
SOCKET = ".sock"
# Seconds after which evaluators that do not listen are looked for again: they are being started.
RETRY = 0.02


class PoolEngine:
    """An `Engine` over the sockets of a supervisor."""

    def __init__(self, sockets: Path, limits: Limits, size: PoolSize) -> None:
        self.limits = limits
        self.sockets = sockets
        self.current = str(sockets / CURRENT)
        self.slots = Slots(size, limits)
        self.files = ResultFiles(limits.max_held_bytes)
        self.lock = threading.Lock()
        self.idle: list[Connection] = []
        """Connections that were used before: to ask the next query on one costs half as much."""

    def version(self) -> str:
        """The version whose evaluators answer now."""
        try:
            # Every request asks: of a Path it takes four times as long.
            return os.readlink(self.current).removesuffix(SOCKET)  # noqa: PTH115
        except OSError:
            raise NoVersion from None

    def query(
        self,
        text: str,
        *,
        media_type: str,
        base: str = "",
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        timeout: float | None = None,
    ) -> Answer:
        """The answer of an evaluator (see `Engine.query`)."""
        structure = read_checked(text, self.limits)
        default, named = dataset_of(structure, base, default_graphs, named_graphs)
        deadline = self.limits.seconds(timeout)
        request = wire.pack_request(
            {
                "query": text,
                "base": base or None,
                "media_type": media_type,
                "dataset": bool(default or named),
                "default": list(default),
                "named": list(named),
                "prefixes": prefixes_for(media_type, structure),
                "timeout": deadline,
                "max_result_bytes": self.limits.max_result_bytes,
                "max_merged_quads": self.limits.max_merged_quads,
            }
        )
        version, result = self.evaluate(request, deadline)
        form: QueryForm = structure.form or "select"
        return Answer(form, media_type, version, result.size, cast(IO[bytes], result))

    def judge(self, text: str, base: str, timeout: float) -> None:
        """Raise what an evaluator's parser has against a text that another engine is to evaluate.

        ServiceRefused, UnclearQuery, or QuerySyntaxError of one that may have SERVICE or FROM.
        """
        request = wire.pack_request(
            {
                "query": text,
                "base": base or None,
                "judge": True,
                "timeout": timeout,
                "max_result_bytes": self.limits.max_result_bytes,
            }
        )
        self.evaluate(request, timeout)[1].close()

    def evaluate(self, request: bytes, deadline: float) -> tuple[str, ResultFile]:
        """The version that has answered a request, and the result.

        What an evaluator did not begin with is asked again: it was still being started, or its
        version has been replaced. Raises EngineUnavailable where none listens for `queue_wait`.
        """
        with self.slots.enter(client.get()) as slot:
            give_up = time.monotonic() + self.limits.queue_wait  # for a slot has been waited before
            while time.monotonic() < give_up:
                version = self.version()
                try:
                    connection = self.connect(version)
                except OSError:
                    time.sleep(RETRY)
                    continue
                result = self.files.open()
                try:
                    connection.ask(request, result, deadline, self.limits.memory, slot)
                    result.seek(0)
                    return version, result
                except EvaluatorCrashed:
                    result.close()
                    if connection.buffer or self.version() == version:
                        raise
                except BaseException:
                    result.close()
                    if not connection.lasts:
                        connection.kill()
                    raise
                finally:
                    self.give_back(connection)
        raise EngineUnavailable

    def connect(self, version: str) -> Connection:
        """A connection to an evaluator of that version; raises Busy, or OSError if none listens."""
        while True:
            with self.lock:
                known = self.idle.pop() if self.idle else None
            if known is None:
                address = self.sockets / f"{version}{SOCKET}"
                return Connection(address, version, self.limits.queue_wait)
            if known.version == version and known.usable:
                return known
            known.close()

    def give_back(self, connection: Connection) -> None:
        """Keep a connection for the next query; where its evaluator does not last, hang up."""
        if not connection.lasts:
            connection.close()
            return
        with self.lock:
            self.idle.append(connection)

    def close(self) -> None:
        """Hang up on every evaluator that is idle."""
        with self.lock:
            while self.idle:
                self.idle.pop().close()
