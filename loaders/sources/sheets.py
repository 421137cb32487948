"""The rows of a table, whether it is text or an Excel workbook.

A cell of a workbook is read as a person sees it: `2010` is no `2010.0`, and a day is 2010-06-22.
"""

from __future__ import annotations

import csv
import datetime
import io
import unicodedata
import zipfile
from collections.abc import Iterator
from typing import Any

from loaders.errors import SourceError
from loaders.sources.files import LARGEST_FILE, SourceFile

Cells = tuple[list[str], int]
"""The cells of a row, and the line (of a workbook: the row of its sheet) that it ends on."""

_ZIP = b"PK\x03\x04"
_SEPARATORS = ";,\t"


def cells(source: SourceFile) -> Iterator[Cells]:
    """The rows of a table, the header first; those without any cell are left out.

    Of text the separator is `;`, `,` or a tab, as the header shows, or as a first line `sep=;`
    says, which Excel writes. Of a workbook (.xlsx) the first sheet that holds anything is read.
    Raises SourceError for what is no table.
    """
    read = _workbook if source.content.startswith(_ZIP) else _text
    for row, line in read(source):
        if any(row):
            yield row, line


def _text(source: SourceFile) -> Iterator[Cells]:
    lines = source.text().split("\n")
    told = lines[0].strip().strip('"')
    before = told[:4].lower() == "sep=" and len(told) == 5
    header = lines[1] if before and len(lines) > 1 else lines[0]
    separator = told[4] if before else max(_SEPARATORS, key=header.count)
    reader = csv.reader(lines[before:], delimiter=separator)
    try:
        for row in reader:
            yield [cell.strip() for cell in row], reader.line_num + before
    except csv.Error as error:
        raise SourceError(f"{source.name} is no table that can be read: {error}") from error


def _workbook(source: SourceFile) -> Iterator[Cells]:
    from python_calamine import CalamineError, CalamineWorkbook  # only workbooks need it

    try:
        with zipfile.ZipFile(io.BytesIO(source.content)) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
        if unpacked > LARGEST_FILE * 4:
            raise SourceError(f"{source.name} holds more than {LARGEST_FILE * 4} bytes: split it")
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(source.content))
        for name in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            if any(any(row) for row in sheet):
                for line, row in enumerate(sheet, 1):
                    yield [_shown(cell) for cell in row], line
                return
    except (zipfile.BadZipFile, CalamineError, OSError) as error:
        raise SourceError(
            f"{source.name} is no Excel workbook that can be read: {error}"
        ) from error
    raise SourceError(f"{source.name} is an Excel workbook without a cell: save the sheet again")


def _shown(cell: Any) -> str:
    """A cell as a person sees it."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    if isinstance(cell, datetime.date | datetime.datetime):
        return cell.isoformat()
    return unicodedata.normalize("NFC", str(cell)).strip()
