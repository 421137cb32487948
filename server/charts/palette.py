"""Colours that the colour-blind tell apart, light and dark, with an accent that a site chooses."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Theme = Literal["auto", "light", "dark"]
THEMES: tuple[Theme, ...] = ("auto", "light", "dark")
CONTRAST = 3.0
"""The least contrast of a drawing with its ground (WCAG 2.2, 1.4.11)."""

_COLOUR = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


@dataclass(frozen=True)
class Colours:
    """The colours of one theme; `series` is Okabe and Ito's, as that ground lets it be seen."""

    paper: str
    ink: str
    soft: str
    line: str
    land: str
    link: str
    series: Sequence[str]


LIGHT = Colours(
    "#ffffff", "#1b2322", "#56605d", "#d3d8d6", "#e4e9e6", "#0a5a54",
    ("#0a6e66", "#c2560a", "#0072b2", "#9d4f7f", "#8a6d00", "#56605d"),
)  # fmt: skip
DARK = Colours(
    "#161d1c", "#e9e6de", "#a9b3af", "#3b4846", "#2b3735", "#7fd1c6",
    ("#59c3b6", "#f0975a", "#6db6e8", "#d99bc0", "#e0c04f", "#a9b3af"),
)  # fmt: skip


class BadColour(ValueError):
    """A text was written for a colour and is none; `value` is the text."""

    def __init__(self, value: str) -> None:
        super().__init__(f"{value[:40]!r} is no colour: write #0a6e66 or 0a6e66")
        self.value = value


def read_colour(text: str) -> str:
    """The colour of six hexadecimal digits that a text stands for; raises BadColour.

    >>> read_colour("0A6"), read_colour("#0a6e66")
    ('#00aa66', '#0a6e66')
    """
    found = _COLOUR.fullmatch(text.strip())
    if found is None:
        raise BadColour(text)
    digits = found[1].lower()
    return "#" + (digits if len(digits) == 6 else "".join(2 * digit for digit in digits))


def style(theme: Theme, accent: str = "", *, scope: str = "") -> str:
    """The rules for the classes of a drawing; `auto` follows what the reader prefers.

    Concrete colours, not variables: what makes a PNG reads no variables. Paper is always light.
    """
    light, dark = rules(LIGHT, accent, scope), rules(DARK, accent, scope)
    if theme == "auto":
        return f"{light}@media screen and (prefers-color-scheme:dark){{{dark}}}"
    chosen = dark if theme == "dark" else light
    return chosen + (f"@media print{{{light}}}" if theme == "dark" else "")


def rules(colours: Colours, accent: str, scope: str) -> str:
    """The rules of one theme."""
    series = list(colours.series)
    if accent:
        series[0] = readable(accent, colours)
    named = {
        ".paper": f"fill:{colours.paper}",
        ".ink": f"fill:{colours.ink}",
        ".soft": f"fill:{colours.soft}",
        ".rule": f"stroke:{colours.line};fill:none",
        ".axis": f"stroke:{colours.soft};fill:none",
        ".land": f"fill:{colours.land};stroke:{colours.paper}",
        ".hatch": f"stroke:{colours.soft}",
        ".halo": f"paint-order:stroke;stroke:{colours.paper};stroke-width:3",
    }
    for n, colour in enumerate(series):
        named[f".f{n}"] = f"fill:{colour}"
        named[f".s{n}"] = f"stroke:{colour};fill:none"
    named[".ring"] = f"fill:{colours.paper}"
    return "".join(f"{scope}{name}{{{what}}}" for name, what in named.items())


def readable(accent: str, colours: Colours) -> str:
    """The accent, moved towards the ink until it stands out from the ground.

    >>> readable("#ffff00", LIGHT)
    '#8d9111'
    """
    for share in range(0, 101, 5):
        mixed = mix(accent, colours.ink, share / 100)
        if contrast(mixed, colours.paper) >= CONTRAST:
            return mixed
    return colours.ink


def mix(one: str, other: str, share: float) -> str:
    """A colour between two."""
    pairs = zip(channels(one), channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (WCAG 2.2)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """The relative luminance of a colour (WCAG 2.2)."""
    linear = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (channel / 255 for channel in channels(colour))
    )
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue, 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
