"""The views of a result by name: which of them fit it, and the drawing that one makes of it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from server.charts import bars, figure, line, map, tabular, timeline  # noqa: A004 (a view's name)
from server.charts.drawing import Canvas, Drawing
from server.charts.result import ChartData


@dataclass(frozen=True)
class View:
    """A way of showing a result: whether it fits, and how it is drawn."""

    fits: Callable[[ChartData], bool]
    draw: Callable[[ChartData, Canvas], Drawing]


VIEWS: Mapping[str, View] = {
    "map": View(map.fits, map.draw),
    "figure": View(figure.fits, figure.draw),
    "line": View(line.fits, line.draw),
    "bars": View(bars.fits, bars.draw),
    "timeline": View(timeline.fits, timeline.draw),
    "table": View(tabular.fits, tabular.draw),
}
"""From the one that says most of a result that it fits; a table fits all."""

_COMMENT = re.compile(r"^#[ +]*view: *([a-z]+) *\r?$", re.MULTILINE)


def offered(result: ChartData) -> tuple[str, ...]:
    """The views that fit a result, the table last; nothing fits no rows but the table."""
    if not result.table.rows:
        return ("table",)
    return tuple(name for name, view in VIEWS.items() if view.fits(result))


def view_of(text: str) -> str:
    r"""The view that the text of a query asks for in a comment; empty where it asks for none.

    >>> view_of("#view: map\nSELECT * {}")
    'map'
    """
    found = _COMMENT.search(text)
    return found[1] if found and found[1] in VIEWS else ""


def chosen(result: ChartData, *wanted: str) -> str:
    """The first of the wanted views that fits, else the table."""
    fitting = offered(result)
    return next((name for name in wanted if name in fitting), "table")


def draw(name: str, result: ChartData, canvas: Canvas) -> Drawing:
    """The drawing of a result in that view; KeyError for a view that there is not."""
    return VIEWS[name].draw(result, canvas)
