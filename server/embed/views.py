"""`/embed/<query>`: a result as a table that any site may show in a frame."""

from urllib.parse import urlencode

from flask import Blueprint, Response, abort, request, url_for

from queries import catalogue
from server.app import SECURITY
from server.pages.answers import arguments_of, attempt
from server.pages.rendering import Page, respond
from server.site import site

blueprint = Blueprint("embed", __name__)

ROWS = 100
# The one kind of page that others may frame; it needs styles and nothing else.
POLICY = (
    SECURITY["Content-Security-Policy"]
    .replace("frame-ancestors 'none'", "frame-ancestors *")
    .replace("script-src 'self'", "script-src 'none'")
)


@blueprint.get("/embed/<name>")
def embed(name: str) -> Response:
    """The table of a query's results: caption, source, rights, version, link to the full page."""
    found = catalogue().get(name)
    if found is None:
        abort(404)
    page = Page()
    arguments = arguments_of(found, request.args)
    limit = min(max(1, request.args.get("limit", ROWS, type=int)), ROWS)
    rows = slice(0, limit)
    attempted = attempt(site().engine, found, arguments, page.voice, rows=rows)
    asked = urlencode({**arguments, "lang": page.voice.language}, doseq=True)
    response = respond(
        "embed.html",
        attempted.status,
        query=found,
        answered=attempted.answered,
        problem=attempted.problem,
        rows=rows,
        version=site().current_version(),
        full=page.absolute(url_for("catalogue.query", name=name)) + f"?{asked}",
    )
    response.headers["Content-Security-Policy"] = POLICY
    return response
