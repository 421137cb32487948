"""Source files to typed records, dataset by dataset, and an account of what cannot be taken."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from loaders.errors import DatasetError, NotOfThisKind, RecordError, SourceError
from loaders.model.records import SourceRecord
from loaders.model.values import Ref
from loaders.progress import Progress
from loaders.sources.dataset import Dataset, Registration
from loaders.sources.files import SourceFile, source_files
from loaders.sources.issue_log import IssueLog

REASONS = 10
"""The reasons that a message gives, why nothing of a file can be published."""


@dataclass(frozen=True)
class Rejection:
    """A record that is not published: a pointer to its source and the reason, never a copy."""

    dataset: str
    file: str
    checksum: str
    record: str | None
    line: int | None
    field: str
    value: str
    advice: str


@dataclass
class Read:
    """The records read of one dataset, and the account of the rest."""

    dataset: Dataset
    issues: IssueLog
    shipped: bool
    records: list[SourceRecord] = field(default_factory=list)
    checksums: dict[str, str] = field(default_factory=dict)

    def rejections(self) -> list[Rejection]:
        """The records that are not published, in the order in which that was found."""
        return [
            Rejection(
                dataset=self.dataset.name,
                file=note.file,
                checksum=self.checksums.get(note.file, ""),
                record=note.record,
                line=note.line,
                field=note.field,
                value=note.value,
                advice=note.advice,
            )
            for note in self.issues.notes
            if note.level == "rejected"
        ]


@dataclass(frozen=True)
class Sources:
    """The places of a build's files, beside those that ship.

    `replaced` names, for a dataset, the places that stand for its shipped files; `added` the ones
    that are read beside them; `lookups` what a person decided beside its own decisions; `today` is
    the day of the build, after which nothing can have begun.
    """

    replaced: Mapping[str, Sequence[Path]] = field(default_factory=dict)
    added: Mapping[str, Sequence[Path]] = field(default_factory=dict)
    lookups: Mapping[str, Mapping[str, Ref]] = field(default_factory=dict)
    only: frozenset[str] = frozenset()
    today: datetime.date | None = None

    def named(self, dataset: str) -> tuple[Path, ...]:
        """The places that a person named for a dataset."""
        return (*self.replaced.get(dataset, ()), *self.added.get(dataset, ()))

    def files(self, registration: Registration) -> list[SourceFile]:
        """The files to read for one dataset."""
        name = registration.dataset.name
        files = [] if name in self.replaced else registration.shipped_files()
        for place in self.named(name):
            files.extend(source_files(place))
        return files

    def wanted(self, known: Mapping[str, Registration]) -> list[Registration]:
        """The datasets to read; before anything is read, what is mistyped is told.

        Raises DatasetError for a dataset that does not exist, SourceError for such a path.
        """
        for name in (*self.replaced, *self.added, *self.lookups, *sorted(self.only)):
            if name not in known:
                raise DatasetError(f"no dataset {name!r}: there are {', '.join(known)}")
        for place in chain(*self.replaced.values(), *self.added.values()):
            if not place.exists():
                raise SourceError(f"{place}: no such file or folder")
        return [known[name] for name in known if not self.only or name in self.only]


def read(registration: Registration, sources: Sources, progress: Progress) -> Read:
    """Everything that the files of one dataset hold."""
    dataset = registration.dataset
    if decided := sources.lookups.get(dataset.name):
        dataset = dataclasses.replace(dataset, lookups={**dataset.lookups, **decided})
    shipped = dataset.name not in (*sources.replaced, *sources.added, *sources.lookups)
    outcome = Read(dataset, IssueLog(dataset.name, today=sources.today), shipped)
    files = sources.files(registration)
    seen: dict[str, str] = {}
    for file in progress.over(files, dataset.name, "files", len(files)):
        outcome.issues.open(file.name)
        try:
            outcome.checksums[file.name] = file.checksum
            whole = dataclasses.replace(
                file, beside=tuple(other for other in files if other is not file)
            )
            for record in registration.load(whole, dataset, outcome.issues):
                _keep(record, file, seen, outcome)
        except NotOfThisKind as error:
            outcome.issues.skip(str(error))
        except RecordError as error:
            outcome.issues.reject(error)
        except SourceError as error:
            outcome.issues.reject(RecordError("file", file.name, str(error)))
    return outcome


def refuse_useless(reads: Iterable[Read], sources: Sources) -> None:
    """Raise SourceError for a place that a person named and of which nothing can be published.

    A file among others in a folder may be of another kind; one that is named is meant.
    """
    for outcome in reads:
        taken = {record.checksum for record in outcome.records}
        for place in sources.named(outcome.dataset.name):
            files = list(source_files(place))
            if taken.isdisjoint(file.checksum for file in files):
                names = {file.name for file in files}
                raise SourceError(_useless(place, outcome, names))


def _useless(place: Path, outcome: Read, names: Collection[str]) -> str:
    """The message about a place that holds no record for a dataset: the first reasons, by file."""
    told = [
        f"  {note}"
        for note in outcome.issues.notes
        if note.file in names and note.level in ("rejected", "refused", "skipped")
    ]
    more = [f"  … and {len(told) - REASONS} more"] if len(told) > REASONS else []
    reasons = [*told[:REASONS], *more] or [
        "  it holds no record" if names else "  it holds no file"
    ]
    return "\n".join(
        [f"{place}: not one record of {outcome.dataset.name} in it can be published:", *reasons]
    )


def _keep(record: SourceRecord, file: SourceFile, seen: dict[str, str], outcome: Read) -> None:
    if reason := outcome.dataset.exclude.get(record.key):
        outcome.issues.record = record.key
        outcome.issues.counts["excluded"] += 1
        outcome.issues.inform("key", record.key, f"dataset.yml excludes it: {reason}")
        return
    if record.key in seen:
        advice = f"the same record stands in {seen[record.key]}, which is kept: remove one of them"
        outcome.issues.record = record.key
        outcome.issues.counts["repeated"] += 1
        outcome.issues.refuse("key", record.key, advice)
        return
    seen[record.key] = file.name
    outcome.records.append(dataclasses.replace(record, file=file.name, checksum=file.checksum))
