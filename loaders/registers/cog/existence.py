"""Legal existences: a commune, or a part of one, under its names and codes from first to last day.

A commune goes on under another name, another code (its département or its seat changes) and when
its own parts change. It goes on as well where others are joined to it, or part from it, and it
keeps both its code and its name; where the name changes with the merger, and in every commune
nouvelle, which the law makes a new legal person, it ends and another begins.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from loaders.registers.cog.standing import Standing

SCHEMES = {"COM": "cog", "COMA": "coma", "COMD": "comd", "ARM": "arm"}
"""The first part of the key of each type."""


@dataclass(slots=True)
class Span:
    """A name and a code, and the day from which both are borne; none where it is not known."""

    start: str
    code: str
    name: str


@dataclass(slots=True, eq=False)
class Existence:
    """A commune or a part of one: its type, its spans in order, its end, and what it is today.

    `start` and `end` are days as INSEE writes them; `end` is the first day on which it is no more,
    and both are empty where there is none. `new` tells a commune nouvelle. `commune` is the one
    that a part is or was last within. `ground` are the communes of the beginning whose territory
    it has, or had at its end (see `succession`).
    """

    type: str
    spans: list[Span]
    end: str = ""
    new: bool = False
    commune: Existence | None = None
    today: Standing | None = None
    ground: set[int] = field(default_factory=set)
    key: str = ""

    @property
    def start(self) -> str:
        """The day on which it begins."""
        return self.spans[0].start

    @property
    def code(self) -> str:
        """Its last code."""
        return self.spans[-1].code

    @property
    def name(self) -> str:
        """Its last name."""
        return self.spans[-1].name

    def becomes(self, day: str, code: str, name: str) -> None:
        """Bears another code or name from a day on."""
        last = self.spans[-1]
        if (last.code, last.name) == (code, name):
            return
        if last.start == day:
            last.code, last.name = code, name
        else:
            self.spans.append(Span(day, code, name))


def give_keys(existences: Sequence[Existence]) -> None:
    """Gives each its key: `fra-cog-91228`, with a year where its code was another's before."""
    holders: defaultdict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
    since: list[dict[str, str]] = []
    for index, existence in enumerate(existences):
        since.append({span.code: span.start for span in reversed(existence.spans)})
        for code, start in since[index].items():
            holders[existence.type, code].append((start, index))
    taken = set()
    for index, existence in enumerate(existences):
        key = f"fra-{SCHEMES[existence.type]}-{existence.code}".lower()
        start = since[index][existence.code]
        if min(holders[existence.type, existence.code]) != (start, index):
            year = f"{key}-{start[:4]}"
            key = f"{key}-{start}" if year in taken else year
        taken.add(key)
        existence.key = key
