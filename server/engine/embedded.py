"""The engine inside: evaluators forked over Oxigraph, reached by their Unix sockets.

A host (see `host`) keeps a folder of sockets, one per version, and a link `current` to the one
that serves. Any number of processes and threads may hold an `EmbeddedEngine` over that folder.
"""

import asyncio
import os
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pyoxigraph import NamedNode

from server.engine import Answer, QueryForm
from server.engine.errors import (
    EvaluatorCrashed,
    InvalidGraphName,
    NestedTooDeeply,
    NoVersion,
    QueryTooLong,
)
from server.engine.leases import AHEAD, SOCKET, Lease, Leases, Patience, Pool
from server.engine.pool import wire
from server.engine.query_text import Outline, glance, read_outline, resolve
from server.engine.spool import Spool

CURRENT = "current"
# For so long (seconds) a version is not looked for again: a look at the file system takes a tenth
# of the time of an answer from memory, and lets other threads in between.
FRESH = 0.01
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
# Formats whose text is shorter and clearer with the prefixes of the query.
PREFIXED = ("text/turtle", "application/trig")


@dataclass(frozen=True)
class Limits:
    """How much one query may take. `Settings` says what each is for."""

    deadline: float = 30.0
    max_query_length: int = 500_000
    max_nesting: int = 200
    max_result_bytes: int = 512 * 1024 * 1024
    max_merged_quads: int = 500_000
    memory: int = 2048 * 1024 * 1024
    queue_wait: float = 5.0
    patience: float = 0.5
    slow_queries: int = 4


def read_checked(text: str, limits: Limits) -> Outline:
    """The outline of a query that may be evaluated; raises the limit that it breaks."""
    if len(text) > limits.max_query_length:
        raise QueryTooLong(len(text), limits.max_query_length)
    outline = glance(text)
    if outline.depth > limits.max_nesting:
        outline = read_outline(text)
    if outline.depth > limits.max_nesting:
        raise NestedTooDeeply(outline.depth, limits.max_nesting)
    return outline


class EmbeddedEngine:
    """An `Engine` over the sockets of a host.

    It lives in an event loop: that of the server where `loop` is set to it before the first query,
    else one of its own, in a thread.
    """

    def __init__(self, sockets: Path, limits: Limits, pool: Pool) -> None:
        self.limits = limits
        self.sockets = sockets
        self.folder = str(sockets)
        self.leases = Leases(self.folder, pool, limits.queue_wait)
        self.patience = Patience(limits.patience, limits.slow_queries, self.leases)
        self.lock = threading.Lock()
        self.loop: asyncio.AbstractEventLoop | None = None
        self.thread: threading.Thread | None = None
        self.seen = ("", 0.0)
        """The version seen last, and when (`monotonic`) it is to be looked for again."""

    def version(self) -> str:
        """The version whose evaluators answer now."""
        try:
            return os.readlink(f"{self.folder}/{CURRENT}").removesuffix(SOCKET)  # noqa: PTH115 (quick)
        except OSError:
            raise NoVersion from None

    def recent_version(self) -> str:
        """The version as it was a moment ago at most."""
        version, until = self.seen
        now = time.monotonic()
        if now >= until:
            version = self.version()
            self.seen = (version, now + FRESH)
        return version

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
        """The answer of an evaluator (see `Engine.query`), for any thread but the loop's."""
        answer = self.ask(
            text,
            read_checked(text, self.limits),
            media_type=media_type,
            base=base,
            default_graphs=default_graphs,
            named_graphs=named_graphs,
            timeout=timeout,
        )
        return asyncio.run_coroutine_threadsafe(answer, self.running()).result()

    def running(self) -> asyncio.AbstractEventLoop:
        """The event loop, started where there is none."""
        with self.lock:
            if self.loop is None:
                self.loop = asyncio.new_event_loop()
                self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
                self.thread.start()
            return self.loop

    def close(self) -> None:
        """End the event loop of its own."""
        if self.loop is not None and self.thread is not None:
            self.loop.call_soon_threadsafe(self.loop.stop)
            self.thread.join()
            self.loop.close()

    async def ask(
        self,
        text: str,
        outline: Outline,
        *,
        media_type: str,
        base: str = "",
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        timeout: float | None = None,
    ) -> Answer:
        """The answer of an evaluator to a query that was checked (see `read_checked`)."""
        request, deadline = self.packed(
            text,
            outline,
            media_type=media_type,
            base=base,
            default_graphs=default_graphs,
            named_graphs=named_graphs,
            timeout=timeout,
        )
        version, result = await self.exchange(request, deadline)
        return answer_of(version, result, outline, media_type)

    def packed(
        self,
        text: str,
        outline: Outline,
        *,
        media_type: str,
        base: str,
        default_graphs: Sequence[str],
        named_graphs: Sequence[str],
        timeout: float | None,
    ) -> tuple[bytes, float]:
        """A query as it is sent, and the seconds that it has. Raises InvalidGraphName."""
        default_graphs, named_graphs = dataset_of(outline, base, default_graphs, named_graphs)
        deadline = self.limits.deadline if timeout is None else min(timeout, self.limits.deadline)
        request: dict[str, object] = {
            "query": text,
            "base": base or None,
            "media_type": media_type,
            "dataset": bool(default_graphs or named_graphs),
            "default": list(dict.fromkeys(default_graphs)),
            "named": list(dict.fromkeys(named_graphs)),
            "prefixes": absolute(outline.prefixes) if media_type in PREFIXED else {},
            "timeout": deadline,
            "max_result_bytes": self.limits.max_result_bytes,
            "max_merged_quads": self.limits.max_merged_quads,
        }
        return wire.pack_request(request), deadline

    async def finish(self, lease: Lease, deadline: float) -> None:
        """Wait for the rest of what has begun; its patience is over. Raises EngineError."""
        connection = lease.connection
        if connection.ended:
            connection.check(deadline, self.limits.memory)
            return
        with self.patience.enter(lease):
            await connection.hear(deadline, self.limits.memory)

    async def exchange(self, request: bytes, deadline: float) -> tuple[str, Spool]:
        """The version that has answered a request, and the result.

        What an evaluator did not begin with is asked again: it was still being started, or its
        version has been replaced.
        """
        give_up = time.monotonic() + self.limits.queue_wait
        while time.monotonic() < give_up:
            version = self.recent_version()
            try:
                lease = await self.leases.take(version)
            except OSError:
                continue
            connection = lease.connection
            asyncio.get_running_loop().call_later(AHEAD, self.leases.watch, lease)
            try:
                await connection.ask(
                    request,
                    deadline,
                    self.patience.seconds,
                    partial(self.patience.enter, lease),
                    self.limits.memory,
                )
            except EvaluatorCrashed:
                if connection.buffer or self.version() == version:
                    raise
            else:
                return version, connection.result
            finally:
                self.leases.end(lease)
        raise self.leases.busy()


def answer_of(version: str, result: Spool, outline: Outline, media_type: str) -> Answer:
    """The answer with a result that has come whole."""
    result.file.seek(0)
    form: QueryForm = outline.form or "select"
    return Answer(form, media_type, version, result.size, result.file)


def join(base: str, name: str) -> str:
    """The name of a graph against the base, where it is relative."""
    return name if not base or SCHEME.match(name) else resolve(base, name)


def dataset_of(
    outline: Outline, base: str, default: Sequence[str], named: Sequence[str]
) -> tuple[Sequence[str], Sequence[str]]:
    """The default and the named graphs of a query: the protocol's, else those of FROM.

    Raises InvalidGraphName.
    """
    if not default and not named:
        default = [join(base, name) for name in outline.default_graphs]
        named = [join(base, name) for name in outline.named_graphs]
    check_graph_names([*default, *named])
    return default, named


def check_graph_names(names: Sequence[str]) -> None:
    """Raise InvalidGraphName for the first that is no absolute IRI."""
    for name in names:
        try:
            NamedNode(name)
        except ValueError:
            raise InvalidGraphName(name) from None


def absolute(prefixes: dict[str, str]) -> dict[str, str]:
    """The prefixes that stand for absolute IRIs: only those can be written."""
    return {prefix: iri for prefix, iri in prefixes.items() if "://" in iri or iri[:4] == "urn:"}
