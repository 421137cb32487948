"""Reads the table of the dated versions of communes: one graph, of authorities and changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from loaders.datasets.france_communes.changes import LAST_DATED, changes
from loaders.datasets.france_communes.entities import entity
from loaders.datasets.france_communes.existence import Existences, existences
from loaders.datasets.france_communes.versions import read_versions
from loaders.errors import SourceError
from loaders.model.records import Authority, SourceRecord
from loaders.sources.dataset import Dataset
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog

COUNTED = {
    "COM": "communes",
    "COMA": "associated communes",
    "COMD": "delegated communes",
    "ARM": "arrondissements",
}


def records(source: SourceFile, dataset: Dataset, issues: IssueLog) -> Iterator[SourceRecord]:
    """The one record of the register."""
    issues.record = "communes"
    versions = read_versions(source, issues)
    if not versions:
        raise SourceError(f"{source.name} holds no commune that can be read")
    known = existences(versions)
    authorities = tuple(entity(existence, known) for existence in known.all)
    events = tuple(changes(known, issues))
    _count(known, issues)
    issues.counts["changes"] += len(events)
    issues.counts["former names"] += sum(
        len(each.former_names) for each in authorities if isinstance(each, Authority)
    )
    yield SourceRecord(
        key="communes",
        document=dataset.document,
        entities=authorities + events,
    )


def _count(known: Existences, issues: IssueLog) -> None:
    """Counts what the register is known by, so that a build can compare."""
    today = Counter(existence.last.type for existence in known.all if not existence.last.end)
    for kind, what in COUNTED.items():
        issues.counts[what] += today[kind]
    issues.counts["versions"] += sum(
        version.start <= LAST_DATED and bool(version.start or version.end or version.siren)
        for version in known.versions.values()
        if version.type != "ARM"
    )
    issues.counts["existences"] += len(known.all)
