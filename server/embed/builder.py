"""`/embed/builder`: from a page of this site to the code that shows it in another, in one form."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, request
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from server.charts.palette import THEMES
from server.charts.views import VIEWS, offered
from server.embed.cards import EMBED_LANGUAGES
from server.embed.exhibit import Exhibit
from server.embed.finding import Unshown, address_of, embed_of, key_of
from server.embed.frame import EmbedFrame, Problem, with_form
from server.embed.options import LOOKS, BadOption, read_options, split, whole
from server.embed.views import found_at, voice_of, wrong_option
from server.i18n import Voice
from server.pages.rendering import Page, respond
from server.site import site

blueprint = Blueprint("builder", __name__)

HEIGHT_RANGE = (200, 2000)
HEIGHT = 520
# The page shows frames of its own site.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True)
class BuiltEmbed:
    """An embed as the builder offers it: its address, its code, its looks."""

    address: str
    path: str
    exhibit: Exhibit
    snippets: Mapping[str, str]
    views: tuple[str, ...]


@blueprint.get("/embed/builder")
def builder() -> Response:
    """The form, the preview and the code to copy; all of its state is in its address."""
    page = Page()
    given = {name: request.args.get(name, "").strip() for name in (*LOOKS, "of", "name", "height")}
    problem, built = None, None
    try:
        height = whole("height", given["height"], HEIGHT_RANGE, HEIGHT)
        if given["of"] or given["name"]:
            built = build(given["of"], given["name"], looks_in(given), page.voice, height)
    except BadOption as error:
        problem = wrong_option(error, page.voice)
    except Unshown as error:
        problem = error.problem
    response = respond(
        "builder.html",
        problem.status if problem else 200,
        given=given,
        problem=problem,
        built=built,
        views=built.views if built else tuple(VIEWS),
        themes=THEMES,
        tongues=EMBED_LANGUAGES,
        heights=HEIGHT_RANGE,
        height=given["height"] or HEIGHT,
        choices=[(words, of(page, path)) for words, path in (problem.choices if problem else ())],
    )
    response.headers["Content-Security-Policy"] = POLICY
    return response


def of(page: Page, path: str) -> str:
    """The builder's address for another embed."""
    return page.link("builder.builder", of=path)


def looks_in(given: Mapping[str, str]) -> dict[str, str]:
    """The looks that the form says: its `lang` is that of the page, `tongue` that of the embed."""
    looks = {name: given[name] for name in LOOKS if name not in ("lang", "width", "limit")}
    looks["lang"] = request.args.get("tongue", "")
    return {name: look for name, look in looks.items() if look}


def build(
    address: str, name: str, chosen: Mapping[str, str], voice: Voice, height: int
) -> BuiltEmbed:
    """The embed of a page, or of the authority of that name; raises Unshown and BadOption.

    The looks that are chosen go before those in the address.
    """
    if not address:
        address = f"/embed/card/authority/{key_of(site(), 'authority', name, voice)}"
    found = embed_of(address, Page().absolute(""))
    if found is None:
        raise Unshown(Problem(voice("missing.title"), voice("builder.wrong"), status=404))
    path, pairs = found
    looks, rest = split(MultiDict(pairs))
    options = read_options({**looks, **chosen})
    frame = EmbedFrame(options)
    exhibit, _ = found_at(path, tuple(rest), voice_of(options))
    views = offered(exhibit.parts[0].result(exhibit, voice)) if len(exhibit.parts) == 1 else ()
    local = address_of(path, rest, options.pairs)
    return BuiltEmbed(local, path, exhibit, snippets(frame, exhibit, local, height), views)


def snippets(frame: EmbedFrame, exhibit: Exhibit, address: str, height: int) -> dict[str, str]:
    """The code by kind: what is in it of others is escaped."""
    here = frame.absolute(address)
    known = {
        "here": here,
        "title": exhibit.name(frame.voice).value,
        "height": height,
        "page": frame.out(exhibit.page),
        "image": with_form(here, "png"),
        "script": frame.absolute("/static/embed.js"),
    }
    written = {
        "link": "{here}",
        "iframe": '<iframe src="{here}" title="{title}" width="100%" height="{height}" '
        'loading="lazy" style="border:0"></iframe>',
        "element": '<maillage-embed src="{here}"><a href="{page}">{title}</a></maillage-embed>\n'
        '<script src="{script}" async></script>',
        "image": '<a href="{page}"><img src="{image}" alt="{title}" width="640"></a>',
    }
    code = {kind: str(Markup(text).format(**known)) for kind, text in written.items()}  # noqa: S704
    return {**code, "link": here}
