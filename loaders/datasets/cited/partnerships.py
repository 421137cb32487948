"""A row of `partnerships.csv`: what a page says of the tie of two or more parties.

Its relation tells what it makes: a twinning, cooperation or friendship is a tie; an agreement comes
with the tie that it frames; a project joins ties that others state. A title of a project, an
amount, or a page of the Atlas (`project`) gives a project of the tie.
"""

from __future__ import annotations

from typing import Any

from loaders.datasets.cited.page import ADDRESS, ID, cited, day, parts
from loaders.datasets.cited.parties import Sides, sides
from loaders.errors import RecordError
from loaders.model.records import (
    Agreement,
    Entity,
    Partnership,
    Party,
    Project,
    SourceRecord,
)
from loaders.model.values import PartialDate, Ref, Text
from loaders.sources.dataset import Dataset
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog
from loaders.sources.tables import Column, Row
from ontology.namespaces import CONCEPT
from ontology.schemes import concept

COLUMNS = (
    ID,
    ADDRESS,
    Column(name="french_parties"),
    Column(name="foreign_parties"),
    Column(name="foreign_country"),
    Column(
        name="relation",
        form="twinning|cooperation|friendship|agreement|project",
        advice="write twinning, cooperation, friendship, agreement or project",
    ),
)


def record(row: Row, source: SourceFile, dataset: Dataset, issues: IssueLog) -> SourceRecord | None:
    """The record of a row, if it says anything of local authorities.

    Raises RecordError where it cannot be true.
    """
    named = sides(row, dataset)
    begun = {name: day(row, name, issues.today) for name in ("first_signature", "start")}
    dates = {**begun, "end": day(row, "end")}  # an end may be planned
    _in_order(row, dates)
    entities = _Told(row, named, dates).entities()
    if len(named.ends) < 2:
        issues.counts["without two ends"] += 1
        advice = "less than two of the parties are local authorities: it makes no tie"
        column = "foreign_parties" if named.home else "french_parties"
        issues.untie(column, row[column], advice, line=row.line)
    return cited(row, entities, source, dataset) if entities else None


class _Told:
    """The content of a row, as the entities that it makes."""

    def __init__(self, row: Row, named: Sides, dates: dict[str, PartialDate | None]) -> None:
        self.row, self.named, self.dates = row, named, dates
        self.sides: dict[str, Any] = {"home": named.home, "foreign": named.foreign}
        self.relation, self.project = row["relation"], row["project"]
        themes = [theme for theme in parts(row["themes"]) if theme]
        known = {theme: found for theme in themes if (found := _theme(theme))}
        self.themes: dict[str, Any] = {
            "themes": tuple(dict.fromkeys(known.values())),
            "themes_as_stated": tuple(theme for theme in themes if theme not in known),
        }
        self.status: dict[str, Any] = {"status_as_stated": row["status_stated"] or None}

    def entities(self) -> tuple[Entity, ...]:
        """The entities that the row makes, the project last."""
        if len(self.named.ends) < 2:
            return self._without_a_tie()
        if self.relation == "project":
            return (self._project(Partnership(**self.sides, joins=True), **self.dates),)
        if self.relation == "agreement":
            tie = Partnership(
                **self.sides, **self._of_the_tie(), participants=self.named.participants
            )
            made: tuple[Entity, ...] = (self._agreement(tie),)
        else:
            tie = self._tie()
            made = (tie,)
        if self.project:
            made += (self._project(Partnership(**self.sides, joins=True), **self._of_the_page()),)
        return made

    def _without_a_tie(self) -> tuple[Entity, ...]:
        """The entities of a row of which less than two parties are authorities."""
        made: tuple[Entity, ...] = ()
        if self.relation == "agreement":
            made = (self._agreement(),)
        if self.project:
            made += (self._project(**self.dates),)
        return made

    def _tie(self) -> Partnership:
        # What a page of the Atlas dates and calls finished is its project.
        told: dict[str, Any] = {**self.dates, **self.status}
        if self._of_atlas:
            told = {"first_signature": self.dates["first_signature"]}
        return Partnership(
            **self.sides,
            form=Ref(f"concept/form/{self.relation}"),
            participants=self.named.participants,
            **told,
            **self.themes,
        )

    def _agreement(self, *ties: Partnership) -> Agreement:
        signed = self.dates["first_signature"]
        term: dict[str, Any] = {
            name: self.dates[name] for name in ("start", "end") if self._within_term(name)
        }
        return Agreement(
            key=f"cited-{self.row['id']}",
            names=_named("Accord", "Agreement", self.named.ends, signed),
            date=signed,
            signatories=self.named.ends + self.named.participants,
            frames=ties,
            **term,
            **self.themes,
        )

    def _within_term(self, name: str) -> bool:
        """True where a date is of the agreement's term; the tie may have begun before it."""
        signed, date = self.dates["first_signature"], self.dates[name]
        return not (
            signed and date and date.latest and signed.earliest and date.latest < signed.earliest
        )

    def _of_the_tie(self) -> dict[str, Any]:
        start = self.dates["start"]
        return {"start": start} if start and not self._within_term("start") else {}

    @property
    def _of_atlas(self) -> bool:
        return self.project.startswith("atlas-")

    def _of_the_page(self) -> dict[str, Any]:
        own = self._of_atlas and self.relation != "agreement"
        return self.dates if own or self.relation == "project" else {}

    def _project(self, *ties: Partnership, **dates: Any) -> Project:
        title = self.row["project_title"]
        own = (Text(title, self.row["source_language"] or "fr"),) if title else ()
        return Project(
            key=self.project,
            names=own or _named("Projet", "Project", self.named.ends, None),
            home_partners=self.named.home if self.named.foreign else (),
            foreign_partners=self.named.foreign,
            partners=() if self.named.foreign else self.named.home,
            participants=self.named.participants,
            project_of=ties,
            **dates,
            **self.status,
            **self.themes,
        )


def _theme(label: str) -> Ref | None:
    """The theme whose label this is exactly; any other is kept as stated."""
    found = concept("theme", label)
    return Ref(f"concept/{found.removeprefix(str(CONCEPT))}") if found else None


def _in_order(row: Row, dates: dict[str, PartialDate | None]) -> None:
    start, end = dates["start"], dates["end"]
    if start and end and start.earliest and end.latest and end.latest < start.earliest:
        raise RecordError("end", row["end"], f"this is before the start, {start.lexical}")


def _named(
    french: str, english: str, parties: tuple[Party, ...], date: PartialDate | None
) -> tuple[Text, Text]:
    who = " – ".join(party.name for party in parties)
    year = f" ({date.lexical[:4]})" if date and date.earliest else ""
    return Text(f"{french}{year} : {who}", "fr"), Text(f"{english}{year}: {who}", "en")
