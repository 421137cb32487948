"""A map: places as points; of two columns of places, the great circles from the one to the other.

A ring, not a point, is where no more is known than the country.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from server.charts.basemap import Point, countries
from server.charts.drawing import Anchor, Canvas, Drawing, element, measured
from server.charts.projection import course, parted, project
from server.charts.result import ChartData, MapPlace
from server.engine.results import Row

START: Anchor = "start"
END: Anchor = "end"
MOST_DRAWN = 400
"""Places, and ways between them, that a map shows."""
MOST_NAMED = 12
NARROWEST = 0.35
"""The least width of a map on the plane, some 20 degrees: closer, outlines show their corners."""
WESTERN_SAHARA = "ESH"


Ring = tuple[tuple[float, float], ...]
"""Points of the plane."""


@dataclass(frozen=True)
class MapFrame:
    """The part of the plane that is drawn."""

    left: float
    top: float
    scale: float
    width: int
    height: int

    def __call__(self, point: Point) -> tuple[float, float]:
        """The position of a point of the globe on the drawing."""
        x, y = project(point)
        return (x - self.left) * self.scale, (y - self.top) * self.scale


def fits(result: ChartData) -> bool:
    """True where the place of any row of a result is known."""
    return bool(result.located)


def draw(result: ChartData, canvas: Canvas) -> Drawing:
    """The first two columns of places, or the only one."""
    voice, columns = canvas.voice, result.located[:2]
    placed = [
        (row, places)
        for row in result.table.rows
        if all(places := [result.place(row, column) for column in columns])
    ]
    shown = [(row, [place for place in places if place]) for row, places in placed[:MOST_DRAWN]]
    every = [place for _, places in shown for place in places]
    frame = framed([place.at for place in every], canvas)
    drawn = list(outlines(frame, canvas.western_sahara))
    ways = Counter((a.at, b.at) for _, (a, b) in shown if a.at != b.at) if len(columns) > 1 else {}
    drawn += [arc(start, end, frame, count) for (start, end), count in ways.items()]
    drawn += points(every, frame)
    ends = [
        (row, place, column)
        for row, places in shown
        for place, column in zip(places, columns, strict=True)
    ]
    drawn += names(result, ends, frame, canvas)
    clip = element("clipPath", element("rect", width=frame.width, height=frame.height),
                   id=f"{canvas.name}-clip")  # fmt: skip
    body = element("defs", clip) + element(
        "g", "".join(drawn), clip_path=f"url(#{canvas.name}-clip)"
    )
    total = len(result.table.rows)
    notes = []
    if any(place.approximate for place in every):
        notes.append(voice("map.approximate"))
    if total > len(placed):
        notes.append(voice.count("map.unplaced", total - len(placed)))
    words = voice.count("map.words", len({place.at for place in every}))
    return Drawing(
        body, frame.height, " ".join([words, *notes]), len(shown), len(placed), tuple(notes)
    )


def framed(points: Sequence[Point], canvas: Canvas) -> MapFrame:
    """The part of the plane that holds the points, and some land about them."""
    flat = [project(point) for point in points] or [(-2.7, -1.0), (2.7, 1.2)]
    left, right = min(x for x, _ in flat), max(x for x, _ in flat)
    top, bottom = min(y for _, y in flat), max(y for _, y in flat)
    width = max((right - left) * 1.3, NARROWEST)
    height = max((bottom - top) * 1.35, NARROWEST * canvas.height / canvas.width)
    scale = min(canvas.width / width, canvas.height / height)
    # Far wider than high, it takes no more height than it fills.
    tall = round(min(canvas.height, max(height * scale, canvas.width * 0.5)))
    return MapFrame(
        (left + right - canvas.width / scale) / 2,
        (top + bottom - tall / scale) / 2,
        scale,
        canvas.width,
        tall,
    )


def outlines(frame: MapFrame, western_sahara: str) -> Iterator[str]:
    """The countries that the frame touches; Western Sahara's border as asked."""
    land, dashed = "", ""
    for code, rings in plane().items():
        path = "".join(path_of(ring, frame) for ring in rings)
        if code != WESTERN_SAHARA:
            land += path
        elif western_sahara == "morocco":
            united = element("path", d=path, class_="land", stroke_width=0.0)
            yield united if path else ""
        else:
            dashed = path
    yield element("path", d=land, class_="land", stroke_width=0.8)
    if dashed:
        yield element("path", d=dashed, class_="land", stroke_width=1.4, stroke_dasharray="3 2")


@lru_cache(maxsize=1)
def plane() -> Mapping[str, tuple[Ring, ...]]:
    """The outlines of the countries on the plane."""
    return {
        code: tuple(tuple(map(project, part)) for ring in country.rings for part in parted(ring))
        for code, country in countries().items()
    }


def path_of(ring: Ring, frame: MapFrame) -> str:
    """A ring as a path in whole units; empty where it is out of the frame.

    What is more than a frame's width away is drawn towards it, where nobody sees the difference.
    """
    right, bottom = 2 * frame.width, 2 * frame.height
    places: list[tuple[int, int]] = []
    for x, y in ring:
        u, v = round((x - frame.left) * frame.scale), round((y - frame.top) * frame.scale)
        place = (min(max(u, -frame.width), right), min(max(v, -frame.height), bottom))
        if not places or abs(place[0] - places[-1][0]) + abs(place[1] - places[-1][1]) > 1:
            places.append(place)
    inside = (
        max(x for x, _ in places) >= 0
        and min(x for x, _ in places) <= frame.width
        and max(y for _, y in places) >= 0
        and min(y for _, y in places) <= frame.height
    )
    if not inside or len(places) < 3:
        return ""
    steps = " ".join(f"{c - a},{d - b}" for (a, b), (c, d) in pairwise(places))
    return f"M{places[0][0]},{places[0][1]}l{steps}z"


def arc(start: Point, end: Point, frame: MapFrame, count: int) -> str:
    """The line of a tie, thicker where it stands for several rows."""
    path = ""
    for piece in course(start, end):
        places = [frame(point) for point in piece]
        path += "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in places)
    return element("path", d=path, class_="s0", stroke_width=min(1.4 + 0.5 * (count - 1), 5),
                   stroke_opacity=0.75)  # fmt: skip


def points(places: Sequence[MapPlace], frame: MapFrame) -> Iterator[str]:
    """A mark for each place, larger where it stands for several rows."""
    for place, count in sorted(Counter(places).items(), key=lambda entry: -entry[1]):
        x, y = frame(place.at)
        radius = min(3.6 + 0.6 * (count - 1), 9)
        if place.approximate:
            yield element("circle", cx=x, cy=y, r=radius + 1, class_="s0 ring", stroke_width=2)
        else:
            yield element("circle", cx=x, cy=y, r=radius, class_="f0")


def names(
    result: ChartData, ends: Sequence[tuple[Row, MapPlace, str]], frame: MapFrame, canvas: Canvas
) -> Iterator[str]:
    """The names of the first places that have room for theirs."""
    taken: list[tuple[float, float, float]] = []
    known: set[Point] = set()
    for row, place, column in ends:
        x, y = frame(place.at)
        text = result.text(row, naming(result, column), canvas.voice)
        if place.at in known or not text or len(taken) >= MOST_NAMED:
            continue
        known.add(place.at)
        room = min(170.0, canvas.width * 0.45)
        width = min(measured(text, 12), room)
        left = x + 9 if x + 9 + width <= canvas.width else x - 9 - width
        if left < 0 or any(
            abs(y - v) < 14 and left < u + w + 4 and u < left + width + 4 for u, v, w in taken
        ):
            continue
        taken.append((left, y, width))
        # From the left of the drawing, whichever way its language is read.
        at, anchor = left, START
        if left < x:
            at, anchor = left + width, END
        if canvas.rtl:
            at, anchor = canvas.width - at, END if anchor == START else START
        yield canvas.label(text, at, y + 4, anchor=anchor, size=12, room=room + 4, kind="ink halo")


def naming(result: ChartData, column: str) -> str:
    """The column that names what stands in a column of points: the one of text before it."""
    if result.kinds[column] != "point":
        return column
    columns = result.table.columns
    before = [c for c in columns[: columns.index(column)] if result.kinds[c] == "text"]
    return before[-1] if before else next(iter(result.columns("text")), column)
