"""The page that a row cites, and what every row's cells are read as."""

from __future__ import annotations

import datetime
from urllib.parse import urlsplit

from loaders.errors import RecordError
from loaders.model.records import Document, Entity, SourceRecord
from loaders.model.values import PartialDate, Ref, Text
from loaders.registers.countries import table
from loaders.sources.dataset import Dataset
from loaders.sources.files import SourceFile
from loaders.sources.tables import Column, Row

ID = Column(name="id", form=r"[a-z]\d+", advice="write a letter and a number, as p958")
ADDRESS = Column(
    name="source_url",
    form=r"https?://[^\s<>\"{}|\\^`]+",
    advice="write the address of the page that says so: without one nothing is cited",
)


def cited(
    row: Row, entities: tuple[Entity, ...], source: SourceFile, dataset: Dataset
) -> SourceRecord:
    """The record of a row, whose document is its page."""
    address = row["source_url"]
    title = row["source_title"] or urlsplit(address).hostname or address
    return SourceRecord(
        key=row["id"],
        document=Document(
            title=Text(title, row["source_language"] or dataset.language),
            publisher=row["source_publisher"] or None,
            address=address,
            language=row["source_language"] or dataset.language,
            issued=day(row, "source_date"),
            retrieved=dataset.retrieved,
            rights="unstated",
        ),
        entities=entities,
        file=source.name,
        checksum=source.checksum,
        place=f"row {row.line}",
    )


def parts(cell: str) -> tuple[str, ...]:
    """The values of a cell, with bars between them; an empty one keeps its place."""
    return tuple(part.strip() for part in cell.split("|")) if cell.strip() else ()


def day(row: Row, column: str, today: datetime.date | None = None) -> PartialDate | None:
    """The date of a cell, at its precision; raises RecordError for none, and for one to come."""
    text = row[column]
    if not text:
        return None
    try:
        date = PartialDate(text)
    except ValueError as error:
        advice = "write a year, a month or a day: 1998, 1998-05, 1998-05-30"
        raise RecordError(column, text, advice) from error
    if today and date.earliest and date.earliest > today:
        raise RecordError(column, text, f"this is after {today}: correct it, or wait for it")
    return date


def country(column: str, code: str) -> Ref:
    """The country of an ISO 3166-1 alpha-3 code; raises RecordError for another."""
    for known in table():
        if code and code in (known["code"], known["alpha3"]):
            return Ref(f"country/{known['code']}")
    raise RecordError(column, code, "write one ISO 3166-1 alpha-3 code for each party: MLI | SEN")
