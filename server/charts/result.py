"""A result as the views read it: what its columns hold, as numbers, times, places and words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cached_property
from math import isfinite
from typing import Literal

from ontology.namespaces import COUNTRY, GEO, XSD
from server.charts.basemap import Point, countries
from server.engine.results import Row, Table, Term
from server.graph.labels import Labels, label
from server.i18n import NUMBERS, Voice

Kind = Literal["number", "time", "point", "text"]

TIMES = frozenset(str(XSD[name]) for name in ("gYear", "gYearMonth", "date", "dateTime"))
WKT = str(GEO.wktLiteral)
# The EU's code of Kosovo, which the outlines call by the code in use.
ALIASES = {"1A0": "XKX"}

_POINT = re.compile(
    r"(?:<[^>]*> *)?POINT *(?:Z *)?\( *(-?\d+(?:\.\d+)?) +(-?\d+(?:\.\d+)?)[ \d.-]*\)",
    re.IGNORECASE,
)
_TIME = re.compile(r"(-?\d{4})(?:-(\d\d))?(?:-(\d\d))?")


@dataclass(frozen=True)
class MapPlace:
    """The place of something; `approximate` where no more is known than the country."""

    at: Point
    approximate: bool = False


@dataclass(frozen=True)
class TimeSpan:
    """A time at its precision, as years and parts of years: 2010 is from 2010.0 to 2011.0."""

    first: float
    last: float

    @property
    def middle(self) -> float:
        """The moment that stands for it."""
        return (self.first + self.last) / 2


@dataclass(frozen=True)
class ChartData:
    """The rows of an answer, what its columns and the entities in it are called, where they are."""

    table: Table
    headings: Mapping[str, str] = field(default_factory=dict)
    labels: Labels = field(default_factory=dict)
    places: Mapping[str, MapPlace] = field(default_factory=dict)

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """The kind of the values of each column; a column without values is of text."""
        return {name: kind_of(self.table.rows, name) for name in self.table.columns}

    def columns(self, kind: Kind) -> tuple[str, ...]:
        """The columns of that kind, in order."""
        return tuple(name for name, each in self.kinds.items() if each == kind)

    @cached_property
    def located(self) -> tuple[str, ...]:
        """The columns with a place in any row: points, and entities without a point beside them."""
        names = self.table.columns
        return tuple(
            name
            for name, following in zip(names, (*names[1:], ""), strict=True)
            if self.kinds[name] in ("point", "text")
            and self.kinds.get(following) != "point"
            and any(self.place(row, name) for row in self.table.rows)
        )

    def heading(self, column: str) -> str:
        """The heading of a column."""
        return self.headings.get(column) or column

    def text(self, row: Row, column: str, voice: Voice) -> str:
        """The value in words; empty where there is none."""
        term = row.get(column)
        if term is None:
            return ""
        if not term.is_iri:
            return voice.literal(term)
        return label(self.labels, term.value, voice).value

    def number(self, row: Row, column: str) -> Decimal | None:
        """The value as a number; None where there is none, or none that can be drawn."""
        return number_of(row.get(column))

    def time(self, row: Row, column: str) -> TimeSpan | None:
        """The value as a time; None where there is none, or none that can be drawn."""
        return span_of(row.get(column))

    def place(self, row: Row, column: str) -> MapPlace | None:
        """The place of a value: itself a point, an entity with a known place, a country."""
        term = row.get(column)
        if term is None:
            return None
        if term.datatype == WKT:
            return point_of(term.value)
        return place_of(term.value, self.places) if term.is_iri else None


def kind_of(rows: Sequence[Row], column: str) -> Kind:
    """The kind of a column's values, by the datatypes of them all."""
    types = {row[column].datatype for row in rows if column in row}
    if types and types <= NUMBERS:
        return "number"
    if types and types <= TIMES:
        return "time"
    return "point" if types == {WKT} else "text"


def number_of(term: Term | None) -> Decimal | None:
    """The number that a term is."""
    try:
        value = Decimal(term.value) if term and term.datatype in NUMBERS else None
    except InvalidOperation:
        return None
    return value if value is not None and isfinite(value) else None


def span_of(term: Term | None) -> TimeSpan | None:
    """The time that a term is, at its precision.

    >>> span_of(Term("2010-07", "literal", "", str(XSD.gYearMonth)))
    TimeSpan(first=2010.5, last=2010.5833333333333)
    """
    found = _TIME.match(term.value) if term and term.datatype in TIMES else None
    if found is None:
        return None
    year, month, day = (int(part) if part else 0 for part in found.groups())
    if not month:
        return TimeSpan(year, year + 1)
    first = year + (month - 1) / 12
    if not day:
        return TimeSpan(first, first + 1 / 12)
    return TimeSpan(first + (day - 1) / 372, first + day / 372)


def point_of(wkt: str) -> MapPlace | None:
    """The place that a WKT point is; None for other shapes, and for what is not on the earth."""
    found = _POINT.fullmatch(wkt.strip())
    if found is None:
        return None
    longitude, latitude = float(found[1]), float(found[2])
    on_earth = abs(longitude) <= 180 and abs(latitude) <= 90
    return MapPlace((longitude, latitude)) if on_earth else None


def place_of(iri: str, places: Mapping[str, MapPlace]) -> MapPlace | None:
    """The place of an entity: as known, else within its country if it is one."""
    if iri in places:
        return places[iri]
    if not iri.startswith(str(COUNTRY)):
        return None
    code = iri.removeprefix(str(COUNTRY))
    country = countries().get(ALIASES.get(code, code))
    return MapPlace(country.at, approximate=True) if country else None
