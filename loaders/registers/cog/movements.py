"""INSEE's changes of communes since 1943 (`v_mvt_commune`): one row of the table each."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cache

from loaders.errors import RecordError
from loaders.model.values import PartialDate
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog
from loaders.sources.tables import Column, Row, refuse, rows

_TYPE = "(COM|COMA|COMD|ARM)?"
_CODE = "([0-9][0-9AB][0-9]{3})?"
_NAMED = "write INSEE's type: COM, COMA, COMD or ARM, or nothing"
_CODED = "write INSEE's five characters, or nothing"

TABLE = (
    Column(name="MOD", form="[0-9]{2}", advice="write INSEE's number of the kind of change"),
    Column(
        name="DATE_EFF",
        form="[0-9]{4}(-[0-9]{2}-[0-9]{2})?",
        advice="write a day as 2019-01-01, or a year",
    ),
    Column(name="TYPECOM_AV", form=_TYPE, advice=_NAMED),
    Column(name="COM_AV", form=_CODE, advice=_CODED),
    Column(name="LIBELLE_AV"),
    Column(name="TYPECOM_AP", form=_TYPE, advice=_NAMED),
    Column(name="COM_AP", form=_CODE, advice=_CODED),
    Column(name="LIBELLE_AP"),
)
"""The columns of `v_mvt_commune` that are read; those of its articles and capitals are not."""

RENAMING, CREATION, RESTORATION, ABOLITION = "10", "20", "21", "30"
SIMPLE_MERGER, NEW_COMMUNE, ASSOCIATION, FULL_MERGER = "31", "32", "33", "34"
NO_LONGER_DELEGATED, NEW_DEPARTMENT, NEW_SEAT = "35", "41", "50"
NOW_DELEGATED, DELEGATED_AGAIN, DELEGATED_AS_WELL = "70", "71", "72"

ORDER = (
    NEW_DEPARTMENT,
    CREATION,
    RESTORATION,
    ABOLITION,
    SIMPLE_MERGER,
    ASSOCIATION,
    NEW_COMMUNE,
    FULL_MERGER,
    NOW_DELEGATED,
    NO_LONGER_DELEGATED,
    DELEGATED_AGAIN,
    DELEGATED_AS_WELL,
    RENAMING,
    NEW_SEAT,
)
"""The kinds of change, in the order in which those of one day follow each other."""

OF_PARTS = frozenset(
    (FULL_MERGER, NOW_DELEGATED, NO_LONGER_DELEGATED, DELEGATED_AGAIN, DELEGATED_AS_WELL)
)
"""The changes that leave communes as they are: only parts of them come or go."""


@dataclass(frozen=True, slots=True)
class State:
    """What a code stands for on one side of a change: COM, COMA, COMD or ARM, and its name."""

    type: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Movement:
    """One link of a change: what something was before its day, and what comes of it.

    `day` is a year where nobody knows more: INSEE gives days, the registers of two years do not.
    """

    mod: str
    day: str
    before: State | None
    after: State | None
    line: int = 0


def moment(day: str) -> str:
    """What puts days and years in order: a year stands after its days.

    >>> sorted(["2021", "2022-01-01", "2021-12-31"], key=moment)
    ['2021-12-31', '2021', '2022-01-01']
    """
    return day.ljust(len("2021-12-31"), "~")


def read_movements(source: SourceFile, issues: IssueLog) -> tuple[Movement, ...]:
    """The changes in order of time, those of one day in ORDER; what cannot be true is refused."""
    found = []
    for row in rows(source, TABLE, issues):
        try:
            PartialDate(row["DATE_EFF"])
            if row["MOD"] not in ORDER:
                advice = f"there are {', '.join(ORDER)}: its row is left out"
                raise RecordError("MOD", row["MOD"], advice, line=row.line)
        except ValueError as error:
            refuse(RecordError("DATE_EFF", row["DATE_EFF"], str(error), line=row.line), issues)
        except RecordError as error:
            refuse(error, issues)
        else:
            issues.line("taken")
            before, after = _state(row, "AV"), _state(row, "AP")
            found.append(Movement(row["MOD"], row["DATE_EFF"], before, after, row.line))
    return tuple(sorted(found, key=lambda each: (moment(each.day), ORDER.index(each.mod))))


def _state(row: Row, side: str) -> State | None:
    code = row[f"COM_{side}"]
    return State(row[f"TYPECOM_{side}"], code, row[f"LIBELLE_{side}"]) if code else None


@cache
def day_before(text: str) -> PartialDate | None:
    """The last day of what another day puts an end to; of a year the year; None for no day."""
    if not text:
        return None
    if len(text) == len("2021"):
        return PartialDate(text)
    return PartialDate(str(datetime.date.fromisoformat(text) - datetime.timedelta(days=1)))
