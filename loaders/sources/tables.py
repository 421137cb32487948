"""Tables: rows by column, whatever the separator, of text or of a workbook, each cell checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from loaders.errors import NotOfThisKind, RecordError, SourceError
from loaders.sources import sheets
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column that a table must have, the form of its cells, and what to do about another.

    One that is `optional` may be missing; its cells are then read as empty. `also` is a form of
    other headers that mean it, in any case.
    """

    name: str
    form: str = ".*"
    advice: str = ""
    optional: bool = False
    also: str = ""


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

    Raises NotOfThisKind where the header has none of the columns, SourceError where it lacks one
    and for what is no table.
    """
    reader = sheets.cells(source)
    checks: list[tuple[Column, Matches]] = [
        (column, re.compile(column.form).fullmatch) for column in columns
    ]
    names = [_named(cell, columns) for cell in next(reader)[0]]
    _check_header(source.name, names, columns)
    issues.line("noise")
    for cells, line in reader:
        # A sheet is as wide as its widest row: what is empty beyond the header is no surplus.
        while len(cells) > len(names) and not cells[-1]:
            cells.pop()
        row = Row(dict(zip(names, cells, strict=False)), line)
        try:
            _check_row(row, len(cells) - len(names), checks)
        except RecordError as error:
            refuse(error, issues)
        else:
            yield row


def header(source: SourceFile) -> tuple[str, ...]:
    """The names of the columns of a table, in their order."""
    return tuple(next(sheets.cells(source))[0])


def is_table(source: SourceFile, columns: Sequence[Column]) -> bool:
    """True of a table with all these columns but optional ones, whatever else it has.

    A file that cannot be read is none.
    """
    try:
        cells = header(source)
    except SourceError:
        return False
    return all(column.optional or column.name in cells for column in columns)


def refuse(error: RecordError, issues: IssueLog) -> None:
    """Tells the issue log of a row that is not taken."""
    issues.line("refused")
    issues.refuse(error.field, error.value, error.advice, line=error.line)


def _named(cell: str, columns: Sequence[Column]) -> str:
    """The column that a cell of the header means, or the cell itself."""
    for column in columns:
        if column.also and re.fullmatch(column.also, cell, re.IGNORECASE):
            return column.name
    return cell


def _check_header(name: str, header: list[str], columns: Sequence[Column]) -> None:
    required = [column for column in columns if not column.optional]
    missing = [column.name for column in required if column.name not in header]
    if len(missing) == len(required):
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
        if not matches(cells.get(column.name, "")):
            raise RecordError(column.name, row[column.name], column.advice, line=row.line)
