"""Reads the table of countries, one row a country."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping

from loaders.errors import NotOfThisKind, RecordError, SourceError
from loaders.model.records import Country, Document, SourceRecord
from loaders.model.values import Text
from loaders.sources.dataset import Dataset
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog

COLUMNS = ("code", "alpha2", "alpha3", "numeric", "fr", "en", "ar")
OPTIONAL = "fr_other"
"""Other French names, joined by `|`: what administrations write."""

_Row = Mapping[str, str | None]

_FORMS = {
    "code": (r"[A-Z0-9]{3}", "write the three characters of the EU authority table"),
    "alpha2": (r"[A-Z]{2}", "write two capital letters (ISO 3166-1)"),
    "alpha3": (r"[A-Z]{3}", "write three capital letters (ISO 3166-1)"),
    "numeric": (r"(\d{3})?", "write three digits (ISO 3166-1), or nothing"),
    "fr": (r".+", "write the French name"),
    "en": (r".+", "write the English name"),
    "ar": (r".+", "write the Arabic name"),
}


def records(source: SourceFile, dataset: Dataset, issues: IssueLog) -> Iterator[SourceRecord]:
    """The one record of the table: a register is one graph."""
    lines = source.text().split("\n")
    header = lines[0]
    rows = csv.DictReader(lines, delimiter=max(";,\t", key=header.count), restkey="", restval=None)
    missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
    if "code" in missing:
        raise NotOfThisKind(f"{source.name} is no table of countries: it has no column `code`")
    if missing:
        raise SourceError(f"{source.name} lacks the column `{missing[0]}`: add it to the header")
    issues.record = "countries"
    issues.line("noise")  # the header
    countries: dict[str, Country] = {}
    for row in _readable(rows, source.name):
        try:
            country = _country(row, rows.line_num)
            if country.key in countries:
                raise RecordError(
                    "code", country.key, "a code stands once: remove this row", line=rows.line_num
                )
        except RecordError as error:
            issues.line("refused")
            issues.refuse(error.field, error.value, error.advice, line=error.line)
        else:
            issues.line("taken")
            countries[country.key] = country
    if not countries:
        raise SourceError(f"{source.name} holds no country that can be read")
    yield SourceRecord(
        key="countries",
        document=Document(
            title=Text(dataset.title.fr),
            publisher=dataset.publisher.name,
            address=dataset.homepage,
            rights=dataset.rights,
            rights_statement=Text(dataset.rights_statement.fr),
        ),
        entities=tuple(countries[code] for code in sorted(countries)),
        file=source.name,
        checksum=source.checksum,
    )


def _readable(rows: Iterator[_Row], name: str) -> Iterator[_Row]:
    try:
        yield from rows
    except csv.Error as error:
        raise SourceError(f"{name} is no table that can be read: {error}") from error


def _country(row: _Row, line: int) -> Country:
    cells = {column: row[column] for column in COLUMNS}
    for column, cell in cells.items():
        if cell is None:
            raise RecordError(column, "", "the row has too few cells: fill it in", line=line)
        form, advice = _FORMS[column]
        if not re.fullmatch(form, cell.strip()):
            raise RecordError(column, cell, advice, line=line)
    if "" in row:
        raise RecordError(
            "row",
            str(row[""]),
            "the row has more cells than the header: quote the one that holds a separator",
            line=line,
        )
    code, alpha2, alpha3, numeric, fr, en, ar = (str(cell).strip() for cell in cells.values())
    others = [name.strip() for name in (row.get(OPTIONAL) or "").split("|")]
    return Country(
        key=code,
        names=(Text(fr), Text(en, "en"), Text(ar, "ar")),
        other_names=tuple(Text(name) for name in others if name and name != fr),
        alpha2=alpha2,
        notations=tuple(filter(None, (alpha3, numeric))),
    )
