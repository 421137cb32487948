"""The counts of a version: things by class, triples by property, links to others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Triple

from server.engine import Engine
from server.engine.results import counted
from server.questions import select, solutions


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
    links = {
        (row["p"].value, row["host"].value): counted(row, "n")
        for row in select(engine, "outward-link-counts").rows
    }
    return Statistics(sum(properties.values()), classes, properties, links)


def outward_links(engine: Engine) -> Sequence[Triple]:
    """The triples that say what of others is the same or close, in their order."""
    rows = solutions(engine, "outward-links")
    # Oxigraph takes seconds to sort as many.
    return sorted((Triple(row["s"], row["p"], row["o"]) for row in rows), key=str)
