"""Reads the tables of cited facts: partnerships, amounts, associations.

Each row is a statement of one public page, and becomes one record that cites that page. Which of
the three tables a file is, its header says.
"""

from __future__ import annotations

from collections.abc import Iterator

from loaders.datasets.cited import associations, funding, partnerships
from loaders.errors import NotOfThisKind, RecordError
from loaders.model.records import SourceRecord
from loaders.sources.dataset import Dataset
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog
from loaders.sources.tables import header, refuse, rows

TABLES = (partnerships, funding, associations)


def records(source: SourceFile, dataset: Dataset, issues: IssueLog) -> Iterator[SourceRecord]:
    """The records of one table, a row each, in its order.

    A row that cannot be true is refused with row and column, and the others stay. Raises
    NotOfThisKind for a table without the columns of any of the three.
    """
    columns = header(source)
    table = next((t for t in TABLES if {c.name for c in t.COLUMNS} <= set(columns)), None)
    if table is None:
        raise NotOfThisKind(
            f"{source.name} is no table of partnerships, amounts or associations: "
            f"it has no columns {', '.join(c.name for c in partnerships.COLUMNS[:3])} …"
        )
    for row in rows(source, table.COLUMNS, issues):
        issues.record = row["id"]
        try:
            record = table.record(row, source, dataset, issues)
        except RecordError as error:
            refuse(RecordError(error.field, error.value, error.advice, line=row.line), issues)
        else:
            issues.line("taken" if record else "refused")
            if record:
                yield record
