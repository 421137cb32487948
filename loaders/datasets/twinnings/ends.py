"""The ends of a twinning, and the record that two of them make."""

from __future__ import annotations

from dataclasses import dataclass

from loaders.errors import RecordError
from loaders.model.iris import slug
from loaders.model.records import Document, Partnership, Party, SourceRecord
from loaders.model.values import PartialDate, Point, Ref, Text
from loaders.registers.countries import iso3
from loaders.sources.dataset import Dataset
from loaders.sources.files import SourceFile

LONGEST_NAME = 200


@dataclass(frozen=True, kw_only=True)
class ListedTown:
    """A town of a list: its name, where it is, and what its list knows it by.

    `territory` is a part of the country that the list states (a land of Germany, a state of the
    United States); `identifier` is the list's own, such as `Q64`.
    """

    name: str
    language: str
    country: Ref | None
    country_as_stated: str
    territory: str | None = None
    point: Point | None = None
    identifier: str | None = None

    @property
    def key(self) -> str:
        """The key that tells a town from others, in either direction and on any row of any list."""
        if self.identifier:
            return slug(self.identifier)
        code = iso3(self.country) if self.country else None
        parts = (self.name, self.territory or "", code or self.country_as_stated)
        return slug(" ".join(parts))

    @property
    def party(self) -> Party:
        """The end as a name to be resolved.

        A territory goes with the name, as `Saint-Denis (Réunion)`. What has neither identifier nor
        point is not known to be one town in two rows.
        """
        name = f"{self.name} ({self.territory})" if self.territory else self.name
        known = self.identifier is not None or self.point is not None
        return Party(
            name=name,
            country=self.country,
            authority=True,
            point=self.point,
            key=self.key if known else None,
            match=Ref(f"http://www.wikidata.org/entity/{self.identifier}")
            if self.identifier
            else None,
        )


@dataclass(frozen=True)
class ListedTie:
    """Two ends of a list that are twinned, the line that says so, and since when."""

    one: ListedTown
    other: ListedTown
    line: int
    start: PartialDate | None = None


def record(tie: ListedTie, *, source: SourceFile, dataset: Dataset) -> SourceRecord:
    """The record of a twinning, the same in both directions.

    Raises RecordError where the two ends are not two towns that are told apart.
    """
    one, other = tie.one, tie.other
    for end in (one, other):
        if not slug(end.name):
            raise RecordError("city", end.name, "write the name of a town")
        if len(end.name) > LONGEST_NAME:
            raise RecordError("city", end.name, "this is too long to be the name of a town")
    if one.key == other.key:
        advice = "both ends have this name and country: tell them apart, as `Nienburg (Weser)`"
        raise RecordError("city", one.name, advice)
    first, second = sorted((one, other), key=lambda end: end.key)
    key = slug(f"{first.key} {second.key}")
    title = f"{first.name} – {second.name}"
    return SourceRecord(
        key=key,
        document=Document(
            title=Text(title, first.language),
            publisher=dataset.publisher.name,
            language=first.language,
            rights=dataset.rights,
        ),
        entities=(
            Partnership(
                form=Ref("concept/form/twinning"),
                start=tie.start,
                home=(first.party, second.party),
            ),
        ),
        file=source.name,
        checksum=source.checksum,
        place=f"row {tie.line}",
    )
