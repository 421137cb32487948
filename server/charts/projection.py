"""From the globe to a plane: the Equal Earth projection, and the way along great circles.

Equal Earth: Šavrič, Patterson and Jenny 2018, International Journal of Geographical Information
Science 33 (3), equations 2 to 7. Areas are true, so that no country looks larger than it is.
"""

from collections.abc import Iterator
from itertools import pairwise
from math import acos, asin, atan2, cos, degrees, pi, radians, sin, sqrt

from server.charts.basemap import Point, Ring

_A = (1.340264, -0.081106, 0.000893, 0.003796)
_M = sqrt(3) / 2
BEND = 4.0
"""Degrees of a great circle that are drawn as one straight piece."""


POLAR = 75.0
"""Degrees of latitude beyond which a great circle runs along the edge of the map."""
BOW = 30.0
"""Degrees to the north by which such a line is bent."""
BOW_STEPS = 24


def project(point: Point) -> tuple[float, float]:
    """A point of the globe (degrees) on the plane, x to the east and y to the south.

    >>> [round(value, 3) for value in project((180, 0))]
    [2.707, -0.0]
    """
    longitude, latitude = radians(point[0]), radians(point[1])
    theta = asin(_M * sin(latitude))
    square = theta * theta
    sixth = square**3
    x = (
        longitude
        * cos(theta)
        / (_M * (_A[0] + 3 * _A[1] * square + sixth * (7 * _A[2] + 9 * _A[3] * square)))
    )
    y = theta * (_A[0] + _A[1] * square + sixth * (_A[2] + _A[3] * square))
    return x, -y


def course(start: Point, end: Point) -> list[list[Point]]:
    """The pieces of the line drawn from one point to another: the great circle, as a rule.

    One that passes near a pole would run along the edge of the map, and leave it on one side to
    come back on the other: it is a bow through the map instead.
    """
    pieces = list(great_circle(start, end))
    if all(abs(latitude) < POLAR for piece in pieces for _, latitude in piece):
        return pieces
    middle = ((start[0] + end[0]) / 2, min(POLAR, (start[1] + end[1]) / 2 + BOW))
    steps = [n / BOW_STEPS for n in range(BOW_STEPS + 1)]
    return [[bow(start, middle, end, each) for each in steps]]


def bow(start: Point, middle: Point, end: Point, t: float) -> Point:
    """A point of a quadratic Bézier curve, t of the way along it (0 to 1)."""
    a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
    return (
        a * start[0] + b * middle[0] + c * end[0],
        a * start[1] + b * middle[1] + c * end[1],
    )


def great_circle(start: Point, end: Point) -> Iterator[list[Point]]:
    """The shortest way from one point to another, in one piece, or two at the 180th meridian.

    >>> [len(piece) for piece in great_circle((2.4, 48.6), (-8.0, 12.6))]
    [11]
    """
    a, b = vector(start), vector(end)
    angle = acos(max(-1.0, min(1.0, sum(p * q for p, q in zip(a, b, strict=True)))))
    # Of two ends of one diameter every way is the shortest: none can be drawn.
    steps = max(1, int(degrees(angle) / BEND) + 1) if sin(angle) > 1e-9 and angle < pi else 1
    piece: list[Point] = []
    for n in range(steps + 1):
        if n in (0, steps):
            point = start if n == 0 else end
        else:
            p, q = (sin((1 - n / steps) * angle), sin(n / steps * angle))
            point = degrees_of(*((p * i + q * j) / sin(angle) for i, j in zip(a, b, strict=True)))
        if piece and abs(point[0] - piece[-1][0]) > 180:
            yield piece
            piece = []
        piece.append(point)
    yield piece


def parted(ring: Ring) -> tuple[Ring, ...]:
    """The parts of a ring on either side of the 180th meridian; itself where it does not cross it.

    >>> parted(((179.0, 1.0), (-179.0, 1.0), (-179.0, 0.0), (179.0, 0.0)))[0]
    ((179.0, 1.0), (180.0, 1.0), (180.0, 0.0), (179.0, 0.0))
    """
    east: list[Point] = []
    west: list[Point] = []
    crossed = False
    for here, there in pairwise((*ring, ring[0])):
        (east if here[0] >= 0 else west).append(here)
        if abs(here[0] - there[0]) > 180:
            crossed = True
            before, after = 180 - abs(here[0]), 180 - abs(there[0])
            share = before / (before + after) if before + after else 0.0
            latitude = here[1] + share * (there[1] - here[1])
            east.append((180.0, latitude))
            west.append((-180.0, latitude))
    return (tuple(east), tuple(west)) if crossed else (ring,)


def vector(point: Point) -> tuple[float, float, float]:
    """A point as a vector of length one from the middle of the globe."""
    longitude, latitude = radians(point[0]), radians(point[1])
    return cos(latitude) * cos(longitude), cos(latitude) * sin(longitude), sin(latitude)


def degrees_of(x: float, y: float, z: float) -> Point:
    """The point to which a vector leads."""
    return degrees(atan2(y, x)), degrees(atan2(z, sqrt(x * x + y * y)))
