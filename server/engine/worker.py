"""An evaluator: a process that answers queries over an open store until one of them kills it.

It runs in a jail that it makes itself. The kernel ends it at the deadline (SIGALRM, which nothing
catches), refuses memory beyond the limit, and gives it one file descriptor, the connection: a
query can open no file and no socket. Its standard error is the connection too, so that the last
words of a Rust panic reach the one who asked.
"""

import gc
import os
import re
import resource
import signal
import socket
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, NoReturn, cast

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    QueryResultsFormat,
    QueryTriples,
    RdfFormat,
    Store,
    serialize,
)

from server.engine import wire

CHUNK = 64 * 1024
# After a query that grew it by so much, an evaluator gives way to a fresh one.
GROWTH = 128 * 1024 * 1024
PLACE = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
EXPECTED = re.compile(r""" "(?:[^"\\]|\\.)*" | \[(?:'[^']*'|[^\]'])*\] | [^,\[\]"]+ """, re.VERBOSE)
SHOWN = 12

STANDARD_INPUT, STANDARD_ERROR = 0, 2


class ResultTooLargeError(Exception):
    """The result passes its limit."""


class MergeTooLargeError(Exception):
    """The graphs to merge pass their limit."""


def evaluate_forever(listener: socket.socket, store: Store, memory: int) -> NoReturn:
    """Answer one connection after the other; ends when the listener is shut down and empty."""
    gc.disable()
    restrict(listener, memory)
    start = peak_memory()
    while peak_memory() - start < GROWTH:
        try:
            connection, _ = listener.accept()
        except OSError:  # EINVAL: shut down, and the last one in the queue was served
            break
        with connection:
            try:
                answer(connection, store, memory)
            except (OSError, EOFError):
                pass  # the client has gone
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
    os._exit(0)


def restrict(listener: socket.socket, memory: int) -> None:
    """Take away what a query never needs."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    statm = Path("/proc/self/statm")
    if statm.exists():
        size = int(statm.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (size + memory, size + memory))
    # One descriptor above the highest hole: the connection takes it, nothing else can be opened.
    spare = os.dup(listener.fileno())
    os.close(spare)
    resource.setrlimit(resource.RLIMIT_NOFILE, (spare + 1, spare + 1))


def peak_memory() -> int:
    """The most memory this process has held, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def answer(connection: socket.socket, store: Store, memory: int) -> None:
    """Evaluate the one request of a connection and send its result."""
    connection.sendall(wire.GREETING.pack(os.getpid(), time.monotonic()))
    request = wire.receive_request(connection)
    os.dup2(connection.fileno(), STANDARD_ERROR)
    signal.setitimer(signal.ITIMER_REAL, request["timeout"])
    sink = Sink(connection, request["max_result_bytes"])
    try:
        write_result(request, store, sink)
    except SyntaxError as error:
        connection.sendall(syntax_error(str(error)))
    except MemoryError:
        connection.sendall(wire.error_frame("memory", limit=memory))
    except ResultTooLargeError:
        connection.sendall(wire.error_frame("result-size", limit=request["max_result_bytes"]))
    except MergeTooLargeError:
        connection.sendall(wire.error_frame("merge", limit=request["max_merged_quads"]))
    except (OSError, ValueError, RuntimeError):
        # The engine gave up by itself: SERVICE in the jail, a file it could not read.
        connection.sendall(wire.error_frame("crash"))
    else:
        sink.finish()
    finally:
        # Let go of the connection, so that closing it closes it indeed.
        os.dup2(STANDARD_INPUT, STANDARD_ERROR)


class Sink:
    """The file that a serialiser writes to: frames of bounded size on a connection."""

    def __init__(self, connection: socket.socket, limit: int) -> None:
        self.connection = connection
        self.limit = limit
        self.sent = 0
        self.pending = bytearray()

    def write(self, data: bytes) -> int:
        """Take some bytes of the result; raises ResultTooLargeError past the limit."""
        self.pending += data
        if self.sent + len(self.pending) > self.limit:
            raise ResultTooLargeError
        if len(self.pending) >= CHUNK:
            self.send()
        return len(data)

    def send(self) -> None:
        """Send what is pending."""
        if self.pending:
            self.connection.sendall(wire.frame(wire.DATA, bytes(self.pending)))
            self.sent += len(self.pending)
            self.pending = bytearray()

    def flush(self) -> None:
        """Nothing: what is pending goes out with the mark of the end, in one piece."""

    def finish(self) -> None:
        """Send the rest and the mark that the result is whole."""
        rest = wire.frame(wire.DATA, bytes(self.pending)) if self.pending else b""
        self.connection.sendall(rest + wire.frame(wire.END, b""))


def write_result(request: dict[str, Any], store: Store, sink: Sink) -> None:
    """Evaluate a request and serialise its result."""
    options: dict[str, Any] = {}
    if request["dataset"]:
        store, options = dataset(
            store, request["default"], request["named"], request["max_merged_quads"]
        )
    results = store.query(request["query"], **options)
    output = cast(IO[bytes], sink)  # a serialiser asks no more of a file than these
    media_type = request["media_type"]
    if not isinstance(results, QueryTriples):
        results.serialize(output, QueryResultsFormat.from_media_type(media_type))
    elif request["prefixes"]:
        serialize(
            results, output, RdfFormat.from_media_type(media_type), prefixes=request["prefixes"]
        )
    else:
        results.serialize(output, RdfFormat.from_media_type(media_type))


def dataset(
    store: Store, default: Sequence[str], named: Sequence[str], limit: int
) -> tuple[Store, dict[str, Any]]:
    """The store and the options of `Store.query` that give the dataset a request asks for.

    One graph is read where it lies. Several are first merged into a store of their own, because
    the engine's union of graphs counts a triple once per graph.
    """
    graphs = {"named_graphs": [NamedNode(name) for name in named]}
    if len(default) < 2:
        return store, {"default_graph": [NamedNode(name) for name in default], **graphs}
    merged = Store()
    for name in default:
        triples = store.dump(format=RdfFormat.N_TRIPLES, from_graph=NamedNode(name))
        merged.load(triples, RdfFormat.N_TRIPLES, to_graph=DefaultGraph(), lenient=True)
        if len(merged) > limit:
            raise MergeTooLargeError
    for name in named:
        triples = store.dump(format=RdfFormat.N_TRIPLES, from_graph=NamedNode(name))
        merged.load(triples, RdfFormat.N_TRIPLES, to_graph=NamedNode(name), lenient=True)
        if len(merged) > limit:
            raise MergeTooLargeError
    return merged, {"default_graph": DefaultGraph(), **graphs}


def syntax_error(message: str) -> bytes:
    """The frame for a refused text, with the place taken out of the engine's message."""
    place = PLACE.match(message)
    if place is None:
        return wire.error_frame("syntax", message=message)
    line, column, rest = place.groups()
    expected = [item.strip() for item in EXPECTED.findall(rest)]
    # The engine lists character classes too: they help nobody. What has spaces is a reason.
    words = [item for item in expected if item and not item.startswith("[")]
    words.sort(key=lambda item: " " not in item)
    return wire.error_frame(
        "syntax", message=", ".join(words[:SHOWN]), line=int(line), column=int(column)
    )
