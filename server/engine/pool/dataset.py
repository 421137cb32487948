"""The dataset that a query asks for, out of the graphs of a store."""

from collections.abc import Sequence
from typing import IO, Any, cast

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store


class MergeTooLargeError(Exception):
    """The graphs to merge pass their limit."""


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
    for graph in graphs["named_graphs"]:
        merge(store, graph, merged, graph, limit)
    for name in default:
        merge(store, NamedNode(name), merged, DefaultGraph(), limit)
    return merged, {"default_graph": DefaultGraph(), **graphs}


def merge(
    source: Store, graph: NamedNode, merged: Store, into: NamedNode | DefaultGraph, limit: int
) -> None:
    """Add the triples of a graph; raises MergeTooLargeError as soon as there are too many.

    Triples go as text, which the engine reads faster than objects; the writer stops in time.
    """
    text = Triples(limit)
    source.dump(cast(IO[bytes], text), RdfFormat.N_TRIPLES, from_graph=graph)
    merged.load(text.content(), RdfFormat.N_TRIPLES, to_graph=into, lenient=True)
    if len(merged) > limit:
        raise MergeTooLargeError


class Triples:
    """A file in memory that takes N-Triples, one a line, up to a limit of lines."""

    def __init__(self, limit: int) -> None:
        self.left = limit
        self.chunks: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Take some lines; raises MergeTooLargeError when they are too many."""
        self.left -= data.count(b"\n")
        if self.left < 0:
            raise MergeTooLargeError
        self.chunks.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing: it is all here."""

    def content(self) -> bytes:
        """The bytes written so far."""
        return b"".join(self.chunks)
