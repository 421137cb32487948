"""A whole graph in any format: small ones out of the engine, large ones written to a file once.

A graph of a million triples takes longer than a query may: it is written by the store of its
version itself, outside of the evaluators, to a temporary file that answers until four others have
been asked for.
"""

import hashlib
import tempfile
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from flask import Response, send_file
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store

from ontology.namespaces import PREFIXES
from server.graph.named_graphs import graph_size
from server.http.formats import Format
from server.http.responses import respond_with
from server.questions import question
from server.site import Site

LARGE = 20_000
"""Triples from which a graph is written to a file: so many take the engine half a second."""
KEPT = 4
"""Files that are kept at a time."""


@dataclass(frozen=True)
class Written:
    """A graph in a file: where it is, and the ETag of its content."""

    path: Path
    etag: str


class Files:
    """The files of large graphs; made one at a time, whoever else wants one waits."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._files: OrderedDict[tuple[Path, str | None, str], Written] = OrderedDict()
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def find(self, store: Path, graph: str | None, entry: Format) -> Written:
        """The file of a graph of that store, the default graph where none is named."""
        key = (store, graph, entry.name)
        with self._lock:
            found = self._files.get(key) or self._write(store, graph, entry)
            self._files[key] = found
            self._files.move_to_end(key)
            while len(self._files) > KEPT:
                # Who is reading it goes on: the file lives until the last has closed it.
                self._files.popitem(last=False)[1].path.unlink(missing_ok=True)
        return found

    def _write(self, store: Path, graph: str | None, entry: Format) -> Written:
        if self._folder is None or not Path(self._folder.name).is_dir():
            self._folder = tempfile.TemporaryDirectory(prefix="maillage-graphs-")
        name = hashlib.sha256(f"{store} {graph}".encode()).hexdigest()[:16]
        path = Path(self._folder.name) / f"{name}.{entry.extension}"
        node = NamedNode(graph) if graph else DefaultGraph()
        chosen = RdfFormat.from_media_type(entry.media_type)
        try:
            Store.read_only(str(store)).dump(
                str(path), chosen, from_graph=node, prefixes=dict(PREFIXES)
            )
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        with path.open("rb") as file:
            return Written(path, hashlib.file_digest(file, "sha256").hexdigest()[:32])


_FILES = Files()


def whole_graph(site: Site, graph: str | None, entry: Format) -> Response:
    """The triples of a named graph, or of the default graph, in a format."""
    version = site.current_version()
    store = version.path / "store"
    large = store.is_dir() and graph_size(site.engine, version, graph) >= LARGE
    if large:
        written = _FILES.find(store, graph, entry)
        name = f"{(graph or 'maillage').rpartition('/')[2]}.{entry.extension}"
        response = send_file(written.path, download_name=name, conditional=True, etag=written.etag)
        # The file is as old as the first request for it; its content is not.
        response.headers.pop("Last-Modified", None)
    else:
        response = answered(site, graph, entry)
    response.headers["Content-Type"] = entry.content_type
    response.headers["Cache-Control"] = "no-cache"
    return response


def answered(site: Site, graph: str | None, entry: Format) -> Response:
    """The triples as the engine writes them."""
    text = question("graph-triples", graph=NamedNode(graph)) if graph else question("everything")
    answer = site.engine.query(text, media_type=entry.media_type)
    return respond_with(answer, entry.content_type)
