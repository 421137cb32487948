"""The values that records are made of: partial dates, words in a language, references.

Each is validated where it is made, and knows how pydantic reads it from a YAML scalar.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


def _from_scalar(read: Callable[[str], Any]) -> Callable[..., CoreSchema]:
    def schema(cls: type, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        def validate(value: object) -> object:
            if isinstance(value, cls):
                return value
            if not isinstance(value, str):
                raise ValueError("write the value itself here, no list and no fields")
            return read(value)

        return core_schema.no_info_plain_validator_function(validate)

    return schema


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date at the precision that its source gives, in the lexical form of XML Schema.

    `2010` (xsd:gYear), `2010-06` (xsd:gYearMonth), `2010-06-22` (xsd:date), `--11-22`
    (xsd:gMonthDay). Raises ValueError for anything else, and for a day that does not exist.

    >>> PartialDate("2010-06").datatype, PartialDate("2010-06").latest
    ('gYearMonth', datetime.date(2010, 6, 30))
    """

    lexical: str

    def __post_init__(self) -> None:
        _ = self.datatype
        self.earliest, self.latest  # noqa: B018  a day that does not exist raises here

    @property
    def datatype(self) -> str:
        """The local name of its XML Schema datatype."""
        for datatype, form in _DATE_FORMS.items():
            if form.fullmatch(self.lexical):
                return datatype
        raise ValueError(f"{self.lexical!r} is no date: write 2010, 2010-06, 2010-06-22 or --11-22")

    @property
    def earliest(self) -> datetime.date | None:
        """Its first day; None where the year is not known."""
        year, month, day = self._parts()
        return datetime.date(year, month or 1, day or 1) if year else None

    @property
    def latest(self) -> datetime.date | None:
        """Its last day; None where the year is not known."""
        year, month, day = self._parts()
        if not year:
            return None
        month = month or 12
        return datetime.date(year, month, day or calendar.monthrange(year, month)[1])

    def _parts(self) -> tuple[int, int, int]:
        if self.lexical.startswith("--"):
            month, day = int(self.lexical[2:4]), int(self.lexical[5:7])
            datetime.date(2000, month, day)  # a leap year: 29 February is a day of some year
            return 0, month, day
        year, month, day = (*map(int, self.lexical.split("-")), 0, 0)[:3]
        return year, month, day

    __get_pydantic_core_schema__ = classmethod(_from_scalar(lambda text: PartialDate(text)))


_DATE_FORMS = {
    "gYear": re.compile(r"[12]\d{3}"),
    "gYearMonth": re.compile(r"[12]\d{3}-(0[1-9]|1[0-2])"),
    "date": re.compile(r"[12]\d{3}-\d\d-\d\d"),
    "gMonthDay": re.compile(r"--\d\d-\d\d"),
}


@dataclass(frozen=True, slots=True)
class Text:
    """Words, and the language that they are in (a BCP 47 tag in lower case).

    In YAML a scalar is French unless it ends in a tag, as in Turtle: `Mali@en`.
    """

    value: str
    language: str = "fr"

    @classmethod
    def tagged(cls, text: str) -> Text:
        """The words of a scalar that may end in a language tag."""
        value, at, tag = text.rpartition("@")
        return (
            cls(value, tag) if at and re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]+)*", tag) else cls(text)
        )

    __get_pydantic_core_schema__ = classmethod(_from_scalar(lambda text: Text.tagged(text)))


@dataclass(frozen=True, slots=True)
class Point:
    """A point on the Earth, in decimal degrees of WGS 84. Raises ValueError for one that is not.

    In YAML: `48.63, 2.44`, the latitude first, as people write it.

    >>> Point(48.63, 2.44).wkt
    'POINT(2.44 48.63)'
    """

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        if not (-90 <= self.latitude <= 90 and -180 <= self.longitude <= 180):
            raise ValueError(f"{self.latitude}, {self.longitude} is no point: write 48.63, 2.44")

    @classmethod
    def written(cls, text: str) -> Point:
        """The point that a person writes: latitude, comma, longitude."""
        latitude, _, longitude = text.partition(",")
        return cls(float(latitude), float(longitude))

    @property
    def wkt(self) -> str:
        """The point in Well-Known Text, the longitude first (OGC CRS84)."""
        return f"POINT({_degrees(self.longitude)} {_degrees(self.latitude)})"

    __get_pydantic_core_schema__ = classmethod(_from_scalar(lambda text: Point.written(text)))


def _degrees(value: float) -> str:
    """Five decimals are a metre; no exponent, no zeros at the end."""
    return f"{round(value, 5) + 0.0:.5f}".rstrip("0").rstrip(".")


@dataclass(frozen=True, slots=True)
class Ref:
    """Another entity, a concept or a country.

    `authority/fra-cog-91228`, `concept/status/ended`, `country/MLI` (EU authority table), or an
    absolute IRI.
    """

    target: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"([a-z]+/|https?://|tel:|mailto:)[^\s<>\"{}|\\^`]+", self.target):
            raise ValueError(
                f"{self.target!r} refers to nothing: write type/key, as authority/fra-cog-91228, "
                "or an IRI"
            )

    __get_pydantic_core_schema__ = classmethod(_from_scalar(lambda text: Ref(text)))
