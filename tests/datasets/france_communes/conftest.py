from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import pytest

from loaders.model.records import Authority, Change, Entity, Place, SourceRecord
from loaders.model.values import Ref
from loaders.progress import Silent
from loaders.sources.dataset import registrations
from loaders.sources.issue_log import IssueLog
from loaders.sources.reading import Sources, read

T = TypeVar("T", bound=Entity)
NAME = "france_communes"
SLICE = Path(__file__).with_name("source.d")


class Known:
    """The entities of one record by class and key, and what was told of its files."""

    def __init__(self, record: SourceRecord, issues: IssueLog) -> None:
        self.record, self.issues = record, issues
        self._by_key = {(type(each), each.key): each for each in record.entities}

    def authority(self, key: str) -> Authority:
        found = self._by_key[Authority, key]
        assert isinstance(found, Authority)
        return found

    def place(self, key: str) -> Place:
        found = self._by_key[Place, key]
        assert isinstance(found, Place)
        return found

    def change(self, key: str) -> Change:
        found = self._by_key[Change, key]
        assert isinstance(found, Change)
        return found

    def all(self, kind: type[T]) -> list[T]:
        return [each for each in self.record.entities if isinstance(each, kind)]

    def heirs(self, key: str) -> list[str]:
        return [ref.target.removeprefix("authority/") for ref in self.authority(key).heirs]


def told(*places: Path) -> tuple[list[SourceRecord], IssueLog]:
    """What a build reads of these places; of what ships, without any."""
    sources = Sources(replaced={NAME: list(places)} if places else {})
    outcome = read(registrations()[NAME], sources, Silent())
    return outcome.records, outcome.issues


def known(*places: Path) -> Known:
    (record,), issues = told(*places)
    return Known(record, issues)


def refs(*keys: str) -> tuple[Ref, ...]:
    return tuple(Ref(f"authority/{key}") for key in keys)


@pytest.fixture(scope="session")
def sliced() -> Known:
    return known(SLICE)


@pytest.fixture(scope="session")
def shipped() -> Known:
    return known()
