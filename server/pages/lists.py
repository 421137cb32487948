"""`/partnerships`, `/projects`, `/funders` …: lists to filter, sort and take away as CSV."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, request

from loaders.build.folding import fold
from server.engine.results import Term
from server.graph.labels import Labels, label
from server.graph.listings import SHOWN, Listed, read_all_labels, read_listed
from server.i18n import Voice
from server.iris import tail
from server.pages.filtering import (
    CHOSEN,
    Filters,
    key_of,
    matching,
    options,
    read_filters,
    terms,
)
from server.pages.list_files import csv_file, page_number, turtle_file
from server.pages.rendering import Page, respond
from server.site import site

blueprint = Blueprint("lists", __name__)

ROWS = 50
NAMES = ", ".join(SHOWN)
TYPED = ("partner",)
"""Columns of so many values that one writes what one looks for."""


@dataclass(frozen=True)
class Given:
    """A filter of the address in words, the list without it, and what that would show."""

    name: str
    words: str
    rest: Filters
    count: int


@blueprint.get(f"/<any({NAMES}):name>")
def page(name: str) -> Response:
    """A list as it is filtered and sorted, fifty at a time."""
    shown = Page()
    version = site().engine.version()
    every, labels = read_listed(site(), version, name), read_all_labels(site(), version, name)
    filters = read_filters(request.args)
    found = sorted_by(matching(every, filters, labels), order_of(name), shown.voice)
    number = page_number(len(found), ROWS)
    rows = found[(number - 1) * ROWS : number * ROWS]
    columns = [each for each in SHOWN[name] if any(each in row.cells for row in every)]
    choices = {
        each: options(every, each, filters, labels)
        for each in columns
        if each in CHOSEN and each not in TYPED
    }
    return respond(
        "list.html",
        name=name,
        rows=rows,
        labels=labels,
        columns=columns,
        filters=filters,
        given=told(every, filters, labels, shown.voice),
        choices=[
            (each, by_label(counted, labels, shown.voice))
            for each, counted in choices.items()
            if len(counted) > 1 or filters.values(each)
        ],
        typed=[each for each in columns if each in TYPED],
        years="since" in columns,
        paid=any("amount" in each.cells or "funded" in each.cells for each in every),
        total=len(found),
        every=len(every),
        order=order_of(name),
        number=number,
        first=(number - 1) * ROWS + 1 if rows else 0,
        last=(number - 1) * ROWS + len(rows),
        backwards=filters.since.isdecimal()
        and filters.until.isdecimal()
        and int(filters.since) > int(filters.until),
        url=shown.filtered,
    )


@blueprint.get(f"/<any({NAMES}):name>.csv")
def as_csv(name: str) -> Response:
    """The whole list as it is filtered and sorted (RFC 4180); values of a cell parted by ` ; `."""
    voice = Page().voice
    found, labels = wanted(name, voice)
    rows = (
        (
            row.iri,
            title(row, voice),
            *(
                " ; ".join(words(term, labels, voice) for term in row.cells.get(each, ()))
                for each in SHOWN[name]
            ),
        )
        for row in found
    )
    return csv_file(name, ("iri", "name", *SHOWN[name]), rows)


@blueprint.get(f"/<any({NAMES}):name>.ttl")
def as_turtle(name: str) -> Response:
    """All that is said of the things of the list as it is filtered, as Turtle."""
    found, _ = wanted(name, Page().voice)
    return turtle_file(site().engine, name, [row.iri for row in found])


def wanted(name: str, voice: Voice) -> tuple[list[Listed], Labels]:
    """The things that the address asks for, in its order, and the labels of their list."""
    version = site().engine.version()
    labels = read_all_labels(site(), version, name)
    found = matching(read_listed(site(), version, name), read_filters(request.args), labels)
    return sorted_by(found, order_of(name), voice), labels


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


def order_of(name: str) -> str:
    """The column by which a list is sorted, with `-` before it for the last first."""
    order = request.args.get("sort", "")
    if order.removeprefix("-") in ("name", *SHOWN[name]):
        return order
    return next((f"-{each}" for each in SHOWN[name] if each in NUMBERED), "name")


NUMBERED = ("lines", "amount", "partnerships", "projects")


def sorted_by(listed: Sequence[Listed], order: str, voice: Voice) -> list[Listed]:
    """The things in that order; those without a value come last, those alike by name."""
    column = order.removeprefix("-")
    named = sorted(listed, key=lambda each: (fold(title(each, voice)), each.iri))
    if column == "name":
        return named[::-1] if order.startswith("-") else named
    known = [each for each in named if each.cells.get(column)]
    known.sort(key=lambda each: value_of(each.cells[column][0]), reverse=order.startswith("-"))
    return known + [each for each in named if not each.cells.get(column)]


def value_of(term: Term) -> tuple[float, str]:
    """A value to sort by: a number, else its words."""
    try:
        return (float(term.value), "")
    except ValueError:
        return (0, fold(key_of(term)))


def title(each: Listed, voice: Voice) -> str:
    """The title of a thing for this reader."""
    found = voice.choose(each.names)
    return found.value if found else tail(each.iri)


def words(term: Term, labels: Labels, voice: Voice) -> str:
    """A value in words."""
    return label(labels, term.value, voice).value if term.is_iri else voice.literal(term)
