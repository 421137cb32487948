"""The counts of a version: things by class, triples by property, links to others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Triple

from server.engine import Engine
from server.engine.results import counted
from server.questions import select, solutions

PART = 20_000
"""Links that are asked for at once: there is one for each commune, and a query has a deadline."""


@dataclass(frozen=True)
class Statistics:
    """Counts of the default graph."""

    triples: int
    classes: Mapping[str, int]
    properties: Mapping[str, int]
    links: Mapping[tuple[str, str], int]
    """By property and the host that they lead to."""


def read_statistics(engine: Engine, manifest: Mapping[str, Any]) -> Statistics:
    """The counts of the version that answers now: from its manifest, else counted."""
    classes, properties = (
        manifest.get(kind)
        or {row["term"].value: counted(row, "n") for row in select(engine, name).rows}
        for kind, name in (("classes", "all-class-counts"), ("properties", "all-property-counts"))
    )
    told = manifest.get("links")
    if told is None:
        rows = select(engine, "outward-link-counts").rows
        told = [(row["p"].value, row["host"].value, counted(row, "n")) for row in rows]
    links = {(predicate, host): count for predicate, host, count in told}
    return Statistics(sum(properties.values()), classes, properties, links)


def outward_links(engine: Engine) -> Sequence[Triple]:
    """The triples that say what of others is the same or close, in their order."""
    found: list[Triple] = []
    while len(found) % PART == 0:  # the last part is not whole, or there was none
        rows = solutions(engine, "outward-links", limit=PART, offset=len(found))
        part = [Triple(row["s"], row["p"], row["o"]) for row in rows]
        if not part:
            break
        found += part
    # Oxigraph takes seconds to sort as many.
    return sorted(found, key=str)
