"""The differences between two versions, found by reading their sorted dumps side by side.

A dump is the merge, then graph after graph, each sorted (see `loaders.build.graphs`); the manifest
says how many lines each has. Whatever the size of a version, one thing is in memory at a time.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from itertools import groupby, islice

from loaders.build.dumps import N_QUADS
from loaders.errors import BuildError
from loaders.versions import BuiltVersion
from ontology.namespaces import GRAPH, GRAPH_ONTOLOGY

READ = 1 << 20
END = b" .\n"

Thing = tuple[bytes, list[bytes]]
"""A subject as N-Triples writes it, and its lines."""


@dataclass(frozen=True)
class Change:
    """The triples of the merge about one thing, before and after; `kind` is as in AS 2.0."""

    iri: str
    before: list[bytes]
    after: list[bytes]

    @property
    def kind(self) -> str:
        """`Create`, `Update` or `Delete`."""
        if not self.before:
            return "Create"
        return "Update" if self.after else "Delete"


@dataclass
class Counts:
    """The number of things that came, changed and went, and of triples added and removed."""

    created: int = 0
    updated: int = 0
    deleted: int = 0
    added: int = 0
    removed: int = 0

    def count(self, change: Change) -> None:
        """Take note of a change."""
        before, after = set(change.before), set(change.after)
        name = {"Create": "created", "Update": "updated", "Delete": "deleted"}[change.kind]
        setattr(self, name, getattr(self, name) + 1)
        self.added += len(after - before)
        self.removed += len(before - after)


@dataclass
class Difference:
    """The counts of a difference: of the merge, and by dataset of the graphs of its records.

    Among the datasets stand `inferred`, `ontology` and `provenance`. A thing that several records
    of a dataset describe is counted with each of them.
    """

    merge: Counts = field(default_factory=Counts)
    datasets: dict[str, Counts] = field(default_factory=dict)


def compare(
    before: BuiltVersion, after: BuiltVersion, changed: Callable[[Change], object]
) -> Difference:
    """The difference of two versions; `changed` gets each change of the merge, in order.

    Triples with a blank node have no name outside of their document, so all of them together are
    one thing, `graph/ontology`, whence they come. Raises BuildError where a dump is not whole.
    """
    found = Difference()
    with ExitStack() as stack:
        old, new = (stack.enter_context(closing(_Dump(each))) for each in (before, after))
        unnamed: tuple[list[bytes], list[bytes]] = ([], [])
        sides = [_named(dump.take(None), aside) for dump, aside in zip((old, new), unnamed)]  # noqa: B905
        for change in _changes(*map(_things, sides)):
            found.merge.count(change)
            changed(change)
        if unnamed[0] != unnamed[1]:
            change = Change(str(GRAPH_ONTOLOGY), *unnamed)
            found.merge.count(change)
            changed(change)
        for graph in sorted(old.sizes.keys() | new.sizes.keys()):
            counts = Counts()
            for change in _changes(_things(old.take(graph)), _things(new.take(graph))):
                counts.count(change)
            if counts != Counts():
                name = graph.removeprefix(str(GRAPH)).partition("/")[0]
                _add(found.datasets.setdefault(name, Counts()), counts)
        old.finish()
        new.finish()
    return found


def comparable(version: BuiltVersion) -> bool:
    """True where a version has a dump, and a manifest that says how long its graphs are."""
    told = "triples" in version.manifest and isinstance(version.manifest.get("graphs"), dict)
    return told and (version.folder / f"{N_QUADS}.gz").is_file()


class _Dump:
    """The dump of a version, to be read graph by graph in its order."""

    def __init__(self, version: BuiltVersion) -> None:
        self.name = version.id
        if not comparable(version):
            raise BuildError(f"version {version.id} has no dump that can be compared")
        self.sizes: dict[str, int] = version.manifest["graphs"]
        self.merge: int = version.manifest["triples"]
        opened = gzip.open(version.folder / f"{N_QUADS}.gz")  # noqa: SIM115 (see `close`)
        self.lines = io.BufferedReader(opened, READ)
        try:
            # The notice at the head, which is no part of the data.
            while self.lines.peek(1)[:1] == b"#":
                self.lines.readline()
        except (OSError, EOFError) as error:
            raise BuildError(f"version {self.name}: its dump cannot be read: {error}") from error

    def take(self, graph: str | None) -> Iterator[bytes]:
        """The next lines, which are those of that graph, or of the merge."""
        size = self.sizes.get(graph, 0) if graph else self.merge
        count, line = 0, END
        try:
            for line in islice(self.lines, size):
                count += 1
                yield line
        except (OSError, EOFError) as error:
            raise BuildError(f"version {self.name}: its dump cannot be read: {error}") from error
        if count < size or not line.endswith(END):
            raise BuildError(f"version {self.name}: its dump ends before its manifest says")

    def finish(self) -> None:
        """Raise BuildError where the dump goes on after its last graph."""
        if self.lines.readline():
            raise BuildError(f"version {self.name}: its dump is longer than its manifest says")

    def close(self) -> None:
        """Let go of the file."""
        self.lines.close()


def _things(lines: Iterator[bytes]) -> Iterator[Thing]:
    for subject, group in groupby(lines, key=lambda line: line[: line.index(b" ")]):
        yield subject, list(group)


def _named(lines: Iterator[bytes], aside: list[bytes]) -> Iterator[bytes]:
    """The lines without a blank node; those that have one are put aside."""
    for line in lines:
        if b"_:" in line and (line[:2] == b"_:" or line.split(b" ", 2)[2][:2] == b"_:"):
            aside.append(line)
        else:
            yield line


def _changes(before: Iterator[Thing], after: Iterator[Thing]) -> Iterator[Change]:
    old, new = next(before, None), next(after, None)
    while old or new:
        if new is None or (old is not None and old[0] < new[0]):
            assert old is not None  # noqa: S101 (one of both is there)
            yield Change(old[0][1:-1].decode(), old[1], [])
            old = next(before, None)
        elif old is None or new[0] < old[0]:
            yield Change(new[0][1:-1].decode(), [], new[1])
            new = next(after, None)
        else:
            if old[1] != new[1]:
                yield Change(old[0][1:-1].decode(), old[1], new[1])
            old, new = next(before, None), next(after, None)


def _add(total: Counts, counts: Counts) -> None:
    for name, value in vars(counts).items():
        setattr(total, name, getattr(total, name) + value)
