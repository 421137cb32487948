"""A result drawn for a page: twice, for the narrow and for the wide, with what is left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from server.charts.drawing import Canvas, Drawing, svg
from server.charts.result import ChartData
from server.charts.views import chosen, draw, offered
from server.engine.results import Table
from server.graph.labels import Labels
from server.i18n import Voice
from server.pages.places import read_places
from server.site import Site

NARROW, WIDE = 340, 720
HEIGHTS = {NARROW: 300, WIDE: 400}
"""Of a map or lines in each width; what has rows is as high as these."""
ASKED = 500
"""Rows whose entities are asked where they are."""


@dataclass(frozen=True)
class Drawn:
    """A result in a view; without drawings where that is the table."""

    view: str
    offered: tuple[str, ...]
    drawings: Sequence[Markup] = ()
    notes: Sequence[str] = ()
    """The parts that the drawing leaves out, in words."""


def draw_result(
    site: Site,
    table: Table,
    labels: Labels,
    headings: Mapping[str, str],
    title: str,
    voice: Voice,
    *wanted: str,
) -> Drawn:
    """The result in the first of the wanted views that fits it."""
    entities = {t.value for row in table.rows[:ASKED] for t in row.values() if t.is_iri}
    result = ChartData(table, headings, labels, read_places(site.engine, entities).places)
    return draw_twice(result, chosen(result, *wanted), title, voice, site)


def draw_twice(
    result: ChartData,
    view: str,
    title: str,
    voice: Voice,
    site: Site,
    name: str = "",
    total: int = 0,
) -> Drawn:
    """The result in that view; `name` tells it from others of the page, `total` are all rows."""
    if view == "table":
        return Drawn(view, offered(result))
    drawings, notes = [], []
    for width, kind in ((NARROW, "m-narrow"), (WIDE, "m-wide")):
        canvas = canvas_of(width, voice, site, f"{kind}{name}")
        drawing = draw(view, result, canvas)
        drawings.append(Markup(svg(drawing, canvas, title, kind=kind)))  # noqa: S704 (escaped)
        notes = notes_of(drawing, voice, max(total, len(result.table.rows)), len(result.table.rows))
    return Drawn(view, offered(result), drawings, notes)


def canvas_of(width: int, voice: Voice, site: Site, name: str) -> Canvas:
    """The place to draw on, of that width."""
    height = HEIGHTS.get(width, round(0.58 * width))
    return Canvas(width, height, voice, name, western_sahara=site.settings.western_sahara)


def notes_of(drawing: Drawing, voice: Voice, total: int, held: int) -> list[str]:
    """The parts that a drawing of `held` rows leaves out of `total`, in words."""
    notes = list(drawing.notes)
    if drawing.cut or total > held:
        every = max(drawing.total, total if total > held else 0)
        shown = voice.number(drawing.shown)
        notes.insert(0, voice("chart.cut", shown=shown, total=voice.number(every)))
    return notes
