"""The store that a fork server opens: a version on disk, or files read into memory."""

import gzip
from codecs import BOM_UTF8
from collections.abc import Iterable
from pathlib import Path
from typing import IO, cast

from pyoxigraph import RdfFormat, Store


def open_store(folder: str | None, files: Iterable[str]) -> Store:
    """The store in a folder, else a store in memory with what files of RDF hold."""
    return read_files(files) if folder is None else Store.read_only(folder)


class UnreadableFileError(Exception):
    """A file of RDF cannot be read: which, where in it, and what to do."""


def read_files(files: Iterable[str]) -> Store:
    """A store in memory with what files of RDF hold; raises UnreadableFileError."""
    store = Store()
    for name in files:
        try:
            _read_into(store, Path(name))
        except (SyntaxError, ValueError, OSError, EOFError) as error:
            raise UnreadableFileError(f"{name}: {_told(error)}") from error
    return store


def _read_into(store: Store, path: Path) -> None:
    opener = gzip.open if path.suffix == ".gz" else open
    extension = path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix
    form = RdfFormat.from_extension(extension.removeprefix("."))
    with opener(path, "rb") as file:
        stream = cast(IO[bytes], file)
        if stream.read(len(BOM_UTF8)) != BOM_UTF8:  # what Windows' editors put before UTF-8
            stream.seek(0)
        store.bulk_load(
            stream,
            form,
            base_iri=path.absolute().as_uri(),
            # Leniently, keys of JSON-LD without a term would become predicates that are no
            # IRIs; the standard drops them (JSON-LD 1.1 Expansion, 13.4.2).
            lenient=form != RdfFormat.JSON_LD,
        )


def _told(error: Exception) -> str:
    """The fault of a file, in words for the person who gave it."""
    told = str(error)
    if "LoadDocumentCallback" in told:
        return "its @context is another document, which is not fetched: write the context into it"
    if "UTF-8" in told:
        return f"{told}: save it as UTF-8"
    return told
