from __future__ import annotations

from pathlib import Path

import pytest

from loaders.datasets.morocco_coordinates import refresh
from loaders.errors import NotOfThisKind, SourceError
from loaders.model.records import Geometry, SourceRecord
from loaders.model.values import Point, Ref
from loaders.sources.dataset import registrations
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog
from loaders.sources.masking import mask

HEADER = "hcp;latitude;longitude;geonames"
SMIMOU = "07.211.05.39;31.21014;-9.70863;2569052"


def load(path: Path) -> tuple[SourceRecord, IssueLog]:
    registration = registrations()["morocco_coordinates"]
    issues = IssueLog("morocco_coordinates")
    issues.open(path.name)
    (record,) = registration.load(SourceFile(path, path.name), registration.dataset, issues)
    return record, issues


def table(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "source.csv"
    path.write_text("\n".join(lines), "utf-8")
    return path


def test_a_point_is_of_the_authority_and_says_from_which_place_it_comes(tmp_path: Path) -> None:
    record, _ = load(table(tmp_path, HEADER, SMIMOU))
    assert record.entities == (
        Geometry(
            key="mar-hcp-07.211.05.39-geonames",
            of=Ref("authority/mar-hcp-07.211.05.39"),
            point=Point(31.21014, -9.70863),
            derived_from=Ref("https://sws.geonames.org/2569052/"),
        ),
    )


def test_what_ships_is_144_points_in_morocco_each_of_another_commune_and_place() -> None:
    (file,) = registrations()["morocco_coordinates"].shipped_files()
    record, issues = load(file.path)
    points = [entity for entity in record.entities if isinstance(entity, Geometry)]
    assert (len(points), issues.counts["points"], issues.notes) == (144, 144, [])
    assert len({point.derived_from for point in points}) == 144
    assert all(21 < entity.point.latitude < 36 for entity in points)
    assert all(-17.5 < entity.point.longitude < -1 for entity in points)


@pytest.mark.parametrize(
    ("row", "field", "value"),
    [
        ("0721105392;31.21;-9.70;1", "hcp", "0721105392"),
        ("07.211.05.99;31.21;-9.70;1", "hcp", "07.211.05.99"),
        ("07.211.05;31.21;-9.70;1", "hcp", "07.211.05"),
        ("03.561.01.07;31,21;-9.70;1", "latitude", "31,21"),
        ("03.561.01.07;131.21;-9.70;1", "latitude", "131.21"),
        ("03.561.01.07;31.21;;1", "longitude", ""),
        ("03.561.01.07;31.21;-9.70;PPL", "geonames", "PPL"),
        (SMIMOU, "hcp", "07.211.05.39"),
    ],
)
def test_a_bad_row_is_refused_with_its_line_and_column(
    tmp_path: Path, row: str, field: str, value: str
) -> None:
    record, issues = load(table(tmp_path, HEADER, SMIMOU, row))
    assert len(record.entities) == 1
    (note,) = issues.notes
    assert (note.level, note.line, note.field, note.value) == ("refused", 3, field, mask(value))


def test_a_table_that_lacks_a_column_says_which(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="lacks the column `geonames`"):
        load(table(tmp_path, "hcp;latitude;longitude", "07.211.05.39;31.2;-9.7"))


def test_another_table_is_not_of_this_kind(tmp_path: Path) -> None:
    with pytest.raises(NotOfThisKind):
        load(table(tmp_path, "insee;nom", "91228;Évry"))


def place(name: str, region: str, province: str, commune: str) -> str:
    cells = ["1", name, name, "", "31.2", "-9.7", "P", "PPL", "MA", "", region, province, commune]
    return "\t".join([*cells, "", "0", "", "0", "Africa/Casablanca", "2020-01-01"])


def test_a_place_is_taken_where_its_code_and_its_name_are_the_commune_s(tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "cities500.txt").write_text(
        "\n".join(
            [
                place("Smimou", "07", "211", "0621105392"),
                place("Bni Smih", "07", "211", "0621105372"),  # the code is another commune's
                place("Smimou", "07", "161", "0621105392"),  # it lies in another province
                place("Smimou", "07", "211", ""),  # nothing but a name
            ]
        ),
        "utf-8",
    )
    (tmp_path / "dataset.yml").write_text("files:\n  coordinates.csv: x\n", "utf-8")
    refresh.refresh({refresh.PACKAGE: tmp_path}, tmp_path)
    assert (tmp_path / "source" / "coordinates.csv").read_text("utf-8").splitlines() == [
        HEADER,
        "07.211.05.39;31.2;-9.7;1",
    ]
