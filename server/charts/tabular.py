"""A table as a picture, for where no page can stand: its first rows and columns."""

from server.charts.drawing import Anchor, Canvas, Drawing, element
from server.charts.result import ChartData

TABLE_ROWS = 12
FIGURES = 96.0
"""The width of a column of numbers or times beside one of names."""
ROW_HEIGHT = 27


def fits(result: ChartData) -> bool:  # noqa: ARG001 (a view like the others)
    """Always."""
    return True


def draw(result: ChartData, canvas: Canvas) -> Drawing:
    """As many columns as are readable at this width; numbers at the end of theirs."""
    voice = canvas.voice
    columns = [c for c in result.table.columns if result.kinds[c] != "point"]
    columns = columns[: max(1, canvas.width // 140)]
    rows = result.table.rows[:TABLE_ROWS]
    narrow = [result.kinds[c] != "text" for c in columns]
    spare = canvas.width - FIGURES * sum(narrow)
    texts = len(columns) - sum(narrow)
    rooms = [FIGURES if each and texts else (spare / max(1, texts)) for each in narrow]
    if not texts:
        rooms = [canvas.width / len(columns)] * len(columns)
    drawn = []
    for n, column in enumerate(columns):
        numeric = result.kinds[column] == "number"
        room = rooms[n]
        at = sum(rooms[: n + 1]) - 12 if numeric else sum(rooms[:n])
        anchor: Anchor = "end" if numeric else "start"
        drawn.append(
            canvas.label(
                result.heading(column), at, 18, anchor=anchor, room=room - 12, bold=True, size=12
            )
        )
        for k, row in enumerate(rows):
            text = result.text(row, column, voice) or "—"
            kind = "ink" if column in row else "soft"
            drawn.append(
                canvas.label(
                    text, at, 18 + ROW_HEIGHT * (k + 1), anchor=anchor, room=room - 12, kind=kind
                )
            )
    drawn += [
        element("path", d=f"M0,{27 + ROW_HEIGHT * k}H{canvas.width}", class_="rule")
        for k in range(len(rows))
    ]
    if not rows:
        drawn.append(canvas.label(voice("results.none"), 0, 18 + ROW_HEIGHT, kind="soft"))
    total = len(result.table.rows)
    words = voice.count("table.words", total)
    return Drawing("".join(drawn), 27 + ROW_HEIGHT * max(1, len(rows)), words, len(rows), total)
