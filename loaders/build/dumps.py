"""The files of a version that hold its data: the store, and the dumps that people take away."""

from __future__ import annotations

import gzip
import hashlib
import shutil
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from threading import Semaphore

import pyoxigraph as ox

from loaders.build.graphs import Graphs, Lines
from ontology.namespaces import PREFIXES

PART = 250_000
"""Quads that are loaded or written at a time: the whole of a big version would take gigabytes."""

LOADERS = 2
"""Parts that are loaded side by side: one loader keeps one core busy."""

N_QUADS = "maillage.nq"
TURTLE = "maillage.ttl"
STORE = "store"

Facts = dict[str, int | str]
"""The `bytes` of a file and its `sha256` in hexadecimal."""


def filled_store(folder: Path, graphs: Graphs) -> ox.Store:
    """A new store in the folder that holds every quad, which the file `maillage.nq` has too."""
    shutil.rmtree(folder / STORE, ignore_errors=True)
    store = ox.Store(str(folder / STORE))
    quads = graphs.quads()
    room = Semaphore(LOADERS)

    def load(part: bytes) -> None:
        try:
            store.bulk_load(input=part, format=ox.RdfFormat.N_QUADS, lenient=True)
        finally:
            room.release()

    with (folder / N_QUADS).open("wb") as file, ThreadPoolExecutor(LOADERS) as pool:
        loading = []
        while part := "".join(islice(quads, PART)).encode():
            file.write(part)
            room.acquire()  # no more parts in memory than are being loaded
            loading.append(pool.submit(load, part))
        for done in loading:
            done.result()
    # The parts become one: what is asked from here on takes half the time.
    store.optimize()
    return store


def checksum(folder: Path) -> str:
    """The SHA-256 of the N-Quads, in hexadecimal."""
    with (folder / N_QUADS).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_turtle(folder: Path, triples: Lines, head: bytes = b"") -> Facts:
    """Write triples in Turtle, compressed, in the order in which they come, after comments.

    They come from the lines, not from the store, whose order depends on how it was filled; part by
    part, each with its prefixes, which Turtle allows anywhere.
    """
    plain = folder / TURTLE
    rest = iter(triples)
    with plain.open("wb") as file:
        while part := "".join(f"{triple} .\n" for triple in islice(rest, PART)).encode():
            parsed = ox.parse(part, format=ox.RdfFormat.N_TRIPLES, lenient=True)
            ox.serialize(parsed, file, format=ox.RdfFormat.TURTLE, prefixes=dict(PREFIXES))
    return compress(plain, head)


def compress(path: Path, head: bytes = b"") -> Facts:
    """Put the compressed file, with a head before its content, in the place of the plain one.

    What it gives are its facts as it is without compression.
    """
    digest, size = hashlib.sha256(head), len(head)
    # No time and no name in the header: the same content gives the same bytes. The lowest level
    # is four times as fast as the usual one, for a fifth more bytes.
    with (
        path.open("rb") as plain,
        path.with_name(f"{path.name}.gz").open("wb") as file,
        gzip.GzipFile("", "wb", 1, file, 0) as compressed,
    ):
        compressed.write(head)
        while part := plain.read(1 << 20):
            compressed.write(part)
            digest.update(part)
            size += len(part)
    path.unlink()
    return {"bytes": size, "sha256": digest.hexdigest()}
