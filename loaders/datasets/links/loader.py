"""Reads the table of links: one row a territory of today, or of before where NUTS still has it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from loaders.errors import RecordError, SourceError
from loaders.model.records import Entity, SourceRecord
from loaders.model.values import Ref
from loaders.registers.communes import communes
from loaders.registers.departments import COLLECTIVITIES, department, of_code, region
from loaders.sources.dataset import Dataset
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog
from loaders.sources.tables import Column, Row, refuse, rows

INSEE = {"COM": "commune", "DEP": "departement", "REG": "region"}
"""The words of INSEE's addresses; that of a code means who holds it today, nobody earlier."""

FORMER = "ANC"
"""A région that has ended, whose territory NUTS still has."""


@dataclass(frozen=True, kw_only=True)
class LinkedAuthority(Entity):
    """An authority that another dataset describes."""

    SEGMENT = "authority"


@dataclass(frozen=True, kw_only=True)
class LinkedPlace(Entity):
    """A place that another dataset describes."""

    SEGMENT = "place"


COLUMNS = (
    Column(name="type", form="COM|DEP|REG|ANC", advice="write COM, DEP, REG or ANC"),
    Column(name="code", form="[0-9][0-9AB][0-9]{0,3}", advice="write INSEE's code"),
    Column(name="nuts", form="(FR[0-9A-Z]{1,3})?", advice="write the code of NUTS 2024"),
    Column(name="geonames", form="[0-9]*", advice="write the number of GeoNames, or nothing"),
)


def records(source: SourceFile, dataset: Dataset, issues: IssueLog) -> Iterator[SourceRecord]:
    """The one record of the table; raises SourceError where no row of it can be read."""
    issues.record = "links"
    found: dict[str, Entity] = {}
    for row in rows(source, COLUMNS, issues):
        try:
            target = _meant(row).target
            if target in found:
                advice = "a code stands once: remove this row"
                raise RecordError("code", row["code"], advice, line=row.line)
        except RecordError as error:
            refuse(error, issues)
        else:
            issues.line("taken")
            found[target] = _linked(target, row)
    if not found:
        raise SourceError(f"{source.name} holds no link that can be read")
    issues.counts["linked"] = len(found)
    yield SourceRecord(key="links", document=dataset.document, entities=tuple(found.values()))


def _meant(row: Row) -> Ref:
    """The authority or place of today that has the code; of a former région, that région."""
    kind, code = row["type"], row["code"]
    if kind == "COM":
        holder = communes().get(code)
        if holder is None or of_code(code) in COLLECTIVITIES:
            advice = "no commune of a département has this code today: remove the row"
            raise RecordError("code", code, advice, line=row.line)
        return holder.ref
    if kind == "DEP":
        return department(code)[-1]
    return Ref(f"authority/fra-reg-{code}") if kind == FORMER else region(code)


def _linked(target: str, row: Row) -> Entity:
    entity_class, key = _CLASSES[target.partition("/")[0]], target.partition("/")[2]
    insee = INSEE.get(row["type"])
    close = []
    if row["nuts"]:
        close.append(Ref(f"http://data.europa.eu/nuts/code/{row['nuts']}"))
    if row["geonames"]:
        close.append(Ref(f"https://sws.geonames.org/{row['geonames']}/"))
    return entity_class(
        key=key,
        matches=(Ref(f"http://id.insee.fr/geo/{insee}/{row['code']}"),) if insee else (),
        close_matches=tuple(close),
    )


_CLASSES: dict[str, type[Entity]] = {"authority": LinkedAuthority, "place": LinkedPlace}
