"""Reads the table of coordinates, one row a commune."""

from __future__ import annotations

from collections.abc import Iterator

from loaders.errors import RecordError, SourceError
from loaders.model.records import Geometry, SourceRecord
from loaders.model.values import Point, Ref
from loaders.registers.communes import communes, parts
from loaders.sources.dataset import Dataset
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog
from loaders.sources.tables import Column, Row, refuse, rows

_DEGREES = r"-?[0-9]{1,3}(\.[0-9]+)?"
TABLE = (
    Column(name="insee", form="[0-9][0-9AB][0-9]{3}", advice="write INSEE's five characters"),
    Column(name="latitude", form=_DEGREES, advice="write decimal degrees, as 48.63"),
    Column(name="longitude", form=_DEGREES, advice="write decimal degrees, as 2.44"),
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
                raise RecordError(
                    "insee", row["insee"], "a code stands once: remove this row", line=row.line
                )
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
    holder = communes().get(row["insee"]) or parts().get(row["insee"])
    if holder is None:
        advice = "no commune, and no part of one, has this code today"
        raise RecordError("insee", row["insee"], advice, line=row.line)
    try:
        point = Point(float(row["latitude"]), float(row["longitude"]))
    except ValueError as error:
        raise RecordError("latitude", row["latitude"], str(error), line=row.line) from error
    return Geometry(
        key=f"{holder.key}-geonames",
        of=Ref(f"authority/{holder.key}"),
        point=point,
        derived_from=Ref(f"https://sws.geonames.org/{row['geonames']}/"),
    )
