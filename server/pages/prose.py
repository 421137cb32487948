"""`/about`, `/privacy` and `/guide`: what the site is, what it keeps, how programs use it."""

from flask import Blueprint, Response, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from ontology.namespaces import ID
from server.i18n import texts
from server.pages.rendering import Page, respond

blueprint = Blueprint("prose", __name__)

EXAMPLES = (
    ("search", "curl '{root}/search.json?q=evry'"),
    ("document", "curl -L -H 'Accept: text/turtle' {root}/id/authority/fra-cog-91228"),
    ("list", "curl '{root}/partnerships.csv?country=MLI&sort=-since'"),
    (
        "query",
        f"curl {{root}}/sparql --data-urlencode 'query=DESCRIBE <{ID}authority/fra-cog-91228>'",
    ),
    ("export", "curl --compressed -O {root}/export.ttl"),
)
"""The requests of a program, as commands; the words of `guide.example.…` say what it gets."""


@blueprint.get("/<any(about, privacy, guide):name>")
def page(name: str) -> Response:
    """One of the pages of prose, its paragraphs in the order of their numbers in `texts.yml`."""
    parts = [key for key in texts() if key.startswith(f"{name}.part.")]
    root = Page().absolute("")
    examples = [(key, command.format(root=root)) for key, command in EXAMPLES]
    return respond(
        "prose.html", name=name, parts=parts, examples=examples if name == "guide" else []
    )


@blueprint.get("/favicon.ico")
def favicon() -> AnyResponse:
    """The sign of the site, for clients that read no link to it."""
    return redirect(url_for("static", filename="mark.svg"), 301)
