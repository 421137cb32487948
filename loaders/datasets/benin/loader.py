"""Reads the divisions of Benin, one row each."""

from __future__ import annotations

import importlib.resources
from collections.abc import Iterator

from loaders import divisions
from loaders.dataset import Dataset
from loaders.ledger import Ledger
from loaders.levels import read_divisions
from loaders.records import SourceRecord
from loaders.sources import SourceFile


def records(source: SourceFile, dataset: Dataset, ledger: Ledger) -> Iterator[SourceRecord]:
    """The one record of the register."""
    described = importlib.resources.files(__package__) / "divisions.yml"
    countries = read_divisions(described.read_text("utf-8"), dataset.name)
    return divisions.records(source, dataset, ledger, countries)
