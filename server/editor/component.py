"""The part of a pattern that hangs together with one of its variables."""

from collections.abc import Iterator
from dataclasses import dataclass

from server.editor.reading import Reading, marked, read

IN_TRIPLES = ("blank", "list", "path")


@dataclass(frozen=True)
class Unit:
    """Triples up to a full stop, or a group with what introduces it; and its variables."""

    start: int
    end: int
    variables: frozenset[str]


@dataclass(frozen=True)
class Pattern:
    """A pattern in two parts: what hangs together with the place, and what stands aside.

    What stands aside multiplies the rows and chooses none; but without a row of it there is none.
    """

    text: str
    aside: str = ""


def parted(pattern: str, variable: str) -> Pattern:
    """The pattern in two: what shares a variable with that one, over however many steps."""
    text = f"{{{pattern}}}"
    units = list(units_of(text, read(text, 0)))
    known = {variable}
    while grown := [each for each in units if known & each.variables and each.variables - known]:
        known = known.union(*(each.variables for each in grown))
    parts: tuple[list[str], list[str]] = ([], [])
    for each in units:
        parts[not each.variables & known].append(text[each.start : each.end])
    return Pattern(*map(" . ".join, parts))


def units_of(text: str, reading: Reading) -> Iterator[Unit]:
    """The units of the group that a text is, in order."""
    root, *inner = reading.groups
    spans = [(each.start, each.close + 1) for each in inner if each.parent is root]
    whole = [
        (each.start, each.close + 1, each.kind)
        for each in inner
        if each.parent is root and each.kind not in IN_TRIPLES
    ]
    stops = [
        (token.start, token.end, "stop")
        for token in marked(text)
        if token.kind == "sign" and token.text == "."
        if not any(start <= token.start < end for start, end in spans)
    ]
    since = root.open + 1
    begun: tuple[int, int] | None = None  # a group that a UNION may go on with
    for start, end, kind in [*sorted([*whole, *stops]), (root.close, root.close, "stop")]:
        if start < since:
            continue  # the variables of a VALUES
        if kind == "union" and begun:
            begun, since = (begun[0], end), end
            continue
        if begun:
            yield unit(reading, *begun)
        if text[since:start].strip():
            yield unit(reading, since, start)
        begun, since = (None if kind == "stop" else (start, end)), end
    if begun:
        yield unit(reading, *begun)


def unit(reading: Reading, start: int, end: int) -> Unit:
    """The unit between two offsets."""
    named = frozenset(name for place, name in reading.variables if start <= place < end)
    return Unit(start, end, named)
