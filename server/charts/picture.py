"""A picture that stands alone: the drawing, above it what it is, below it whence; SVG and PNG."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from importlib.resources import files
from math import ceil

import resvg_py

from server.charts.drawing import Canvas, Drawing, clean, element, number, wrapped
from server.charts.palette import Theme, style

MARGIN = 16
FONTS = (("fontpkg_noto_sans", "NotoSans[wdth,wght].ttf"),
         ("fontpkg_noto_sans_arabic", "NotoSansArabic[wdth,wght].ttf"))  # fmt: skip
FAMILY = "'Noto Sans','Noto Sans Arabic',system-ui,sans-serif"


@dataclass(frozen=True)
class Caption:
    """The words about a drawing that go with it wherever it goes."""

    title: str
    lines: Sequence[str] = ()
    """Under the title: the chosen settings, what is not shown."""
    credits: Sequence[str] = ()
    """At the foot: source, date, licence, address."""


def picture(
    drawing: Drawing, canvas: Canvas, caption: Caption, theme: Theme, accent: str = ""
) -> str:
    """An SVG document of the canvas's width and a margin on each side."""
    outer = replace(canvas, width=canvas.width + 2 * MARGIN)
    y, above, below = 8.0, "", ""
    for line in wrapped(caption.title, canvas.width, 18, 3):
        y += 23
        above += outer.label(line, MARGIN, y, size=18, bold=True)
    for text in caption.lines:
        for line in wrapped(text, canvas.width, 13, 2):
            y += 19
            above += outer.label(line, MARGIN, y, kind="soft")
    top = y + 14
    y = top + drawing.height + 6
    for text in caption.credits:
        for line in wrapped(text, canvas.width, 11, 3):
            y += 15
            below += outer.label(line, MARGIN, y, size=11, kind="soft")
    height = ceil(y + 12)
    ground = element("rect", width=outer.width, height=height, class_="paper")
    body = element("g", drawing.body, transform=f"translate({MARGIN} {number(top)})")
    name, words = clean(caption.title), clean(drawing.description)
    return element(
        "svg",
        element("title", escape(name), id="t")
        + element("desc", escape(words), id="d")
        + f"<style>{style(theme, accent)}</style>"
        + ground
        + above
        + body
        + below,
        xmlns="http://www.w3.org/2000/svg",
        width=outer.width,
        height=height,
        viewBox=f"0 0 {outer.width} {height}",
        role="img",
        lang=canvas.voice.language,
        font_family=FAMILY,
        font_size=13.0,
        direction="ltr",
        aria_labelledby="t d",
    )


@lru_cache(maxsize=128)
def png(svg: str, zoom: float = 2.0) -> bytes:
    """The picture as PNG, kept; in the fonts that are dependencies, whatever the machine has."""
    return resvg_py.svg_to_bytes(
        svg_string=svg,
        zoom=zoom,
        skip_system_fonts=True,
        font_files=[str(files(package).joinpath("files", name)) for package, name in FONTS],
        sans_serif_family="Noto Sans",
    )
