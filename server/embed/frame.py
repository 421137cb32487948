"""An exhibit as a page for a frame, a fragment for the element, or a picture."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from urllib.parse import urlencode

from flask import Response, render_template, request
from markupsafe import Markup

from server.charts.drawing import Canvas, Drawing, clean, draw_nothing
from server.charts.palette import DARK, LIGHT, Colours, Theme, readable, style
from server.charts.picture import Caption, picture, png
from server.charts.views import chosen, draw, offered
from server.embed.exhibit import Exhibit, ExhibitPart, said
from server.embed.options import Options
from server.engine.results import Row, Term
from server.graph.labels import label
from server.http.negotiation import choose_language
from server.i18n import NUMBERS, Voice
from server.iris import tail
from server.pages.drawn import Drawn, canvas_of, draw_twice, notes_of
from server.pages.rendering import HTML, LICENCES, Page, kept
from server.site import site

EMBED_FORMS = ("svg", "png", "fragment")


@dataclass(frozen=True)
class Problem:
    """The problem of an embed, in words for whoever sees the frame."""

    title: str
    detail: str
    advice: str = ""
    status: int = 400
    choices: Sequence[tuple[str, str]] = ()
    """Words and addresses of what may have been meant."""


@dataclass(frozen=True)
class Freshness:
    """Of a frozen embed: when it was frozen, and what newer data says."""

    newer: str = ""
    """The version that answers now; empty where it is the frozen one."""
    same: bool | None = None
    """True where the newest version says the same; None where it could not be asked."""


@dataclass(frozen=True)
class SeenPart:
    """A part of an exhibit as a template writes it."""

    part: ExhibitPart
    title: str
    drawn: Drawn
    rows: Sequence[Row]
    columns: Sequence[str]
    headings: Mapping[str, str]


class EmbedFrame(Page):
    """The page that the template of an embed calls, in the language of the embed."""

    def __init__(self, options: Options) -> None:
        super().__init__()
        language = options.language
        self.options = options
        self.chosen = language if language in ("fr", "en") else None
        self.voice = Voice(language or choose_language(request.headers.get("Accept-Language", "")))

    def out(self, path: str) -> str:
        """A path of this site as a whole address, in the language of the embed."""
        return self.absolute(in_language(path, self.chosen))

    def cell(self, exhibit: Exhibit, term: Term) -> tuple[str, str | None, Mapping[str, str]]:
        """A value of a table: its words, where they lead, their `lang` and `dir`."""
        if not term.is_iri:
            return clean(self.voice.literal(term)), None, self.voice.marks(term)
        named = label(exhibit.labels, term.value, self.voice)
        local = self.local(term.value)
        href = self.absolute(local) if local else self.outside(term.value)
        return clean(named.value), href, self.voice.marks(named)

    def short_licence(self, iri: str) -> str:
        """A licence's short name."""
        return LICENCES.get(iri.rstrip("/"), tail(iri))

    def is_number(self, term: Term | None) -> bool:
        """True where a value is aligned at the end of its cell."""
        return term is not None and term.datatype in NUMBERS


def in_language(path: str, language: str | None) -> str:
    """A path with a language in its query."""
    if not language:
        return path
    return f"{path}{'&' if '?' in path else '?'}lang={language}"


def look(exhibit: Exhibit, part: ExhibitPart, frame: EmbedFrame, number: int) -> SeenPart:
    """A part as the options have it; those of a card are seen each in its own view."""
    voice, options = frame.voice, frame.options
    result = part.result(exhibit, voice)
    view = chosen(result, options.view if not part.name else "", part.view)
    title = part_title(exhibit, part, voice)
    drawn = draw_twice(result, view, title, voice, site(), str(number), part.total)
    columns = [name for name in part.table.columns if result.kinds[name] != "point"]
    return SeenPart(
        part,
        voice(f"card.{part.name}") if part.name else "",
        drawn,
        part.table.rows[: options.limit],
        columns,
        {name: result.heading(name) for name in columns},
    )


def part_title(exhibit: Exhibit, part: ExhibitPart, voice: Voice) -> str:
    """The title of a drawing."""
    title = exhibit.name(voice).value
    return f"{title} : {voice(f'card.{part.name}')}" if part.name else title


def show_page(
    exhibit: Exhibit | None,
    options: Options,
    *,
    problem: Problem | None = None,
    fresh: Freshness | None = None,
    fragment: bool = False,
    live: str = "",
) -> Response:
    """The page, or the part of it that the element takes; a problem in the same frame."""
    frame = EmbedFrame(options)
    rules = sheet(options.theme, options.colour)
    script = read_part("frame.js")
    body = render_template(
        "fragment.html" if fragment else "embed.html",
        frame=frame,
        t=frame.voice,
        exhibit=exhibit,
        parts=[look(exhibit, part, frame, n) for n, part in enumerate(exhibit.parts)]
        if exhibit
        else [],
        problem=problem,
        fresh=fresh,
        rules=Markup(rules),  # noqa: S704 (written by ourselves, the colour read)
        script=Markup(script),  # noqa: S704 (as above)
        here=frame.absolute(request.full_path.rstrip("?")),
        live=live or (exhibit.address if exhibit else ""),
        looks=urlencode(options.pairs),
        image=frame.absolute(with_form(request.full_path.rstrip("?"), "png")) if exhibit else "",
        said=said,
    )
    response = Response(body, problem.status if problem else 200)
    response.headers["Content-Type"] = HTML
    response.headers["Content-Language"] = frame.voice.language
    response.headers["Content-Security-Policy"] = policy(rules, script)
    response.vary.add("Accept-Language")
    return kept(response)


def show_picture(
    exhibit: Exhibit | None,
    options: Options,
    form: str,
    *,
    problem: Problem | None = None,
    fresh: Freshness | None = None,
) -> Response:
    """The SVG or PNG: the part that says most, what it is of, whence; a problem as one."""
    frame = EmbedFrame(options)
    # A picture in a page cannot follow what its reader prefers as SVG, and PNG knows no reader.
    theme: Theme = "light" if options.theme == "auto" and form == "png" else options.theme
    canvas = canvas_of(options.width - 32, frame.voice, site(), "p")
    drawing, caption = draw_nothing(), Caption("")
    if exhibit:
        drawing, caption = captioned(exhibit, frame, canvas, fresh)
    if problem:
        lines = (problem.detail, problem.advice, *(words for words, _ in problem.choices[:6]))
        caption = Caption(problem.title, tuple(filter(None, lines)), ("Maillage",))
    document = picture(drawing, canvas, caption, theme, options.colour)
    content = png(document) if form == "png" else document.encode()
    response = Response(content, problem.status if problem else 200)
    response.headers["Content-Type"] = "image/png" if form == "png" else "image/svg+xml"
    response.headers["Content-Language"] = frame.voice.language
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.vary.add("Accept-Language")
    return kept(response)


def captioned(
    exhibit: Exhibit, frame: EmbedFrame, canvas: Canvas, fresh: Freshness | None
) -> tuple[Drawing, Caption]:
    """The drawing of the part that says most, and what stands about it."""
    voice, options = frame.voice, frame.options
    part = best_part(exhibit, options.view)
    drawing, notes = draw_nothing(), [voice("results.none")]
    if part:
        result = part.result(exhibit, voice)
        view = chosen(result, options.view, part.view)
        drawing = draw(view, result, canvas)
        notes = notes_of(drawing, voice, part.total, len(part.table.rows))
    lines = [said(words, voice) for words in exhibit.lines] + notes
    if fresh:
        lines.append(voice("embed.frozen.short", built=voice.day(exhibit.built)))
    names = ", ".join(said(origin.title, voice) for origin in exhibit.origins)
    licences = sorted({frame.short_licence(o.licence) for o in exhibit.origins if o.licence})
    whose = voice("embed.rights" if exhibit.exact else "embed.rights.all")
    credits_ = [
        f"{whose} {names}" + (f" ({', '.join(licences)})" if licences else ""),
        f"Maillage · {voice('version.line', id=exhibit.version, built=voice.day(exhibit.built))}"
        f" · {frame.absolute(exhibit.page.partition('?')[0])}",
    ]
    return drawing, Caption(exhibit.name(voice).value, lines, credits_)


def best_part(exhibit: Exhibit, view: str) -> ExhibitPart | None:
    """The part that a picture is of: one that fits the wanted view, a map, else the first."""
    fitting = [p for p in exhibit.parts if view in offered(p.result(exhibit, Voice("fr")))]
    maps = [part for part in exhibit.parts if part.view == "map"]
    return next(iter((*(fitting if view else ()), *maps, *exhibit.parts)), None)


def with_form(path: str, form: str) -> str:
    """The path of an embed in another form."""
    path, mark, query = path.partition("?")
    head, _, suffix = path.rpartition(".")
    return f"{head if suffix in EMBED_FORMS else path}.{form}{mark}{query}"


def sheet(theme: Theme, colour: str) -> str:
    """The style of a frame: its own, and that of the drawings in it."""
    light, dark = looks_of(LIGHT, colour), looks_of(DARK, colour)
    rules = light
    if theme == "auto":
        rules += f"@media screen and (prefers-color-scheme:dark){{{dark}}}"
    if theme == "dark":
        rules = f"{dark}@media print{{{light}}}"
    scheme = {"auto": "light dark"}.get(theme, theme)
    return f"{read_part('frame.css')}:root{{color-scheme:{scheme}}}{rules}{style(theme, colour)}"


def looks_of(colours: Colours, accent: str) -> str:
    """The colours of the words of a frame."""
    link = readable(accent, colours) if accent else colours.link
    return (
        f"body,.maillage{{background:{colours.paper};color:{colours.ink}}}"
        f"a{{color:{link}}}.m-soft,.m-foot,caption{{color:{colours.soft}}}"
        f"th,td,.m-foot{{border-color:{colours.line}}}.m-note{{border-color:{link}}}"
    )


def policy(rules: str, script: str) -> str:
    """A policy that lets in this style and this script; it says nothing of who may frame it."""
    return (
        f"default-src 'none'; style-src '{fingerprint(rules)}'; "
        f"script-src '{fingerprint(script)}'; base-uri 'none'; form-action 'none'"
    )


def fingerprint(text: str) -> str:
    """The hash by which a policy admits an inline style or script (CSP 3, 2.3.1)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@lru_cache(maxsize=4)
def read_part(name: str) -> str:
    """The text of a file beside this one."""
    return files("server.embed").joinpath(name).read_text("utf-8").strip()
