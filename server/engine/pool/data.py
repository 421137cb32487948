"""The data that a zygote opens, with what is known of it that makes queries quick."""

import gzip
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from pyoxigraph import RdfFormat, Store

from server.engine.guards import Guards
from server.engine.literals import Literals, literals_of, read_literals
from server.engine.planning import Plan

# Files have no place that keeps an index: it is made at each start, where that takes a quarter of
# a second at most.
MOST_UNKEPT = 200_000


@dataclass(frozen=True)
class Data:
    """An open store, and how queries to its default graph are written to be quick."""

    store: Store
    plan: Plan
    guards: Guards

    def text(self, query: str) -> str:
        """The text to evaluate over the default graph; the query's own in doubt.

        Where the engine refuses it, the query's own has to be evaluated.
        """
        with suppress(RecursionError):  # brackets in brackets, where --max-nesting allows so many
            return self.plan.text(self.guards.of(query))
        return query


def open_data(
    store: str | None, files: Iterable[str], closed: Iterable[str], literals: str | None
) -> Data:
    """The data of a store on disk, else of files, which are read into memory."""
    opened = read_files(files) if store is None else Store.read_only(store)
    return Data(opened, Plan(closed), Guards(index(opened, literals)))


def read_files(files: Iterable[str]) -> Store:
    """A store in memory with what files of RDF hold."""
    store = Store()
    for name in files:
        path = Path(name)
        opener = gzip.open if path.suffix == ".gz" else open
        extension = path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix
        with opener(path, "rb") as file:
            store.bulk_load(
                cast(IO[bytes], file),
                RdfFormat.from_extension(extension.removeprefix(".")),
                base_iri=path.absolute().as_uri(),
                lenient=True,
            )
    return store


def index(store: Store, kept: str | None) -> Literals:
    """The index over the objects of a store, from the file that keeps it if there is to be one."""
    if kept is not None:
        return literals_of(store, Path(kept))
    return read_literals(store) if len(store) <= MOST_UNKEPT else Literals()
