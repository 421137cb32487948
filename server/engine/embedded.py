"""The engine inside: evaluators forked over Oxigraph, reached by their Unix sockets.

A host (see `host`) keeps a folder of sockets, one per version, and a link `current` to the one
that serves. Any number of processes and threads may hold an `EmbeddedEngine` over that folder.
"""

import json
import socket
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pyoxigraph import NamedNode

from server.engine import CHUNK, Answer, QueryForm, wire
from server.engine.errors import (
    REPORTED,
    Busy,
    DeadlineExceeded,
    EngineError,
    EvaluatorCrashed,
    InvalidGraphName,
    MemoryExceeded,
    NestedTooDeeply,
    NoVersion,
    QueryTooLong,
    ServiceRefused,
)
from server.engine.outline import Outline, read_outline

CURRENT = "current"
# Results up to here stay in memory, larger ones go to a temporary file.
SPOOL = 1024 * 1024
# How long after the deadline an evaluator may be silent before its client gives it up.
GRACE = 0.5
RETRY = 0.02
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


def read_checked(text: str, limits: Limits) -> Outline:
    """The outline of a query that may be evaluated; raises the limit that it breaks."""
    if len(text) > limits.max_query_length:
        raise QueryTooLong(len(text), limits.max_query_length)
    outline = read_outline(text)
    if outline.service is not None:
        raise ServiceRefused(*outline.service)
    if outline.depth > limits.max_nesting:
        raise NestedTooDeeply(outline.depth, limits.max_nesting)
    return outline


class EmbeddedEngine:
    """An `Engine` over the sockets of a host."""

    def __init__(self, sockets: Path, limits: Limits) -> None:
        self.sockets = sockets
        self.limits = limits

    def version(self) -> str:
        """The version whose evaluators answer now."""
        try:
            return (self.sockets / CURRENT).readlink().stem
        except OSError:
            raise NoVersion from None

    def query(
        self,
        text: str,
        *,
        media_type: str,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        timeout: float | None = None,
    ) -> Answer:
        """The answer of an evaluator (see `Engine.query`)."""
        outline = read_checked(text, self.limits)
        if not default_graphs and not named_graphs:
            default_graphs, named_graphs = outline.default_graphs, outline.named_graphs
        check_graph_names([*default_graphs, *named_graphs])
        deadline = self.limits.deadline if timeout is None else min(timeout, self.limits.deadline)
        request = {
            "query": text,
            "media_type": media_type,
            "dataset": bool(default_graphs or named_graphs),
            "default": list(dict.fromkeys(default_graphs)),
            "named": list(dict.fromkeys(named_graphs)),
            "prefixes": absolute(outline.prefixes) if media_type in PREFIXED else {},
            "timeout": deadline,
            "max_result_bytes": self.limits.max_result_bytes,
            "max_merged_quads": self.limits.max_merged_quads,
        }
        version, start, connection = self.connect(request)
        body: IO[bytes] = tempfile.SpooledTemporaryFile(SPOOL)  # noqa: SIM115 (the answer's)
        try:
            with connection:
                size = self.receive_result(connection, start, deadline, body)
        except BaseException:
            body.close()
            raise
        body.seek(0)
        form: QueryForm = outline.form or "select"
        return Answer(form, media_type, version, size, body)

    def connect(self, request: dict[str, object]) -> tuple[str, float, socket.socket]:
        """A version, the time, and a connection to an evaluator that takes the request then.

        Nothing is evaluated before the greeting, so until then a connection that fails, because
        the version was replaced or its evaluators are being started again, is tried anew.
        """
        give_up = time.monotonic() + self.limits.queue_wait
        busy = Busy(retry_after=max(1, round(self.limits.queue_wait)))
        while (left := give_up - time.monotonic()) > 0:
            version = self.version()
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(left)
            try:
                connection.connect(str(self.sockets / f"{version}.sock"))
                wire.send_request(connection, request)
                greeting = wire.receive(connection, wire.GREETING.size)
            except (BlockingIOError, TimeoutError):
                connection.close()
                raise busy from None  # the queue is full, or no evaluator came free
            except (OSError, EOFError):
                connection.close()
                time.sleep(RETRY)
            else:
                return version, wire.GREETING.unpack(greeting)[1], connection
        raise busy

    def receive_result(
        self, connection: socket.socket, start: float, deadline: float, body: IO[bytes]
    ) -> int:
        """The size of a result that is written whole to `body`; or the reason why it is not."""
        size = 0
        connection.settimeout(deadline + GRACE)
        try:
            while True:
                header = wire.receive(connection, wire.FRAME.size)
                code, length = wire.FRAME.unpack(header)
                if code == wire.END:
                    return size
                if code == wire.DATA:
                    body.write(wire.receive(connection, length))
                    size += length
                elif code == wire.ERROR:
                    facts = json.loads(wire.receive(connection, length))
                    raise REPORTED[facts.pop("kind")](**facts)
                else:
                    words = header + connection.recv(CHUNK)
                    break
        except EOFError as end:
            words = end.args[0]
        except OSError:
            words = b""
        raise self.cause(words, time.monotonic() - start, deadline)

    def cause(self, last_words: bytes, elapsed: float, deadline: float) -> EngineError:
        """Why an evaluator went silent."""
        if last_words.startswith(b"memory allocation"):
            return MemoryExceeded(self.limits.memory)
        if elapsed >= deadline:
            return DeadlineExceeded(deadline)
        return EvaluatorCrashed()


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
