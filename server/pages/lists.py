"""`/partnerships`, `/projects`, `/funders` …: lists to filter, sort and take away as CSV."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from flask import Blueprint, Response, request

from loaders.build.folding import fold
from server.engine.results import Term
from server.graph.labels import Labels
from server.graph.listings import SHOWN, Listed, read_all_labels, read_listed
from server.graph.search import has_index
from server.http.problems import problem_response
from server.i18n import Voice
from server.iris import tail
from server.pages.authorities import COLUMNS, count_in, read_authorities
from server.pages.authorities import choices as authority_choices
from server.pages.drawn import Drawn
from server.pages.filtering import (
    CHOSEN,
    TYPED,
    Filters,
    Given,
    backwards,
    key_of,
    matching,
    options,
    read_filters,
    terms,
)
from server.pages.list_files import asked_page, csv_file, page_number, turtle_file
from server.pages.list_order import NUMBERED, order_of, sorted_by, title, words
from server.pages.overview import LISTS
from server.pages.rendering import Page, respond
from server.pages.tie_map import MapWords, between_countries, draw_map
from server.site import site

blueprint = Blueprint("lists", __name__)

ROWS = 50
NAMES = ", ".join(SHOWN)
AUTHORITIES = "authorities"
MOST_DESCRIBED = 5000
"""Things of which all that is said stands in one document: some 10 MB."""
MAPPED = (*LISTS, "associations")
"""The lists that are drawn as maps too."""
LEADING = {
    "countries": "country",
    "themes": "theme",
    "authorities": "partner",
    "funders": "funder",
}
"""The filter by which the things of a list narrow others down."""


@blueprint.get(f"/<any({NAMES}):name>")
def page(name: str) -> Response:
    """A list as it is filtered and sorted, fifty at a time, or a map of all of it."""
    shown, filters = Page(), read_filters(request.args)
    view = "map" if request.args.get("view") == "map" and name in MAPPED else ""
    context = authorities(filters, shown) if name == AUTHORITIES else listing(name, filters, shown)
    return respond(
        "list.html",
        name=name,
        filters=filters,
        view=view,
        mapped=name in MAPPED,
        drawn=drawn(name, filters, shown) if view else None,
        backwards=backwards(filters),
        url=shown.filtered,
        numbered=NUMBERED,
        leading=LEADING,
        **context,
    )


def listing(name: str, filters: Filters, shown: Page) -> dict[str, Any]:
    """The part of a list that its page shows, and what its filters offer."""
    version = site().engine.version()
    every, labels = read_listed(site(), version, name), read_all_labels(site(), version, name)
    order = order_of(name, request.args.get("sort", ""))
    found = sorted_by(matching(every, filters, labels), order, labels, shown.voice)
    number = page_number(len(found), ROWS)
    rows = found[(number - 1) * ROWS : number * ROWS]
    columns = [each for each in SHOWN[name] if any(each in row.cells for row in every)]
    choices = {
        each: options(every, each, filters, labels)
        for each in ("continent", *columns)
        if each in CHOSEN and each not in TYPED and any(each in row.cells for row in every)
    }
    return {
        "rows": rows,
        "labels": labels,
        "columns": columns,
        "orders": ["name", *columns],
        "given": told(every, filters, labels, shown.voice),
        "choices": [
            (each, by_label(counted, labels, shown.voice))
            for each, counted in choices.items()
            if len(counted) > 1 or filters.values(each)
        ],
        "typed": [each for each in columns if each in TYPED],
        "years": "since" in columns,
        "paid": any("amount" in each.cells or "funded" in each.cells for each in every),
        "every": len(every),
        "order": order,
        **numbers(len(found), number, len(rows)),
    }


def authorities(filters: Filters, shown: Page) -> dict[str, Any]:
    """The same of the authorities, which the search index holds."""
    read = read_authorities(site(), filters, asked_page(), ROWS)
    total = read.found.total
    offered = authority_choices(read.found, shown.voice)
    said = {(name, key): words for name, rows in offered for key, words, _ in rows}
    given = []
    for name, value in filters.pairs():
        rest = filters.without(name, value)
        left = total or count_in(site(), rest)
        words = said.get((name, value), "" if name == "tied" else value)
        given.append(Given(name, words, rest, left))
    return {
        "rows": read.rows,
        "labels": read.found.labels,
        "columns": COLUMNS,
        "orders": ["name", "partnerships", "projects"],
        "given": given,
        "choices": offered,
        "typed": [],
        "tieable": True,
        "unindexed": not has_index(site().current_version().path / "names.sqlite"),
        "every": count_in(site(), Filters()),
        "order": read.order,
        **numbers(total, read.found.page, len(read.rows)),
    }


def numbers(total: int, number: int, shown: int) -> dict[str, int]:
    """The numbers of a page of a list."""
    return {
        "total": total,
        "number": number,
        "first": (number - 1) * ROWS + 1 if shown else 0,
        "last": (number - 1) * ROWS + shown,
    }


def drawn(name: str, filters: Filters, shown: Page) -> Drawn | None:
    """The map of a whole list as it is filtered; None where no place is known."""
    version, voice = site().engine.version(), shown.voice
    labels = read_all_labels(site(), version, name)
    found = matching(read_listed(site(), version, name), filters, labels)

    def address(iri: str) -> str:
        column = "country" if between_countries(found) else "partner"
        return shown.filtered("lists.page", filters.also(column, tail(iri)), name=name)

    told_of = MapWords(lambda n: voice.count(f"explore.{name}", int(n)), address)
    return draw_map(site(), found, labels, voice("explore.map"), voice, told_of)


@blueprint.get(f"/<any({NAMES}):name>.csv")
def as_csv(name: str) -> Response:
    """The whole list as it is filtered and sorted (RFC 4180); values of a cell parted by ` ; `."""
    voice = Page().voice
    found, labels = wanted(name, voice)
    # Of 46,000 rows most cells say what others said.
    said = cache(lambda term: words(term, labels, voice))
    rows = (
        (
            row.iri,
            title(row, voice),
            *(" ; ".join(map(said, row.cells.get(each, ()))) for each in SHOWN[name]),
        )
        for row in found
    )
    return csv_file(name, ("iri", "name", *SHOWN[name]), rows)


@blueprint.get(f"/<any({NAMES}):name>.ttl")
def as_turtle(name: str) -> Response:
    """All that is said of the things of the list as it is filtered, as Turtle.

    Answers 413 where they are more than fit in one document.
    """
    if name == AUTHORITIES and (n := count_in(site(), read_filters(request.args))) > MOST_DESCRIBED:
        return problem_response("list-size", {"actual": n, "limit": MOST_DESCRIBED})
    found, _ = wanted(name, Page().voice)
    return turtle_file(site().engine, name, [row.iri for row in found])


def wanted(name: str, voice: Voice) -> tuple[list[Listed], Labels]:
    """The things that the address asks for, in its order, and the labels of their list."""
    if name == AUTHORITIES:
        read = read_authorities(site(), read_filters(request.args))
        return list(read.rows), read.found.labels
    version = site().engine.version()
    labels = read_all_labels(site(), version, name)
    found = matching(read_listed(site(), version, name), read_filters(request.args), labels)
    order = order_of(name, request.args.get("sort", ""))
    return sorted_by(found, order, labels, voice), labels


def told(listed: Sequence[Listed], filters: Filters, labels: Labels, voice: Voice) -> list[Given]:
    """The filters of the address, each with the list without it."""
    known = {
        (column, key_of(term)): words(term, labels, voice)
        for column in filters.chosen
        for each in listed
        for term in terms(each, column)
    }
    found = []
    for name, value in filters.pairs():
        rest = filters.without(name, value)
        said = known.get((name, value), value if name != "money" else "")
        found.append(Given(name, said, rest, len(matching(listed, rest, labels))))
    return found


def by_label(
    counted: Mapping[Term, int], labels: Labels, voice: Voice
) -> list[tuple[str, str, int]]:
    """The choices of a filter: key, words and number, in the order of the words."""
    named = [(key_of(term), words(term, labels, voice), n) for term, n in counted.items()]
    return sorted(named, key=lambda choice: (fold(choice[1]), choice[0]))
