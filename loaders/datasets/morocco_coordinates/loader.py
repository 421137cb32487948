"""Reads the table of coordinates, one row a commune."""

from __future__ import annotations

import csv
import importlib.resources
from collections.abc import Iterator
from functools import cache

from loaders.errors import RecordError, SourceError
from loaders.model.records import Geometry, SourceRecord
from loaders.model.values import Point, Ref
from loaders.sources.dataset import Dataset
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog
from loaders.sources.tables import Column, Row, refuse, rows

_DEGREES = r"-?[0-9]{1,3}(\.[0-9]+)?"
TABLE = (
    Column(
        name="hcp",
        form=r"[0-9]{2}\.[0-9]{3}\.[0-9]{2}\.[0-9]{1,2}",
        advice="write HCP's code, as 07.211.05.39",
    ),
    Column(name="latitude", form=_DEGREES, advice="write decimal degrees, as 31.15"),
    Column(name="longitude", form=_DEGREES, advice="write decimal degrees, as -9.68"),
    Column(name="geonames", form="[0-9]+", advice="write the number of the place in GeoNames"),
)


def records(source: SourceFile, dataset: Dataset, issues: IssueLog) -> Iterator[SourceRecord]:
    """The one record of the table."""
    issues.record = "coordinates"
    found: dict[str, Geometry] = {}
    for row in rows(source, TABLE, issues):
        try:
            geometry = _geometry(row)
            if geometry.key in found:
                advice = "a code stands once: remove this row"
                raise RecordError("hcp", row["hcp"], advice, line=row.line)
        except RecordError as error:
            refuse(error, issues)
        else:
            issues.line("taken")
            issues.counts["points"] += 1
            found[geometry.key] = geometry
    if not found:
        raise SourceError(f"{source.name} holds no point that can be read")
    yield SourceRecord(key="coordinates", document=dataset.document, entities=tuple(found.values()))


def _geometry(row: Row) -> Geometry:
    if row["hcp"] not in communes():
        advice = "no commune has this code in the census of 2024"
        raise RecordError("hcp", row["hcp"], advice, line=row.line)
    try:
        point = Point(float(row["latitude"]), float(row["longitude"]))
    except ValueError as error:
        raise RecordError("latitude", row["latitude"], str(error), line=row.line) from error
    key = f"mar-hcp-{row['hcp']}"
    return Geometry(
        key=f"{key}-geonames",
        of=Ref(f"authority/{key}"),
        point=point,
        derived_from=Ref(f"https://sws.geonames.org/{row['geonames']}/"),
    )


@cache
def communes() -> dict[str, tuple[str, str]]:
    """The French and the Arabic name of each commune of Morocco, by HCP's code."""
    table = importlib.resources.files("loaders") / "datasets" / "morocco" / "source"
    text = (table / "morocco.csv").read_text("utf-8")
    return {
        row["code"]: (row["fr"], row["ar"])
        for row in csv.DictReader(text.splitlines(), delimiter=";")
        if row["level"].startswith("commune")
    }
