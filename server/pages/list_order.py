"""The orders of lists, and the words by which things and values are put in order."""

from collections.abc import Sequence

from loaders.build.folding import fold
from server.engine.results import Term
from server.graph.labels import Labels, label
from server.graph.listings import SHOWN, Listed
from server.i18n import Voice
from server.iris import tail

NUMBERED = ("lines", "amount", "partnerships", "projects", "authorities")
"""The columns of numbers."""


def order_of(name: str, asked: str) -> str:
    """The column by which a list is sorted, with `-` before it for the last first.

    Where none of its columns is asked for: the first of numbers, else the name.
    """
    if asked.removeprefix("-") in ("name", *SHOWN[name]):
        return asked
    return next((f"-{each}" for each in SHOWN[name] if each in NUMBERED), "name")


def sorted_by(listed: Sequence[Listed], order: str, labels: Labels, voice: Voice) -> list[Listed]:
    """The things in that order; those without a value come last, those alike by name."""
    column = order.removeprefix("-")
    named = sorted(listed, key=lambda each: (fold(title(each, voice)), each.iri))
    if column == "name":
        return named[::-1] if order.startswith("-") else named
    known = [each for each in named if each.cells.get(column)]
    known.sort(
        key=lambda each: value_of(each.cells[column][0], labels, voice),
        reverse=order.startswith("-"),
    )
    return known + [each for each in named if not each.cells.get(column)]


def value_of(term: Term, labels: Labels, voice: Voice) -> tuple[float, str]:
    """A value to sort by: a number, else its words."""
    try:
        return (float(term.value), "")
    except ValueError:
        return (0, fold(words(term, labels, voice)))


def title(each: Listed, voice: Voice) -> str:
    """The title of a thing for this reader."""
    found = voice.choose(each.names)
    return found.value if found else tail(each.iri)


def words(term: Term, labels: Labels, voice: Voice) -> str:
    """A value in words."""
    return label(labels, term.value, voice).value if term.is_iri else voice.literal(term)
