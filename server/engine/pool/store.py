"""The store that a fork server opens: a version on disk, or files read into memory."""

import gzip
from collections.abc import Iterable
from pathlib import Path
from typing import IO, cast

from pyoxigraph import RdfFormat, Store


def open_store(folder: str | None, files: Iterable[str]) -> Store:
    """The store in a folder, else a store in memory with what files of RDF hold."""
    return read_files(files) if folder is None else Store.read_only(folder)


def read_files(files: Iterable[str]) -> Store:
    """A store in memory with what files of RDF hold."""
    store = Store()
    for name in files:
        path = Path(name)
        opener = gzip.open if path.suffix == ".gz" else open
        extension = path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix
        form = RdfFormat.from_extension(extension.removeprefix("."))
        with opener(path, "rb") as file:
            store.bulk_load(
                cast(IO[bytes], file),
                form,
                base_iri=path.absolute().as_uri(),
                # Leniently, keys of JSON-LD without a term would become predicates that are no
                # IRIs; the standard drops them (JSON-LD 1.1 Expansion, 13.4.2).
                lenient=form != RdfFormat.JSON_LD,
            )
    return store
