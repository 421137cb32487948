"""An index over the objects of predicates: which subjects can have a value within, a text with.

It finds a superset of the subjects. Texts are folded, so that neither case nor LCASE nor UCASE
matter; numbers are compared with a margin, so that neither do the types of numbers.
"""

import csv
import hashlib
import io
import json
import math
import re
import sys
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, TypeAlias, TypeVar

from pyoxigraph import NamedNode, QueryResultsFormat, QuerySolutions, Store

Numbers: TypeAlias = frozenset[int]
"""Of subjects."""
Item = TypeVar("Item", int, float)

LITERALS = "literals"
"""The name of the file in a version folder that keeps the index."""
# Below so many objects Oxigraph reads them all in half a millisecond.
FEWEST = 1000
# Above these, an index takes much time to build and to search, and memory for what it is made of.
MOST = 1_000_000
MOST_BYTES = 128 * 1024 * 1024
# Comparing with an xsd:float rounds the other side to 24 bits: 6e-8 of it at most.
MARGIN = 1e-6
# More values than this are not looked through for those that pass other filters too.
WIDEST = 10_000
PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^<>\"{}|^`\\\x00-\x20]*")
# Blocks to which Unicode still adds pairs of cases: there, the engine's tables may be newer than
# Python's. Outside of them `fold` is the same before and after LCASE, UCASE and the flag `i`.
DOUBTFUL = re.compile(
    "[\u0180-\u024f\u0250-\u02af\u1c80-\u1cbf\u2c00-\u2dff\ua640-\uabbf\U00010000-\U0010ffff]"
)
# What a file must have been written with: a layout (to be counted up with it, and with `fold`), and
# what differs from one Python to another.
FORMAT = [1, sys.byteorder, unicodedata.unidata_version]
# Bytes of SHA-256. A machine that stops at the wrong moment can leave a file with other content.
DIGEST = 32

PREDICATES = "SELECT DISTINCT ?p { ?s ?p ?o }"
SAMPLE = """SELECT (COUNT(*) AS ?n) (SUM(IF(isNumeric(?o) || COALESCE(STRLEN(?o), -1) >= 0, 1, 0))
  AS ?known) {{ SELECT ?o {{ ?s {predicate} ?o }} LIMIT {fewest} }}"""
OBJECTS = """PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
SELECT ?s (STR(?o) AS ?text) (IF(isNumeric(?o), xsd:double(?o), "") AS ?value)
{{ ?s {predicate} ?o }} LIMIT {most}"""


def fold(text: str) -> str:
    """The text without what tells cases apart; character by character, whatever stands around."""
    return text.upper().casefold()


def widened(bound: float, margin: float) -> float:
    """A bound moved by a part of itself."""
    return bound + abs(bound) * margin if math.isfinite(bound) else bound


@dataclass(frozen=True)
class Column:
    """The objects of one predicate, each with the number of its subject."""

    texts: bytes
    """Folded, in UTF-8, a newline before and after each; empty where all objects are numbers."""
    starts: "array[int]"
    """Where the newline before each text is."""
    owners: "array[int]"
    """The subject of each text."""
    values: "array[float]"
    """The numbers among the objects, ascending; without NaN, which compares with nothing."""
    holders: "array[int]"
    """The subject of each number."""
    size: int

    def between(self, low: float, high: float) -> Numbers | None:
        """The subjects of the values from `low` to `high`; None where they are very many."""
        first = bisect_left(self.values, widened(low, -MARGIN))
        last = bisect_right(self.values, widened(high, MARGIN))
        return frozenset(self.holders[first:last]) if last - first <= WIDEST else None

    def containing(self, needle: str, limit: int) -> Numbers | None:
        """The subjects of texts that contain some text; None where they may be more than a limit.

        A newline stands for the beginning or the end of a text.
        """
        if not self.texts or DOUBTFUL.search(needle) or "\n" in needle.strip("\n"):
            return None
        wanted = fold(needle).encode("utf-8", "surrogatepass")
        places: list[int] = []
        place = self.texts.find(wanted)
        while place >= 0:
            if len(places) >= limit:
                return None
            places.append(place)
            place = self.texts.find(wanted, place + 1)
        return frozenset(self.owners[bisect_right(self.starts, at) - 1] for at in places)


@dataclass(frozen=True)
class Literals:
    """The columns of the default graph of a store."""

    subjects: bytes = b""
    """Their IRIs, a newline after each; an empty line for one that no query can name."""
    ends: "array[int]" = field(default_factory=lambda: array("q"))
    columns: dict[str, Column] = field(default_factory=dict)

    def names(self, numbers: Numbers) -> list[str] | None:
        """The IRIs of subjects, in their own order; None where one has none, as a blank node."""
        names = sorted(
            self.subjects[self.ends[number - 1] + 1 if number else 0 : self.ends[number]].decode()
            for number in numbers
        )
        return names if all(names) else None

    def save(self, path: Path) -> None:
        """Write a file for `load_literals`, its digest first."""
        sizes = {
            predicate: [len(column.texts), len(column.starts), len(column.values), column.size]
            for predicate, column in self.columns.items()
        }
        header = {"format": FORMAT, "subjects": [len(self.subjects), len(self.ends)]}
        # Under another name first: nobody finds half of it.
        with TemporaryDirectory(dir=path.parent) as folder:
            whole = Path(folder) / path.name
            with whole.open("w+b") as file:
                file.seek(DIGEST)
                file.write(json.dumps({**header, "columns": sizes}).encode() + b"\n")
                file.write(self.subjects)
                self.ends.tofile(file)
                for column in self.columns.values():
                    file.write(column.texts)
                    for numbers in (column.starts, column.owners, column.values, column.holders):
                        numbers.tofile(file)
                digest = digest_of(file)
                file.seek(0)
                file.write(digest)
            whole.replace(path)


def load_literals(path: Path) -> Literals:
    """The index that a file holds; raises ValueError for another file, and for a damaged one."""
    with path.open("rb") as file:
        if file.read(DIGEST) != digest_of(file):
            raise ValueError(path)
        file.seek(DIGEST)
        header = json.loads(file.readline())
        if header["format"] != FORMAT:
            raise ValueError(header["format"])
        length, count = header["subjects"]
        subjects, ends = file.read(length), items(file, array("q"), count)
        columns = {
            predicate: Column(
                file.read(length),
                items(file, array("q"), texts),
                items(file, array("i"), texts),
                items(file, array("d"), numbers),
                items(file, array("i"), numbers),
                size,
            )
            for predicate, (length, texts, numbers, size) in header["columns"].items()
        }
    return Literals(subjects, ends, columns)


def digest_of(file: io.BufferedIOBase) -> bytes:
    """The digest of what stands in a file after the place for its own."""
    file.seek(DIGEST)
    return hashlib.file_digest(file, "sha256").digest()


def items(file: BinaryIO, empty: "array[Item]", count: int) -> "array[Item]":
    """So many items, from a file."""
    empty.fromfile(file, count)
    return empty


def newlines(text: bytes) -> "array[int]":
    """Where the newlines of a text are."""
    return array("q", (match.start() for match in re.finditer(b"\n", text)))


def literals_of(store: Store, path: Path) -> Literals:
    """The index of a store that never changes, from the file that keeps it; writes that if it can.

    Loading takes a hundredth of the time that reading the store takes.
    """
    with suppress(OSError, ValueError):
        return load_literals(path)
    literals = read_literals(store)
    with suppress(OSError):  # a folder that cannot be written
        literals.save(path)
    return literals


def read_literals(store: Store, fewest: int = FEWEST) -> Literals:
    """The index of a store: of the predicates with so many objects, among them texts or numbers."""
    subjects: dict[str, int] = {}
    columns = {}
    for solution in select(store, PREDICATES):
        predicate = solution["p"]
        if not PLAIN.fullmatch(predicate.value) or not worth_reading(store, predicate, fewest):
            continue
        rows = select(store, OBJECTS.format(predicate=predicate, most=MOST + 1)).serialize(
            format=QueryResultsFormat.CSV
        )
        if rows is not None and len(rows) <= MOST_BYTES:
            column = read_column(rows, subjects)
            if column.size <= MOST:
                columns[predicate.value] = column
    names = "".join((name if PLAIN.fullmatch(name) else "") + "\n" for name in subjects).encode()
    return Literals(names, newlines(names), columns)


def select(store: Store, query: str) -> QuerySolutions:
    """The solutions of a SELECT."""
    solutions = store.query(query)
    assert isinstance(solutions, QuerySolutions)  # noqa: S101 (for the type checker)
    return solutions


def worth_reading(store: Store, predicate: NamedNode, fewest: int) -> bool:
    """Whether a predicate has enough objects, and the first of them are not all something else."""
    sample = next(select(store, SAMPLE.format(predicate=predicate, fewest=fewest)))
    return int(sample["n"].value) >= fewest and int(sample["known"].value) > 0


def read_column(rows: bytes, subjects: dict[str, int]) -> Column:
    """The objects of one predicate, from CSV; gives its new subjects their numbers."""
    csv.field_size_limit(max(csv.field_size_limit(), MOST_BYTES))
    lines = csv.reader(io.StringIO(rows.decode(), newline=""))
    next(lines)
    texts: list[str] = []
    owners = array("i")
    numbers: list[tuple[float, int]] = []
    textual = False
    for subject, text, value in lines:
        texts.append(text.replace("\n", " "))
        owners.append(subjects.setdefault(subject, len(subjects)))
        textual = textual or not value
        if value and value != "NaN":
            numbers.append((float(value), owners[-1]))
    numbers.sort()
    folded = ("\n" + fold("\n".join(texts)) + "\n").encode() if textual else b""
    return Column(
        folded,
        newlines(folded)[:-1],
        owners if textual else array("i"),
        array("d", (value for value, _ in numbers)),
        array("i", (holder for _, holder in numbers)),
        len(texts),
    )
