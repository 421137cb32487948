"""A place as GeoJSON (RFC 7946): a Feature for each geometry that a thing has."""

import json
from collections.abc import Sequence

from pyoxigraph import NamedNode

from server.engine import Engine
from server.graph.descriptions import Description
from server.questions import select

NAME = "/core#prefLabel"


def geojson(engine: Engine, description: Description) -> bytes | None:
    """The FeatureCollection of a thing; None where nothing says where it is."""
    rows = select(engine, "geometries", entity=NamedNode(description.iri)).rows
    if not rows:
        return None
    features = [
        {
            "type": "Feature",
            "id": row["geometry"].value,
            "geometry": json.loads(row["json"].value),
            "properties": {"iri": description.iri, **names(description)},
        }
        for row in rows
        if "json" in row
    ]
    document = {"type": "FeatureCollection", "features": features}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def names(description: Description) -> dict[str, Sequence[str] | str]:
    """The name and the classes of a thing, as the properties of a feature."""
    labels = sorted(
        triple.object.value  # type: ignore[union-attr]
        for triple in description.own
        if triple.predicate.value.endswith(NAME)
    )
    types = sorted(
        triple.object.value.rpartition("#")[2]  # type: ignore[union-attr]
        for triple in description.own
        if triple.predicate.value.endswith("#type") and "maillage" in str(triple.object)
    )
    return {**({"name": labels[0]} if labels else {}), "types": types}
