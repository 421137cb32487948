"""An engine elsewhere: any that speaks the SPARQL 1.1 Protocol, behind the same armour.

A query is checked here before it is sent, as a form by POST. The result is read whole, and written
anew in the format that is wanted. `layout` tells how the data lies there.
"""

import logging
import re
import threading
import time
from collections.abc import Callable, Sequence

from server.engine import Answer, QueryForm
from server.engine.errors import (
    AnswerCut,
    Busy,
    DeadlineExceeded,
    EngineError,
    EngineUnavailable,
    EvaluatorCrashed,
    NoVersion,
    QueryRefused,
    ServiceRefused,
)
from server.engine.graph_names import dataset_of, prefixes_for
from server.engine.limits import Limits, read_checked
from server.engine.query_text import read_prologue, service_place, tokens, unescape
from server.engine.remote.layout import CEILING, CUT, FIND_MARKER, Marker, read_marker
from server.engine.remote.results import accepted, rewrite
from server.engine.remote.transport import Credentials, Reply, Transport
from server.engine.remote.virtuoso import adapt
from server.engine.remote.watch import Lanes, Watch
from server.engine.results import JSON

FRESH = 1.0
"""Seconds for which the version that was found counts."""
WATCH_SECONDS = 5.0
"""Seconds within which an engine that is well tells its version."""
MARKER_BYTES = 64 * 1024
# Words whose place in a text only its grammar tells.
DOUBTFUL = re.compile("service|from", re.IGNORECASE)
# Words of updates, which no query has but in names and strings; `with` and `using` come with one.
CHANGING = frozenset(["insert", "delete", "load", "clear", "drop", "create", "add", "move", "copy"])
# Functions of Virtuoso and its database, and beginnings of IRIs that a local name could complete.
INNER = re.compile(r"<?(?:bif|sql):|<(?:b|bi|bif|s|sq|sql)>|[^:<]*:(?:bif|sql):", re.IGNORECASE)

logger = logging.getLogger("maillage.remote")


class RemoteEngine:
    """An `Engine` over an address. Threads share it.

    `judge` raises what a parser in the sandbox has against a text with a base, within some seconds:
    what it and the lexer read otherwise is not sent.
    """

    def __init__(
        self,
        url: str,
        limits: Limits,
        credentials: Credentials,
        places: int,
        judge: Callable[[str, str, float], None] | None = None,
    ) -> None:
        self.limits = limits
        self.judge = judge
        self.lanes = Lanes(places, limits)
        self.queries = Transport(url, credentials, size=self.lanes.size)
        # Of its own, so that an engine that is busy is not taken for one that is gone.
        self.watch = Transport(url, credentials, wait=WATCH_SECONDS)
        self.looking = threading.Lock()
        self.looked = float("-inf")
        self.found: Marker | EngineError = NoVersion()

    def version(self) -> str:
        """The version that was pushed there last."""
        return self.marker().serving

    def marker(self) -> Marker:
        """The version that the engine holds, or held a moment ago."""
        if time.monotonic() - self.looked > FRESH and self.looking.acquire(
            blocking=self.looked == float("-inf")
        ):
            try:
                if time.monotonic() - self.looked > FRESH:
                    self.found = self.look()
                    self.looked = time.monotonic()
            finally:
                self.looking.release()
        found = self.found
        if isinstance(found, EngineError):
            raise found.with_traceback(None)
        return found

    def look(self) -> Marker | EngineError:
        """The version that the engine says it holds, or the error for which none can be had."""
        try:
            with Watch(WATCH_SECONDS) as watch:
                reply = self.watch.ask([("query", FIND_MARKER)], JSON, watch, MARKER_BYTES)
            check(reply, WATCH_SECONDS)
            with reply.body:
                marker = read_marker(reply.body.read())
        except (ValueError, KeyError, EngineError) as error:
            logger.warning("The engine does not tell its version: %s", error)
            return EngineUnavailable()
        return marker if marker.version else NoVersion()

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
        """The answer of the engine (see `Engine.query`)."""
        structure = read_checked(text, self.limits)
        deadline = self.limits.seconds(timeout)
        service = service_place(text) or service_place(unescape(text))
        if service is not None:
            raise ServiceRefused(*service)
        if self.judge is not None and DOUBTFUL.search(unescape(text)):
            self.judge(text, base, deadline)
        if not only_reads(text):
            raise QueryRefused
        default, named = dataset_of(structure, base, default_graphs, named_graphs)
        form: QueryForm = structure.form or "select"
        marker = self.marker()
        written = f"BASE <{base}>\n{text}" if base else text
        if marker.virtuoso:
            written, default, named = adapt(written, base, default, named)
        parameters = [
            ("query", written),
            *(("default-graph-uri", name) for name in default),
            *(("named-graph-uri", name) for name in named),
        ]
        limit = self.limits.max_result_bytes
        with self.lanes.enter(deadline) as watch:
            reply = self.queries.ask(parameters, accepted(form), watch, limit)
        check(reply, deadline)
        prefixes = prefixes_for(media_type, structure)
        ceiling = CEILING if marker.virtuoso else None
        body, size = rewrite(reply, form, media_type, prefixes, limit, ceiling)
        return Answer(form, media_type, marker.serving, size, body)

    def close(self) -> None:
        """Close the connections."""
        self.queries.close()
        self.watch.close()


def only_reads(text: str) -> bool:
    """True where a text, in both readings of its escapes, is a query as far as a lexer can tell.

    Some engines run updates that come as queries, and obey what stands before one (`define`).
    Virtuoso lets anybody call functions of its own, one of which fetches from any address.
    """
    return all(map(is_query, {text, unescape(text)}))


def is_query(text: str) -> bool:
    """True where one reading begins as a query does, without a word of an update or inner name."""
    found = [token for token in tokens(text) if token.kind != "comment"]
    words = [token.text.lower() for token in found if token.kind == "word"]
    changing = any(change in word for word in words for change in CHANGING)
    inner = any(INNER.match(token.text) for token in found if token.kind in ("iri", "prefixed"))
    return read_prologue(text).form is not None and not changing and not inner


def check(reply: Reply, deadline: float) -> None:
    """Raise what an answer that is none means; what it says in words goes nowhere."""
    if reply.status == 200 and not CUT & set(reply.headers):
        return
    reply.body.close()
    logger.warning("The engine answers with status %d", reply.status)
    match reply.status:
        case 200:
            raise AnswerCut
        case 400 | 413 | 414 | 422:
            raise QueryRefused
        case 408 | 504:
            raise DeadlineExceeded(deadline)
        case 429:
            raise Busy(retry_after=1)
        case 500:
            raise EvaluatorCrashed
        case _:
            raise EngineUnavailable
