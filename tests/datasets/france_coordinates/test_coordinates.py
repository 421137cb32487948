from __future__ import annotations

from pathlib import Path

import pytest

from loaders.model.quads import literal
from loaders.model.records import Geometry
from loaders.model.values import Point, Ref
from loaders.sources.dataset import registrations
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog

HEADER = "insee;latitude;longitude;geonames"


def load(path: Path) -> tuple[dict[str, Geometry], IssueLog]:
    registration = registrations()["france_coordinates"]
    issues = IssueLog("france_coordinates")
    issues.open(path.name)
    (record,) = registration.load(SourceFile(path, path.name), registration.dataset, issues)
    return {each.key: each for each in record.entities if isinstance(each, Geometry)}, issues


def test_the_shipped_points_are_each_of_an_authority_of_today() -> None:
    (file,) = registrations()["france_coordinates"].shipped_files()
    points, issues = load(file.path)
    assert issues.notes == []
    assert len(points) == 14756
    evry = points["fra-cog-91228-2019-geonames"]
    assert evry.of == Ref("authority/fra-cog-91228-2019")
    assert evry.derived_from == Ref("https://sws.geonames.org/3019256/")
    assert (round(evry.point.latitude, 2), round(evry.point.longitude, 2)) == (48.63, 2.44)


def test_a_point_is_written_with_the_longitude_first() -> None:
    assert literal(Point(48.6328, 2.44049)) == (
        '"POINT(2.44049 48.6328)"^^<http://www.opengis.net/ont/geosparql#wktLiteral>'
    )


@pytest.mark.parametrize("latitude", [91, -90.5])
def test_no_point_lies_beyond_the_poles(latitude: float) -> None:
    with pytest.raises(ValueError, match="is no point"):
        Point(latitude, 0)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("99999;48.63;2.44;1", "insee"),
        ("91182;48.63;2.44;1", "insee"),
        ("91228;98.63;2.44;1", "latitude"),
        ("91228;48,63;2.44;1", "latitude"),
        ("91228;48.63;2.44;x", "geonames"),
        ("75056;48.85;2.35;1", "insee"),
    ],
)
def test_a_bad_row_is_refused_with_its_column(tmp_path: Path, row: str, field: str) -> None:
    path = tmp_path / "coordinates.csv"
    path.write_text("\n".join((HEADER, "75056;48.85341;2.3488;2988507", row)), "utf-8")
    points, issues = load(path)
    assert [*points] == ["fra-cog-75056-2019-geonames"]
    (note,) = issues.notes
    assert (note.level, note.line, note.field) == ("refused", 3, field)
