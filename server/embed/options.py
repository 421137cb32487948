"""The looks of an embed, as its address states them: view, language, theme, colour, size."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from server.charts.palette import THEMES, BadColour, Theme, read_colour
from server.charts.views import VIEWS
from server.embed.cards import EMBED_LANGUAGES

LOOKS = ("view", "lang", "theme", "colour", "width", "limit")
WIDTHS = (240, 1600)
WIDTH = 640
LIMIT = 100
"""Rows of a table that an embed lists at most."""


class BadOption(ValueError):
    """A look that there is not; `name` and `value`, and `accepted`: what may be written."""

    def __init__(self, name: str, value: str, accepted: str) -> None:
        super().__init__(f"{name}: {value[:40]!r} is none of {accepted}")
        self.name = name
        self.value = value[:200]
        self.accepted = accepted


@dataclass(frozen=True)
class Options:
    """The looks of an embed; without a view the question's own, without a language the reader's."""

    view: str = ""
    language: str = ""
    theme: Theme = "auto"
    colour: str = ""
    width: int = WIDTH
    limit: int = LIMIT

    @property
    def pairs(self) -> Mapping[str, str]:
        """The looks that are not the usual ones, as an address has them."""
        given = {
            "view": self.view,
            "lang": self.language,
            "theme": "" if self.theme == "auto" else self.theme,
            "colour": self.colour.removeprefix("#"),
            "width": "" if self.width == WIDTH else str(self.width),
            "limit": "" if self.limit == LIMIT else str(self.limit),
        }
        return {name: value for name, value in given.items() if value}

    def without_width(self) -> "Options":
        """The same for a place that gives the width itself."""
        return replace(self, width=WIDTH)


def split(pairs: MultiDict[str, str]) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """The looks in an address, and the rest, which are a question's settings.

    A question may have a setting called `theme`: `auto`, `light` and `dark` are looks all the same.
    """
    looks: dict[str, str] = {}
    rest = []
    for name, value in pairs.items(multi=True):
        if name in LOOKS and (name != "theme" or value in THEMES):
            looks.setdefault(name, value)
        else:
            rest.append((name, value))
    return looks, rest


def read_options(looks: Mapping[str, str]) -> Options:
    """The looks that an address says; raises BadOption. What is left blank is as usual."""
    options = Options(
        one_of("view", looks.get("view", ""), tuple(VIEWS)),
        one_of("lang", looks.get("lang", ""), EMBED_LANGUAGES),
    )
    if theme := looks.get("theme"):
        options = replace(options, theme=next(each for each in THEMES if each == theme))
    if colour := looks.get("colour"):
        try:
            options = replace(options, colour=read_colour(colour))
        except BadColour as error:
            raise BadOption("colour", colour, "0a6e66, #c60") from error
    return replace(
        options,
        width=whole("width", looks.get("width", ""), WIDTHS, WIDTH),
        limit=whole("limit", looks.get("limit", ""), (1, LIMIT), LIMIT),
    )


def whole(name: str, value: str, bounds: tuple[int, int], usual: int) -> int:
    """The whole number within the bounds that a value is; raises BadOption."""
    if not value:
        return usual
    if not (value.isascii() and value.isdigit() and bounds[0] <= int(value[:9]) <= bounds[1]):
        raise BadOption(name, value, f"{bounds[0]}–{bounds[1]}")
    return int(value)


def one_of(name: str, value: str, accepted: Sequence[str]) -> str:
    """The value, if it may be written, or is blank; raises BadOption."""
    if value and value not in accepted:
        raise BadOption(name, value, ", ".join(accepted))
    return value
