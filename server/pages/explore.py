"""`/explore`: a world map of ties and money, filtered, with the same in tables and in files."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from loaders.build.folding import fold
from server.graph.listings import read_listed
from server.iris import document_path, tail
from server.pages.drawn import Drawn
from server.pages.filtering import Filters, Given, backwards, read_filters
from server.pages.list_files import csv_file, turtle_file
from server.pages.overview import (
    LISTS,
    SHOWN,
    Counted,
    Explored,
    by_column,
    by_decade,
    explore,
    numbered,
)
from server.pages.rendering import Page, respond
from server.pages.tie_map import MapWords, amount, between_countries, draw_map, one
from server.questions import question
from server.site import site

blueprint = Blueprint("explore", __name__)

OFFERED = ("continent", "country", "theme", "kind")
"""The columns of the filters that the page offers."""
MEASURES = (*LISTS, "amount")
"""The things that the circles of the map may stand for."""
ORDERS = ("name", *MEASURES)


@blueprint.get("/explore")
def page() -> Response:
    """The map and the tables of the ties and projects that the filters let through."""
    shown = Page()
    filters = read_filters(request.args)
    explored = explore(site(), filters)
    every = explore(site(), Filters())
    countries = in_order(by_column(explored, "country", shown.voice), order())
    return respond(
        "explore.html",
        explored=explored,
        filters=filters,
        numbered=numbered(explored, shown.voice),
        offered={
            column: sorted(by_column(every, column, shown.voice), key=lambda c: fold(c.words))
            for column in OFFERED
        },
        countries=countries,
        breakdowns={
            name: rows
            for name, rows in (
                ("decade", by_decade(explored, shown.voice)),
                ("theme", by_column(explored, "theme", shown.voice)[:SHOWN]),
                ("kind", by_column(explored, "kind", shown.voice)[:SHOWN]),
            )
            if rows
        },
        measure=measure(),
        measures=MEASURES,
        order=order(),
        orders=ORDERS,
        drawn=drawn(explored, measure(), shown),
        finer=not between_countries(explored.found[drawn_list(measure())]),
        embedded=embedded(filters, shown.voice("explore.between")),
        url=shown.filtered,
        given=told(explored, shown),
        backwards=backwards(filters),
        bounds=bounds(),
    )


@blueprint.get("/explore.csv")
def as_csv() -> Response:
    """The table of countries as CSV; a sum that no source states is empty."""
    voice = Page().voice
    found = in_order(by_column(explore(site(), read_filters(request.args)), "country", voice),
                     order())  # fmt: skip
    rows = (
        (
            each.term.value if each.term else "",
            each.words,
            *(str(each.counts[name]) for name in LISTS),
            str(each.money) if each.money else "",
        )
        for each in found
    )
    return csv_file("explore", ("iri", "country", *LISTS, "amount"), rows)


@blueprint.get("/explore.ttl")
def as_turtle() -> Response:
    """All that is said of the ties and projects, as Turtle."""
    explored = explore(site(), read_filters(request.args))
    iris = [each.iri for name in LISTS for each in explored.found[name]]
    return turtle_file(site().engine, "explore", iris)


def measure() -> str:
    """The measure of the circles that the address asks for."""
    given = request.args.get("show", "")
    return given if given in MEASURES else "partnerships"


def order() -> str:
    """The column by which the countries are sorted, with `-` before it for the largest first."""
    given = request.args.get("sort", "")
    return given if given.removeprefix("-") in ORDERS else "-partnerships"


def in_order(found: Sequence[Counted], wanted: str) -> list[Counted]:
    """The numbers sorted; those alike in the order of their words."""
    column = wanted.removeprefix("-")
    named = sorted(found, key=lambda each: (fold(each.words), each.key))
    if column == "name":
        return named[::-1] if wanted.startswith("-") else named
    return sorted(named, key=lambda each: weight(each, column), reverse=wanted.startswith("-"))


def weight(each: Counted, column: str) -> Decimal:
    """A number of a country."""
    return each.money if column == "amount" else Decimal(each.counts[column])


def drawn_list(chosen: str) -> str:
    """The list whose things the map draws for a measure: money is of projects."""
    return "partnerships" if chosen == "partnerships" else "projects"


def drawn(explored: Explored, chosen: str, shown: Page) -> Drawn | None:
    """The map; None where nothing in it has a place."""
    voice = shown.voice
    listed = explored.found[drawn_list(chosen)]
    if chosen == "amount":
        listed = [each for each in listed if amount(each)]

    def told(value: Decimal) -> str:
        if chosen == "amount":
            return voice.money(value)
        return voice.count(f"explore.{chosen}", int(value))

    def address(iri: str) -> str:
        if not between_countries(listed):
            return shown.local(iri) or document_path(iri) or ""
        return shown.filtered(
            "explore.page", explored.filters.also("country", tail(iri)), show=chosen
        )

    return draw_map(
        site(),
        listed,
        explored.labels,
        voice("explore.map"),
        voice,
        MapWords(told, address),
        amount if chosen == "amount" else one,
    )


def told(explored: Explored, shown: Page) -> list[Given]:
    """The filters of the address, each with how many ties and projects there are without it."""
    words = {
        (column, each.key): each.words
        for column in explored.filters.chosen
        for each in by_column(explore(site(), Filters()), column, shown.voice)
    }
    return [
        Given(
            name,
            "" if name == "money" else words.get((name, value), value),
            rest := explored.filters.without(name, value),
            sum(map(len, explore(site(), rest).found.values())),
        )
        for name, value in explored.filters.pairs()
    ]


def embedded(filters: Filters, title: str) -> str:
    """The page whose embed shows the same on other sites; empty where none does."""
    pairs = filters.pairs()
    if not pairs:
        text = f"#view: map\n{question('ties-between-countries')}"
        return f"/query?{urlencode({'query': text, 'title': title})}"
    name, value = pairs[0]
    pages = {"country": "/doc/country/", "theme": "/doc/concept/theme/"}
    return f"{pages[name]}{value}" if len(pairs) == 1 and name in pages else ""


def bounds() -> Mapping[str, str]:
    """The first and the last year in which a tie began."""
    listed = read_listed(site(), site().engine.version(), "partnerships")
    years = [term.value for each in listed for term in each.cells.get("since", ())]
    return {"first": min(years, default=""), "last": max(years, default="")}
