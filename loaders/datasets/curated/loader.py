"""Reads files of statements: a document, its sections, and what each of them says.

    document:
      title: Rapport d'exemple
      publisher: Exemple
      rights: unstated                 # open, reserved, forbidden or unstated
    sections:
      - title: Introduction
        statements:
          - agreement:                 # a class of loaders.records, in lower case
              key: exemple-2010        # the last part of its IRI
              date: 2010-06            # no more than the document says
              signatories:
                - authority/fra-cog-91228          # somebody who is listed
                - {name: Ville d'Exemple}          # a name that the document gives, as it writes it

Each section becomes one record, whose graph is the citation of its statements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Literal

from loaders.datasets.curated.marked import Marked, read_marked
from loaders.errors import NotOfThisKind, RecordError, SourceError
from loaders.model import records as record_classes
from loaders.model.iris import slug
from loaders.model.records import Document, Entity, Partnership, SourceRecord
from loaders.sources.dataset import Dataset
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog

_WRONG = (RecordError, ExceptionGroup)


@dataclass(frozen=True, kw_only=True)
class _Cited(Document):
    """A document whose publisher and rights are known: it is cited."""

    publisher: str = field()
    rights: Literal["open", "reserved", "forbidden", "unstated"] = field()


@dataclass(frozen=True, kw_only=True)
class _Section:
    title: str
    statements: list[object]
    address: str | None = None
    key: str = ""


def records(
    source: SourceFile,
    dataset: Dataset,  # noqa: ARG001  every loader is called alike; a document has its own rights
    issues: IssueLog,
) -> Iterator[SourceRecord]:
    """The records of one file, one a section, in its order.

    A section with an error is rejected as a whole, the others stay. Raises SourceError where the
    file is no YAML or its document cannot be cited.
    """
    if not source.name.endswith((".yml", ".yaml")):
        raise NotOfThisKind(f"{source.name} is no file of statements: its name ends in .yml")
    root = read_marked(source.text(), source.name)
    try:
        parts = dict(root.items())
    except RecordError as error:
        raise NotOfThisKind(f"{source.name} holds no statements") from error
    if parts.keys() != {"document", "sections"}:
        raise NotOfThisKind(f"{source.name} has not the two parts `document` and `sections`")
    try:
        document = parts["document"].read(_Cited)
        sections = list(parts["sections"].elements())
    except _WRONG as errors:
        first = _flat(errors)[0]
        raise SourceError(f"{source.name}:{first.line}: {first}") from errors
    stem = slug(source.name.rpartition(".")[0] or source.name)
    reader = _Reader(stem, document, issues)
    for section in sections:
        record = reader.record(section)
        if record:
            yield replace(record, file=source.name, checksum=source.checksum)


@dataclass
class _Reader:
    stem: str
    document: Document
    issues: IssueLog
    seen: dict[tuple[type, str], Marked] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)

    def record(self, marked: Marked) -> SourceRecord | None:
        """The record of a section; None where it is rejected, which the issue log is told."""
        self.issues.record = marked.path
        try:
            section = marked.read(_Section)
            key = self.issues.record = slug(section.key) or f"{self.stem}-{slug(section.title)}"
            if key in self.keys:
                raise marked.at(["title"]).error(
                    "two sections have this title or key: tell them apart"
                )
            self.keys.add(key)
            entities = self._entities(marked.at(["statements"]))
        except _WRONG as errors:
            first, *others = _flat(errors)
            self.issues.reject(first)
            for error in others:
                self.issues.refuse(error.field, error.value, error.advice, line=error.line)
            return None
        return SourceRecord(
            key=key,
            document=replace(
                self.document,
                section=section.title,
                address=section.address or self.document.address,
            ),
            entities=entities,
            place=f"line {marked.line}",
        )

    def _entities(self, statements: Marked) -> tuple[Entity, ...]:
        entities, errors = [], []
        for statement in statements.elements():
            try:
                entities.append(self._entity(statement))
            except _WRONG as group:
                errors += _flat(group)
        if errors:
            raise ExceptionGroup(statements.path, errors)
        return tuple(entities)

    def _entity(self, statement: Marked) -> Entity:
        (name, body), *others = list(statement.items()) or [("", statement)]
        kind = statement_classes().get(name)
        if others or kind is None:
            raise statement.error(
                f"{name!r} is no class of statement: write one of "
                f"{', '.join(sorted(statement_classes()))}, and its fields under it"
            )
        entity = body.read(kind)
        if isinstance(entity, Partnership) and not entity.key and (entity.home or entity.foreign):
            return entity  # its key follows from its parties
        if not re.fullmatch(r"[^\W_]+(-[^\W_]+)*", entity.key) or entity.key != entity.key.lower():
            raise body.at(["key"]).error(
                "a key is small letters and digits joined by hyphens, and every statement has one"
            )
        self._report_double(kind, entity, body)
        return entity

    def _report_double(self, kind: type[Entity], entity: Entity, body: Marked) -> None:
        first = self.seen.setdefault((kind, entity.key), body)
        if first is not body:
            self.issues.warn(
                f"{body.path}.key",
                entity.key,
                f"column {body.column}: line {first.line} states it too, and both count: join them",
                line=body.line,
            )


@cache
def statement_classes() -> dict[str, type[Entity]]:
    """The classes of records that a statement may be of, by their name in lower_snake case."""
    return {
        re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower(): kind
        for name, kind in vars(record_classes).items()
        if isinstance(kind, type) and issubclass(kind, Entity) and kind is not Entity
    }


def _flat(error: RecordError | ExceptionGroup[RecordError]) -> list[RecordError]:
    if isinstance(error, RecordError):
        return [error]
    return [each for each in error.exceptions if isinstance(each, RecordError)]
