"""`/cited/…`: the address of a cited answer, which says what differs in that of today."""

import re
from dataclasses import asdict

from flask import Blueprint, Response, abort, jsonify, request
from werkzeug.datastructures import MultiDict

from server.http.negotiation import prefers_html
from server.http.problems import problem_response
from server.linked_data.citing.answers import MARKS, Comparison, compared, read_answer, rows_of
from server.linked_data.citing.asked import Asked, asked_of_catalogue, asked_of_sparql
from server.linked_data.history import asking, found
from server.pages.rendering import respond
from server.site import site

blueprint = Blueprint("cited", __name__)

FORMS = {
    "_version": re.compile(r"[A-Za-z0-9_-]{1,100}"),
    "_rows": re.compile(r"\d{1,9}"),
    "_digest": re.compile(r"[0-9a-f]{16}"),
}


@blueprint.get("/cited/queries/<name>")
def question(name: str) -> Response:
    """What differs in the answer to a question of the catalogue since it was cited."""
    return told(asked_of_catalogue(name, _without_marks()))


@blueprint.get("/cited/sparql")
def sparql() -> Response:
    """What differs in the answer to a query since it was cited."""
    return told(asked_of_sparql(_without_marks()))


def told(asked: Asked) -> Response:
    """The comparison, as a page or in JSON."""
    given = {name: request.args.get(name, "") for name in MARKS}
    for name, form in FORMS.items():
        if not form.fullmatch(given[name]):
            facts = {"parameter": name, "given": given[name][:200], "offered": form.pattern}
            abort(problem_response("choice", facts))
    comparison = _compare(asked, given["_version"], int(given["_rows"]), given["_digest"])
    address = f"{request.script_root}{asked.path}"
    if prefers_html(request.headers.get("Accept", "")):
        response = respond("cited.html", found=comparison, asked=asked, address=address)
    else:
        response = jsonify({**asdict(comparison), "answer": address, "query": asked.text})
        response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept")
    return response


def _compare(asked: Asked, version: str, rows: int, digest: str) -> Comparison:
    of = site()
    limits, today = of.settings.limits, of.engine.version()
    now = rows_of(read_answer(of.engine, asked.text, limits))
    then = None
    if version != today and found(version) is not None and of.settings.older:
        with asking(version) as older:
            then = rows_of(read_answer(older.engine, asked.text, limits))
    return compared(version, rows, digest, today, now, then)


def _without_marks() -> MultiDict[str, str]:
    pairs = [(k, v) for k, v in request.args.items(multi=True) if k not in (*MARKS, "lang")]
    return MultiDict(pairs)
