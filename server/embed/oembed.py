"""`/oembed`: an address of this site as an embed (oEmbed 1.0), so that a pasted link opens.

A provider that WordPress does not list is left a blockquote and a frame in a sandbox; that form
is sent to all: the frame for who can show it, the words and the link for everybody else.
"""

from flask import Blueprint, Response, jsonify, request
from markupsafe import Markup

from server.embed.exhibit import Exhibit, said
from server.embed.finding import Unshown, address_of, embed_of
from server.embed.frame import EmbedFrame
from server.embed.options import BadOption, Options, read_options, split
from server.embed.views import found_at, voice_of, wrong_option
from server.i18n import Voice
from server.pages.rendering import kept

blueprint = Blueprint("oembed", __name__)

WIDTH, HEIGHT = 640, 560
WORDS = 600
"""Characters of a line that are said."""
ROWS = 12
"""Rows of a table that are said."""
KEEP = 3600
"""Seconds for which a consumer may keep the answer."""


@blueprint.get("/oembed")
def oembed() -> Response:
    """The embed of `url`, within `maxwidth` and `maxheight`, as JSON."""
    if request.args.get("format", "json") != "json":
        return told("format=json", 501)
    frame = EmbedFrame(Options())
    found = embed_of(request.args.get("url", ""), frame.absolute(""))
    if found is None:
        return told("url", 404)
    looks, rest = split(found[1])
    try:
        options = read_options(looks)
        exhibit, _ = found_at(found[0], tuple(rest), voice_of(options))
    except BadOption as error:
        return told(wrong_option(error, voice_of(Options())).detail, 404)
    except Unshown as error:
        # Whatever is wrong with the question, at this address there is nothing to embed.
        status = error.problem.status
        return told(error.problem.detail, status if status >= 500 else 404)
    width, height = limit("maxwidth", WIDTH), limit("maxheight", HEIGHT)
    address = address_of(found[0], rest, options.without_width().pairs)
    response = jsonify(document(exhibit, EmbedFrame(options), address, width, height))
    response.headers["Content-Language"] = voice_of(options).language
    response.vary.add("Accept-Language")
    return kept(response)


def document(
    exhibit: Exhibit, frame: EmbedFrame, address: str, width: int, height: int
) -> dict[str, object]:
    """The members of the answer (oEmbed 1.0, 2.3.4)."""
    voice = frame.voice
    title = exhibit.name(voice).value
    page, here = frame.out(exhibit.page), frame.absolute(address)
    # No element inside but the link: WordPress drops every other, and what it separates runs on.
    html = Markup(
        '<blockquote class="maillage-embed"><a href="{page}">{title}</a> — {words} {source}'
        '</blockquote><iframe src="{here}" title="{title}" width="{width}" height="{height}" '
        'frameborder="0" loading="lazy"></iframe>'
    ).format(
        page=page,
        title=title,
        words=spoken(exhibit, voice),
        source=f"{voice('embed.source')} Maillage, {voice.day(exhibit.built)}.",
        here=here,
        width=width,
        height=height,
    )
    return {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "provider_name": "Maillage",
        "provider_url": frame.absolute("/"),
        "cache_age": KEEP,
        "html": str(html),
        "width": width,
        "height": height,
    }


def spoken(exhibit: Exhibit, voice: Voice) -> str:
    """What an embed shows, in a sentence for each of its lines and one for its first rows.

    A feed and a mail keep no frame: this is what is read there.
    """
    lines = [said(words, voice)[:WORDS] for words in exhibit.lines]
    # A card's figures count what its next part lists.
    listed = next((part for part in exhibit.parts if part.view != "figure"), None)
    if listed is not None:
        result, title = listed.result(exhibit, voice), exhibit.name(voice).value
        cells = [
            [result.text(row, name, voice) for name in listed.table.columns]
            for row in listed.table.rows[:ROWS]
        ]
        rows = [", ".join(text for text in row if text not in ("", title)) for row in cells]
        more = max(listed.total, len(listed.table.rows)) - ROWS
        lines.append("; ".join([*rows, "…"] if more > 0 else rows))
    return " ".join(line if line[-1:] in ".!?…" else f"{line}." for line in lines if line)


def limit(name: str, usual: int) -> int:
    """The usual size, or what the caller has room for."""
    text = request.args.get(name, "")
    known = text.isascii() and text.isdigit() and int(text[:9]) > 0
    return min(usual, int(text[:9])) if known else usual


def told(why: str, status: int) -> Response:
    """A refusal, in the few words that a program shows."""
    response = jsonify({"error": why})
    response.status_code = status
    return response
