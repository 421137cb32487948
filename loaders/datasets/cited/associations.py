"""A row of `associations.csv`: what a page says of an association of local authorities.

Several rows may speak of one body, with other figures of other dates: they have one key.
"""

from __future__ import annotations

from decimal import Decimal

from loaders.datasets.cited.page import ADDRESS, ID, cited, country, day, parts
from loaders.identity.stated_names import fold
from loaders.model.iris import slug
from loaders.model.records import Address, Association, Figure, Organ, Seat, SourceRecord
from loaders.model.values import Ref, Text
from loaders.sources.dataset import Dataset
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog
from loaders.sources.tables import Column, Row

COLUMNS = (
    ID,
    ADDRESS,
    Column(name="name", form=r".*\w.*", advice="write the name of the association"),
    Column(name="members_count", form=r"\d*", advice="write the number alone, or nothing"),
)
ORGANS = {
    "assemblee-generale": "deliberative-body",
    "congres": "deliberative-body",
    "general-assembly": "deliberative-body",
    "bureau": "executive-body",
    "bureau-executif": "executive-body",
    "bureau-national": "executive-body",
    "secretariat": "secretariat",
    "secretariat-permanent": "secretariat",
    "secretariat-executif": "secretariat",
}
"""The types of organs that their names say; another is kept without a type."""


def record(row: Row, source: SourceFile, dataset: Dataset, issues: IssueLog) -> SourceRecord:
    """The record of a row; raises RecordError where it cannot be true."""
    key = slug(row["body"] or row["name"])
    language = row["language"] or dataset.language
    association = Association(
        key=key,
        names=(Text(row["name"], language),),
        acronym=row["acronym"] or None,
        kind=Ref("concept/kind/local-government-association"),
        country=country("country", row["country"]) if row["country"] else None,
        founding_date=day(row, "founded", issues.today),
        site=_site(row),
        organs=tuple(_organ(key, name, language) for name in parts(row["organs"]) if name),
        figures=_members(row, dataset),
    )
    return cited(row, (association,), source, dataset)


def _site(row: Row) -> Seat | None:
    if not row["seat"]:
        return None
    key = f"cited-{row['id']}-seat"
    return Seat(key=key, address=Address(key=f"{key}-address", full=row["seat"]))


def _organ(key: str, name: str, language: str) -> Organ:
    kind = ORGANS.get(fold(name))
    return Organ(
        key=f"{key}-{slug(name)}",
        names=(Text(name, language),),
        organ_type=Ref(f"concept/organ-type/{kind}") if kind else None,
    )


def _members(row: Row, dataset: Dataset) -> tuple[Figure, ...]:
    if not row["members_count"]:
        return ()
    unit = row["members_what"]
    return (
        Figure(
            key=f"cited-{row['id']}-members",
            measure=Ref("concept/measure/members"),
            value=Decimal(row["members_count"]),
            precision=Ref(f"concept/precision/{row['precision'] or 'exact'}"),
            unit=Text(unit, row["what_language"] or dataset.language) if unit else None,
            date=day(row, "members_as_of"),
        ),
    )
