"""A figure card: the numbers of one row, large, each with what it counts."""

from server.charts.drawing import Canvas, Drawing, fitted
from server.charts.result import ChartData

MOST_FIGURES = 4
TILE = 84


def fits(result: ChartData) -> bool:
    """True where a result is one row, with a number."""
    return len(result.table.rows) == 1 and bool(result.columns("number"))


def draw(result: ChartData, canvas: Canvas) -> Drawing:
    """Up to four columns that are numbers or times, in their order."""
    voice, row = canvas.voice, result.table.rows[0]
    every = [name for name, kind in result.kinds.items() if kind in ("number", "time")]
    chosen = every[:MOST_FIGURES]
    across = len(chosen) if canvas.width >= 500 else min(2, len(chosen))
    room = canvas.width / across
    drawn, words = [], []
    for n, column in enumerate(chosen):
        at, y = (n % across) * room, TILE * (n // across)
        text = result.text(row, column, voice) or voice("chart.unknown")
        size = next(s for s in (40, 32, 26, 20, 15) if fitted(text, room - 8, s) == text or s == 15)
        kind = "f0" if column in row else "soft"
        drawn.append(canvas.label(text, at, y + 42, size=size, kind=kind, bold=True, room=room - 8))
        drawn.append(canvas.label(result.heading(column), at, y + 64, kind="soft", room=room - 8))
        words.append(f"{result.heading(column)} : {text}")
    height = TILE * -(-len(chosen) // across)
    return Drawing("".join(drawn), height, " · ".join(words), len(chosen), len(every))
