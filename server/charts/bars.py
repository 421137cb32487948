"""Bars: a length for each row, lying, so that names have room. What is not stated is hatched."""

from decimal import Decimal

from server.charts.drawing import Anchor, Canvas, Drawing, element
from server.charts.result import ChartData
from server.charts.scales import Linear, ticks

MOST_BARS = 30
"""Bars that one reads; more is a table."""
STUB = 34
"""The length that stands for a number nobody states."""


def fits(result: ChartData) -> bool:
    """True where a result has a number for each of several names or times."""
    named = result.columns("text") or result.columns("time")
    return bool(named and result.columns("number"))


def draw(result: ChartData, canvas: Canvas) -> Drawing:
    """The first column of names, and the first of numbers."""
    voice = canvas.voice
    name = (result.columns("text") or result.columns("time"))[0]
    column = result.columns("number")[0]
    rows = result.table.rows[:MOST_BARS]
    values = [result.number(row, column) for row in rows]
    known = [float(value) for value in values if value is not None]
    wide = canvas.width >= 500
    labels = 0.36 * canvas.width if wide else 0
    figures = 76 if wide else 64
    steps = ticks(
        min([0.0, *known]),
        max([0.0, *known]),
        5 if wide else 3,
        whole=all(value == int(value) for value in known),
    )
    scale = Linear(steps[0], steps[-1], labels, canvas.width - figures)
    step, top, thick = (27, 4, 17) if wide else (41, 4, 15)
    bottom = top + step * len(rows)

    drawn = [canvas.hatch()]
    for tick in steps:
        at = scale(tick)
        x = canvas.x(at)
        kind = "axis" if tick == 0 else "rule"
        drawn.append(element("path", d=f"M{x:.1f},{top}V{bottom}", class_=kind))
        words = voice.number(Decimal(str(tick)).normalize())
        edge: Anchor = "start" if at < 24 else "middle"
        drawn.append(canvas.label(words, at, bottom + 16, anchor=edge, size=11, kind="soft"))
    for n, (row, value) in enumerate(zip(rows, values, strict=True)):
        y = top + n * step + (step - thick - 1 if not wide else (step - thick) / 2)
        text = result.text(row, name, voice) or "—"
        if wide:
            drawn.append(canvas.label(text, labels - 8, y + 13, anchor="end", room=labels - 12))
        else:
            drawn.append(canvas.label(text, 0, y - 5, room=canvas.width))
        if value is None:
            start = scale(0)
            drawn.append(canvas.bar(start, start + STUB, y, thick, fill=canvas.hatched))
            words, end = voice("chart.unknown"), start + STUB
        else:
            end = scale(float(value))
            drawn.append(canvas.bar(scale(0), end, y, thick, class_="f0"))
            words = voice.number(value)
        drawn.append(
            canvas.label(words, max(end, scale(0)) + 5, y + 12, size=12, room=figures + 60)
        )
    heading = result.heading(column)
    drawn.append(canvas.label(heading, labels, bottom + 34, size=11, kind="soft", room=300))
    total = len(result.table.rows)
    return Drawing(
        "".join(drawn), bottom + 42, described(result, canvas, name, column), len(rows), total
    )


def described(result: ChartData, canvas: Canvas, name: str, column: str) -> str:
    """The drawing in words: what is measured of what, from where to where, how many unknown."""
    voice = canvas.voice
    values = [result.number(row, column) for row in result.table.rows]
    known = [value for value in values if value is not None]
    words = voice("bars.words", column=result.heading(column), name=result.heading(name))
    if known:
        low, high = voice.number(min(known)), voice.number(max(known))
        words += " " + voice("chart.range", low=low, high=high)
    unknown = len(values) - len(known)
    return words + (" " + voice.count("chart.unknowns", unknown) if unknown else "")
