"""The places of the entities of a result, and the entities that are only names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from server.charts.result import MapPlace, place_of, point_of
from server.engine import Engine
from server.engine.results import ordered
from server.iris import checked, segment_of
from server.questions import nodes, select

LOCATED = ("authority", "organisation", "place")
BATCH = 1000
"""IRIs that are asked about at a time."""
UNRESOLVED = "/resolution/unresolved"


@dataclass(frozen=True)
class Whereabouts:
    """The places of entities, their countries, and those of which no more than a name is known."""

    places: Mapping[str, MapPlace]
    countries: Mapping[str, str]
    unresolved: tuple[str, ...]


def read_places(engine: Engine, iris: Iterable[str]) -> Whereabouts:
    """The places of IRIs: their own point, else their heir's, else within their country."""
    asked = nodes(iri for iri in iris if segment_of(iri) in LOCATED and checked(iri))
    found: dict[str, dict[str, str]] = {}
    for start in range(0, len(asked), BATCH):
        rows = select(engine, "places", nodes=asked[start : start + BATCH]).rows
        for row in ordered(rows, "node", "what", "value"):
            # Of several, the first in order: the same each time.
            facts = found.setdefault(row["node"].value, {})
            facts.setdefault(row["what"].value, row["value"].value)
    places = {}
    for iri, facts in found.items():
        point = facts.get("point") or facts.get("heir")
        place = point_of(point) if point else place_of(facts.get("country", ""), {})
        if place:
            places[iri] = place
    return Whereabouts(
        places,
        {iri: facts["country"] for iri, facts in found.items() if "country" in facts},
        tuple(i for i, facts in found.items() if facts.get("resolution", "").endswith(UNRESOLVED)),
    )
