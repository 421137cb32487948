"""Ties and projects counted: by country, theme, kind and decade, each count with its list."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeVar

from loaders.build.folding import fold
from server.engine.results import Term
from server.graph.labels import Labels, label
from server.graph.listings import Listed, read_all_labels, read_listed
from server.i18n import Voice
from server.pages.filtering import Filters, key_of, matching
from server.pages.tie_map import amount
from server.site import Site

Part = TypeVar("Part", Term, str)
LISTS = ("partnerships", "projects")
SHOWN = 12
"""Rows of a breakdown that a page shows."""


@dataclass(frozen=True)
class Explored:
    """The ties and projects that filters let through."""

    filters: Filters
    found: Mapping[str, Sequence[Listed]]
    """By the names of their lists."""
    labels: Labels

    @property
    def money(self) -> Decimal:
        """The sum of what is stated of the projects."""
        return sum(map(amount, self.found["projects"]), Decimal(0))


@dataclass(frozen=True)
class Counted:
    """The numbers of one country, theme, kind or decade, and the filters of its lists."""

    key: str
    term: Term | None
    words: str
    counts: Mapping[str, int]
    money: Decimal
    """The sum of what is stated; zero where nothing is."""
    filters: Filters

    @property
    def total(self) -> int:
        """The number of ties and projects."""
        return sum(self.counts.values())


def explore(site: Site, filters: Filters) -> Explored:
    """The ties and projects that filters let through; raises EngineError."""
    version = site.engine.version()
    labels = {key: each for name in LISTS
              for key, each in read_all_labels(site, version, name).items()}  # fmt: skip
    found = {
        name: matching(read_listed(site, version, name), filters, labels) for name in LISTS
    }  # fmt: skip
    return Explored(filters, found, labels)


def by_column(explored: Explored, column: str, voice: Voice) -> list[Counted]:
    """The numbers of each value of a column, the most first, those alike in order of words."""
    numbers = tally(explored, lambda each: each.cells.get(column, ()))
    found = [
        Counted(
            key_of(term),
            term if term.is_iri else None,
            label(explored.labels, term.value, voice).value if term.is_iri else term.value,
            *numbers[term],
            explored.filters.also(column, key_of(term)),
        )
        for term in numbers
    ]
    return sorted(found, key=lambda each: (-each.total, fold(each.words), each.key))


def by_decade(explored: Explored, voice: Voice) -> list[Counted]:
    """The numbers of each decade in which ties and projects began, the first first.

    Those of which no year is known are in none; where the filters cut a decade, it is cut.
    """
    numbers = tally(
        explored, lambda each: {f"{t.value[:3]}0" for t in each.cells.get("since", ())}
    )  # fmt: skip
    found = []
    for first in sorted(numbers):
        start = max(first, explored.filters.since) if explored.filters.since else first
        last = f"{first[:3]}9"
        end = min(last, explored.filters.until) if explored.filters.until else last
        filters = replace(explored.filters, since=start, until=end)
        words = voice("explore.decade", first=first, last=last)
        found.append(Counted(first, None, words, *numbers[first], filters))
    return found


def tally(
    explored: Explored, parts: Callable[[Listed], Collection[Part]]
) -> Mapping[Part, tuple[Mapping[str, int], Decimal]]:
    """Of each part of the things: how many of each list it has, and their money."""
    counts: dict[str, Counter[Part]] = {}
    money: defaultdict[Part, Decimal] = defaultdict(Decimal)
    for name in LISTS:
        counted = counts[name] = Counter()
        for each in explored.found[name]:
            for part in parts(each):
                counted[part] += 1
                money[part] += amount(each)
    return {part: ({name: counts[name][part] for name in LISTS}, money[part]) for part in money}
