"""The communes of one day and their parts: INSEE's `v_commune`, and the list of those overseas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from loaders.errors import RecordError
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog
from loaders.sources.tables import Column, Row, refuse, rows

_CODE = "[0-9][0-9AB][0-9]{3}"
TABLE = (
    Column(name="TYPECOM", form="COM|COMA|COMD|ARM", advice="write COM, COMA, COMD or ARM"),
    Column(name="COM", form=_CODE, advice="write INSEE's five characters"),
    Column(name="DEP", form="([0-9][0-9AB][0-9]?)?", advice="write the département's code"),
    Column(name="CTCD", form="([0-9][0-9A-Z]{2,3})?", advice="write INSEE's code, as 69M"),
    Column(name="LIBELLE", form=".+", advice="write the name"),
    Column(name="COMPARENT", form=f"({_CODE})?", advice="write the code of its commune"),
    Column(name="SIREN", form="([0-9]{9})?", advice="write nine digits, or nothing", optional=True),
    Column(
        name="POPULATION", form="[0-9]*", advice="write a whole number, or nothing", optional=True
    ),
    Column(
        name="ANNEE", form="([12][0-9]{3})?", advice="write the year of the count", optional=True
    ),
)
"""The columns of `v_commune` that are read; SIREN, POPULATION and ANNEE are ours."""

OVERSEAS = (
    Column(name="code_commune", form=_CODE, advice="write INSEE's five characters"),
    Column(name="nom_commune", form=".+", advice="write the name"),
    Column(name="code_collectivite", form="9[78][0-9]", advice="write the collectivité's code"),
    Column(
        name="population", form="[0-9]*", advice="write a whole number, or nothing", optional=True
    ),
)
"""The columns of a list of the communes of overseas collectivités, which `v_commune` leaves out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A commune, or a part of one, as a register has it on its day.

    `department` is INSEE's code of the département or overseas collectivité, `authority` its code
    of the authority that acts as département there (CTCD), where it gives one.
    """

    type: str
    code: str
    name: str
    department: str
    authority: str = ""
    parent: str = ""
    siren: str = ""
    population: str = ""
    year: str = ""
    line: int = 0


def read_standing(source: SourceFile, issues: IssueLog) -> tuple[Standing, ...]:
    """The rows of `v_commune` in their order; one that stands twice is refused."""
    return tuple(_once(map(_standing, rows(source, TABLE, issues)), issues))


def read_overseas(source: SourceFile, issues: IssueLog) -> tuple[Standing, ...]:
    """The rows of a list of overseas communes in their order."""
    return tuple(_once(map(_overseas, rows(source, OVERSEAS, issues)), issues))


def _standing(row: Row) -> Standing:
    return Standing(
        type=row["TYPECOM"],
        code=row["COM"],
        name=row["LIBELLE"],
        department=row["DEP"],
        authority=row["CTCD"],
        parent=row["COMPARENT"],
        siren=row["SIREN"],
        population=row["POPULATION"],
        year=row["ANNEE"],
        line=row.line,
    )


def _overseas(row: Row) -> Standing:
    return Standing(
        type="COM",
        code=row["code_commune"],
        name=row["nom_commune"],
        department=row["code_collectivite"],
        population=row["population"],
        line=row.line,
    )


def _once(found: Iterator[Standing], issues: IssueLog) -> Iterator[Standing]:
    seen: dict[tuple[str, str], int] = {}
    for each in found:
        if (each.type, each.code) in seen:
            first = seen[each.type, each.code]
            advice = f"a code stands once for each type, and stands on line {first}: remove one"
            refuse(RecordError("COM", each.code, advice, line=each.line), issues)
            continue
        seen[each.type, each.code] = each.line
        issues.line("taken")
        yield each
