"""Numbers in French and English, in figures and in words."""

from __future__ import annotations

import re

_FRENCH = {
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7,
    "huit": 8, "neuf": 9, "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14,
    "quinze": 15, "seize": 16, "vingt": 20, "vingts": 20, "trente": 30, "quarante": 40,
    "cinquante": 50, "soixante": 60, "septante": 70, "nonante": 90, "cent": 100, "cents": 100,
    "mille": 1000,
}  # fmt: skip
_ENGLISH = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90, "hundred": 100, "thousand": 1000,
}  # fmt: skip
_ABOUT = {
    "dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30,
    "quarantaine": 40, "cinquantaine": 50, "soixantaine": 60, "centaine": 100, "dozen": 12,
}  # fmt: skip
_VALUES = _FRENCH | _ENGLISH
_WORD = rf"(?:{'|'.join(sorted(_VALUES, key=len, reverse=True))})(?!\w)"
_FIGURES = r"(?:\d{1,3}(?:[ .,’'\u00a0\u202f]\d{3})+(?!\d)|\d+)(?![.,]?\d|\s?%)"

NUMBER = (
    rf"(?<![\w.,/–-])(?:{_FIGURES}|(?:une|a) (?:{'|'.join(_ABOUT)})(?!\w)"
    rf"|(?:(?:a\s(?=hundred|thousand))?{_WORD}(?:[\s-](?:(?:et|and)[\s-])?{_WORD}){{0,9}})"
    rf"(?:\s*\((?:{_FIGURES})\))?)"
)
"""A number as a pattern without groups, to be read without case.

`351`, `1 541`, `1,541`, `dix (10)`, `une soixantaine`, `treize`, `two hundred and one`.
"""


def read_number(text: str) -> tuple[int, bool]:
    """The value of a text that NUMBER matches, and whether the word itself says "about".

    >>> read_number("cinquante-huit"), read_number("trois (3)"), read_number("une soixantaine")
    ((58, False), (3, False), (60, True))
    >>> read_number("two hundred and one"), read_number("quatre-vingt-dix-sept")
    ((201, False), (97, False))
    >>> read_number("one thousand five hundred"), read_number("deux mille trois cents")
    ((1500, False), (2300, False))
    """
    if figures := re.search(_FIGURES, text):
        return int(re.sub(r"\D", "", figures[0])), False
    words = [word for word in re.findall(r"\w+", text.lower()) if word not in ("et", "and", "a")]
    if words[-1] in _ABOUT:
        return _ABOUT[words[-1]], True
    thousands = total = 0
    before = 0
    for word in words:
        value = _VALUES[word]
        if value == 1000:
            thousands, total = max(total, 1) * value, 0
        elif value == 100 and total:
            total *= value  # deux cents, two hundred
        elif word in ("vingt", "vingts") and before == 4:
            total += 80 - 4  # quatre-vingts
        else:
            total += value
        before = value
    return thousands + total, False
