"""The ties of a thing as its page shows them: a row for each, and a map of the partners."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Condition

from cachetools import LRUCache, cached

from server.charts.result import ChartData
from server.engine.results import Table, Term
from server.graph.labels import Labels
from server.graph.listings import Listed, read_all_labels, read_listed
from server.pages.drawn import Drawn, draw_twice
from server.pages.rendering import Page
from server.pages.tie_map import MapWords, draw_map, read_country_labels, read_partners
from server.site import Site

SHOWN = 25
COLUMNS = {"country": "country", "concept": "theme"}
"""By which column of the lists a thing of that type has its ties; others are partners in them."""


@dataclass(frozen=True)
class Tie:
    """A partnership or a project, seen from one of those whom it ties."""

    iri: str
    others: Sequence[Term]
    """The partners beside the one whose page it is."""
    inherited: bool
    """True where it is an heir of one of them, which the others are tied with."""
    countries: Sequence[Term]
    cells: Mapping[str, Sequence[Term]]

    @property
    def since(self) -> str:
        """The year of its beginning; empty where none is known."""
        return next((term.value for term in self.cells.get("since", ())), "")


@dataclass(frozen=True)
class Ties:
    """The first ties of a thing, how many there are, and what they come to."""

    rows: Sequence[Tie]
    every: frozenset[str]
    """The IRIs of all of them."""
    partners: int
    countries: int
    since: str
    drawn: Drawn | None
    labels: Labels
    list_name: str
    """The list that shows all of them, narrowed down to `chosen`."""
    chosen: Mapping[str, str]

    @property
    def general(self) -> bool:
        """True of a country or theme, which is no partner in its ties."""
        return not {"partner", "involved"} & self.chosen.keys()

    @property
    def total(self) -> int:
        """The number of the ties."""
        return len(self.every)


def ties_of(site: Site, iri: str, segment: str, page: Page) -> Ties | None:
    """The ties of a thing, the oldest first; None without any."""
    version = site.engine.version()
    column = COLUMNS.get(segment, "")
    for name in ("partnerships", "projects", "encounters"):
        listed = ties_by(site, version, name, columns_of(name, column)).get(iri)
        if listed:
            break
    else:
        return None
    ties = [tie_of(each, iri) for each in listed]
    ties.sort(key=lambda tie: (not tie.since, tie.since, tie.iri))
    # Of the whole list, read once for a version: a page asks the store nothing for its ties.
    where = read_partners(site, version)
    labels = {**read_country_labels(site, version), **read_all_labels(site, version, name)}
    ties = [located(tie, where.countries) for tie in ties]
    home = where.countries.get(iri)
    ends = {end for tie in ties for end in met_in(tie, home, where.countries)}
    return Ties(
        ties[:SHOWN],
        frozenset(tie.iri for tie in ties),
        len(ends),
        len({term.value for tie in ties for term in tie.countries} - {home or iri}),
        min((tie.since for tie in ties if tie.since), default=""),
        drawn(site, iri, column, listed, ties, labels, page),
        labels,
        name,
        {column or columns_of(name, "")[0]: iri.rpartition("/")[2]},
    )


def drawn_tie(site: Site, iri: str, segment: str, page: Page) -> Drawn | None:
    """The map of the partners of one partnership or project; None where no place is known."""
    name = {"partnership": "partnerships", "project": "projects"}.get(segment)
    if name is None:
        return None
    version, voice = site.engine.version(), page.voice
    each = by_iri(site, version, name).get(iri)
    if each is None or not each.cells.get("partner"):
        return None
    words = MapWords(
        lambda weight: voice.count(f"explore.{name}", int(weight)),
        lambda partner: page.local(partner) or "",
    )
    labels = read_all_labels(site, version, name)
    return draw_map(site, [each], labels, voice("ties.map"), voice, words)


@cached(LRUCache(8), condition=Condition())
def by_iri(site: Site, version: str, name: str) -> Mapping[str, Listed]:
    """The things of a list by their IRIs."""
    return {each.iri: each for each in read_listed(site, version, name)}


def columns_of(name: str, column: str) -> tuple[str, ...]:
    """The columns of a list in which a thing stands; who was at an encounter is met there."""
    if column:
        return (column,)
    return ("involved",) if name == "encounters" else ("partner", "heir")


def drawn(
    site: Site,
    iri: str,
    column: str,
    listed: Sequence[Listed],
    ties: Sequence[Tie],
    labels: Labels,
    page: Page,
) -> Drawn | None:
    """The map of the ties; of those of an authority the lines from it to its partners."""
    title, voice = page.voice("ties.map"), page.voice
    if column:
        words = MapWords(
            lambda weight: voice.count("explore.partnerships", int(weight)),
            lambda each: page.local(each) or "",
        )
        return draw_map(site, listed, labels, title, voice, words)
    places = read_partners(site, site.engine.version()).places
    pairs = [{"here": Term(iri), "there": there} for tie in ties for there in tie.others]
    if not any(pair["there"].value in places for pair in pairs):
        return None
    result = ChartData(Table(("here", "there"), tuple(pairs[:500])), {}, labels, places)
    return draw_twice(result, "map", title, voice, site, "ties") if result.located else None


@cached(LRUCache(16), condition=Condition())
def ties_by(
    site: Site, version: str, name: str, columns: Sequence[str]
) -> Mapping[str, Sequence[Listed]]:
    """The ties of a list by what they have in these columns, each once."""
    found: defaultdict[str, dict[str, Listed]] = defaultdict(dict)
    for each in read_listed(site, version, name):
        for column in columns:
            for term in each.cells.get(column, ()):
                found[term.value][each.iri] = each
    return {iri: tuple(ties.values()) for iri, ties in found.items()}


def tie_of(each: Listed, iri: str) -> Tie:
    """A tie as it is seen from a thing."""
    partners = each.cells.get("partner") or each.cells.get("involved", ())
    heir = any(term.value == iri for term in each.cells.get("heir", ()))
    inherits = heir and all(term.value != iri for term in partners)
    others = tuple(term for term in partners if term.value != iri)
    return Tie(each.iri, others, inherits, (), each.cells)


def met_in(tie: Tie, home: str | None, countries: Mapping[str, str]) -> Sequence[str]:
    """The partners in a tie; of an inherited one without the end that it is inherited from."""
    others = [term.value for term in tie.others]
    abroad = [other for other in others if countries.get(other) != home]
    return abroad if tie.inherited and abroad else others


def located(tie: Tie, countries: Mapping[str, str]) -> Tie:
    """A tie with the countries of the other partners, else those that it is in."""
    found = [Term(countries[term.value]) for term in tie.others if term.value in countries]
    return Tie(
        tie.iri,
        tie.others,
        tie.inherited,
        tuple(dict.fromkeys(found)) or tuple(tie.cells.get("country", ())),
        tie.cells,
    )
