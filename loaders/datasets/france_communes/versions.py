"""The dated versions of communes: one row of the register each, checked as it is read."""

from __future__ import annotations

from dataclasses import dataclass

from loaders.errors import RecordError
from loaders.model.values import PartialDate
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog
from loaders.sources.tables import Column, Row, refuse, rows

_VERSION = r"(COM|COMA|COMD|COMP|ARM)-[0-9][0-9AB][0-9]{3}:[0-9]{4}-[0-9]{2}-[0-9]{2}(:2)?"
_DAY = "write a day as 2019-01-01, or nothing"
_NAMED = "write TYPE-code:day, as COM-91228:2019-01-01"

TABLE = (
    Column(name="id", form=_VERSION, advice=_NAMED),
    Column(name="code", form=r"[0-9][0-9AB][0-9]{3}", advice="write INSEE's five characters"),
    Column(name="type", form="COM|COMA|COMD|COMP|ARM", advice="write INSEE's type: COM, COMD …"),
    Column(name="nom", form=".+", advice="write the name"),
    Column(name="debut", form=r"([0-9]{4}-[0-9]{2}-[0-9]{2})?", advice=_DAY),
    Column(name="raison_debut"),
    Column(name="fin", form=r"([0-9]{4}-[0-9]{2}-[0-9]{2})?", advice=_DAY),
    Column(name="raison_fin"),
    Column(name="successeur", form=f"({_VERSION})?", advice=f"{_NAMED}, or nothing"),
    Column(name="pole", form=f"({_VERSION})?", advice=f"{_NAMED}, or nothing"),
    Column(name="departement", form="([0-9][0-9AB][0-9]?)?", advice="write the département's code"),
    Column(name="siren", form="([0-9]{9})?", advice="write nine digits, or nothing"),
    Column(name="population", form="[0-9]*", advice="write a whole number, or nothing"),
    Column(name="annee", form="([12][0-9]{3})?", advice="write the year of the population"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A commune, or a part of one, as it was from one change to the next.

    `id` is its type, its code and the day on which it begins, 1943-01-01 for those of before.
    """

    line: int
    id: str
    type: str
    code: str
    name: str
    start: str
    start_reason: str
    end: str
    end_reason: str
    successor: str
    pole: str
    department: str
    siren: str
    population: str
    population_year: str


def read_versions(source: SourceFile, issues: IssueLog) -> dict[str, Version]:
    """The versions of a table by their id, in its order; what cannot be true is refused."""
    found: dict[str, Version] = {}
    for row in rows(source, TABLE, issues):
        try:
            version = _version(row)
            if version.id in found:
                advice = "a version stands once: remove this row"
                raise RecordError("id", version.id, advice, line=row.line)
        except RecordError as error:
            refuse(error, issues)
        else:
            issues.line("taken")
            found[version.id] = version
    for version in found.values():
        _warn_of_loose_ends(version, found, issues)
    return found


def _version(row: Row) -> Version:
    for date, reason in (("debut", "raison_debut"), ("fin", "raison_fin")):
        change = row[reason] or (row["successeur"] if date == "fin" else "")
        if change and not row[date]:
            raise RecordError(date, "", f"write the day of the change ({change})", line=row.line)
        if row[date]:
            try:
                PartialDate(row[date])
            except ValueError as error:
                raise RecordError(date, row[date], str(error), line=row.line) from error
    if row["fin"] and row["debut"] > row["fin"]:
        advice = f"it ends before it begins, on {row['debut']}"
        raise RecordError("fin", row["fin"], advice, line=row.line)
    return Version(
        line=row.line,
        id=row["id"],
        type=row["type"],
        code=row["code"],
        name=row["nom"],
        start=row["debut"],
        start_reason=row["raison_debut"],
        end=row["fin"],
        end_reason=row["raison_fin"],
        successor=row["successeur"],
        pole=row["pole"],
        department=row["departement"],
        siren=row["siren"],
        population=row["population"],
        population_year=row["annee"],
    )


def _warn_of_loose_ends(version: Version, found: dict[str, Version], issues: IssueLog) -> None:
    for column, named in (("successeur", version.successor), ("pole", version.pole)):
        if named and named not in found:
            advice = "no row has this version: what it says of the other is left out"
            issues.warn(column, named, advice, line=version.line)
