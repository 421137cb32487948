"""A whole graph in any format: small ones out of the engine, large ones written to a file once.

A graph of a million triples takes longer than a query may: it is written by the store of its
version itself, outside of the evaluators, to a file that is kept while there is room.
"""

import gzip
import json
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path
from typing import IO, Final, cast

from flask import Response
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store

from loaders.build.dumps import N_QUADS
from loaders.build.notice import comment
from ontology.namespaces import PREFIXES
from server.graph.named_graphs import graph_size
from server.http.formats import Format
from server.http.responses import respond_with
from server.linked_data.kept_files import FILES, Written, send_written
from server.questions import question
from server.site import Site

LARGE = 20_000
"""Triples from which a graph is written to a file: so many take the engine half a second."""
DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>'


def dump(store: Path, graph: str | None, entry: Format, target: Path) -> None:
    """Write a graph of a store, the default graph where none is named.

    What it is, whose and on which terms stands before all of the data, as at the head of its dumps.
    """
    node = NamedNode(graph) if graph else DefaultGraph()
    notice = [] if graph else read_notice(store.parent)
    with target.open("wb") as file:
        write(Store.read_only(str(store)), node, entry, notice, file)


def write(
    store: Store,
    graph: NamedNode | DefaultGraph | None,
    entry: Format,
    notice: Sequence[str],
    file: IO[bytes],
) -> None:
    """Write a graph of a store, or every graph, after a notice."""
    chosen = RdfFormat.from_media_type(entry.media_type)
    before, after = around(notice, entry) if notice else (b"", b"")
    file.write(before)
    # An XML declaration stands before everything else.
    bare = notice and entry.name == "rdfxml"
    body = cast(IO[bytes], _WithoutDeclaration(file)) if bare else file
    store.dump(body, chosen, from_graph=graph, prefixes=dict(PREFIXES))
    file.write(after)


def read_notice(version: Path) -> list[str]:
    """The lines at the head of the dump of a version; none where an old build wrote none."""
    try:
        with gzip.open(version / f"{N_QUADS}.gz", "rt", encoding="utf-8") as content:
            return [line[1:].strip() for line in takewhile(lambda x: x.startswith("#"), content)]
    except OSError:
        return []


def around(notice: Sequence[str], entry: Format) -> tuple[bytes, bytes]:
    """What stands before and after the data for a notice to be in the file.

    In JSON-LD it is a member that no term stands for, which processors drop (JSON-LD 1.1, 4.1).
    """
    if entry.name == "rdfxml":
        text = "\n".join(notice).replace("--", "- -")
        return f"{DECLARATION}\n<!--\n{text}\n-->\n".encode(), b""
    if entry.name == "jsonld":
        told = json.dumps(notice, ensure_ascii=False, indent=1)
        return f'{{"@context": {{}}, "notice": {told},\n"@graph": '.encode(), b"}\n"
    return "".join(map(comment, notice)).encode(), b""


class _WithoutDeclaration:
    """A file that takes RDF/XML without its first line."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.held = file, b""
        self.begun = False

    def write(self, content: bytes) -> int:
        """Write, once the declaration has gone by."""
        if self.begun:
            return self.file.write(content)
        self.held += content
        if b"?>" in self.held:
            self.begun = True
            self.file.write(self.held.partition(b"?>")[2].lstrip())
        return len(content)

    def flush(self) -> None:
        """Let the file take what it was given."""
        self.file.flush()


def written_graph(site: Site, graph: str | None, entry: Format) -> Written | None:
    """The file of a graph that is large, and of all of the data; None for what is small."""
    version = site.current_version()
    store = version.path / "store"
    if not store.is_dir():
        return None
    if graph and graph_size(site.engine, version, graph) < LARGE:
        return None
    key = (str(store), graph, entry.name)
    return FILES.find(key, lambda path: dump(store, graph, entry, path))


def whole_graph(site: Site, graph: str | None, entry: Format) -> Response:
    """The triples of a named graph, or of the default graph, in a format."""
    written = written_graph(site, graph, entry)
    if written:
        name = f"{(graph or 'maillage').rpartition('/')[2]}.{entry.extension}"
        response = send_written(written, entry, name)
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
