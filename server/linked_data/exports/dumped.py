"""Whole datasets and graphs out of the sorted dump of a version, in bounded memory.

A register of a million triples is one section of the dump: it goes by as it is read. The engine
would be asked thousands of times for the same.
"""

import gzip
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby, islice
from pathlib import Path
from typing import Any, Final

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from loaders.build.dumps import N_QUADS
from server.linked_data.arrangement import place

Said = Iterator[tuple[Triple, Sequence[str]]]
TOGETHER: Final = 400_000
"""Lines of several graphs that are held at once, to be told subject by subject."""
READ: Final = 5_000
"""Lines that are parsed at a time."""


class Dumped:
    """The named graphs of a version whose dump can be read in sections."""

    def __init__(self, folder: Path, manifest: Mapping[str, Any], graphs: Collection[str]) -> None:
        self.path = folder / f"{N_QUADS}.gz"
        self.manifest = manifest
        self.wanted = frozenset(graphs)
        self.sizes: Mapping[str, int] = manifest.get("graphs") or {}

    @property
    def readable(self) -> bool:
        """True where the dump is there, and says the graphs in memory that does not grow."""
        total = sum(self.sizes.get(graph, 0) for graph in self.wanted)
        fits = len(self.wanted) == 1 or total <= TOGETHER
        return fits and bool(total) and "triples" in self.manifest and self.path.is_file()

    def said(self) -> Said:
        """The triples, each with its graphs: subject by subject, those of one as a page has them.

        Raises OSError where the dump is cut off.
        """
        lines: Iterator[bytes] = self._lines()
        if len(self.wanted) > 1:
            lines = iter(sorted(lines))  # of one triple, the graphs come together
        for _, quads in groupby(_parsed(lines), key=lambda quad: quad.subject):
            graphs: dict[Triple, list[str]] = {}
            for quad in quads:
                if isinstance(quad.graph_name, NamedNode):
                    graphs.setdefault(quad.triple, []).append(quad.graph_name.value)
            for triple in sorted(graphs, key=place):
                yield triple, graphs[triple]

    def _lines(self) -> Iterator[bytes]:
        last = max(self.wanted)
        with gzip.open(self.path) as dump:
            lines = (line for line in dump if not line.startswith(b"#"))
            _skip(lines, self.manifest["triples"])
            for graph in sorted(self.sizes):
                if graph > last:
                    return
                if graph not in self.wanted:
                    _skip(lines, self.sizes[graph])
                    continue
                count = 0
                for line in islice(lines, self.sizes[graph]):
                    count += 1
                    yield line
                if count < self.sizes[graph]:
                    raise OSError(f"{self.path} ends before its manifest says")


def _skip(lines: Iterator[bytes], number: int) -> None:
    for _ in islice(lines, number):
        pass


def _parsed(lines: Iterator[bytes]) -> Iterator[Quad]:
    while part := b"".join(islice(lines, READ)):
        yield from parse(part, RdfFormat.N_QUADS, lenient=True)
