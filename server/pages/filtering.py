"""The filters of an address, and the things of a list that they let through."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from werkzeug.datastructures import MultiDict

from loaders.build.folding import fold
from server.engine.results import Term
from server.graph.labels import Labels
from server.graph.listings import Listed
from server.iris import tail

CHOSEN = (
    *("continent", "country", "partner", "kind", "theme", "status", "declaration", "type"),
    *("funder", "standing", "involved"),
)
"""The columns by whose values a list is filtered."""
TYPED = ("partner", "involved", "funder")
"""Columns of so many values that one writes what one looks for."""
LONGEST = 200
"""Characters of a filter that are read."""
MOST = 8
"""Values of all filters together that are read: a list with so many is empty anyway."""


@dataclass(frozen=True)
class Filters:
    """The filters of an address; each that is given must let a thing through."""

    words: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By column the values that a thing has all of, as addresses write them."""
    since: str = ""
    until: str = ""
    money: bool = False
    """True where only things with a stated amount are wanted."""
    tied: bool = False
    """True where only authorities with partnerships or projects are wanted."""

    def pairs(self) -> list[tuple[str, str]]:
        """The filters as parameters of an address."""
        found = [("q", self.words)] if self.words else []
        found += [(name, value) for name, values in self.chosen.items() for value in values]
        found += [(n, v) for n, v in (("from", self.since), ("to", self.until)) if v]
        found += [("money", "1")] if self.money else []
        return [*found, ("tied", "1")] if self.tied else found

    def values(self, column: str) -> tuple[str, ...]:
        """The values that are wanted in a column."""
        return self.chosen.get(column, ())

    def without(self, name: str, value: str = "") -> "Filters":
        """The filters but that one, as its parameter is called; of several values but that."""
        if name in self.chosen:
            kept = tuple(each for each in self.chosen[name] if value and each != value)
            rest = {column: given for column, given in self.chosen.items() if column != name}
            return replace(self, chosen={**rest, name: kept} if kept else rest)
        if name == "q":
            return replace(self, words="")
        if name == "from":
            return replace(self, since="")
        if name == "to":
            return replace(self, until="")
        return replace(self, tied=False) if name == "tied" else replace(self, money=False)

    def also(self, column: str, value: str) -> "Filters":
        """The filters, and that value in a column too."""
        given = self.values(column)
        return self if value in given else replace(
            self, chosen={**self.chosen, column: (*given, value)}
        )  # fmt: skip


def read_filters(given: MultiDict[str, str]) -> Filters:
    """The filters that an address gives; empty values are none."""

    def one(name: str) -> str:
        return given.get(name, "").strip()[:LONGEST]

    chosen, left = {}, MOST
    for column in CHOSEN:
        values = [each.strip()[:LONGEST] for each in given.getlist(column)]
        if kept := tuple(dict.fromkeys(filter(None, values)))[:left]:
            chosen[column] = kept
            left -= len(kept)
    return Filters(
        one("q"),
        chosen,
        one("from"),
        one("to"),
        one("money") not in ("", "0"),
        one("tied") not in ("", "0"),
    )


def matching(listed: Sequence[Listed], filters: Filters, labels: Labels) -> list[Listed]:
    """The things that every filter lets through; a value that is none lets none."""
    tests = [test_of(*pair, listed, labels) for pair in filters.pairs()]
    return [each for each in listed if all(test(each) for test in tests)]


def test_of(
    name: str, value: str, listed: Sequence[Listed], labels: Labels
) -> Callable[[Listed], bool]:
    """The test of one filter."""
    if name == "q":
        wanted = fold(value).split()
        return lambda each: holds_words(each, wanted, labels)
    if name == "money":
        return lambda each: bool(each.cells.get("amount") or each.cells.get("funded"))
    if name == "tied":
        return lambda _: True
    if name in ("from", "to"):
        year = int(value) if value.isascii() and value.isdecimal() else None
        if year is None:
            return lambda _: False
        if name == "from":
            return lambda each: any(int(t.value) >= year for t in each.cells.get("since", ()))
        return lambda each: any(int(t.value) <= year for t in each.cells.get("since", ()))
    if name in TYPED and not any(value in keys(each, name) for each in listed):
        wanted = fold(value).split()
        return lambda each: any(
            begins(wanted, labels.get(term.value, ())) for term in terms(each, name)
        )
    return lambda each: value in keys(each, name)


def holds_words(each: Listed, wanted: Iterable[str], labels: Labels) -> bool:
    """True where the names of a thing or of its partners hold the beginnings of those words."""
    called = [*each.names, *(n for t in terms(each, "partner") for n in labels.get(t.value, ()))]
    return begins(wanted, called)


def begins(wanted: Iterable[str], names: Iterable[Term]) -> bool:
    """True where each word is the beginning of a word of the names."""
    text = f" {fold(' '.join(term.value for term in names))}"
    return all(f" {word}" in text for word in wanted)


def terms(each: Listed, column: str) -> Sequence[Term]:
    """The values of a column; who is heir to a partner is a partner too."""
    found = each.cells.get(column, ())
    return (*found, *each.cells.get("heir", ())) if column == "partner" else found


def keys(each: Listed, column: str) -> list[str]:
    """The values of a column as an address writes them."""
    return [key_of(term) for term in terms(each, column)]


def key_of(term: Term) -> str:
    """A value as it stands in an address: the last part of an IRI, or the text."""
    return tail(term.value) if term.is_iri else term.value


def options(
    listed: Sequence[Listed], column: str, filters: Filters, labels: Labels
) -> Mapping[Term, int]:
    """The values of a column, with how many things have each beside what the others choose.

    Of texts only those that several things have, or that is chosen.
    """
    found = matching(listed, filters.without(column), labels)
    counted = Counter(term for each in found for term in each.cells.get(column, ()))
    chosen = filters.values(column)
    return {
        term: n for term, n in counted.items() if term.is_iri or n > 2 or term.value in chosen
    }  # fmt: skip


@dataclass(frozen=True)
class Given:
    """A filter of an address in words, the filters without it, and what these would show."""

    name: str
    words: str
    rest: Filters
    count: int


def backwards(filters: Filters) -> bool:
    """True where the last year comes before the first."""
    years = (filters.since, filters.until)
    return all(each.isdecimal() for each in years) and int(years[0]) > int(years[1])
