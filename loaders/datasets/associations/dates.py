"""Dates in French and English words, at the precision that they are given with."""

from __future__ import annotations

import re

from loaders.model.values import PartialDate

_MONTHS = (
    ("janvier", "january", "jan"), ("février", "fevrier", "february", "feb"), ("mars", "march"),
    ("avril", "april", "apr"), ("mai", "may"), ("juin", "june"), ("juillet", "july"),
    ("août", "aout", "august", "aug"), ("septembre", "september", "sept"),
    ("octobre", "october", "oct"), ("novembre", "november", "nov"),
    ("décembre", "decembre", "december", "dec"),
)  # fmt: skip
_NUMBER_OF = {word: number for number, words in enumerate(_MONTHS, start=1) for word in words}
_MONTH = rf"(?:{'|'.join(sorted(_NUMBER_OF, key=len, reverse=True))})"
_DAY = r"(?:(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?|1er)"
# No year: "the 1990s", "1990-1995", "loi n° 1990", a postal code, part of a longer number.
_YEAR = r"[12]\d{3}(?![\d'’]|\s?[–/-]\s?\d|s\b)"

DATE = (
    r"(?<![\d–/.,-])(?<!années )(?<!annees )"
    rf"(?:(?:{_DAY}\s+(?:of\s+)?)?{_MONTH}\.?,?\s+{_YEAR}"
    rf"|{_MONTH}\.?\s+{_DAY},?\s+{_YEAR}"
    r"|[12]\d{3}-\d\d-\d\d(?!\d)"
    r"|\d{1,2}[/.]\d{1,2}[/.][12]\d{3}(?!\d)"
    rf"|{_YEAR})"
)
"""A year, a month of a year or a day, as a pattern without groups, to be read without case."""

_DATE_LINE = re.compile(
    r"(?:(?:date de )?(?:publiée?|publication|mise? à jour|mise? en ligne)(?: le)?\s*:?\s*"
    r"|(?:published|posted|updated|last (?:updated|modified))(?: on)?\s*:?\s*)?"
    r"(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day),?\s+)?(?:le\s+)?"
    rf"(?P<date>{DATE})",
    re.IGNORECASE,
)


def partial_date(text: str, language: str = "fr") -> PartialDate:
    """The date of a text that DATE matches.

    Raises ValueError for a day that does not exist, and on an English page for figures that may
    be read as day and month or as month and day.

    >>> [partial_date(each).lexical for each in ("1er mars 1998", "novembre 2000", "1992")]
    ['1998-03-01', '2000-11', '1992']
    >>> [partial_date(each).lexical for each in ("May 5th, 1992", "5 May 1992", "12/03/1998")]
    ['1992-05-05', '1992-05-05', '1998-03-12']
    >>> partial_date("12/03/1998", "en")
    Traceback (most recent call last):
        ...
    ValueError: '12/03/1998' has two readings: write the month as a word
    """
    if re.fullmatch(r"[12]\d{3}-\d\d-\d\d", text):
        return PartialDate(text)
    if figures := re.fullmatch(r"(\d+)[/.](\d+)[/.](\d+)", text):
        day, month, year = map(int, figures.groups())
        if language == "en" and day != month and day <= 12 and month <= 12:
            raise ValueError(f"{text!r} has two readings: write the month as a word")
        if language == "en" and month > 12:
            day, month = month, day
        return PartialDate(f"{year}-{month:02}-{day:02}")
    words = re.findall(r"[^\W\d_]+|\d+", text.lower())
    number = next((_NUMBER_OF[word] for word in words if word in _NUMBER_OF), None)
    *days, year = [word for word in words if word.isdigit()]
    if number is None:
        return PartialDate(year)
    return PartialDate(f"{year}-{number:02}-{int(days[0]):02}" if days else f"{year}-{number:02}")


def date_line(text: str, language: str = "fr") -> PartialDate | None:
    """The day of a line that holds nothing else; None for any other line, or for no real day.

    >>> date_line("Last updated: 3 May 2021"), date_line("mai 2021")
    (PartialDate(lexical='2021-05-03'), None)
    """
    match = _DATE_LINE.fullmatch(text)
    try:
        date = partial_date(match["date"], language) if match else None
    except ValueError:
        return None
    return date if date and date.datatype == "date" else None
