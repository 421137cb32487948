"""Dates in French words, at the precision that they are given with."""

from __future__ import annotations

import re

from loaders.model.values import PartialDate

_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_MONTH = "|".join((*_MONTHS, "fevrier", "aout", "decembre"))

DATE = (
    rf"(?:(?:(?:\d{{1,2}}|1er)\s+)?(?:{_MONTH})\s+)?[12]\d{{3}}(?!\d)"
    r"|\d{1,2}/\d{1,2}/[12]\d{3}"
)
"""A year, a month of a year or a day, as a pattern without groups."""

_DATE_LINE = re.compile(
    r"(?:(?:date de )?(?:publiée?|publication|mise? à jour|mise? en ligne)\s*:?\s*)?"
    r"(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche),?\s+)?(?:le\s+)?"
    rf"(?P<date>(?:\d{{1,2}}|1er)\s+(?:{_MONTH})\s+\d{{4}}|\d{{1,2}}/\d{{1,2}}/\d{{4}})",
    re.IGNORECASE,
)


def partial_date(text: str) -> PartialDate:
    """The date of a text that DATE matches; raises ValueError for a day that does not exist.

    >>> partial_date("1er mars 1998").lexical, partial_date("novembre 2000").lexical
    ('1998-03-01', '2000-11')
    """
    if "/" in text:
        day, month, year = text.split("/")
        return PartialDate(f"{year}-{int(month):02}-{int(day):02}")
    *before, year = text.lower().split()
    if not before:
        return PartialDate(year)
    month = f"{_month(before[-1]):02}"
    day = before[0].removesuffix("er") if len(before) > 1 else ""
    return PartialDate(f"{year}-{month}-{int(day):02}" if day else f"{year}-{month}")


def date_line(text: str) -> PartialDate | None:
    """The date of a line that holds nothing else; None for any other line, or for no real day."""
    match = _DATE_LINE.fullmatch(text)
    try:
        return partial_date(match["date"]) if match else None
    except ValueError:
        return None


def _month(word: str) -> int:
    bare = {"fevrier": "février", "aout": "août", "decembre": "décembre"}
    return _MONTHS.index(bare.get(word, word)) + 1
