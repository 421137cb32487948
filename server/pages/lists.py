"""`/partnerships`, `/projects`, `/funders` …: lists to filter, sort and take away as CSV."""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, request

from loaders.build.folding import fold
from server.engine.results import Term
from server.graph.labels import Labels, label, read_labels
from server.graph.listings import SHOWN, Listed, read_listed
from server.i18n import Voice
from server.iris import tail
from server.pages.rendering import Page, kept, respond
from server.site import site

blueprint = Blueprint("lists", __name__)

ROWS = 50
CHOSEN = ("country", "theme", "status", "declaration", "type")
"""The columns by whose values a list is filtered."""
BOM = "\ufeff"
NAMES = ", ".join(SHOWN)


@blueprint.get(f"/<any({NAMES}):name>")
def page(name: str) -> Response:
    """A list as it is filtered and sorted, fifty at a time."""
    shown = Page()
    every = read_listed(site(), site().engine.version(), name)
    found = sorted_by(matching(every), order_of(name), shown.voice)
    number = page_number(len(found))
    rows = found[(number - 1) * ROWS : number * ROWS]
    columns = [each for each in SHOWN[name] if any(each in row.cells for row in every)]
    choices = {each: options(every, each) for each in columns if each in CHOSEN}
    labels = labels_of(rows, choices)
    return respond(
        "list.html",
        name=name,
        rows=rows,
        labels=labels,
        columns=columns,
        choices=[
            (each, by_label(counted, labels, shown.voice))
            for each, counted in choices.items()
            if len(counted) > 1
        ],
        years="since" in columns,
        total=len(found),
        every=len(every),
        order=order_of(name),
        number=number,
        first=(number - 1) * ROWS + 1 if rows else 0,
        last=(number - 1) * ROWS + len(rows),
    )


@blueprint.get(f"/<any({NAMES}):name>.csv")
def as_csv(name: str) -> Response:
    """The whole list as it is filtered and sorted (RFC 4180); values of a cell parted by ` ; `."""
    voice = Page().voice
    found = sorted_by(
        matching(read_listed(site(), site().engine.version(), name)), order_of(name), voice
    )
    labels = labels_of(found, {})
    text = io.StringIO(BOM if request.args.get("bom") else "", newline="")
    text.seek(0, io.SEEK_END)
    writer = csv.writer(text)
    writer.writerow(["iri", "name", *SHOWN[name]])
    for row in found:
        cells = (row.cells.get(each, ()) for each in SHOWN[name])
        written = (" ; ".join(words(term, labels, voice) for term in cell) for cell in cells)
        writer.writerow([row.iri, title(row, voice), *written])
    response = kept(Response(text.getvalue()))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'inline; filename="{name}.csv"'
    return response


def matching(listed: Sequence[Listed]) -> list[Listed]:
    """The things that every filter of the address lets through; an unknown value lets none."""
    wanted = fold(request.args.get("q", "")[:200]).split()
    chosen = {each: request.args[each] for each in CHOSEN if request.args.get(each)}
    since, until = (request.args.get(each, "").strip() for each in ("from", "to"))
    found = []
    for each in listed:
        if any(key not in keys(each, column) for column, key in chosen.items()):
            continue
        years = [term.value for term in each.cells.get("since", ())]
        if (since and not any(year >= since for year in years)) or (
            until and not any(year <= until for year in years)
        ):
            continue
        text = f" {fold(' '.join(term.value for term in each.names))}"
        if all(f" {word}" in text for word in wanted):
            found.append(each)
    return found


def keys(each: Listed, column: str) -> list[str]:
    """The values of a column as an address writes them."""
    return [key_of(term) for term in each.cells.get(column, ())]


def key_of(term: Term) -> str:
    """A value as it stands in an address: the last part of an IRI, or the text."""
    return tail(term.value) if term.is_iri else term.value


def options(listed: Sequence[Listed], column: str) -> Mapping[Term, int]:
    """The values of a column, with how many things have each: of texts only those of several."""
    counted = Counter(term for each in listed for term in each.cells.get(column, ()))
    return {term: n for term, n in counted.items() if term.is_iri or n > 2}


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


def labels_of(rows: Sequence[Listed], choices: Mapping[str, Mapping[Term, int]]) -> Labels:
    """The labels of all that those rows and filters show."""
    shown = {
        term.value for row in rows for cell in row.cells.values() for term in cell if term.is_iri
    }
    shown |= {term.value for counted in choices.values() for term in counted if term.is_iri}
    found: dict[str, Any] = dict(read_labels(site().engine, shown))
    found.update({row.iri: row.names for row in rows if row.names})
    return found


def page_number(total: int) -> int:
    """The page that is asked for, if there is one so far; else the nearest."""
    given = request.args.get("page", "1")
    asked = int(given) if given.isascii() and given.isdecimal() and len(given) < 7 else 1
    return max(1, min(asked, -(-total // ROWS)))
