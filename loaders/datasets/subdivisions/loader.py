"""Reads the subdivisions of ISO 3166-2, one row each."""

from __future__ import annotations

import importlib.resources
from collections.abc import Iterator

from loaders.model.records import SourceRecord
from loaders.registers import divisions
from loaders.registers.levels import read_divisions
from loaders.sources.dataset import Dataset
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog


def records(source: SourceFile, dataset: Dataset, issues: IssueLog) -> Iterator[SourceRecord]:
    """The one record of the register."""
    described = importlib.resources.files(__package__) / "divisions.yml"
    countries = read_divisions(described.read_text("utf-8"), dataset.name)
    return divisions.records(source, dataset, issues, countries)
