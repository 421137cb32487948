"""SVG as text: elements with escaped labels, and the drawing that a view makes of a result."""

import re
import unicodedata
from dataclasses import dataclass, field
from html import escape
from typing import Literal

from server.i18n import Voice

LONGEST_LABEL = 300
"""Characters that a label keeps: whatever a source holds, a drawing stays small."""
WIDE = 1.0
NARROW = 0.57
"""Widths of characters in the text's size: of East Asian ones, and of others on average."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")
# Marks that would turn the text about a label round: each label is isolated instead.
_BIDI = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True)
class Canvas:
    """The place to draw on: its size in units, of which a letter is 13 high, and the words."""

    width: int
    height: int
    voice: Voice
    name: str = "c"
    """The beginning of all identifiers in this drawing: a page may hold several drawings."""
    western_sahara: str = "dashed"
    """The border of Western Sahara on a map: `dashed` (one of its own kind) or `morocco`."""

    @property
    def rtl(self) -> bool:
        """True where time and lengths run from right to left."""
        return self.voice.rtl

    def x(self, value: float) -> float:
        """A distance from the side where reading begins, as one from the left."""
        return self.width - value if self.rtl else value

    def label(
        self,
        text: str,
        at: float,
        y: float,
        *,
        anchor: Anchor = "start",
        room: float = 0,
        size: float = 13,
        kind: str = "ink",
        bold: bool = False,
    ) -> str:
        """A line of text, `at` so far from the side where reading begins.

        With `room` it is cut to so many units, and its tooltip has the whole.
        """
        shown, whole = fitted(text, room, size) if room else clean(text), clean(text)
        if self.rtl and anchor != "middle":
            anchor = "end" if anchor == "start" else "start"
        return element(
            "text",
            escape(isolated(shown)) + (element("title", escape(whole)) if shown != whole else ""),
            x=self.x(at),
            y=y,
            class_=kind,
            font_size="" if size == 13 else size,
            font_weight="bold" if bold else "",
            text_anchor="" if anchor == "start" else anchor,
        )

    def bar(self, first: float, last: float, y: float, height: float, **marks: str) -> str:
        """A rectangle between two distances from the side where reading begins."""
        left = min(self.x(first), self.x(last))
        return element("rect", x=left, y=y, width=abs(last - first), height=height, **marks)

    @property
    def hatched(self) -> str:
        """The fill of what is not known; `hatch` defines it."""
        return f"url(#{self.name}-unknown)"

    def hatch(self) -> str:
        """The pattern that stands for what is not known."""
        stripes = element("path", d="M0,6L6,0M-1,1L1,-1M5,7L7,5", class_="hatch", stroke_width=1.2)
        pattern = element(
            "pattern",
            stripes,
            id=f"{self.name}-unknown",
            width=6.0,
            height=6.0,
            patternUnits="userSpaceOnUse",
        )
        return element("defs", pattern)


@dataclass(frozen=True)
class Drawing:
    """The drawing of a result: SVG of that height, its content in words, what it leaves out."""

    body: str
    height: float
    description: str
    shown: int = 0
    total: int = 0
    notes: tuple[str, ...] = field(default_factory=tuple)

    @property
    def cut(self) -> bool:
        """True where the result is larger than the drawing of it."""
        return self.total > self.shown


def draw_nothing() -> Drawing:
    """The drawing of what cannot be drawn: what is said about it is all there is."""
    return Drawing("", 0, "")


def clean(text: str) -> str:
    r"""A text without what controls or hides, at most as long as a label may be.

    >>> clean("a\u202eb\x00\nc")
    'ab c'
    """
    # Cut first: ten megabytes are not cleaned for three hundred characters.
    cut = _CONTROL.sub(" ", _BIDI.sub("", text[: 4 * LONGEST_LABEL])).strip()
    return cut if len(cut) <= LONGEST_LABEL else cut[: LONGEST_LABEL - 1].rstrip() + "…"


def fitted(text: str, width: float, size: float = 13) -> str:
    """A text cleaned, and cut with an ellipsis where it would be wider than so many units."""
    text = clean(text)
    if measured(text, size) <= width:
        return text
    while text and measured(text, size) > width - size * NARROW:
        text = text[:-1]
    return text.rstrip() + "…"


def wrapped(text: str, width: float, size: float = 13, lines: int = 3) -> list[str]:
    """A text in lines that fit into so many units; what does not fit ends in an ellipsis."""
    words, found = clean(text).split(), [""]
    for n, word in enumerate(words):
        longer = f"{found[-1]} {word}".strip()
        if measured(longer, size) <= width or not found[-1]:
            found[-1] = longer
        elif len(found) == lines:
            found[-1] = fitted(" ".join([found[-1], *words[n:]]), width, size)
            break
        else:
            found.append(word)
    return [fitted(line, width, size) for line in found]


def measured(text: str, size: float = 13) -> float:
    """About how wide a text is: fonts differ, and a drawing leaves room for that."""
    widths = (
        0.0
        if unicodedata.combining(each)
        else WIDE
        if unicodedata.east_asian_width(each) in "WF"
        else NARROW
        for each in text
    )
    return size * sum(widths)


def element(name: str, content: str = "", **attributes: str | float) -> str:
    """An element; the values of attributes are escaped, the content is SVG already.

    An underscore in an attribute's name is a hyphen, and one at its end nothing (`class_`).
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{said(value)}"'
        for key, value in attributes.items()
        if value != ""
    )
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def said(value: str | float) -> str:
    """The value of an attribute."""
    return escape(value) if isinstance(value, str) else number(value)


def number(value: float) -> str:
    """A coordinate, to a tenth of a unit.

    >>> number(12.04), number(3.26), number(-0.01)
    ('12', '3.3', '0')
    """
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def isolated(text: str) -> str:
    """A text in the order of its own script, whatever stands about it.

    A drawing reads from left to right for every program alike: what runs from right to left is
    placed so, and a label of such a script is isolated (Unicode UAX 9, FSI and PDI).
    """
    rtl = any(unicodedata.bidirectional(each) in ("R", "AL") for each in text)
    return f"\u2068{text}\u2069" if rtl else text


def svg(
    drawing: Drawing,
    canvas: Canvas,
    title: str,
    *,
    kind: str = "",
    standing: bool = False,
    role: str = "img",
) -> str:
    """The drawing as an element with its name and description; `standing` as a document's root.

    What holds links is a `group`: of an `img` nobody is told the parts (WAI-ARIA 1.2, 5.4).
    """
    named = element("title", escape(clean(title)), id=f"{canvas.name}-t")
    described = element("desc", escape(clean(drawing.description)), id=f"{canvas.name}-d")
    size: dict[str, str | float] = {"width": canvas.width, "height": drawing.height}
    return element(
        "svg",
        f"{named}{described}{drawing.body}",
        **({"xmlns": "http://www.w3.org/2000/svg", **size} if standing else {}),
        viewBox=f"0 0 {canvas.width} {number(drawing.height)}",
        class_=kind,
        role=role,
        lang=canvas.voice.language,
        direction="ltr",
        font_size=13.0,
        aria_labelledby=f"{canvas.name}-t {canvas.name}-d",
    )
