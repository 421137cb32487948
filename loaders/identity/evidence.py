"""Evidence that may leave one of several agents of a name: time, place, company, population.

Each answers with the one that it leaves and why, or with nothing. `benchmarks/resolution` measures
how often each is right.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from loaders.identity.register import Known, Register
from loaders.model.values import Point

NEAR = 15.0
"""Kilometres between where a record and a register put one authority, at most."""

TIMES = 10
LEAST = 5000
"""A name alone means the authority with at least LEAST inhabitants and TIMES those of each other
that bears it: a prior, which holds for partners named in lists and on project pages."""


@dataclass(frozen=True)
class Decision:
    """The one that is left, by which method, and what tells."""

    known: Known
    method: str
    why: str


def apart(fitting: Sequence[Known], day: datetime.date | None, register: Register) -> list[Known]:
    """The agents that fit, without those that come to the same as others among them.

    Of a line of authorities under one name, a dated record means the one of its first day; an
    undated one means the last. Of a département that is one municipality, the municipality.
    """
    if len(fitting) == 1:
        return list(fitting)
    iris = {known.iri for known in fitting}
    if day is None:
        kept = [known for known in fitting if iris.isdisjoint(register.successors(known.iri))]
    else:
        inherited = {heir for known in fitting for heir in register.successors(known.iri)}
        kept = [known for known in fitting if known.iri not in inherited]
    return [
        known for known in kept if not any(register.is_the_whole_of(part, known) for part in kept)
    ]


def overshadowed(only: Known, ended: Iterable[Known], register: Register) -> bool:
    """True where a namesake that had ended by then dwarfs the only agent that fits.

    People go on naming it: who says Évry in 2020 rarely means the one with 402 inhabitants.
    """
    _, most = register.populations(only)
    return any(
        is_town(known, register)
        and (most is None or most * TIMES <= (register.populations(known)[0] or 0))
        for known in ended
    )


def is_town(known: Known, register: Register) -> bool:
    """True where at least LEAST people live in an authority, or in its share of its heir."""
    return (register.populations(known)[0] or 0) >= LEAST


def by_coordinates(fitting: Iterable[Known], point: Point | None) -> Decision | None:
    """The one that lies where the record says, if all are placed and the others lie elsewhere."""
    if point is None or any(known.point is None for known in fitting):
        return None
    near = [
        (away, known)
        for known in fitting
        if known.point and (away := kilometres(point, known.point)) <= NEAR
    ]
    if len(near) != 1:
        return None
    away, known = near[0]
    return Decision(known, "coordinates", f"{away:.0f} km from where the record puts it")


def by_company(
    fitting: Iterable[Known], company: Iterable[str], register: Register
) -> Decision | None:
    """The one in the territory of another agent of the record, below the region."""
    territories = {iri for each in company for iri in register.containers(each)}
    local = {
        iri
        for iri in territories
        if (known := register.by_iri.get(iri)) and "regional-authority" not in known.kinds
    }
    shared = [
        (known, common)
        for known in fitting
        if (common := local & (register.containers(known.iri) - {known.iri}))
    ]
    if len(shared) != 1:
        return None
    known, common = shared[0]
    names = ", ".join(sorted(register.by_iri[iri].name for iri in common))
    return Decision(known, "company", f"shares {names} with another party")


def by_population(fitting: Iterable[Known], register: Register) -> Decision | None:
    """The one beside which all the others are small; only where each one's size is known."""
    sizes = [(*register.populations(known), known) for known in fitting]
    largest = max(sizes, key=lambda size: size[0] or 0)
    least, at_most, winner = largest
    if least is None or least < LEAST:
        return None
    for _, most, known in sizes:
        if known is not winner and (most is None or most * TIMES > least):
            return None
    size = f"{least}" if least == at_most else f"at least {least}"
    return Decision(winner, "population", f"{size} inhabitants, the others a tenth at most")


def kilometres(one: Point, other: Point) -> float:
    """The distance between two points, to a percent within a country.

    >>> round(kilometres(Point(48.86, 2.35), Point(45.76, 4.84)))
    393
    """
    middle = math.radians((one.latitude + other.latitude) / 2)
    east = (one.longitude - other.longitude) * math.cos(middle)
    return 111.2 * math.hypot(one.latitude - other.latitude, east)
