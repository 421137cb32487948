"""`/feed/…`: the change feed as it lies in the home folder, for who does not host it elsewhere."""

import re
from typing import Final

from flask import Blueprint, Response, abort, redirect, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from loaders.build.feed import FOLDER, ROOT
from server.site import site

blueprint = Blueprint("feed", __name__)

PAGE: Final = re.compile(r"[1-9]\d{0,8}\.trig")
TURTLE: Final = "text/turtle"
TRIG: Final = "application/trig"
FOR_GOOD: Final = "public, max-age=31536000, immutable"


@blueprint.get("/feed")
@blueprint.get("/feed/")
def root() -> AnyResponse:
    """303 to the root of the feed."""
    return redirect(url_for("feed.file", name=ROOT), 303)


@blueprint.get("/feed/<name>")
def file(name: str) -> Response:
    """A file of the feed: its root, which grows, or a page, which never changes."""
    page = PAGE.fullmatch(name)
    path = site().settings.home.absolute() / FOLDER / name
    if not (page or name == ROOT) or not path.is_file():
        abort(404)
    # Without an ETag no answer of one moment is kept for as long as a version is served.
    response = send_file(path, mimetype=TRIG if page else TURTLE, etag=False, conditional=True)
    response.headers["Cache-Control"] = FOR_GOOD if page else "no-cache"
    return response
