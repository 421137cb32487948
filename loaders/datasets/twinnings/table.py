"""A list of twinnings as a table: `city1`, `country1`, `city2`, `country2`, and coordinates."""

from __future__ import annotations

from collections.abc import Iterator

from loaders.datasets.twinnings.countries import closing_country, country
from loaders.datasets.twinnings.ends import ListedTie, ListedTown
from loaders.model.values import PartialDate, Point
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog
from loaders.sources.tables import Column, Row, rows

COLUMNS = (
    *(
        Column(name=f"{what}{side}", form=form, advice=advice, also=rf"({words})[ _-]?{either}")
        for side, either in (("1", "[1a]"), ("2", "[2b]"))
        for what, words, form, advice in (
            ("city", "ville|city|town|commune", r".*\w.*", "write the name of a town"),
            ("country", "pays|country", ".*", ""),
        )
    ),
    Column(name="start", also="depuis|since|d[ée]but", optional=True),
)
"""The columns that a table must have, and the year since when, if it has that.

`lat1`, `lng1`, `lat2`, `lng2` may stand beside them.
"""


def ends(source: SourceFile, language: str, issues: IssueLog) -> Iterator[ListedTie]:
    """The two ends of each row, since when, and its line."""
    for row in rows(source, COLUMNS, issues):
        one, other = (_end(row, side, language, issues) for side in "12")
        yield ListedTie(one, other, row.line, _start(row, issues))


def _start(row: Row, issues: IssueLog) -> PartialDate | None:
    """The date of a cell; none where it is no date, or has not come yet."""
    if not row["start"]:
        return None
    try:
        start = PartialDate(row["start"])
    except ValueError:
        advice = "no date: write 1998 or 1998-05-30; the twinning is kept without it"
    else:
        if not (issues.today and start.earliest and start.earliest > issues.today):
            return start
        advice = f"this is after {issues.today}: the twinning is kept without it"
    issues.warn("start", row["start"], advice, line=row.line)
    return None


def _end(row: Row, side: str, language: str, issues: IssueLog) -> ListedTown:
    name, cell = row[f"city{side}"], row[f"country{side}"]
    stated = country(cell)
    found = stated.country
    if not cell:
        name, found = closing_country(name)
    if found is None:
        advice = "no known country: the town is kept without one" if cell else "no country"
        issues.warn(f"country{side}", cell or name, advice, line=row.line)
    return ListedTown(
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
