"""The map of ties and projects: between countries, or between partners where they are few."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from threading import Condition

from cachetools import LRUCache, cached
from markupsafe import Markup

from server.charts.drawing import svg
from server.charts.network import MapSpot, MapWay, draw
from server.charts.result import place_of
from server.graph.labels import Labels, label, read_labels
from server.graph.listings import Listed, read_listed
from server.i18n import Voice
from server.pages.drawn import NARROW, WIDE, Drawn, canvas_of, notes_of
from server.pages.places import Whereabouts, read_places
from server.site import Site

FEW = 130
"""Ties that are drawn between partners; more are drawn between countries."""
Weigh = Callable[[Listed], Decimal]


@dataclass(frozen=True)
class MapWords:
    """The words of a weight (`3 ties`), and the address that a place leads to by its IRI."""

    told: Callable[[Decimal], str]
    address: Callable[[str], str]


def one(_: Listed) -> Decimal:
    """The weight of a tie where ties are counted."""
    return Decimal(1)


def amount(each: Listed) -> Decimal:
    """The amount that is stated of a project; none is no weight."""
    return sum((Decimal(term.value) for term in each.cells.get("amount", ())), Decimal(0))


@cached(LRUCache(4), condition=Condition())
def read_partners(site: Site, version: str) -> Whereabouts:
    """The places and countries of all partners in ties and projects; raises EngineError."""
    partners = {
        term.value
        for name in ("partnerships", "projects", "encounters")
        for each in read_listed(site, version, name)
        for column in ("partner", "heir", "involved")
        for term in each.cells.get(column, ())
    }
    return read_places(site.engine, partners)


@cached(LRUCache(4), condition=Condition())
def read_country_labels(site: Site, version: str) -> Labels:
    """The labels of the countries of all partners; raises EngineError."""
    return read_labels(site.engine, read_partners(site, version).countries.values())


def between_countries(listed: Sequence[Listed]) -> bool:
    """True where things are drawn by country: of so many ties, and of what has no partners."""
    return len(listed) > FEW or not any("partner" in each.cells for each in listed)


def draw_map(
    site: Site,
    listed: Sequence[Listed],
    labels: Labels,
    title: str,
    voice: Voice,
    words: MapWords,
    weigh: Weigh = one,
) -> Drawn | None:
    """The map of ties or projects, narrow and wide; None where no place is known."""
    column = "country" if between_countries(listed) else "partner"
    known = {} if column == "country" else read_partners(site, site.engine.version()).places
    weights: defaultdict[str, Decimal] = defaultdict(Decimal)
    pairs: Counter[tuple[str, str]] = Counter()
    for each in listed:
        ends = dict.fromkeys(term.value for term in each.cells.get(column, ()) if term.is_iri)
        for iri in ends:
            weights[iri] += weigh(each)
        pairs.update(tuple(sorted(pair)) for pair in combinations(ends, 2))  # type: ignore[misc]
    found = {iri: place for iri in weights if (place := place_of(iri, known))}
    if not found:
        return None
    names = {iri: label(labels, iri, voice).value for iri in found}
    spots = [
        MapSpot(
            place.at,
            float(weights[iri]),
            names[iri],
            f"{names[iri]}{voice('colon')} {words.told(weights[iri])}",
            words.address(iri),
            place.approximate and column == "partner",
        )
        for iri, place in found.items()
    ]
    ways = [
        MapWay(
            found[a].at,
            found[b].at,
            n,
            f"{names[a]} – {names[b]}{voice('colon')} {voice.number(n)}",
        )
        for (a, b), n in pairs.items()
        if a in found and b in found and found[a].at != found[b].at
    ]
    return drawn_twice(site, spots, ways, title, voice, len(weights) - len(found))


def drawn_twice(
    site: Site,
    spots: Sequence[MapSpot],
    ways: Sequence[MapWay],
    title: str,
    voice: Voice,
    unplaced: int = 0,
) -> Drawn:
    """A map for the narrow and for the wide, with what it leaves out."""
    drawings, notes = [], []
    for width, kind in ((NARROW, "m-narrow"), (WIDE, "m-wide")):
        canvas = canvas_of(width, voice, site, f"{kind}world")
        drawing = draw(spots, ways, canvas)
        text = svg(drawing, canvas, title, kind=kind, role="group")
        drawings.append(Markup(text))  # noqa: S704 (escaped)
        notes = notes_of(drawing, voice, len(spots), len(spots))
    if unplaced:
        notes.append(voice.count("map.unplaced", unplaced))
    return Drawn("map", ("map",), drawings, notes)
