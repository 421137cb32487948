"""A timeline: each row at its time, as long as the precision of its date, or from start to end."""

from server.charts.drawing import Canvas, Drawing, element, fitted, measured
from server.charts.result import ChartData, TimeSpan
from server.charts.scales import Linear, years

MOST_ROWS = 30
LINE_HEIGHT = 38


def fits(result: ChartData) -> bool:
    """True where the names in a result have times."""
    return bool(result.columns("time") and result.columns("text"))


def draw(result: ChartData, canvas: Canvas) -> Drawing:
    """The first column of names; the first of times is the start, the second, if any, the end."""
    voice = canvas.voice
    name, times = result.columns("text")[0], result.columns("time")[:2]
    rows = result.table.rows[:MOST_ROWS]
    spans = [[result.time(row, each) for each in times] for row in rows]
    known = [span for pair in spans for span in pair if span is not None]
    low, high = min(s.first for s in known), max(s.last for s in known)
    margin = max(0.5, (high - low) * 0.04)
    low, high = low - margin, high + margin
    x = Linear(low, high, 4, canvas.width - 16)
    top, bottom = 6, 6 + LINE_HEIGHT * len(rows)

    drawn = [canvas.hatch()]
    for year in years(int(low) + 1, int(high), canvas.width // 90):
        at = x(year)
        drawn.append(element("path", d=f"M{canvas.x(at):.1f},{top}V{bottom}", class_="rule"))
        drawn.append(
            canvas.label(str(year), at, bottom + 16, anchor="middle", size=11, kind="soft")
        )
    for n, (row, pair) in enumerate(zip(rows, spans, strict=True)):
        y = top + LINE_HEIGHT * n
        dates = " – ".join(filter(None, (result.text(row, each, voice) for each in times)))
        dates = f" · {dates or voice('chart.unknown')}"
        text = fitted(result.text(row, name, voice) or "—", canvas.width - 8 - measured(dates))
        drawn.append(canvas.label(text + dates, 4, y + 13))
        drawn.append(bar_of(pair, x, y + 20, canvas))
    first = min((s for s in known), key=lambda s: s.first).first
    last = max((s for s in known), key=lambda s: s.last).last
    words = voice(
        "timeline.words",
        name=result.heading(name),
        first=int(first),
        last=int(last - 0.001),
    )
    unknown = sum(pair[0] is None for pair in spans)
    if unknown:
        words += " " + voice.count("chart.unknowns", unknown)
    return Drawing("".join(drawn), bottom + 24, words, len(rows), len(result.table.rows))


def bar_of(pair: list[TimeSpan | None], x: Linear, y: float, canvas: Canvas) -> str:
    """The mark of a row: a bar; hatched towards the end, or from the start, that is not known."""
    start, end = pair[0], pair[1] if len(pair) > 1 else None
    if start is None and end is None:
        mark = canvas.bar(x(x.low), x(x.low) + 34, y, 11, fill=canvas.hatched)
        return mark + canvas.label("?", x(x.low) + 40, y + 11, size=12)
    if len(pair) == 1 or (start and end):
        first = start or end
        last = end or start
        assert first is not None  # noqa: S101  (one of them is there)
        assert last is not None  # noqa: S101
        middle = (x(first.first) + x(last.last)) / 2
        half = max(3.5, (x(last.last) - x(first.first)) / 2)
        return canvas.bar(middle - half, middle + half, y, 11, class_="f0", rx="2")
    if start is not None:
        known = canvas.bar(
            x(start.first), max(x(start.last), x(start.first) + 7), y, 11, class_="f0"
        )
        rest = canvas.bar(x(start.last), x(x.high), y, 11, fill=canvas.hatched)
        return rest + known
    assert end is not None  # noqa: S101
    known = canvas.bar(min(x(end.first), x(end.last) - 7), x(end.last), y, 11, class_="f0")
    return canvas.bar(x(x.low), x(end.first), y, 11, fill=canvas.hatched) + known
