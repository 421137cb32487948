"""Datasets: what others publish, described in a `dataset.yml`, and who reads each.

A folder of `loaders/datasets/` with a `dataset.yml` is a dataset; nothing else lists it. It names
the `reader` of its tables, or has a `loader.py` of its own.
"""

from __future__ import annotations

import importlib
import importlib.resources
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal, cast

import yaml
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from loaders.errors import DatasetError
from loaders.model.records import Document, SourceRecord
from loaders.model.values import PartialDate, Ref, Text
from loaders.sources.files import SourceFile, source_files
from loaders.sources.issue_log import IssueLog
from ontology.words import Bilingual

_STRICT = ConfigDict(extra="forbid")


@checked(frozen=True, config=_STRICT)
class Publisher:
    """The publisher of a dataset."""

    name: str
    homepage: str | None = None


@checked(frozen=True, config=_STRICT)
class Dataset:
    """A dataset as its `dataset.yml` describes it.

    `rights` is open (a licence allows reuse), reserved or forbidden (the source says so in any
    words) or unstated, which counts as reserved: long texts are then dropped, unless an operator
    who has the right sets `texts: publish`. Where several datasets name one entity, the name that
    the lowest `names_rank` prefers is preferred, the others are variants. A `register` is one
    record of many rows: an entity of it that breaks a rule is held back alone. A `reader` is the
    module of `loaders.registers` that reads its tables, told by a file of the reader's name
    (`divisions.yml`); without one the dataset has a `loader.py`. `attested` is the day of which the
    shipped files tell. `counts` are what a build of the shipped files must give, `files` their
    SHA-256; `lookups` hold decisions of a person on what a
    name means.
    """

    name: str
    title: Bilingual
    description: Bilingual
    publisher: Publisher
    language: str
    rights: Literal["open", "reserved", "forbidden", "unstated"]
    rights_statement: Bilingual
    homepage: str | None = None
    licence: str | None = None
    texts: Literal["drop", "publish"] = "drop"
    names_rank: int = 1
    reader: Literal["divisions", "coordinates"] | None = None
    register: bool = False
    refresh: str | None = None
    counts: dict[str, int] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    lookups: dict[str, Ref] = field(default_factory=dict)
    exclude: dict[str, str] = field(default_factory=dict)
    participants: tuple[str, ...] = ()
    retrieved: PartialDate | None = None
    attested: PartialDate | None = None
    declares: Literal["home"] | None = None

    @property
    def publishes_texts(self) -> bool:
        """True where long texts of its records may enter the graph."""
        return self.rights == "open" or self.texts == "publish"

    def ships(self, file: SourceFile) -> bool:
        """True of a file that ships, and is not one of an operator's with another day."""
        return self.files.get(file.name) == file.checksum

    @property
    def document(self) -> Document:
        """The dataset itself as the document of its records: a register is cited as a whole."""
        return Document(
            title=Text(self.title.fr),
            publisher=self.publisher.name,
            address=self.homepage,
            rights=self.rights,
            rights_statement=Text(self.rights_statement.fr),
        )


Loader = Callable[[SourceFile, Dataset, IssueLog], Iterator[SourceRecord]]
"""The records of one file, in source order.

Raises NotOfThisKind for a file of another dataset, SourceError for one that cannot be read and
RecordError for a record that cannot be true; tells the issue log everything else.
"""


@dataclass(frozen=True)
class Registration:
    """A dataset, its loader, and where the files that ship with the project are."""

    dataset: Dataset
    load: Loader
    shipped: Path

    def shipped_files(self) -> list[SourceFile]:
        """The files that ship; raises DatasetError where one is not the one that was described."""
        files = list(source_files(self.shipped)) if self.shipped.exists() else []
        expected = self.dataset.files
        for file in files:
            if expected.get(file.name) != file.checksum:
                raise DatasetError(
                    f"dataset {self.dataset.name}: source/{file.name} has SHA-256 {file.checksum}, "
                    f"dataset.yml says {expected.get(file.name)}: restore the file, or write its "
                    "checksum there if the change is meant"
                )
        if missing := sorted(expected.keys() - {file.name for file in files}):
            raise DatasetError(f"dataset {self.dataset.name}: source/{missing[0]} is missing")
        return files


def read_dataset(text: str, name: str) -> Dataset:
    """The dataset that a `dataset.yml` describes; raises DatasetError, with field and reason."""
    try:
        return TypeAdapter(Dataset).validate_python({"name": name, **yaml.safe_load(text)})
    except yaml.YAMLError as error:
        raise DatasetError(f"dataset {name}: dataset.yml is no YAML: {error}") from error
    except (ValidationError, TypeError) as error:
        raise DatasetError(f"dataset {name}: dataset.yml: {error}") from error


def registrations() -> dict[str, Registration]:
    """The datasets that the project knows, by name, in the order of their names."""
    folder = importlib.resources.files("loaders") / "datasets"
    found = {}
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if (entry / "dataset.yml").is_file():
            found[entry.name] = register(entry)
    return found


def register(entry: Traversable) -> Registration:
    """The dataset of a folder; raises DatasetError where it cannot be read or has no loader."""
    dataset = read_dataset((entry / "dataset.yml").read_text("utf-8"), entry.name)
    return Registration(dataset, _loader(entry, dataset), Path(str(entry / "source")))


def _loader(entry: Traversable, dataset: Dataset) -> Loader:
    own = (entry / "loader.py").is_file()
    if own == bool(dataset.reader):
        raise DatasetError(
            f"dataset {dataset.name}: write a loader.py or name a `reader` in dataset.yml, "
            + ("not both" if own else "it has neither")
        )
    if dataset.reader:
        settings = entry / f"{dataset.reader}.yml"
        if not settings.is_file():
            raise DatasetError(
                f"dataset {dataset.name}: its reader needs {settings.name} beside dataset.yml"
            )
        reader = importlib.import_module(f"loaders.registers.{dataset.reader}").reader
        return cast(Loader, reader(settings.read_text("utf-8"), dataset.name))
    module = importlib.import_module(f"loaders.datasets.{dataset.name}.loader")
    if not callable(getattr(module, "records", None)):
        raise DatasetError(f"dataset {dataset.name}: loader.py has no function `records`")
    return cast(Loader, module.records)
