"""`maillage push`: a version loaded into a remote engine, graph by graph, by SPARQL Update.

A batch is many small graphs, or a part of a large one; its update ends by counting it in the
marker (`engine.layout`), so that a push that is killed goes on where it was. A batch that has come
in part is sent again: it replaces its graphs, and a triple that is there already is there once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from typing import TypeVar
from urllib.parse import urlencode

import pyoxigraph as ox

from loaders.errors import BuildError
from loaders.progress import Progress
from loaders.versions import BuiltVersion
from ontology.namespaces import GRAPH
from server.engine.errors import EngineError
from server.engine.media_types import SPARQL_UPDATE, URL_ENCODED
from server.engine.remote.batches import GRAPHS_A_BATCH, batched, batches, written
from server.engine.remote.layout import (
    CEILING,
    CUT,
    DEFAULT,
    FIND_MARKER,
    IS_VIRTUOSO,
    MANY_SOLUTIONS,
    ROWS_HEADER,
    VERSION,
    Marker,
    read_marker,
)
from server.engine.remote.results import SPARQL_XML, rewrite
from server.engine.remote.transport import Credentials, Transport, discard
from server.engine.remote.watch import Watch
from server.engine.results import JSON, Table, read_table

T = TypeVar("T")
NAMES_AT_ONCE = 5_000
"""Names of graphs of one answer: half the rows that Virtuoso gives as it comes."""
REQUEST_SECONDS = 600.0
"""Seconds that one update may take: an engine that saves what it has makes callers wait."""
ANSWER_BYTES = 256 * 1024 * 1024
# Where engines take updates whose queries are asked at the first address.
UPDATE_PATHS = {"/sparql": "/sparql-auth", "/query": "/update", "/sparql-auth": "/sparql-auth"}


class PushError(BuildError):
    """The version did not get into the engine; the message says why and what to do."""


def update_address(query_address: str) -> str:
    """The address at which an engine that is asked there takes updates, as far as one can guess."""
    for end, other in UPDATE_PATHS.items():
        if query_address.endswith(end):
            return query_address.removesuffix(end) + other
    return query_address


def push(
    version: BuiltVersion,
    query_address: str,
    *,
    update: str = "",
    credentials: Credentials,
    progress: Progress,
) -> str:
    """Load a version; returns in a word what was done. Raises PushError."""
    where = update or update_address(query_address)
    with (
        closing(Transport(query_address, credentials)) as queries,
        closing(Transport(where, credentials)) as updates,
    ):
        return Push(version, queries, updates, progress).run()


class Push:
    """One version on its way into one engine."""

    def __init__(
        self, version: BuiltVersion, queries: Transport, updates: Transport, progress: Progress
    ) -> None:
        self.version = version
        self.queries = queries
        self.updates = updates
        self.progress = progress

    def run(self) -> str:
        """Load what is missing, remove what is no longer there, and write the marker."""
        marker = self.read(FIND_MARKER, read_marker)
        if marker.version == self.version.id and not marker.coming:
            return "is there already"
        going_on = marker.coming == self.version.id
        if not going_on:
            marker = self.begin(marker)
        present = self.graphs()
        store = ox.Store.read_only(str(self.version.folder / "store"))
        size = self.version.manifest["quads"]
        for _ in self.progress.over(self.quads_sent(store, marker, present), "push", "quads", size):
            pass
        kept = {*self.version.manifest["graphs"], DEFAULT, VERSION}
        gone = sorted(name for name in present - kept if name.startswith(str(GRAPH)))
        for names in batched(gone, GRAPHS_A_BATCH):
            self.send(";\n".join(f"DROP SILENT GRAPH <{name}>" for name in names))
        self.send(replace(marker, version=self.version.id, coming="").update())
        return "was pushed, going on from an earlier push" if going_on else "was pushed"

    def begin(self, marker: Marker) -> Marker:
        """Tell in the engine that a version is coming; PushError where it holds others' data."""
        virtuoso = bool(self.select(IS_VIRTUOSO).rows)
        if virtuoso:
            self.require_whole_answers()
        strange = not (marker.version or marker.coming) and not virtuoso
        if strange and self.select("SELECT ?s WHERE { ?s ?p ?o } LIMIT 1").rows:
            raise PushError(
                "the default graph of the engine holds data that no push has brought there: "
                "give it an empty dataset"
            )
        marker = Marker(marker.version, virtuoso, self.version.id)
        self.send(marker.update())
        return marker

    def require_whole_answers(self) -> None:
        """PushError where Virtuoso cuts answers: it says so of a SELECT, and not of a CONSTRUCT."""
        rows = min(self.version.manifest["quads"] + 1, CEILING)
        with Watch(REQUEST_SECONDS) as watch:
            response = self.queries.exchange(
                urlencode({"query": f"{MANY_SOLUTIONS} LIMIT {rows - 1}"}).encode(),
                {"Content-Type": URL_ENCODED, "Accept": "text/csv"},
                watch,
            )
            discard(response)
        if CUT & set(response.headers):
            raise PushError(
                f"the engine cuts answers at {response.headers.get(ROWS_HEADER, 'some')} rows: set "
                f"ResultSetMaxRows of [SPARQL] in its virtuoso.ini to {rows} or more"
            )

    def graphs(self) -> set[str]:
        """The names of the graphs that are in the engine."""
        found: list[str] = []
        while True:
            last = found[-1] if found else ""
            rows = self.select(
                "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } "
                f'FILTER(STR(?g) > "{last}") }} ORDER BY STR(?g) LIMIT {NAMES_AT_ONCE}'
            ).rows
            found += [row["g"].value for row in rows]
            if len(rows) < NAMES_AT_ONCE:
                return set(found)

    def quads_sent(self, store: ox.Store, marker: Marker, present: set[str]) -> Iterator[None]:
        """Each quad, once it has come."""
        total = 0
        for batch in batches(store, self.version.manifest["graphs"]):
            total += batch.size
            if total > marker.quads:
                count = replace(marker, quads=total).update()
                self.send(f"{written(batch, present, virtuoso=marker.virtuoso)} ;\n{count}")
            yield from (None for _ in range(batch.size))

    def select(self, query: str) -> Table:
        """The solutions of a query."""
        return self.read(query, read_table)

    def read(self, query: str, reader: Callable[[bytes], T]) -> T:
        """The answer to a SELECT, as a reader of JSON makes it."""
        try:
            with Watch(REQUEST_SECONDS) as watch:
                reply = self.queries.ask([("query", query)], SPARQL_XML, watch, ANSWER_BYTES)
            require(reply.status, self.queries)
            body, _ = rewrite(reply, "select", JSON, {}, ANSWER_BYTES)
        except EngineError as error:
            raise PushError(f"{self.queries.url}: {error}") from error
        with body:
            return reader(body.read())

    def send(self, text: str) -> None:
        """Run an update; PushError unless it succeeds."""
        try:
            with Watch(REQUEST_SECONDS) as watch:
                reply = self.updates.send(
                    text.encode(), SPARQL_UPDATE, watch, accept="*/*", limit=ANSWER_BYTES
                )
        except EngineError as error:
            raise PushError(f"{self.updates.url}: {error}") from error
        with reply.body:
            require(reply.status, self.updates, reply.body.read(300).decode(errors="replace"))


def require(status: int, transport: Transport, said: str = "") -> None:
    """PushError unless a status tells of success."""
    if status in (401, 403):
        raise PushError(
            f"{transport.url} refuses the user: set MAILLAGE_ENGINE_USER, MAILLAGE_ENGINE_PASSWORD"
        )
    if not 200 <= status < 300:
        said = " ".join(said.split())
        raise PushError(f"{transport.url} answers with status {status} {said}".rstrip())
