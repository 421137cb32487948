"""A list of twinnings as a table: `city1`, `country1`, `city2`, `country2`, and coordinates."""

from __future__ import annotations

from collections.abc import Iterator

from loaders.datasets.twinnings.countries import closing_country, country
from loaders.datasets.twinnings.ends import End
from loaders.model.values import Point
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog
from loaders.sources.tables import Column, Row, rows

COLUMNS = tuple(
    Column(name=f"{what}{side}", form=form, advice=advice)
    for side in "12"
    for what, form, advice in (
        ("city", r".*\w.*", "write the name of a town"),
        ("country", ".*", ""),
    )
)
"""The columns that a table must have; `lat1`, `lng1`, `lat2`, `lng2` may stand beside them."""


def ends(source: SourceFile, language: str, issues: IssueLog) -> Iterator[tuple[End, End, int]]:
    """The two ends of each row, and its line."""
    for row in rows(source, COLUMNS, issues):
        yield _end(row, "1", language, issues), _end(row, "2", language, issues), row.line


def _end(row: Row, side: str, language: str, issues: IssueLog) -> End:
    name, cell = row[f"city{side}"], row[f"country{side}"]
    stated = country(cell)
    found = stated.country
    if not cell:
        name, found = closing_country(name)
    if found is None:
        advice = "no known country: the town is kept without one" if cell else "no country"
        issues.warn(f"country{side}", cell or name, advice, line=row.line)
    return End(
        name=name,
        language=language,
        country=found,
        country_as_stated=cell,
        territory=stated.territory,
        point=_point(row, side, issues),
    )


def _point(row: Row, side: str, issues: IssueLog) -> Point | None:
    latitude, longitude = row[f"lat{side}"], row[f"lng{side}"]
    if not latitude and not longitude:
        return None
    try:
        return Point(float(latitude.replace(",", ".")), float(longitude.replace(",", ".")))
    except ValueError:
        advice = "no latitude and longitude in degrees: the twinning is kept without them"
        issues.warn(f"lat{side}", f"{latitude} {longitude}", advice, line=row.line)
        return None
