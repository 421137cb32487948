"""An export as tables, one for each type of things: CSV on the Web in a zip, or a workbook.

Each thing is a row, each property a column; texts have a column for each language. Several values
of one property stand in one cell, between them a mark that none of the column's values has.
"""

import csv
import io
import json
import re
import shutil
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

from pyoxigraph import Literal, NamedNode, Triple
from rustpy_xlsxwriter import write_worksheets

from ontology.namespaces import CONCEPT, PREFIXES, RDF, XSD
from server.graph.descriptions import subject_of
from server.graph.vocabulary import compact
from server.iris import segment_of
from server.linked_data.arrangement import ranks
from server.linked_data.exports.notice import Notice

MARKS: Final = ("|", "¦", "‖", "␞")
"""The marks that may stand between values; the first that no value of a column has is taken."""
DATATYPES: Final = {
    str(XSD[name]): name
    for name in ("integer", "decimal", "date", "gYear", "gYearMonth", "boolean")
}
"""Datatypes that CSV on the Web has too (Metadata Vocabulary, 5.11.1), for columns of one alone."""
LAST: Final = (1980, 1, 1, 0, 0, 0)
"""The time of the files in a zip: the first that it can tell, so that bytes stay the same."""
TIME: Final = re.compile(rb">\d{4}-\d\d-\d\dT[\d:.]+Z<")
XLSX_ROWS: Final = 1_048_575
XLSX_CELL: Final = 32_767
"""The room of a worksheet: rows below its heading, and characters in a cell."""

Column = tuple[str, str]
"""A property and a language."""


class SeenColumn:
    """The facts seen of a column, by which it is described."""

    def __init__(self) -> None:
        self.several = False
        self.types: set[str] = set()
        self.marks = list(MARKS)

    def add(self, value: Literal | NamedNode, *, again: bool) -> None:
        """Take note of a value."""
        self.several |= again
        self.types.add("" if isinstance(value, NamedNode) else value.datatype.value)
        self.marks = [mark for mark in self.marks if mark not in value.value]

    @property
    def mark(self) -> str:
        """The mark between its values; a line feed where every mark is taken."""
        return self.marks[0] if self.marks else "\n"


class Tables:
    """Tables that fill as triples go by, subject by subject; rows lie in files until the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.columns: defaultdict[str, dict[Column, SeenColumn]] = defaultdict(dict)
        self.counts: defaultdict[str, int] = defaultdict(int)
        self.files: dict[str, IO[str]] = {}
        self.subject, self.row = "", defaultdict[str, list[str]](list)

    def add(self, triple: Triple) -> None:
        """Take a triple; those of one subject come one after the other."""
        subject, value = subject_of(triple), triple.object
        if not isinstance(value, NamedNode | Literal):
            return
        if subject != self.subject:
            self.close_row()
            self.subject = subject
        column = (triple.predicate.value, getattr(value, "language", None) or "")
        cell = self.row["\t".join(column)]
        seen = self.columns[table_of(subject)].setdefault(column, SeenColumn())
        seen.add(value, again=bool(cell))
        cell.append(value.value)

    def close_row(self) -> None:
        """Put the row at hand where the rows of its table lie."""
        if self.row:
            name = table_of(self.subject)
            if name not in self.files:
                path = self.folder / f"{name}.jsonl"
                self.files[name] = path.open("w+", encoding="utf-8")
            self.files[name].write(json.dumps([self.subject, self.row]) + "\n")
            self.counts[name] += 1
        self.row = defaultdict(list)

    def order(self, table: str) -> list[Column]:
        """The columns of a table, as a page orders properties."""
        known = ranks()
        return sorted(
            self.columns[table],
            key=lambda column: (known.get(column[0], len(known)), compact(column[0]), column),
        )

    def rows(self, table: str) -> Iterator[list[str]]:
        """The rows of a table: the IRI, then a cell for each column."""
        columns = [("\t".join(column), self.columns[table][column]) for column in self.order(table)]
        self.files[table].seek(0)
        for line in self.files[table]:
            subject, row = json.loads(line)
            yield [subject, *(seen.mark.join(row.get(key, ())) for key, seen in columns)]

    def write_csvw(self, target: Path, notice: Notice) -> None:
        """Write a zip of CSV files, their metadata, and a file that says what it is."""
        self.close_row()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for table in sorted(self.counts):
                with archive.open(packed(f"{table}.csv"), "w") as binary:
                    text = io.TextIOWrapper(binary, "utf-8", newline="")
                    writer = csv.writer(text)
                    writer.writerow(["iri", *map(heading, self.order(table))])
                    writer.writerows(self.rows(table))
                    text.flush()
                    text.detach()
            metadata = json.dumps(self.metadata(notice), ensure_ascii=False, indent=1) + "\n"
            archive.writestr(packed("csv-metadata.json"), metadata)
            archive.writestr(packed("README.txt"), "\n".join(notice.lines()) + "\n")
        self.close()

    def metadata(self, notice: Notice) -> Mapping[str, Any]:
        """The metadata of the tables (Metadata Vocabulary for Tabular Data, 5.2)."""
        return {
            "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
            "dc:title": [{"@value": text, "@language": key} for key, text in notice.titles.items()],
            "dc:source": [source.iri for source in notice.sources],
            "dc:license": [{"@id": source.licence} for source in notice.sources if source.licence],
            "dc:bibliographicCitation": notice.citation("en"),
            "dc:isVersionOf": {"@id": notice.iri},
            "dcat:version": notice.version,
            **({"dc:issued": notice.day} if notice.day else {}),
            "tables": [
                {
                    "url": f"{table}.csv",
                    "tableSchema": {
                        "aboutUrl": "{+iri}",
                        "primaryKey": "iri",
                        "columns": [
                            {
                                "name": "iri",
                                "titles": "iri",
                                "datatype": "anyURI",
                                "required": True,
                                "suppressOutput": True,
                            },
                            *(
                                described(column, self.columns[table][column], number)
                                for number, column in enumerate(self.order(table))
                            ),
                        ],
                    },
                }
                for table in sorted(self.counts)
            ],
        }

    def write_xlsx(self, target: Path, notice: Notice) -> None:
        """Write a workbook: a sheet that says what it is, then one for each table.

        What a sheet cannot hold is cut, and the first sheet says so; the CSV files have it.
        """
        self.close_row()
        lines = [
            *notice.lines(),
            *(line for table in sorted(self.counts) for line in self.cuts(table)),
        ]
        first = ("README", [{"Maillage": line[:XLSX_CELL]} for line in lines if line])
        sheets = [(table[:31], self.records(table)) for table in sorted(self.counts)]
        timed = self.folder / "workbook"
        write_worksheets([first, *sheets], str(timed))
        without_time(timed, target)
        self.close()

    def cuts(self, table: str) -> Iterator[str]:
        """The parts of a table that a sheet cannot hold, in words."""
        if self.counts[table] > XLSX_ROWS:
            yield f"{table}: {self.counts[table]} > {XLSX_ROWS}"
        for row in self.rows(table):
            if any(len(cell) > XLSX_CELL for cell in row):
                yield f"{row[0]}: > {XLSX_CELL}"

    def records(self, table: str) -> Iterator[dict[str, Any]]:
        """The rows of a sheet, of which no cell is a formula."""
        names = ["iri", *map(heading, self.order(table))]
        for row in islice(self.rows(table), XLSX_ROWS):
            yield dict(zip(names, (cell[:XLSX_CELL] for cell in row), strict=True))

    def close(self) -> None:
        """Let go of the rows."""
        for file in self.files.values():
            file.close()


def table_of(iri: str) -> str:
    """The table that a thing stands in, called after its type."""
    if iri.startswith(str(CONCEPT)):
        return "concept"
    return segment_of(iri) or "other"


def heading(column: Column) -> str:
    """The name of a column: the prefixed name of its property, and the language."""
    name = compact(column[0]) if column[0] != str(RDF.type) else "rdf:type"
    return f"{name}@{column[1]}" if column[1] else name


def described(column: Column, seen: SeenColumn, number: int) -> Mapping[str, Any]:
    """A column in the words of CSV on the Web."""
    iri, language = column
    name = heading(column).replace(":", "_").replace("@", "_").replace("-", "_")
    told: dict[str, Any] = {
        "name": name if iri.startswith(tuple(PREFIXES.values())) else f"property{number}",
        "titles": heading(column),
        "propertyUrl": iri,
    }
    only = next(iter(seen.types)) if len(seen.types) == 1 else None
    if language:
        told["lang"] = language
    elif only == "":
        told["datatype"] = "anyURI"
        told["valueUrl"] = f"{{+{told['name']}}}"
    elif only in DATATYPES:
        told["datatype"] = DATATYPES[only]
    return told | ({"separator": seen.mark} if seen.several else {})


def packed(name: str) -> zipfile.ZipInfo:
    """The head of a file in a zip: no clock in it."""
    info = zipfile.ZipInfo(name, LAST)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def without_time(workbook: Path, target: Path) -> None:
    """Copy a workbook without the time at which it was made: the same content, the same bytes."""
    with zipfile.ZipFile(workbook) as given, zipfile.ZipFile(target, "w") as archive:
        for name in given.namelist():
            with given.open(name) as part, archive.open(packed(name), "w") as copy:
                if name == "docProps/core.xml":
                    copy.write(TIME.sub(rb">1980-01-01T00:00:00Z<", part.read()))
                else:
                    shutil.copyfileobj(part, copy, 1 << 20)
