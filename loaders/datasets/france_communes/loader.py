"""Reads INSEE's register of communes and its table of changes: one graph, of their history.

The two tables tell one thing together. Of a build that is given one of them, the other is the one
that ships.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from loaders.datasets.france_communes.changes import changes
from loaders.datasets.france_communes.entities import entity
from loaders.errors import NotOfThisKind, SourceError
from loaders.model.records import Authority, SourceRecord
from loaders.registers.cog.history import History, read_history
from loaders.registers.cog.movements import TABLE as MOVEMENTS
from loaders.registers.cog.standing import OVERSEAS
from loaders.registers.cog.standing import TABLE as STANDING
from loaders.registers.communes import SHIPPED_MOVEMENTS, SHIPPED_STANDING, shipped_history
from loaders.sources.dataset import Dataset
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog
from loaders.sources.tables import is_table

COUNTED = {
    "COM": "communes",
    "COMA": "associated communes",
    "COMD": "delegated communes",
    "ARM": "arrondissements",
}


def records(source: SourceFile, dataset: Dataset, issues: IssueLog) -> Iterator[SourceRecord]:
    """The one record of the register, when the table comes that opens it.

    That is `v_commune`, or `v_mvt_commune` where there is no other. Raises NotOfThisKind for
    another table, SourceError where no commune can be read.
    """
    issues.record = "communes"
    files = (source, *source.beside)
    standing, movements, overseas = (
        [file for file in files if is_table(file, table)]
        for table in (STANDING, MOVEMENTS, OVERSEAS)
    )
    if all(source not in tables for tables in (standing, movements, overseas)):
        advice = "v_commune, v_mvt_commune, and a list of the communes of overseas collectivités"
        raise NotOfThisKind(f"{source.name} is no table of this register, which are {advice}")
    if not standing and source in overseas and not movements:
        raise SourceError(f"{source.name} goes with v_commune: give that as well")
    if source is not (standing or movements)[0]:
        return  # it is read with the one that opens the register
    history = _history(standing, movements, overseas, issues)
    if not any(each.today for each in history.all):
        raise SourceError(f"{source.name} holds no commune that can be read")
    entities = tuple(entity(existence, history) for existence in history.all)
    events = tuple(changes(history))
    _count(history, issues)
    issues.counts["changes"] += len(events)
    issues.counts["former names"] += sum(
        len(each.former_names) for each in entities if isinstance(each, Authority)
    )
    yield SourceRecord(key="communes", document=dataset.document, entities=entities + events)


def _history(
    standing: Sequence[SourceFile],
    movements: Sequence[SourceFile],
    overseas: Sequence[SourceFile],
    issues: IssueLog,
) -> History:
    if {file.path for file in (*standing, *movements)} == {
        SHIPPED_STANDING.path,
        SHIPPED_MOVEMENTS.path,
    }:
        history, read = shipped_history()
        issues.take(read)
        return history
    for given, other in ((standing, SHIPPED_STANDING), (movements, SHIPPED_MOVEMENTS)):
        if not given:
            advice = "the table that ships is read in its place: give INSEE's as well"
            issues.inform("file", other.name, advice)
    return read_history(
        (standing or [SHIPPED_STANDING])[0], (movements or [SHIPPED_MOVEMENTS])[0], overseas, issues
    )


def _count(history: History, issues: IssueLog) -> None:
    """Counts what the register is known by, so that a build can compare."""
    today = Counter(existence.type for existence in history.all if not existence.end)
    for kind, what in COUNTED.items():
        issues.counts[what] += today[kind]
    issues.counts["existences"] += len(history.all)
