"""The part of a pattern that hangs together with one of its variables."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
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
    where: dict[str, list[Unit]] = {}
    for each in units:
        for name in each.variables:
            where.setdefault(name, []).append(each)
    met = [variable]
    while met:  # each variable is looked at once
        reached = {name for each in where.pop(met.pop(), ()) for name in each.variables} - known
        known |= reached
        met += reached
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
        if not is_inside(token.start, spans)
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


def is_inside(at: int, spans: Sequence[tuple[int, int]]) -> bool:
    """True where an offset lies in one of some spans, which lie in order beside each other."""
    before = bisect_right(spans, at, key=lambda span: span[0])
    return before > 0 and at < spans[before - 1][1]


def unit(reading: Reading, start: int, end: int) -> Unit:
    """The unit between two offsets."""
    first, last = (bisect_left(reading.variables, (at,)) for at in (start, end))
    named = frozenset(name for _, name in reading.variables[first:last])
    return Unit(start, end, named)
