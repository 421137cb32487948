"""`/explore/who`: who works in a country or in a place from elsewhere, and which record says it."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode

from loaders.build.folding import fold
from ontology.namespaces import COUNTRY
from server.engine import Engine
from server.graph.entities import exists
from server.graph.labels import Labels, label, read_labels
from server.graph.listings import Listed, read_listed
from server.graph.provenance import Cited, read_cited
from server.i18n import Voice
from server.iris import checked, entity_iri
from server.pages.filtering import Filters
from server.pages.list_files import BATCH, csv_file, page_number
from server.pages.overview import LISTS, by_column, explore, read_labels_of_both
from server.pages.rendering import Page, missing, respond
from server.pages.tie_map import read_partners
from server.questions import iris, nodes, select
from server.site import Site, site

blueprint = Blueprint("who", __name__)

ROWS = 40
TIES_SHOWN = 8


@dataclass(frozen=True)
class Place:
    """A country, or an authority with all that lies within it."""

    iri: str
    holds_tie: Callable[[Listed], bool]
    holds: Callable[[str], bool]
    """True of a partner that is of the place itself."""


@dataclass(frozen=True)
class Worker:
    """One from elsewhere who has ties or projects in a place."""

    iri: str
    country: str
    """The IRI of its country; empty where none is known."""
    ties: Sequence[Listed]
    """The oldest first."""

    @property
    def since(self) -> str:
        """The first year that is known."""
        return min((t.value for each in self.ties for t in each.cells.get("since", ())), default="")


@blueprint.get("/explore/who")
def page() -> Response:
    """Those who work in the place of the address, each with the records that say so."""
    shown, given = Page(), place_asked()
    if given is None and asked():
        return missing(request.path)
    found = workers(site(), given) if given else []
    number = page_number(len(found), ROWS)
    rows = found[(number - 1) * ROWS : number * ROWS]
    ties = [tie for row in rows for tie in row.ties[:TIES_SHOWN]]
    return respond(
        "who.html",
        place=given,
        labels=labels_with(given),
        rows=rows,
        records=records_of(site().engine, ties),
        shown=TIES_SHOWN,
        total=len(found),
        countries=sorted(
            by_column(explore(site(), Filters()), "country", shown.voice),
            key=lambda each: fold(each.words),
        ),
        number=number,
        first=(number - 1) * ROWS + 1 if rows else 0,
        last=(number - 1) * ROWS + len(rows),
    )


@blueprint.get("/explore/who.csv")
def as_csv() -> Response:
    """The same as CSV: a row for each who, what and record."""
    voice, given = Page().voice, place_asked()
    if given is None:
        return missing(request.path)
    header = ("iri", "name", "country", "tie", "title", "since", "record", "source", "page")
    return csv_file("who", header, rows_of(given, voice))


def rows_of(place: Place, voice: Voice) -> Iterator[tuple[str, ...]]:
    """The rows of the file of a place."""
    labels, found = labels_with(place), workers(site(), place)
    records = records_of(site().engine, [tie for each in found for tie in each.ties])
    for each in found:
        country = label(labels, each.country, voice).value if each.country else ""
        for tie in each.ties:
            since = next((term.value for term in tie.cells.get("since", ())), "")
            who = (each.iri, label(labels, each.iri, voice).value, country)
            what = (tie.iri, label(labels, tie.iri, voice).value, since)
            for record in records.get(tie.iri, ()) or (Cited("", "record"),):
                title = voice.choose(record.titles)
                yield (*who, *what, record.graph, title.value if title else "", record.address)


def asked() -> bool:
    """True where the address names a place."""
    return bool(request.args.get("country") or request.args.get("place"))


def place_asked() -> Place | None:
    """The place that the address names; None where it names none that has ties."""
    code, key = request.args.get("country", ""), request.args.get("place", "")
    if code:
        iri = checked(f"{COUNTRY}{code}")
        if iri is None or not exists(site().engine, iri):
            return None
        countries = read_partners(site(), site().engine.version()).countries
        return Place(iri, lambda tie: has(tie, "country", {iri}), lambda p: countries.get(p) == iri)
    within = entity_iri("authority", key) if key else None
    if within is None or not exists(site().engine, within):
        return None
    inside = frozenset({within, *iris(site().engine, "export-within", entity=NamedNode(within))})
    return Place(within, lambda tie: has(tie, "partner", inside), lambda p: p in inside)


def has(tie: Listed, column: str, wanted: "frozenset[str] | set[str]") -> bool:
    """True where a tie has one of these values in a column."""
    return any(term.value in wanted for term in tie.cells.get(column, ()))


def workers(of: Site, place: Place) -> list[Worker]:
    """Those from elsewhere with ties or projects in a place, those with most first."""
    version = of.engine.version()
    found: defaultdict[str, list[Listed]] = defaultdict(list)
    for name in LISTS:
        for tie in read_listed(of, version, name):
            if place.holds_tie(tie):
                for term in tie.cells.get("partner", ()):
                    if term.is_iri and not place.holds(term.value):
                        found[term.value].append(tie)
    countries = read_partners(of, version).countries
    listed = [
        Worker(iri, countries.get(iri, ""), sorted(ties, key=in_time))
        for iri, ties in found.items()
    ]  # fmt: skip
    return sorted(listed, key=lambda each: (-len(each.ties), each.since or "9", each.iri))


def in_time(tie: Listed) -> tuple[str, str]:
    """The key that puts the oldest first and those without a year last."""
    return (next((term.value for term in tie.cells.get("since", ())), "9999"), tie.iri)


def records_of(engine: Engine, ties: Sequence[Listed]) -> Mapping[str, Sequence[Cited]]:
    """The source records that speak of ties and projects; raises EngineError."""
    asked_of = sorted({tie.iri for tie in ties})
    graphs: defaultdict[str, list[str]] = defaultdict(list)
    for start in range(0, len(asked_of), BATCH):
        batch = nodes(asked_of[start : start + BATCH])
        for row in select(engine, "records-of", nodes=batch).rows:
            graphs[row["node"].value].append(row["graph"].value)
    cited = read_cited(engine, {graph for each in graphs.values() for graph in each})
    return {iri: [cited[graph] for graph in each] for iri, each in graphs.items()}


def labels_with(place: Place | None) -> Labels:
    """The labels of all ties, projects and partners, and of a place."""
    labels = read_labels_of_both(site(), site().engine.version())
    if place and place.iri not in labels:
        return {**labels, **read_labels(site().engine, [place.iri])}
    return labels
