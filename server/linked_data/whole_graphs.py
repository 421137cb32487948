"""A whole graph in any format: small ones out of the engine, large ones written to a file once.

A graph of a million triples takes longer than a query may: it is written by the store of its
version itself, outside of the evaluators, to a file that is kept while there is room.
"""

from pathlib import Path

from flask import Response
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store

from ontology.namespaces import PREFIXES
from server.graph.named_graphs import graph_size
from server.http.formats import Format
from server.http.responses import respond_with
from server.linked_data.kept_files import FILES, send_written
from server.questions import question
from server.site import Site

LARGE = 20_000
"""Triples from which a graph is written to a file: so many take the engine half a second."""


def dump(store: Path, graph: str | None, entry: Format, target: Path) -> None:
    """Write a graph of a store, the default graph where none is named."""
    node = NamedNode(graph) if graph else DefaultGraph()
    chosen = RdfFormat.from_media_type(entry.media_type)
    Store.read_only(str(store)).dump(str(target), chosen, from_graph=node, prefixes=dict(PREFIXES))


def whole_graph(site: Site, graph: str | None, entry: Format) -> Response:
    """The triples of a named graph, or of the default graph, in a format."""
    version = site.current_version()
    store = version.path / "store"
    large = store.is_dir() and graph_size(site.engine, version, graph) >= LARGE
    if large:
        key = (str(store), graph, entry.name)
        written = FILES.find(key, lambda path: dump(store, graph, entry, path))
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
