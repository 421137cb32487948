"""Tables as offices send them: separators told or shown, workbooks, headers in other words."""

from __future__ import annotations

import datetime
from pathlib import Path

import openpyxl
import pytest

from loaders.errors import NotOfThisKind, SourceError
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog
from loaders.sources.sheets import cells
from loaders.sources.tables import Column, header, rows

CITIES = [["city1", "country1"], ["Évry", "France"]]


def file(tmp_path: Path, name: str, content: bytes) -> SourceFile:
    path = tmp_path / name
    path.write_bytes(content)
    return SourceFile(path, name)


def workbook(tmp_path: Path, *sheets: list[list[object]]) -> SourceFile:
    book = openpyxl.Workbook()
    for rank, sheet in enumerate(sheets):
        page = book.active if rank == 0 else book.create_sheet()
        for row in sheet:
            page.append(row)
    path = tmp_path / "table.xlsx"
    book.save(path)
    return SourceFile(path, path.name)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("city1;country1\nÉvry;France", 2),
        ("city1,country1\n\nÉvry,France\n", 3),
        ("city1\tcountry1\nÉvry\tFrance", 2),
        ("sep=;\ncity1;country1\nÉvry;France", 3),
        ('\ufeff"sep=,"\r\ncity1,country1\r\n"Évry",France\r\n', 3),
    ],
)
def test_the_separator_is_shown_or_told(tmp_path: Path, text: str, line: int) -> None:
    read = list(cells(file(tmp_path, "t.csv", text.encode())))
    assert [row for row, _ in read] == CITIES
    assert read[-1][1] == line


def test_a_workbook_is_read_as_a_person_sees_it(tmp_path: Path) -> None:
    day = datetime.datetime(2010, 6, 22)
    sheet: list[list[object]] = [
        ["nom", "code", "depuis", "date", "part", "ouvert"],
        ["Évry", "01004", 2010, day, 0.5, True],
    ]
    assert [row for row, _ in cells(workbook(tmp_path, [], sheet))] == [
        ["nom", "code", "depuis", "date", "part", "ouvert"],
        ["Évry", "01004", "2010", "2010-06-22", "0.5", "true"],
    ]


def test_the_rows_of_a_workbook_are_those_of_a_table(tmp_path: Path) -> None:
    source = workbook(tmp_path, [*CITIES, ["NaN", "NA"]])
    issues = IssueLog("x")
    read = list(rows(source, [Column(name="city1"), Column(name="country1")], issues))
    assert [(row["city1"], row["country1"], row.line) for row in read] == [
        ("Évry", "France", 2),
        ("NaN", "NA", 3),  # a town and a code, no missing numbers
    ]
    assert header(source) == ("city1", "country1")


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x03\x04" + bytes(200)])
def test_what_only_looks_like_a_workbook_is_told(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(SourceError, match="no Excel workbook that can be read"):
        list(cells(file(tmp_path, "t.xlsx", content)))


def test_a_workbook_without_a_cell_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="without a cell"):
        list(cells(workbook(tmp_path, [])))


def test_a_header_in_other_words_means_the_same_column(tmp_path: Path) -> None:
    columns = [
        Column(name="city1", also="(ville|city)_?[1a]"),
        Column(name="start", also="depuis|since", optional=True),
    ]
    source = file(tmp_path, "t.csv", b"Ville_A;Depuis\nDschang;1997")
    (row,) = rows(source, columns, IssueLog("x"))
    assert (row["city1"], row["start"]) == ("Dschang", "1997")
    (row,) = rows(file(tmp_path, "u.csv", b"city1\nDschang"), columns, IssueLog("x"))
    assert (row["city1"], row["start"]) == ("Dschang", "")
    with pytest.raises(NotOfThisKind, match="it has no column `city1`"):
        list(rows(file(tmp_path, "v.csv", b"start\n1997"), columns, IssueLog("x")))
