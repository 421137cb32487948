"""The country of an association: in its name, its address, or a label of its page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from loaders.model.iris import slug
from loaders.model.values import Ref
from loaders.registers import countries

_LONGEST = 6  # words of a country's name


@cache
def _by_english_name() -> Mapping[str, Ref]:
    rows = countries.table()
    return {slug(row["en"]): Ref(f"country/{row['code']}") for row in rows if row["en"]}


def country_named(name: str) -> Ref | None:
    """The country that a French or English name means.

    >>> country_named("Maroc") == country_named("Morocco") == country_named("the Morocco")
    True
    """
    bare = re.sub(r"^(?:the|le|la|les|l['’])\s*", "", name.strip(" ."), flags=re.IGNORECASE)
    return countries.named(bare) or _by_english_name().get(slug(bare))


def country_of(name: str, address: str | None, stated: Ref | None = None) -> Ref | None:
    """The one country that the name, the end of the address or the page states; else None."""
    found = {*_countries(name)} | ({stated} if stated else set())
    words = re.split(r"[\s,;.()–-]+", address.strip(" .")) if address else []
    for count in range(min(5, len(words)), 0, -1):
        if (named := country_named(" ".join(words[-count:]))) and words[-count][:1].isupper():
            found.add(named)
            break
    return found.pop() if len(found) == 1 else None


def _countries(text: str) -> set[Ref]:
    """The countries that a text names, the longest name first: Guinée-Bissau is not Guinée."""
    words = re.findall(r"[^\W_]+", text)
    found, start = set(), 0
    while start < len(words):
        for end in range(min(start + _LONGEST, len(words)), start, -1):
            # "réunion" and "tour" are words: a country's name has its capital.
            named = words[start][0].isupper() and country_named(" ".join(words[start:end]))
            if named:
                found.add(named)
                start = end
                break
        else:
            start += 1
    return found
