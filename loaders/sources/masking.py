"""Masks contact details before a value is shown, kept or logged."""

from __future__ import annotations

import re

EMAIL = re.compile(
    r"[\w.+-]{1,64}\s{0,3}(?:@|\\?[(\[]\s{0,3}(?:at|@|arobase)\s{0,3}\\?[)\]])"
    r"(?:\s{0,3}(?:[\w-]+\.)*[\w-]+)?",
    re.IGNORECASE,
)
"""An e-mail address in any of the ways that pages write one, a domain missing included."""

PHONE = re.compile(r"(?<![\w.,/-])\(?\+?\d[\d\s().–/-]{6,}\d(?![\w€$])")
"""Eight digits or signs and more, with what people put between them."""

NO_PHONE = re.compile(
    r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d\d-\d\d|\d{4}(\s*[–/-]\s*\d{4})+|\d{1,2}(\s\d{3}){2}"
)
"""Dates, spans of years and amounts in groups of three digits."""

EXCERPT = 60
"""Characters of a value that a message shows: enough to find it, too few to be a reserved text."""


def mask(text: str) -> str:
    """The text with every e-mail address and telephone number replaced by what it was.

    >>> mask("Courriel : jean.exemple[at]example.org, 06 39 98 01 02")
    'Courriel : ‹e-mail›, ‹telephone›'
    """
    return PHONE.sub(_masked_number, EMAIL.sub("‹e-mail›", text))


def _masked_number(found: re.Match[str]) -> str:
    return found[0] if NO_PHONE.fullmatch(found[0]) else "‹telephone›"


def excerpt(text: str) -> str:
    """The part of a source's value that a message may show: masked, EXCERPT characters long."""
    line = mask(" ".join(text.split()))
    return line if len(line) <= EXCERPT else f"{line[: EXCERPT - 1]}…"
