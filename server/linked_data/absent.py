"""The answer where nothing is: where it is now, what was taken back, or what may be meant."""

import re
from typing import Any
from urllib.parse import unquote

from flask import Response, redirect, request, url_for
from pyoxigraph import Literal

from server.graph.labels import Labels, read_labels
from server.graph.search import search
from server.http.negotiation import prefers_html
from server.http.problems import problem_response
from server.iris import document_path, entity_iri
from server.pages.rendering import respond
from server.questions import select
from server.site import site

SIMILAR = 5


def absent(segment: str, key: str, suffix: str = "") -> Response:
    """301 to the entity that had this key before, else 404 with what may be meant."""
    iri = entity_iri(segment, key)
    if iri is not None:
        new = successor(iri, key)
        if new is not None:
            path = unquote((document_path(new) or "").removeprefix("/doc/"))
            kind, _, new_key = path.partition("/")
            passed: dict[str, Any] = request.args.to_dict()
            endpoint = request.endpoint or "resource.document"
            target = url_for(endpoint, segment=kind, key=new_key + suffix, **passed)
            moved = redirect(target, 301)
            moved.headers["Cache-Control"] = "no-cache"
            return Response(moved.get_data(), 301, moved.headers)
    similar = similar_to(segment, key)
    if prefers_html(request.headers.get("Accept", "")):
        labels: Labels = read_labels(site().engine, similar)
        return respond("missing.html", 404, path=request.path, similar=similar, labels=labels)
    response = problem_response(
        "not-known", {"path": request.path, "similar": ", ".join(similar) or "—"}
    )
    for each in similar:
        response.headers.add("Link", f'<{each}>; rel="related"')
    return response


def successor(iri: str, key: str) -> str | None:
    """The entity that another key stands for today."""
    place = iri.removesuffix(key)
    rows = select(site().engine, "former", key=Literal(key), place=Literal(place)).rows
    return rows[0]["entity"].value if rows else None


def similar_to(segment: str, key: str) -> list[str]:
    """The entities that have the key as a code, then those whose name holds its words."""
    codes = dict.fromkeys([key, key.rpartition("-")[2]])
    found = [
        row["entity"].value
        for code in codes
        for row in select(site().engine, "holders", code=Literal(code), limit=SIMILAR).rows
    ]
    words = " ".join(re.findall(r"[^\W\d_]{3,}", re.sub(r"^[a-z]{3}-(name|[a-z]+)-", "", key)))
    index = site().current_version().path / "names.sqlite"
    for kind in (segment, ""):
        if words and len(found) < SIMILAR:
            found += [hit.iri for hit in search(index, words, segment=kind, limit=SIMILAR)]
    return list(dict.fromkeys(found))[:SIMILAR]
