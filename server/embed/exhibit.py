"""The content of an embed, in no language yet: title, tables, places, sources, version.

It is made of an answer or of an entity, drawn in any form, and frozen as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from server.charts.drawing import clean
from server.charts.result import ChartData, MapPlace
from server.engine.results import Table, Term
from server.graph.labels import Labels
from server.i18n import Voice

Words = Mapping[str, str]
"""Words by language: fr, en and perhaps others."""


def said(words: Words, voice: Voice) -> str:
    """The words in the language of the reader, else in French, else in any; empty for none."""
    return words.get(voice.language) or words.get("fr") or next(iter(words.values()), "")


@dataclass(frozen=True)
class Origin:
    """A dataset that the result comes from."""

    name: str
    title: Words
    licence: str = ""
    rights: str = ""


@dataclass(frozen=True)
class ExhibitPart:
    """A table of an exhibit, and how it is best seen; the words of `card.{name}` are its title."""

    name: str
    view: str
    table: Table
    headings: Mapping[str, Words] = field(default_factory=dict)
    total: int = 0
    """Rows of the whole answer, where the table is only the first of it."""

    def result(self, exhibit: Exhibit, voice: Voice) -> ChartData:
        """The table as the views read it."""
        return ChartData(
            self.table,
            {name: said(words, voice) for name, words in self.headings.items()},
            exhibit.labels,
            exhibit.places,
        )


@dataclass(frozen=True)
class Exhibit:
    """Everything that an embed needs to be drawn, of one version of the data."""

    address: str
    """The path of the live embed, with its settings: `/embed/…?…`."""
    page: str
    """The path of the page that it leads to."""
    title: Sequence[Term]
    """In as many languages as it is known."""
    lines: Sequence[Words] = ()
    """Under the title: what it is, the settings that were chosen."""
    parts: tuple[ExhibitPart, ...] = ()
    labels: Labels = field(default_factory=dict)
    places: Mapping[str, MapPlace] = field(default_factory=dict)
    unresolved: Sequence[str] = ()
    """The IRIs of those whom nobody knows more of than a name."""
    origins: tuple[Origin, ...] = ()
    exact: bool = True
    """True where these are the datasets of this result, and not all that there are."""
    version: str = ""
    built: str = ""

    def name(self, voice: Voice) -> Term:
        """The title for that reader."""
        found = voice.choose(self.title) or Term("", "literal")
        return replace(found, value=clean(found.value))

    def dump(self) -> bytes:
        """The exhibit as JSON, the same bytes for the same content."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True).encode()

    def same_content(self, other: Exhibit) -> bool:
        """True where the other exhibit has the same content, of whatever version and title."""
        return [part.table for part in self.parts] == [part.table for part in other.parts]


def load(content: bytes) -> Exhibit:
    """The exhibit that `dump` wrote."""
    data: dict[str, Any] = json.loads(content)
    return Exhibit(
        **{
            **data,
            "title": _terms(data["title"]),
            "parts": tuple(
                ExhibitPart(**{**part, "table": _table(part["table"])}) for part in data["parts"]
            ),
            "labels": {iri: _terms(terms) for iri, terms in data["labels"].items()},
            "places": {
                iri: MapPlace((place["at"][0], place["at"][1]), place["approximate"])
                for iri, place in data["places"].items()
            },
            "unresolved": tuple(data["unresolved"]),
            "origins": tuple(Origin(**origin) for origin in data["origins"]),
        }
    )


def _terms(terms: Sequence[Mapping[str, str]]) -> list[Term]:
    return [Term(**term) for term in terms]


def _table(table: Mapping[str, Any]) -> Table:
    rows = ({name: Term(**term) for name, term in row.items()} for row in table["rows"])
    return Table(tuple(table["columns"]), tuple(rows))
