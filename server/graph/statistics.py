"""The counts of a version: things by class, triples by property, links to others."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from pyoxigraph import NamedNode, Triple

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
    links = Counter(
        (triple.predicate.value, urlsplit(triple.object.value).netloc)
        for triple in outward_links(engine)
        if isinstance(triple.object, NamedNode)
    )
    return Statistics(sum(properties.values()), classes, properties, dict(sorted(links.items())))


def outward_links(engine: Engine) -> Sequence[Triple]:
    """The triples that say what of others is the same or close."""
    rows = solutions(engine, "outward-links")
    return [Triple(row["s"], row["p"], row["o"]) for row in rows]
