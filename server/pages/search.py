"""`/search`: entities by name, as a page and as JSON."""

from collections.abc import Sequence

from flask import Blueprint, Response, jsonify, request

from server.graph.search import Hit
from server.iris import document_path
from server.pages.meanings import find
from server.pages.rendering import Page, respond
from server.site import site

blueprint = Blueprint("search", __name__)

HITS = 30
LONGEST = 200


@blueprint.get("/search")
def results() -> Response:
    """The entities whose name holds every word of `q`."""
    return respond("search.html", q=asked(), hits=hits(), limit=HITS)


@blueprint.get("/search.json")
def as_json() -> Response:
    """The same for programs."""
    page = Page()
    response = jsonify(
        query=asked(),
        results=[
            {
                "iri": hit.iri,
                "label": hit.label,
                "language": hit.language or None,
                "type": hit.segment or None,
                "page": page.absolute(path) if (path := document_path(hit.iri)) else None,
            }
            for hit in hits()
        ],
    )
    response.headers["Cache-Control"] = "no-cache"
    return response


def asked() -> str:
    """What the caller looks for."""
    return request.args.get("q", "").strip()[:LONGEST]


def hits() -> Sequence[Hit]:
    """What the index of the current version has of it; without one, what the engine finds."""
    return find(site(), asked(), request.args.get("type", ""), HITS)
