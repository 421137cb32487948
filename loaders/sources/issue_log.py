"""The fate of every file, record and line of a dataset: nothing is dropped silently.

A loader tells its issue log as it reads; the build writes the issue logs into `report.json`. Values
are masked and cut (`masking`) as they come in, so that no report or log can leak what the graphs
leave out.
"""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

from loaders.errors import RecordError
from loaders.sources.masking import excerpt

Fate = Literal["taken", "noise", "withheld", "contact", "refused", "unknown"]
"""The fates of a line of a page.

- taken: its fact is in the graph, or it is the label of a field;
- noise: the site's own furniture (navigation, headings of columns, page numbers);
- withheld: a text that is not published because its source is reserved;
- contact: a natural person's name or contact details, left out;
- refused: understood, and false or unreadable: told in a note;
- unknown: not understood: told in a note.
"""

Level = Literal["info", "untied", "warning", "refused", "rejected", "skipped"]


@dataclass(frozen=True, kw_only=True)
class Note:
    """One thing that a person who keeps the source should know."""

    level: Level
    file: str
    record: str | None
    field: str
    value: str
    advice: str
    line: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The note as the report shows it."""
        return {key: value for key, value in vars(self).items() if value is not None}

    def __str__(self) -> str:
        """The note on one line."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        record = f" {self.record}" if self.record else ""
        return f"{self.level}: {place}{record}: {self.field}: {self.value!r}: {self.advice}"


@dataclass
class IssueLog:
    """The account of one dataset in one build.

    `today` is the day of the build, where it is told: what is dated later has not happened.
    """

    dataset: str
    file: str = ""
    record: str | None = None
    notes: list[Note] = field(default_factory=list)
    lines: Counter[Fate] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    today: datetime.date | None = None

    def open(self, file: str) -> None:
        """Say which file is read from now on."""
        self.file, self.record = file, None
        self.counts["files"] += 1

    def open_again(self, file: str, record: str) -> None:
        """Say that what follows is about a record that was read before."""
        self.file, self.record = file, record

    def line(self, fate: Fate, count: int = 1) -> None:
        """Account for lines (or rows) of the file; blank ones are not counted."""
        self.lines[fate] += count

    def take(self, other: IssueLog) -> None:
        """Take over what another account tells of lines and notes."""
        self.lines.update(other.lines)
        self.notes.extend(other.notes)

    def left_out(self, what: str, count: int = 1) -> None:
        """Count something that is left out of the graph for rights or privacy."""
        self.counts[f"left out: {what}"] += count

    def warn(self, field: str, value: str, advice: str, *, line: int | None = None) -> None:
        """Note what is kept as stated, and is odd."""
        self._note("warning", field, value, advice, line)

    def inform(self, field: str, value: str, advice: str, *, line: int | None = None) -> None:
        """Note a choice that the source left open, such as a key that had to be derived."""
        self._note("info", field, value, advice, line)

    def untie(self, field: str, value: str, why: str, *, line: int | None = None) -> None:
        """Note what names fewer than two ends: it makes no tie, and the rest of it is kept."""
        self._note("untied", field, value, why, line)

    def refuse(self, field: str, value: str, advice: str, *, line: int | None = None) -> None:
        """Note one line or value that is not published because it cannot be read or be true."""
        self._note("refused", field, value, advice, line)

    def reject(self, error: RecordError) -> None:
        """Note a whole record that is not published."""
        self.counts["rejected"] += 1
        self._note("rejected", error.field, error.value, error.advice, error.line)

    def skip(self, reason: str) -> None:
        """Note a file of another kind."""
        self.counts["skipped"] += 1
        self._note("skipped", "file", self.file, reason, None)

    def _note(self, level: Level, field: str, value: str, advice: str, line: int | None) -> None:
        self.notes.append(
            Note(
                level=level,
                file=self.file,
                record=self.record,
                field=field,
                value=excerpt(value),
                advice=advice,
                line=line,
            )
        )

    def count(self, level: Level) -> int:
        """The count of notes of a level."""
        return sum(note.level == level for note in self.notes)

    def as_json(self) -> dict[str, Any]:
        """The issue log as the report shows it, the same for the same input."""
        fates: tuple[Fate, ...] = (
            "taken",
            "noise",
            "withheld",
            "contact",
            "refused",
            "unknown",
        )
        return {
            "dataset": self.dataset,
            "counts": dict(sorted(self.counts.items())),
            "lines": {"read": self.lines.total(), **{fate: self.lines[fate] for fate in fates}},
            "notes": [note.as_json() for note in self.notes],
        }
