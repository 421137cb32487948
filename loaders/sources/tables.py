"""Tables of registers: rows by column, whatever the separator, each cell checked."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from loaders.errors import NotOfThisKind, RecordError, SourceError
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column that a table must have, the form of its cells, and what to do about another."""

    name: str
    form: str = ".*"
    advice: str = ""


@dataclass(frozen=True)
class Row:
    """The cells of a row, without blanks around them, and the line that it ends on."""

    cells: Mapping[str, str]
    line: int

    def __getitem__(self, column: str) -> str:
        """The cell of a column; the empty string where the table has no such column."""
        return self.cells.get(column, "")


Matches = Callable[[str], re.Match[str] | None]


def rows(source: SourceFile, columns: Sequence[Column], issues: IssueLog) -> Iterator[Row]:
    """The rows that can be read; the others are refused, with line and column.

    The separator is `;`, `,` or a tab, as the header shows. Raises NotOfThisKind where the header
    has none of the columns, SourceError where it lacks one and for what is no table.
    """
    lines = source.text().split("\n")
    reader = csv.reader(lines, delimiter=max(";,\t", key=lines[0].count))
    checks: list[tuple[Column, Matches]] = [
        (column, re.compile(column.form).fullmatch) for column in columns
    ]
    try:
        header = [cell.strip() for cell in next(reader)]
        _check_header(source.name, header, columns)
        issues.line("noise")
        for cells in reader:
            if not any(cells):
                continue
            row = Row(dict(zip(header, map(str.strip, cells), strict=False)), reader.line_num)
            try:
                _check_row(row, len(cells) - len(header), checks)
            except RecordError as error:
                refuse(error, issues)
            else:
                yield row
    except csv.Error as error:
        raise SourceError(f"{source.name} is no table that can be read: {error}") from error


def refuse(error: RecordError, issues: IssueLog) -> None:
    """Tells the issue log of a row that is not taken."""
    issues.line("refused")
    issues.refuse(error.field, error.value, error.advice, line=error.line)


def _check_header(name: str, header: list[str], columns: Sequence[Column]) -> None:
    missing = [column.name for column in columns if column.name not in header]
    if len(missing) == len(columns):
        raise NotOfThisKind(f"{name} is no such table: it has no column `{missing[0]}`")
    if missing:
        raise SourceError(f"{name} lacks the column `{missing[0]}`: add it to the header")


def _check_row(row: Row, surplus: int, checks: list[tuple[Column, Matches]]) -> None:
    if surplus:
        told = "more cells than" if surplus > 0 else "fewer cells than"
        advice = f"the row has {told} the header: quote a cell that holds the separator"
        raise RecordError("row", str(list(row.cells.values())), advice, line=row.line)
    cells = row.cells
    for column, matches in checks:
        if not matches(cells[column.name]):
            raise RecordError(column.name, row[column.name], column.advice, line=row.line)
