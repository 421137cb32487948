"""A postal address, as a whole and in the parts that it sets apart."""

from __future__ import annotations

import re

from loaders.datasets.associations.territories import country_named
from loaders.model.records import Address

BOX = re.compile(
    r"(?:(?<!\w)(?P<office>\d{2})\s+)?(?<!\w)(?:B\.?\s?P\.?"
    r"|P\.?\s?O\.?\s?Box)(?![a-zà-ÿ])"
    r"\s*:?\s*(?:n°\s*)?"
    r"(?P<box>(?:[A-Z]\s?)?\d[\w-]*(?:\s+[A-Z]?\d[\w-]*)*)"
)
"""A post office box: `BP E1347 I26`, `BP E 2456`, `B.P. 3866`, `01 BP 1234` (01: the office)."""


def postal_address(lines: list[str]) -> Address:
    """The address that stands on these lines.

    Its box, the town after the box and the country after that are given as parts; nothing else is
    told apart, since nothing marks it.
    """
    full = ", ".join(line.strip(" ,;") for line in lines)
    match = BOX.search(full)
    if not match:
        return Address(full=full)
    box = f"{match['office']} BP {match['box']}" if match["office"] else match["box"]
    after = re.split(r"\s*[,;]\s*|\s+[-–]\s+|\s*\.\s*$", full[match.end() :].strip(" ,;-–"))
    parts = [part for part in after if part]
    country = None
    if parts:
        before, country = _country(parts.pop())
        parts += [before] if before else []
    # Two parts or figures after the box are not a town alone: then nothing says which is which.
    town = parts[0] if len(parts) == 1 and re.fullmatch(r"[^\d:/]+", parts[0]) else None
    return Address(full=full, box=box, post_name=town, country_name=country)


def _country(text: str) -> tuple[str, str | None]:
    """A text without the country that ends it, and the country as written."""
    words = text.split()
    for start in range(len(words)):
        if words[start][0].isupper() and country_named(" ".join(words[start:]).rstrip(".")):
            return " ".join(words[:start]), " ".join(words[start:])
    return text, None
