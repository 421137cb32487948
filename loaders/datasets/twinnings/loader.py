"""Reads lists of twinnings: a table, or a result of a query to Wikidata."""

from __future__ import annotations

from collections.abc import Iterator

from loaders.datasets.twinnings import table, wikidata
from loaders.datasets.twinnings.ends import record
from loaders.errors import RecordError
from loaders.model.records import SourceRecord
from loaders.sources.dataset import Dataset
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog
from loaders.sources.tables import refuse


def records(source: SourceFile, dataset: Dataset, issues: IssueLog) -> Iterator[SourceRecord]:
    """One record for each two towns, in the order in which they come first.

    A twinning that stands twice, in whichever direction, is one record.
    """
    is_json = source.content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"["))
    read = wikidata.ends if is_json else table.ends
    first: dict[str, int] = {}
    for tie in read(source, dataset.language, issues):
        line = tie.line
        try:
            twinning = record(tie, source=source, dataset=dataset)
        except RecordError as error:
            refuse(RecordError(error.field, error.value, error.advice, line=line), issues)
            continue
        issues.line("taken")
        issues.record = twinning.key
        if twinning.key in first:
            issues.counts["repeated"] += 1
            # Wikidata states each twinning in both directions: that is nobody's slip.
            if not is_json:
                advice = f"row {first[twinning.key]} states this twinning too: they are one record"
                issues.inform("row", twinning.key, advice, line=line)
            continue
        first[twinning.key] = line
        yield twinning
