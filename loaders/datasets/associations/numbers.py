"""Numbers in French, in figures and in words."""

from __future__ import annotations

import re

_WORDS = {
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7,
    "huit": 8, "neuf": 9, "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14,
    "quinze": 15, "seize": 16, "vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50,
    "soixante": 60, "cent": 100, "cents": 100, "mille": 1000,
}  # fmt: skip
_ABOUT = {
    "dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30,
    "quarantaine": 40, "cinquantaine": 50, "soixantaine": 60, "centaine": 100,
}  # fmt: skip
_WORD = rf"(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))}|vingts)(?!\w)"
_FIGURES = r"\d{1,3}(?:[ .]\d{3})+(?!\d)|\d+"

NUMBER = (
    rf"(?:{_FIGURES}|une (?:{'|'.join(_ABOUT)})(?!\w)"
    rf"|(?:{_WORD}(?:[\s-](?:et[\s-])?{_WORD}){{0,9}})(?:\s*\((?:{_FIGURES})\))?)"
)
"""A number as a pattern without groups: `351`, `1 541`, `dix (10)`, `une soixantaine`, `treize`."""


def read_number(text: str) -> tuple[int, bool]:
    """The value of a text that NUMBER matches, and whether the word itself says "about".

    >>> read_number("cinquante-huit"), read_number("trois (3)"), read_number("une soixantaine")
    ((58, False), (3, False), (60, True))
    """
    if figures := re.search(_FIGURES, text):
        return int(re.sub(r"\D", "", figures[0])), False
    words = re.findall(r"\w+", text.lower())
    if words[-1] in _ABOUT:
        return _ABOUT[words[-1]], True
    thousands = total = 0
    for word in words:
        if word == "et":
            continue
        value = _WORDS[word.removesuffix("s") if word == "vingts" else word]
        if value == 1000:
            thousands, total = max(total, 1) * value, 0
            continue
        # quatre-vingts and deux cents multiply; everything else adds.
        total = total * value if 0 < total < value and value in (20, 100) else total + value
    return thousands + total, False
