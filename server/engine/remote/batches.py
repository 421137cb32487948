"""A version cut into SPARQL updates: many small graphs in one, or a part of a large one."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

import pyoxigraph as ox

from server.engine.remote.layout import DEFAULT

T = TypeVar("T")
LINES_A_BATCH = 2_000
"""Triples of one update: Virtuoso's parser runs out of memory at 5,000."""
GRAPHS_A_BATCH = 200
"""Graphs of one update, each of which takes a statement of its own."""
BATCH_IN_MEMORY = 16 * 1024 * 1024


@dataclass
class Batch:
    """The content of one update: graphs to replace, and lines of N-Triples for each graph."""

    replaced: list[str] = field(default_factory=list)
    lines: dict[str, list[str]] = field(default_factory=dict)
    size: int = 0

    def add(self, graph: str, lines: Sequence[str], *, first: bool) -> None:
        """Take some triples of a graph; the first replace what it held."""
        if first:
            self.replaced.append(graph)
        self.lines.setdefault(graph, []).extend(lines)
        self.size += len(lines)

    @property
    def full(self) -> bool:
        """True where the batch is to be sent now."""
        return self.size >= LINES_A_BATCH or len(self.lines) >= GRAPHS_A_BATCH


def batches(store: ox.Store, graphs: Sequence[str]) -> Iterator[Batch]:
    """A version in the order in which it is sent: the named graphs, then the default graph.

    The same version always comes in the same batches: its store does not change.
    """
    batch = Batch()
    for name in (*graphs, DEFAULT):
        graph = ox.DefaultGraph() if name == DEFAULT else ox.NamedNode(name)
        for number, lines in enumerate(parts(store, graph)):
            if batch.full or (batch.size and batch.size + len(lines) > LINES_A_BATCH):
                yield batch
                batch = Batch()
            batch.add(name, lines, first=number == 0)
    if batch.lines:
        yield batch


def parts(store: ox.Store, graph: ox.NamedNode | ox.DefaultGraph) -> Iterator[Sequence[str]]:
    """The triples of a graph as lines of N-Triples, some thousand at a time.

    Blank nodes have a name within one update only: the triples that have any come first, together.
    """
    with tempfile.SpooledTemporaryFile(max_size=BATCH_IN_MEMORY) as file:
        store.dump(file, ox.RdfFormat.N_TRIPLES, from_graph=graph)
        file.seek(0)
        blank = [line for line in map(bytes.decode, file) if has_blank_node(line)]
        if blank:
            yield blank
        file.seek(0)
        rest = (line for line in map(bytes.decode, file) if not has_blank_node(line))
        yield from batched(rest, LINES_A_BATCH)


def has_blank_node(line: str) -> bool:
    """True where the subject or the object of a line of N-Triples is a blank node."""
    return line.startswith("_:") or "> _:" in line


def batched(items: Iterable[T], size: int) -> Iterator[Sequence[T]]:
    """The items, so many at a time."""
    left = iter(items)
    while taken := list(islice(left, size)):
        yield taken


def written(batch: Batch, present: set[str], *, virtuoso: bool) -> str:
    """The update that brings a batch."""

    def place(graph: str) -> str:
        return "DEFAULT" if graph == DEFAULT and not virtuoso else f"GRAPH <{graph}>"

    steps = [
        f"DROP SILENT {place(name)}"
        for name in batch.replaced
        # What comes twice, because an answer was lost, is there once; but not a blank node.
        if name in present or name == DEFAULT or any(map(has_blank_node, batch.lines[name]))
    ]
    for insert, end, chosen in (
        # INSERT DATA may name no blank node in some engines.
        ("INSERT", " WHERE {}", True),
        ("INSERT DATA", "", False),
    ):
        blocks = []
        for graph, lines in batch.lines.items():
            text = "".join(line for line in lines if has_blank_node(line) is chosen)
            if text:
                default = place(graph) == "DEFAULT"
                blocks.append(text if default else f"{place(graph)} {{\n{text}}}\n")
        if blocks:
            steps.append(f"{insert} {{\n{''.join(blocks)}}}{end}")
    return " ;\n".join(steps)
