"""Ties and projects counted: by country, theme, kind and decade, each count with its list."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from threading import Condition
from typing import TypeVar

from cachetools import LRUCache, cached

from loaders.build.folding import fold
from server.engine.results import Term
from server.graph.labels import Labels, label
from server.graph.listings import Listed, read_all_labels, read_listed
from server.i18n import Voice
from server.iris import tail
from server.pages.filtering import Filters, key_of, matching
from server.pages.tie_map import amount
from server.pages.ties import ties_by
from server.site import Site

Part = TypeVar("Part", Term, str)
LISTS = ("partnerships", "projects")
ordered = lru_cache(maxsize=8192)(fold)
"""The folded text, by which words are put in order: the same few thousand each time."""
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
    labels = read_labels_of_both(site, version)
    found = {name: matching(read_listed(site, version, name), filters, labels) for name in LISTS}
    return Explored(filters, found, labels)


@cached(LRUCache(4), condition=Condition())
def read_labels_of_both(site: Site, version: str) -> Labels:
    """The labels of all ties and projects and of what their columns hold; raises EngineError."""
    both = (read_all_labels(site, version, name) for name in LISTS)
    return {iri: names for labels in both for iri, names in labels.items()}


def numbered(explored: Explored, voice: Voice) -> Mapping[str, str]:
    """How many there are of each list, in words."""
    return {
        name: voice.count(f"explore.{name}", len(found)) for name, found in explored.found.items()
    }


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
    return sorted(found, key=lambda each: (-each.total, ordered(each.words), each.key))


def by_decade(explored: Explored, voice: Voice) -> list[Counted]:
    """The numbers of each decade in which ties and projects began, the first first.

    Those of which no year is known are in none; where the filters cut a decade, it is cut.
    """
    numbers = tally(
        explored, lambda each: {f"{t.value[:3]}0" for t in each.cells.get("since", ())}
    )  # fmt: skip
    found = []
    for first in sorted(numbers):
        start = max(first, explored.filters.since, key=int) if explored.filters.since else first
        last = f"{first[:3]}9"
        end = min(last, explored.filters.until, key=int) if explored.filters.until else last
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


COLUMNS = {"country": "country", "concept": "theme", "authority": "partner"}
"""The filter by which the ties of a thing of that type are listed."""
FEW = 4
"""Ties and projects of which a table says enough."""


@dataclass(frozen=True)
class Overview:
    """The ties and projects of a thing in numbers, and the filter that shows them."""

    explored: Explored
    numbered: Mapping[str, str]
    """How many there are of each list, in words."""
    breakdowns: Mapping[str, Sequence[Counted]]


def overview_of(site: Site, iri: str, segment: str, voice: Voice) -> Overview | None:
    """The overview of a country, theme or authority; None where it has few ties and projects.

    It asks the store nothing once the lists of the version are read.
    """
    column = COLUMNS.get(segment)
    if column is None:
        return None
    version = site.engine.version()
    columns = ("partner", "heir") if column == "partner" else (column,)
    explored = Explored(
        Filters(chosen={column: (tail(iri),)}),
        {name: ties_by(site, version, name, columns).get(iri, ()) for name in LISTS},
        read_labels_of_both(site, version),
    )
    if sum(map(len, explored.found.values())) <= FEW:
        return None
    found = {
        "decade": by_decade(explored, voice),
        "country": [
            each for each in by_column(explored, "country", voice) if each.key != tail(iri)
        ],
        "theme": [each for each in by_column(explored, "theme", voice) if each.key != tail(iri)],
    }
    return Overview(
        explored,
        numbered(explored, voice),
        {name: rows[:SHOWN] for name, rows in found.items() if rows},
    )
