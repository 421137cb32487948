"""Tables of coordinates: a point for each code of a register, taken from GeoNames.

The table is `<code>;latitude;longitude;geonames`; `coordinates.yml` beside a `dataset.yml` says
which column has the code, what form it has, and whose register gives it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import yaml
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from loaders.errors import DatasetError, RecordError, SourceError
from loaders.model.records import Geometry, SourceRecord
from loaders.model.values import Point, Ref
from loaders.registers import communes, divisions
from loaders.sources.dataset import Dataset, Loader
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog
from loaders.sources.tables import Column, Row, refuse, rows

_DEGREES = r"-?[0-9]{1,3}(\.[0-9]+)?"
POINT = (
    Column(name="latitude", form=_DEGREES, advice="write decimal degrees, as 48.63"),
    Column(name="longitude", form=_DEGREES, advice="write decimal degrees, as -9.68"),
    Column(name="geonames", form="[0-9]+", advice="write the number of the place in GeoNames"),
)


@checked(frozen=True, config=ConfigDict(extra="forbid"))
class Coding:
    """The codes that a table of coordinates places.

    `register` is the dataset that gives them, `levels` those of its divisions that are placed;
    `column` has the code, `form` is its regular expression, `advice` says how to write it, and
    `unknown` what to say of a code that nothing has.
    """

    register: str
    column: str
    form: str
    advice: str
    unknown: str
    levels: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the table."""
        return (Column(name=self.column, form=self.form, advice=self.advice), *POINT)

    def agents(self) -> Mapping[str, Ref]:
        """The authority that has each code today."""
        if self.register == communes.DATASET:
            return communes.by_code()
        return divisions.by_code(self.register, self.levels)


def read_coding(text: str, name: str) -> Coding:
    """The coding that a `coordinates.yml` tells; raises DatasetError with field and reason."""
    try:
        return TypeAdapter(Coding).validate_python(yaml.safe_load(text))
    except (yaml.YAMLError, ValidationError) as error:
        raise DatasetError(f"dataset {name}: coordinates.yml: {error}") from error


def reader(described: str, name: str) -> Loader:
    """The loader of a table of coordinates, from the text of its `coordinates.yml`."""
    coding = read_coding(described, name)

    def load(source: SourceFile, dataset: Dataset, issues: IssueLog) -> Iterator[SourceRecord]:
        return records(source, dataset, issues, coding)

    return load


def records(
    source: SourceFile, dataset: Dataset, issues: IssueLog, coding: Coding
) -> Iterator[SourceRecord]:
    """The one record of a table of coordinates: a register is one graph."""
    issues.record = "coordinates"
    agents = coding.agents()
    found: dict[str, Geometry] = {}
    for row in rows(source, coding.columns, issues):
        try:
            geometry = _geometry(row, coding, agents)
            if geometry.key in found:
                advice = "a code stands once: remove this row"
                raise RecordError(coding.column, row[coding.column], advice, line=row.line)
        except RecordError as error:
            refuse(error, issues)
        else:
            issues.line("taken")
            issues.counts["points"] += 1
            found[geometry.key] = geometry
    if not found:
        raise SourceError(f"{source.name} holds no point that can be read")
    yield SourceRecord(key="coordinates", document=dataset.document, entities=tuple(found.values()))


def _geometry(row: Row, coding: Coding, agents: Mapping[str, Ref]) -> Geometry:
    code = row[coding.column]
    agent = agents.get(code)
    if agent is None:
        raise RecordError(coding.column, code, coding.unknown, line=row.line)
    try:
        point = Point(float(row["latitude"]), float(row["longitude"]))
    except ValueError as error:
        raise RecordError("latitude", row["latitude"], str(error), line=row.line) from error
    return Geometry(
        key=f"{agent.target.rpartition('/')[2]}-geonames",
        of=agent,
        point=point,
        derived_from=Ref(f"https://sws.geonames.org/{row['geonames']}/"),
    )
