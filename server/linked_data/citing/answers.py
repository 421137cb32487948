"""Answers as they are cited: their rows, whatever the form of the query, and what differs later."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from pyoxigraph import RdfFormat, parse

from server.engine import Answer, Engine
from server.engine.errors import ResultTooLarge
from server.engine.limits import Limits, read_checked
from server.engine.results import JSON, Row, Table, Term, read_table
from server.pages.answers import TRIPLES, term_of

LARGEST: Final = 16 << 20
"""Bytes of an answer whose rows are looked at one by one."""
TRUTH: Final = "http://www.w3.org/2001/XMLSchema#boolean"
MARKS: Final = ("_version", "_rows", "_digest")
"""The parameters by which an address knows the answer that was cited."""


def read_answer(engine: Engine, text: str, limits: Limits) -> Table:
    """The rows of an answer; those of a CONSTRUCT or DESCRIBE are its triples, of an ASK its truth.

    Raises EngineError, ResultTooLarge among them.
    """
    form = read_checked(text, limits).form
    graph = form in ("construct", "describe")
    answer = engine.query(text, media_type=TRIPLES if graph else JSON)
    content = whole(answer)
    if graph:
        names = ("subject", "predicate", "object")
        found = sorted(parse(content, format=RdfFormat.N_TRIPLES), key=str)
        rows = ((term_of(t.subject), term_of(t.predicate), term_of(t.object)) for t in found)
        return Table(names, tuple(dict(zip(names, row, strict=True)) for row in rows))
    if form == "ask":
        truth = Term(json.dumps(json.loads(content)["boolean"]), "literal", "", TRUTH)
        return Table(("boolean",), ({"boolean": truth},))
    return read_table(content)


def whole(answer: Answer) -> bytes:
    """The bytes of an answer; ResultTooLarge where they are too many to be cited row by row."""
    if answer.size > LARGEST:
        answer.close()
        raise ResultTooLarge(LARGEST)
    return answer.read()


def rows_of(table: Table) -> Counter[str]:
    """The rows of an answer, each as one text; a blank node is as good as another."""
    return Counter(_written(row) for row in table.rows)


def digest_of(rows: Mapping[str, int]) -> str:
    """A short name for exactly these rows, in whatever order."""
    content = hashlib.blake2b(digest_size=8)
    for row, count in sorted(rows.items()):
        content.update(f"{count} {row}\n".encode())
    return content.hexdigest()


def marks(table: Table, version: str) -> str:
    """The parameters of an address that knows this answer."""
    values = (version, len(table.rows), digest_of(rows_of(table)))
    return urlencode(dict(zip(MARKS, values, strict=True)))


@dataclass(frozen=True)
class Comparison:
    """An answer as it was cited beside that of today.

    `added` and `removed` are None where the version that was cited is not kept any more: then only
    the numbers of rows are known.
    """

    version: str
    rows: int
    today: str
    rows_today: int
    differs: bool
    added: int | None = None
    removed: int | None = None


def compared(
    version: str, rows: int, digest: str, today: str, now: Counter[str], then: Counter[str] | None
) -> Comparison:
    """What differs; `then` are the rows of the version that was cited, where they can be had.

    They count only where they are those that the digest is of.
    """
    differs = digest_of(now) != digest
    if not differs:
        return Comparison(version, rows, today, now.total(), False, 0, 0)
    if then is None or digest_of(then) != digest:
        return Comparison(version, rows, today, now.total(), True)
    return Comparison(
        version, rows, today, now.total(), True, (now - then).total(), (then - now).total()
    )


def _written(row: Row) -> str:
    cells = [
        (name, term.kind, "" if term.kind == "bnode" else term.value, term.language, term.datatype)
        for name, term in sorted(row.items())
    ]
    return json.dumps(cells, ensure_ascii=False)
