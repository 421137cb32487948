"""The files of a question's answer that no SPARQL format is: for spreadsheets and for maps."""

import csv
import io
import json
import re
from typing import Any

from rustpy_xlsxwriter import FastExcel

from queries import Query
from server.charts.result import WKT, ChartData, number_of
from server.engine.results import Table, Term

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GEOJSON = "application/geo+json"
TABLES = ("csv", "xlsx", "json", "xml", "tsv")
GRAPHS = ("ttl", "jsonld", "rdf", "nt")
BOM = "\ufeff"
SHEET = 31
"""The longest name of a sheet in Excel."""
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?")


def downloads(query: Query) -> tuple[str, ...]:
    """The suffixes under which the answer to a question is to be had."""
    if query.is_graph:
        return GRAPHS
    return (*TABLES, "geojson") if query.view == "map" else TABLES


def for_spreadsheet(content: bytes, separator: str, *, bom: bool) -> bytes:
    """CSV with another separator (`;` or a tab), and the mark by which Excel knows UTF-8.

    With the mark, cells that Excel would take for formulas have an apostrophe before them.
    """
    text = content.decode("utf-8")
    if bom or separator in (";", "\t"):
        written = io.StringIO(newline="")
        rows = csv.reader(io.StringIO(text, newline=""))
        harmless = ([disarmed(cell) if bom else cell for cell in row] for row in rows)
        kept = separator if separator in (";", "\t") else ","
        csv.writer(written, delimiter=kept).writerows(harmless)
        text = written.getvalue()
    return (BOM + text if bom else text).encode()


def disarmed(cell: str) -> str:
    """A cell that no spreadsheet calculates.

    >>> disarmed("=1+1"), disarmed("-12.5")
    ("'=1+1", '-12.5')
    """
    formula = cell.startswith(("=", "+", "-", "@", "\t", "\r")) and not _NUMBER.fullmatch(cell)
    return f"'{cell}" if formula else cell


def workbook(table: Table, title: str) -> bytes:
    """The table as a workbook of one sheet; numbers are numbers, all else is text."""
    empty: dict[str, Any] = dict.fromkeys(table.columns)
    records = [
        {name: cell_of(row[name]) if name in row else None for name in table.columns}
        for row in table.rows
    ]
    file = io.BytesIO()
    FastExcel(file).sheet(title[:SHEET], records or [empty]).save()
    return file.getvalue()


def cell_of(term: Term) -> float | str:
    """The value of a cell."""
    number = number_of(term)
    return term.value if number is None else float(number)


def feature_collection(result: ChartData) -> bytes:
    """The rows as GeoJSON (RFC 7946): a point, a line between two places, or no geometry.

    The properties are the values of the row; an `approximate` place is that of its country.
    """
    columns = result.table.columns
    features = []
    for row in result.table.rows:
        places = [place for name in result.located if (place := result.place(row, name))]
        points = [list(place.at) for place in places[:2]]
        geometry: dict[str, Any] | None = None
        if points:
            line = len(points) == 2 and points[0] != points[1]
            geometry = (
                {"type": "LineString", "coordinates": points}
                if line
                else {"type": "Point", "coordinates": points[0]}
            )
        properties: dict[str, Any] = {
            name: cell_of(row[name])
            for name in columns
            if name in row and row[name].datatype != WKT
        }
        if any(place.approximate for place in places[:2]):
            properties["approximate"] = True
        features.append({"type": "Feature", "geometry": geometry, "properties": properties})
    collection = {"type": "FeatureCollection", "features": features}
    return json.dumps(collection, ensure_ascii=False).encode()
