"""An evaluator: a process that answers queries over an open store until one of them kills it.

It runs in a sandbox that it makes itself (`sandbox`). The kernel ends it at the deadline (SIGALRM
is not caught), and refuses it every socket and memory beyond the limit. Who asked and hangs up ends
it too. Its standard error is the connection: the last words of a Rust panic reach who asked.
"""

import gc
import os
import re
import resource
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO, Any, NoReturn, cast

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    serialize,
)

from server.engine import CHUNK
from server.engine.pool import syntax, wire
from server.engine.pool.columns import with_columns
from server.engine.pool.dataset import MergeTooLargeError, dataset
from server.engine.pool.mending import mended
from server.engine.pool.reading import RefusedError, check, check_for_others
from server.engine.pool.sandbox import shut_in
from server.engine.pool.xml_text import XML_TYPES, XmlText, unwritable

# After a query that grew it by so much, an evaluator gives way to a fresh one. It cannot in fewer
# seconds than these.
GROWTH = 128 * 1024 * 1024
MOMENT = 0.01
GIVES_WAY = 3
"""The exit status that says so."""
UNKNOWN_FUNCTION = re.compile(r"custom function <(.*)> is not supported")

Results = QuerySolutions | QueryBoolean | QueryTriples

STANDARD_INPUT, STANDARD_ERROR = 0, 2
DATA_FIELD = 5
"""The place among the numbers of `statm`."""


class ResultTooLargeError(Exception):
    """The result passes its limit."""


class Evaluator:
    """Serves one connection after the other, and on each one query after the other.

    After a query that took much memory, or so long that its priority was lowered, it gives way to
    a fresh one. `finishing`: it serves who is connected or in the queue, and ends.
    """

    def __init__(
        self,
        listener: socket.socket,
        store: Store,
        memory: int,
        files: int,
        *,
        finishing: bool,
    ) -> None:
        self.listener = listener
        self.store = store
        self.memory = memory
        self.files = files
        self.finishing = finishing
        self.idle = True

    def run(self) -> NoReturn:
        """Serve until there is nothing left to do."""
        gc.disable()
        signal.signal(signal.SIGHUP, lambda *_: self.finish())
        self.statm = Path("/proc/self/statm").open("rb", buffering=0)  # noqa: SIM115 (for good)
        shut_in(self.memory, self.files)
        self.most = held(self.statm) + GROWTH
        self.priority = os.getpriority(os.PRIO_PROCESS, 0)
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:  # EINVAL: shut down, and the last one in the queue was served
                os._exit(0)
            with connection, suppress(OSError, EOFError):  # the client has gone
                connection.sendall(wire.GREETING.pack(os.getpid()))
                os.dup2(connection.fileno(), STANDARD_ERROR)
                while True:
                    request = wire.receive_request(connection)
                    self.idle = False
                    self.start = time.monotonic()
                    answer(connection, request, self)
                    self.idle = True
            # Let go of the connection, so that closing it closes it indeed.
            os.dup2(STANDARD_INPUT, STANDARD_ERROR)

    def finish(self) -> None:
        """End now where there is no query, else after it."""
        if self.idle:
            os._exit(0)
        self.finishing = True

    @property
    def gives_way(self) -> bool:
        """True where this query was the evaluator's last."""
        if self.finishing or os.getpriority(os.PRIO_PROCESS, 0) != self.priority:
            return True
        return time.monotonic() >= self.start + MOMENT and held(self.statm) > self.most


def held(statm: IO[bytes]) -> int:
    """The bytes of memory that a process has taken (proc_pid_statm(5)), touched or not.

    What it has touched says less: of the store, all evaluators have the same pages.
    """
    return int(os.pread(statm.fileno(), CHUNK, 0).split()[DATA_FIELD]) * resource.getpagesize()


def answer(connection: socket.socket, request: dict[str, Any], evaluator: Evaluator) -> None:
    """Evaluate a request and send its result; ends the process where it is to serve no other."""
    signal.setitimer(signal.ITIMER_REAL, request["timeout"])
    sink = Sink(connection, request["max_result_bytes"])
    try:
        write_result(request, evaluator.store, sink)
    except SyntaxError as error:
        sink.tell(wire.error_frame("syntax", **syntax.facts(request["query"], str(error))))
        last = False
    except RefusedError as error:
        sink.tell(wire.error_frame(error.kind, **error.facts))
        last = False
    except MemoryError:
        sink.tell(wire.error_frame("memory", limit=evaluator.memory))
        last = True
    except ResultTooLargeError:
        sink.tell(wire.error_frame("result-size", limit=request["max_result_bytes"]))
        last = True
    except MergeTooLargeError:
        sink.tell(wire.error_frame("merge", limit=request["max_merged_quads"]))
        last = True
    except (OSError, ValueError, RuntimeError):
        # The engine gave up by itself: SERVICE in the sandbox, a file it could not read.
        sink.tell(wire.error_frame("crash"))
        last = True
    else:
        last = evaluator.gives_way
        sink.finish(wire.LAST if last else wire.END)
    signal.setitimer(signal.ITIMER_REAL, 0)
    if last:
        os._exit(GIVES_WAY)


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
            self.tell(wire.frame(wire.DATA, bytes(self.pending)))
            self.sent += len(self.pending)
            self.pending = bytearray()

    def tell(self, frames: bytes) -> None:
        """Send some frames."""
        self.connection.sendall(frames)

    def flush(self) -> None:
        """Nothing: what is pending goes out with the mark of the end, in one piece."""

    def finish(self, mark: bytes) -> None:
        """Send the rest, marked as such."""
        self.tell(wire.frame(mark, bytes(self.pending)))


def write_result(request: dict[str, Any], store: Store, sink: Sink) -> None:
    """Evaluate a request and serialise its result; RefusedError where its format cannot hold it.

    A text that another engine is to evaluate is only judged.
    """
    if request.get("judge"):
        check_for_others(request["query"], base_iri=request["base"])
        return
    results = evaluate(request, store, sink)
    media_type = request["media_type"]
    xml = XmlText(media_type, sink) if media_type in XML_TYPES else None
    output = cast(IO[bytes], xml or sink)  # a serialiser asks no more of a file than these
    graph, table = RdfFormat.from_media_type(media_type), None
    if not isinstance(results, QueryTriples):
        graph, table = None, QueryResultsFormat.from_media_type(media_type)
    if graph is None and table is None:
        raise RefusedError("unclear")  # the lexer took it for a query of another form
    try:
        if not isinstance(results, QueryTriples):
            results.serialize(output, table)
        elif request["prefixes"]:
            serialize(results, output, graph, prefixes=request["prefixes"])
        else:
            results.serialize(output, graph)
    except OSError as error:
        if error.errno is not None:  # the connection's
            raise
        reserved = "reserved" in str(error)
        raise unwritable(media_type, "rdf:li, rdf:about …" if reserved else "<<( )>>") from None
    if xml is not None:
        xml.finish()


def evaluate(request: dict[str, Any], store: Store, sink: Sink) -> Results:
    """The result of a request."""
    base = request["base"]
    check(request["query"], base_iri=base)
    text = with_columns(mended(request["query"], base_iri=base), base)
    if request["dataset"]:
        graphs = request["default"], request["named"]
        store, options = dataset(store, *graphs, request["max_merged_quads"])
        return ask(store, text, sink, base_iri=base, **options)
    return ask(store, text, sink, base_iri=base)


def ask(store: Store, text: str, sink: Sink, **options: Any) -> Results:
    """The result of a query.

    It may name functions that the engine does not have (SPARQL 1.1 Query, 17.6): only when one is
    called is there no answer.
    """
    missing: dict[NamedNode, Callable[..., Any]] = {}
    while True:
        try:
            return store.query(text, custom_functions=missing, **options)
        except RuntimeError as error:
            unknown = UNKNOWN_FUNCTION.search(str(error))
            if unknown is None or NamedNode(unknown[1]) in missing:
                raise
            missing[NamedNode(unknown[1])] = partial(refuse, sink, unknown[1])


def refuse(sink: Sink, name: str, *_: object) -> NoReturn:
    """End where a function is called that is not there; an exception would be an unbound value."""
    sink.tell(wire.error_frame("function", name=name))
    os._exit(GIVES_WAY)
