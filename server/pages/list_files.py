"""Lists page by page and to take away: as CSV, and all that is said of their things as Turtle."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response, request

from server.engine import Engine
from server.engine.results import TURTLE
from server.pages.downloads import BOM, disarmed
from server.pages.rendering import kept
from server.questions import nodes, question

BATCH = 400
"""Things that are asked about at a time."""


def csv_file(name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """A table as CSV (RFC 4180); with `bom=1` after the mark by which Excel knows UTF-8.

    Then no cell is one that Excel would calculate.
    """
    bom = bool(request.args.get("bom"))
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(([disarmed(cell) for cell in row] for row in rows) if bom else rows)
    response = kept(Response(BOM + text.getvalue() if bom else text.getvalue()))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'inline; filename="{name}.csv"'
    return response


def turtle_file(engine: Engine, name: str, iris: Sequence[str]) -> Response:
    """The facts of things as Turtle, some hundreds after the others; raises EngineError."""
    parts = [
        engine.query(
            question("whole-facts", nodes=nodes(iris[start : start + BATCH])), media_type=TURTLE
        ).read()
        for start in range(0, len(iris), BATCH)
    ]
    response = kept(Response(b"\n".join(parts)))
    response.headers["Content-Type"] = "text/turtle; charset=utf-8"
    response.headers["Content-Disposition"] = f'inline; filename="{name}.ttl"'
    return response


def page_number(total: int, rows: int) -> int:
    """The page that is asked for of so many things, if there is one so far; else the nearest."""
    return max(1, min(asked_page(), -(-total // rows)))


def asked_page() -> int:
    """The page that the address asks for; the first where that is no number."""
    given = request.args.get("page", "1")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 7 else 1
