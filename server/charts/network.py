"""A map of ties: circles of places, each a link, and the great circles of the ties between them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import sqrt

from server.charts.basemap import Point
from server.charts.drawing import Canvas, Drawing, clean, element, measured
from server.charts.map import MapFrame, framed, outlines
from server.charts.projection import course

MOST_SPOTS = 250
MOST_WAYS = 300
MOST_NAMED = 14
STEP, FINE = 18, 5
"""Units from one point of a line to the next: where there are many, and of a few."""
MANY = 40
SMALLEST, LARGEST = 2.5, 15.0
"""Radius of the least circle and of the largest."""


@dataclass(frozen=True)
class MapSpot:
    """A place on the map: how much it weighs, its name, what is told of it, where it leads."""

    at: Point
    weight: float
    name: str
    words: str
    address: str
    approximate: bool = False
    """True where no more is known than the country."""


@dataclass(frozen=True)
class MapWay:
    """The ties between two places, and how much they weigh."""

    start: Point
    end: Point
    weight: float
    words: str = ""


def draw(spots: Sequence[MapSpot], ways: Sequence[MapWay], canvas: Canvas) -> Drawing:
    """The places and ties that weigh most; a circle's area is its weight."""
    shown = sorted(spots, key=lambda spot: (-spot.weight, spot.address))[:MOST_SPOTS]
    drawn_ways = sorted(ways, key=lambda way: (-way.weight, way.start, way.end))[:MOST_WAYS]
    frame = framed([spot.at for spot in shown], canvas)
    most = max((way.weight for way in drawn_ways), default=1) or 1
    step = STEP if len(drawn_ways) > MANY else FINE
    body = list(outlines(frame, canvas.western_sahara))
    body += [
        arc(way, frame, thickness(way.weight, most), step, told=canvas.width >= 500)
        for way in drawn_ways
    ]
    body += circles(shown, frame, canvas)
    body += names(shown, frame, canvas)
    clip = element("clipPath", element("rect", width=frame.width, height=frame.height),
                   id=f"{canvas.name}-clip")  # fmt: skip
    parts = element("defs", clip) + element(
        "g", "".join(body), clip_path=f"url(#{canvas.name}-clip)"
    )
    words = canvas.voice.count("map.words", len({spot.at for spot in shown}))
    notes = (canvas.voice("map.approximate"),) if any(s.approximate for s in shown) else ()
    return Drawing(
        parts, frame.height, " ".join([words, *notes]), len(shown), len(spots), tuple(notes)
    )


def size(weight: float, most: float, largest: float) -> float:
    """The radius of a circle whose area is its weight; where all are few, none is large."""
    return max(SMALLEST, min(3 + 1.2 * weight, largest * sqrt(max(0.0, weight) / most)))


def thickness(weight: float, most: float) -> float:
    """The width of a line that stands for so many ties, of at most so many."""
    return min(0.8 + 0.4 * weight, 0.8 + 3.6 * sqrt(weight / most))


def arc(way: MapWay, frame: MapFrame, width: float, step: int, *, told: bool) -> str:
    """A line of that width; where `told`, with words for who points at it.

    Of its points those that are a step apart, each from the one before: a page holds hundreds.
    """
    path = ""
    for piece in course(way.start, way.end):
        places = [frame(point) for point in piece]
        x, y = (round(each) for each in places[0])
        path += f"M{x},{y}l"
        for n, (u, v) in enumerate(places[1:], 2):
            if n == len(places) or abs(u - x) + abs(v - y) >= step:
                path += f"{round(u - x)},{round(v - y)} "
                x, y = x + round(u - x), y + round(v - y)
    title = element("title", escape(clean(way.words))) if told else ""
    return element("path", title, d=path.rstrip(), class_="s0", stroke_width=width,
                   stroke_opacity=".6")  # fmt: skip


def circles(spots: Sequence[MapSpot], frame: MapFrame, canvas: Canvas) -> Iterator[str]:
    """A link for each place, the largest beneath; approximate ones are rings."""
    most = max((spot.weight for spot in spots), default=1) or 1
    largest = LARGEST * min(1.0, canvas.width / 600)
    for spot in spots:
        x, y = frame(spot.at)
        radius = size(spot.weight, most, largest)
        if spot.approximate:
            mark = element("circle", cx=x, cy=y, r=radius, class_="s0 ring", stroke_width=2)
        else:
            mark = element("circle", cx=x, cy=y, r=radius, class_="f0", fill_opacity=".85")
        yield element(
            "a",
            element("title", escape(clean(spot.words))) + mark,
            href=spot.address,
            aria_label=clean(spot.words),
        )


def names(spots: Sequence[MapSpot], frame: MapFrame, canvas: Canvas) -> Iterator[str]:
    """The names of the places that weigh most and have room for theirs."""
    taken: list[tuple[float, float, float]] = []
    room = min(150.0, canvas.width * 0.4)
    for spot in spots:
        if len(taken) >= (MOST_NAMED if canvas.width >= 500 else MOST_NAMED // 2):
            return
        x, y = frame(spot.at)
        width = min(measured(spot.name, 12), room)
        left = x + 9 if x + 9 + width <= canvas.width else x - 9 - width
        if left < 0 or any(
            abs(y - v) < 14 and left < u + w + 4 and u < left + width + 4 for u, v, w in taken
        ):
            continue
        taken.append((left, y, width))
        yield canvas.label(spot.name, left, y + 4, size=12, room=room + 4, kind="ink halo")
