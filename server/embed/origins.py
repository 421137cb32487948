"""The datasets that a result comes from: those with a graph about the entities in it."""

from collections.abc import Iterable
from typing import Any

from ontology.namespaces import GRAPH
from server.embed.exhibit import Origin
from server.engine import Engine
from server.iris import checked, segment_of
from server.questions import nodes, select
from server.versions import Version

IRIS_ASKED = 300
"""Entities of a result that are asked about: the rest come from the same datasets."""


def read_origins(
    engine: Engine, version: Version, iris: Iterable[str]
) -> tuple[tuple[Origin, ...], bool]:
    """The datasets of some IRIs, in order, and True where they are those of the result.

    Of a result that names nothing in a graph all datasets, and that this is not known.
    """
    listed = [origin_of(row) for row in version.manifest.get("datasets", ())]
    asked = nodes(sorted({iri for iri in iris if segment_of(iri) and checked(iri)})[:IRIS_ASKED])
    rows = select(engine, "describing-graphs", nodes=asked).rows if asked else ()
    names = {row["graph"].value.removeprefix(str(GRAPH)).partition("/")[0] for row in rows}
    found = tuple(each for each in listed if each.name in names)
    return (found, True) if found else (tuple(listed), False)


def origin_of(row: dict[str, Any]) -> Origin:
    """A dataset as the manifest has it."""
    return Origin(row["name"], row["title"], row.get("licence") or "", row.get("rights") or "")
