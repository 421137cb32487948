"""Lines: numbers over time, one for each name. Where a number is not stated the line breaks."""

from collections import defaultdict
from decimal import Decimal

from server.charts.bars import described
from server.charts.drawing import Canvas, Drawing, element
from server.charts.result import ChartData
from server.charts.scales import Linear, ticks, years

MOST_LINES = 6
"""Lines that colours and dashes tell apart."""
DASHES = ("", "6 3", "2 3", "9 3 2 3", "12 4", "1 4")

Points = list[tuple[float, Decimal | None]]


def fits(result: ChartData) -> bool:
    """True where a result has numbers at two times or more."""
    times = result.columns("time")
    found = {result.time(row, times[0]) for row in result.table.rows} if times else set()
    return bool(result.columns("number") and len(found - {None}) > 1)


def draw(result: ChartData, canvas: Canvas) -> Drawing:
    """The first column of times and of numbers; a column of names makes several lines."""
    voice = canvas.voice
    time, column = result.columns("time")[0], result.columns("number")[0]
    every = series(result, canvas, time, column)
    lines = dict(list(every.items())[:MOST_LINES])
    moments = [at for points in lines.values() for at, _ in points]
    known = [float(value) for points in lines.values() for _, value in points if value is not None]
    steps = ticks(
        min([0.0, *known]), max([0.0, *known]), 4, whole=all(value == int(value) for value in known)
    )
    words = [voice.number(Decimal(str(step)).normalize()) for step in steps]
    left, top, bottom = 8 + 7 * max(map(len, words)), 10, canvas.height - 26
    x = Linear(min(moments), max(moments), left + 6, canvas.width - 12)
    y = Linear(steps[0], steps[-1], bottom, top)

    drawn = [canvas.hatch()]
    for step, text in zip(steps, words, strict=True):
        path = f"M{canvas.x(left):.1f},{y(step):.1f}H{canvas.x(canvas.width - 4):.1f}"
        drawn.append(element("path", d=path, class_="axis" if step == 0 else "rule"))
        drawn.append(canvas.label(text, left - 4, y(step) + 4, anchor="end", size=11, kind="soft"))
    for year in years(int(min(moments)), int(max(moments)), canvas.width // 90):
        if min(moments) <= year + 0.5 <= max(moments) + 0.5:
            at = x(max(min(moments), year + 0.5))
            drawn.append(
                canvas.label(str(year), at, bottom + 18, anchor="middle", size=11, kind="soft")
            )
    for n, points in enumerate(lines.values()):
        drawn.append(path_of(points, x, y, canvas, n))
    height = float(canvas.height)
    if len(lines) > 1:
        for n, name in enumerate(lines):
            height += 20
            mark = f"M{canvas.x(left):.1f},{height - 12:.1f}H{canvas.x(left + 26):.1f}"
            drawn.append(
                element("path", d=mark, class_=f"s{n}", stroke_width=3, stroke_dasharray=DASHES[n])
            )
            drawn.append(canvas.label(name, left + 34, height - 8, room=canvas.width - left - 40))
    return Drawing(
        "".join(drawn),
        height + 6,
        described(result, canvas, time, column),
        len(lines),
        len(every),
    )


def series(result: ChartData, canvas: Canvas, time: str, column: str) -> dict[str, Points]:
    """The points of each line, by name, in the order of time."""
    named = result.columns("text")
    found: defaultdict[str, Points] = defaultdict(list)
    for row in result.table.rows:
        span = result.time(row, time)
        if span is not None:
            name = result.text(row, named[0], canvas.voice) if named else ""
            found[name].append((span.middle, result.number(row, column)))
    return {name: sorted(points, key=lambda point: point[0]) for name, points in found.items()}


def path_of(points: Points, x: Linear, y: Linear, canvas: Canvas, n: int) -> str:
    """A line with its points; a hatched mark on the axis for each that has no number."""
    path, dots, pen = "", "", "M"
    for at, value in points:
        here = canvas.x(x(at))
        if value is None:
            pen = "M"
            dots += element("circle", cx=here, cy=y(0), r=6.0, fill=canvas.hatched, class_="axis")
            dots += canvas.label("?", x(at), y(0) - 9, anchor="middle", size=12)
            continue
        path += f"{pen}{here:.1f},{y(float(value)):.1f}"
        pen = "L"
        dots += element("circle", cx=here, cy=y(float(value)), r=3.5, class_=f"f{n}")
    drawn = element("path", d=path, class_=f"s{n}", stroke_width=2.5, stroke_dasharray=DASHES[n])
    return (drawn if path else "") + dots
