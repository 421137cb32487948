"""`/embed/…`: results and cards that any site may show: page, fragment, SVG, PNG; live or frozen.

Only these addresses may be framed: they say nothing of frames in their policy.
"""

from urllib.parse import urlencode

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from server.embed.exhibit import Exhibit
from server.embed.finding import Unshown, address_of, embed_of, exhibit_at, nothing
from server.embed.frame import EMBED_FORMS, EmbedFrame, Freshness, Problem, show_page, show_picture
from server.embed.frozen import CannotFreeze, freeze, read_frozen
from server.embed.options import BadOption, Options, read_options, split
from server.http.negotiation import choose_language
from server.i18n import Voice
from server.settings import MEBIBYTE
from server.site import site

blueprint = Blueprint("embed", __name__)

FROZEN = "frozen/"
KEPT_OPTIONS = ("lang", "tongue", "view", "theme", "colour", "height")
"""The options that the builder has chosen already when it freezes."""


@blueprint.get("/embed/<path:name>")
def embed(name: str) -> Response:
    """An embed in the form that its suffix says."""
    head, _, suffix = name.rpartition(".")
    path, form = (head, suffix) if suffix in EMBED_FORMS else (name, "")
    return show(path, form, request.args)


def show(path: str, form: str, given: MultiDict[str, str]) -> Response:
    """The exhibit at a path, or what is wrong with it, in that form."""
    looks, rest = split(given)
    options, exhibit, fresh, problem = Options(), None, None, None
    try:
        options = read_options(looks)
        exhibit, fresh = found_at(path, tuple(rest), voice_of(options))
    except BadOption as error:
        problem = wrong_option(error, voice_of(options))
    except Unshown as error:
        problem = error.problem
    if form in ("svg", "png"):
        return show_picture(exhibit, options, form, problem=problem, fresh=fresh)
    return show_page(exhibit, options, problem=problem, fresh=fresh, fragment=form == "fragment")


def voice_of(options: Options) -> Voice:
    """The language of an embed: the one that it says, else the reader's."""
    asked = request.headers.get("Accept-Language", "")
    return Voice(options.language or choose_language(asked))


def wrong_option(error: BadOption, voice: Voice) -> Problem:
    """The problem of a look that does not exist."""
    detail = voice("argument.bad", name=error.name, value=error.value, accepted=error.accepted)
    return Problem(voice("argument.wrong"), detail)


def found_at(
    path: str, pairs: tuple[tuple[str, str], ...], voice: Voice
) -> tuple[Exhibit, Freshness | None]:
    """The exhibit at a path, and of a frozen one what newer data says; raises Unshown."""
    engine = site().engine
    if not path.startswith(FROZEN):
        return exhibit_at(site(), engine.version(), path, pairs, voice), None
    version, _, identifier = path.removeprefix(FROZEN).partition("/")
    exhibit = read_frozen(site().settings.home, version, identifier)
    if exhibit is None:
        raise nothing(f"/embed/{path}", voice)
    if version == engine.version():
        return exhibit, Freshness()
    live = embed_of(exhibit.address, "")
    same = None
    if live is not None:
        try:
            settings = tuple(live[1].items(multi=True))
            now = exhibit_at(site(), engine.version(), live[0], settings, voice)
            same = exhibit.same_content(now)
        except Unshown:
            same = None
    return exhibit, Freshness(engine.version(), same)


@blueprint.post("/embed/freeze")
def frozen() -> AnyResponse:
    """Keep the exhibit of an address as it is now: 303 to the builder with the frozen one."""
    found = embed_of(request.form.get("of", ""), EmbedFrame(Options()).absolute(""))
    if found is None:
        abort(404)
    looks, rest = split(found[1])
    try:
        options = read_options(looks)
        exhibit, fresh = found_at(found[0], tuple(rest), voice_of(options))
    except BadOption as error:
        return show_page(None, Options(), problem=wrong_option(error, voice_of(Options())))
    except Unshown as error:
        return show_page(None, Options(), problem=error.problem)
    if fresh is None:
        try:
            room = site().settings.frozen * MEBIBYTE
            identifier = freeze(site().settings.home, exhibit, room)
        except CannotFreeze:
            voice = voice_of(options)
            told = Problem(voice("embed.full"), voice("embed.full.words"), status=507)
            return show_page(None, options, problem=told)
        path = f"{FROZEN}{exhibit.version}/{identifier}"
    else:
        path = found[0]
    kept = {name: request.form[name] for name in KEPT_OPTIONS if request.form.get(name)}
    address = url_for("builder.builder", of=address_of(path, (), {}))
    return redirect(f"{address}&{urlencode(kept)}" if kept else address, 303)
