"""A page of the atlas that is ours, in the forms that tests give it, and how it is read."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from loaders.model.records import Project, SourceRecord
from loaders.sources.dataset import registrations
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog

EXAMPLE = (Path(__file__).parent / "source.txt").read_text("utf-8")
REGISTRATION = registrations()["atlas"]


@dataclasses.dataclass
class Outcome:
    """The outcome of reading one page."""

    record: SourceRecord
    issues: IssueLog

    @property
    def it(self) -> Project:
        (entity,) = self.record.entities
        assert isinstance(entity, Project)
        return entity

    def notes(self, level: str) -> list[tuple[str, str, int | None]]:
        return [
            (note.field, note.value, note.line) for note in self.issues.notes if note.level == level
        ]

    def told(self) -> list[str]:
        """Every string of the record's entities and of the notes."""
        return [*_strings(self.record.entities), *map(str, self.issues.notes)]


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _strings(item)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _strings(getattr(value, field.name))


@pytest.fixture
def issues() -> IssueLog:
    """The issue log that `read` fills, for what is left of a page that is rejected."""
    return IssueLog("atlas")


@pytest.fixture
def read(tmp_path: Path, issues: IssueLog) -> Callable[..., Outcome]:
    """Reads a page: its path, its text or its bytes; `dataset` are changes to dataset.yml."""

    def read(page: Path | str | bytes, name: str = "page.txt", **dataset: Any) -> Outcome:
        path = page if isinstance(page, Path) else tmp_path / name
        if not isinstance(page, Path):
            path.write_bytes(page if isinstance(page, bytes) else page.encode())
        issues.open(path.name)
        described = dataclasses.replace(REGISTRATION.dataset, **dataset)
        (record,) = REGISTRATION.load(SourceFile(path, path.name), described, issues)
        return Outcome(record, issues)

    return read


@pytest.fixture
def whole() -> Outcome:
    """The outcome of our page as it stands."""
    path = Path(__file__).parent / "source.txt"
    own = IssueLog("atlas")
    (record,) = REGISTRATION.load(SourceFile(path, path.name), REGISTRATION.dataset, own)
    return Outcome(record, own)


@pytest.fixture
def changed() -> Callable[..., str]:
    """Our page with some of its words replaced."""

    def changed(*replacements: tuple[str, str]) -> str:
        page = EXAMPLE
        for old, new in replacements:
            assert old in page
            page = page.replace(old, new)
        return page

    return changed


@pytest.fixture
def with_funding() -> Callable[..., str]:
    """Our page with other rows in its funding table; the first stands on line 92."""

    def with_funding(*rows: str) -> str:
        before, _, rest = EXAMPLE.partition("Ministère de l'Europe et des Affaires étrangères 12")
        return "\n".join([before.rstrip("\n"), *rows, "", rest[rest.index("Évaluations") :]])

    return with_funding
