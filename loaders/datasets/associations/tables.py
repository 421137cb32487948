"""Rows of tables as lines: a label and its value, or a row about one association each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from loaders.datasets.associations.fields import field_of
from loaders.datasets.associations.names import is_name

if TYPE_CHECKING:
    from loaders.datasets.associations.page import PageLine

_RULE = ("---",)


def rows_read(lines: list[PageLine]) -> list[PageLine]:
    """The lines, each table among them turned into lines that say the same.

    A row of two cells is `label : value`. Where the first row names columns, the name of an
    association among them, each row becomes an entry with a line for each of its cells; and where
    the first column does, each column.
    """
    read: list[PageLine] = []
    for of_table, group in groupby(lines, key=lambda line: bool(line.cells)):
        together = list(group)
        read.extend(_table(together) if of_table else together)
    return read


def _table(rows: list[PageLine]) -> Iterator[PageLine]:
    rows = [row for row in rows if row.cells != _RULE]
    if not rows:
        return
    head = rows[0].cells
    width = max(len(row.cells) for row in rows)
    by_rows, by_columns = _names_columns(head), _names_columns(tuple(r.cells[0] for r in rows))
    if by_rows and len(rows) > 1 and (width > 2 or any(map(is_name, _column(rows[1:], head)))):
        yield replace(rows[0], cells=head, entry=False, furniture=True)
        for row in rows[1:]:
            yield from _entry(
                [(row, label, cell) for label, cell in zip(head, row.cells, strict=False)]
            )
    elif by_columns and width > 2:
        for column in range(1, width):
            yield from _entry(
                [(r, r.cells[0], r.cells[column]) for r in rows if column < len(r.cells)]
            )
    else:
        for row in rows:
            cells = [cell for cell in row.cells if cell]
            if len(cells) == 2:
                mark = " " if cells[0].endswith(":") else " : "
                yield replace(row, text=mark.join(cells), cells=())
            else:
                yield replace(row, text=" ".join(cells), cells=())


def _names_columns(cells: tuple[str, ...]) -> bool:
    fields = [field_of(cell) for cell in cells if cell]
    return len([field for field in fields if field]) > 1 and bool({"name", "acronym"} & {*fields})


def _column(rows: list[PageLine], head: tuple[str, ...]) -> list[str]:
    place = next((i for i, label in enumerate(head) if field_of(label) == "name"), 0)
    return [row.cells[place] for row in rows if place < len(row.cells)]


def _entry(cells: list[tuple[PageLine, str, str]]) -> Iterator[PageLine]:
    """The lines of one association: its name first, then each cell that is not empty."""
    named = {field_of(label): cell for _, label, cell in reversed(cells) if cell}
    name, acronym = named.get("name"), named.get("acronym")
    if not name or not is_name(name):
        row = cells[0][0]
        yield replace(row, text=" ".join(cell for _, _, cell in cells if cell))
        return
    title = f"{name} ({acronym})" if acronym and "(" not in name else name
    told = {"name", "acronym"} if title != name or not acronym else {"name"}
    place = next(row for row, label, _ in cells if field_of(label) == "name")
    yield replace(place, text=title, entry=True)
    for row, label, cell in cells:
        if cell and field_of(label) not in told:
            yield replace(row, text=f"{label} : {cell}")
