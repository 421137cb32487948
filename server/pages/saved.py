"""`POST /save` keeps a query under a short address; `/view/{id}` shows its result alone."""

from typing import Any

from flask import Blueprint, Response, abort, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from server.charts.views import VIEWS
from server.engine.errors import EngineError
from server.engine.limits import read_checked
from server.http.negotiation import prefers_html
from server.http.problems import describe, problem_response
from server.pages.drawn import draw_result
from server.pages.home import run
from server.pages.rendering import Page, missing, respond
from server.pages.saved_store import CannotSave, SavedQuery, read, save
from server.settings import MEBIBYTE
from server.site import site
from server.sparql.protocol import QueryRequest
from server.sparql.views import answer, service

blueprint = Blueprint("saved", __name__)

ROWS = 200
"""Rows that a page lists; the files have them all."""


@blueprint.post("/save")
def keep() -> AnyResponse:
    """Keep a query: 303 to its page, or for programs 201 with its addresses.

    The form fields are `query`, `view` and `title`. What is no query is refused.
    """
    given = {name: request.form.get(name, "").strip() for name in ("query", "view", "title")}
    given["query"] = given["query"].replace("\r\n", "\n")  # as forms send ends of lines
    if not given["query"] or given["view"] not in ("", *VIEWS):
        return problem_response("request", {"detail": Page().voice("save.wrong")})
    read_checked(given["query"], site().settings.limits)
    query = SavedQuery(given["query"], given["view"], given["title"])
    try:
        identifier = save(site().settings.home, query, site().settings.saved * MEBIBYTE)
    except CannotSave:
        return problem_response("request", {"detail": Page().voice("save.full")}, 507)
    page = Page()
    address = page.link("saved.view", name=identifier)
    if prefers_html(request.headers.get("Accept", "")):
        return redirect(address, 303)
    response = jsonify(
        id=identifier,
        page=page.absolute(url_for("saved.view", name=identifier)),
        results={
            suffix: page.absolute(url_for("saved.view", name=f"{identifier}.{suffix}"))
            for suffix in ("csv", "json")
        },
    )
    response.status_code = 201
    response.headers["Location"] = page.absolute(url_for("saved.view", name=identifier))
    return response


@blueprint.get("/view/<name>")
def view(name: str) -> AnyResponse:
    """The result of a saved query: alone on a page, or with a suffix in a format."""
    identifier, _, suffix = name.partition(".")
    query = read(site().settings.home, identifier)
    if query is None:
        if not suffix and prefers_html(request.headers.get("Accept", "")):
            return missing(request.path)
        abort(404)
    if suffix:
        return answer(QueryRequest(query.text, options={"format": suffix}), service())
    return result_page(query, identifier)


def result_page(query: SavedQuery, identifier: str) -> Response:
    """The page of a saved query's result."""
    page = Page()
    title = query.title or page.voice("save.untitled")
    result: dict[str, Any] = {}
    problem: dict[str, Any] = {}
    try:
        result = run(site().engine, query.text)
        if "table" in result:
            drawn = draw_result(
                site(), result["table"], result["labels"], {}, title, page.voice, query.view
            )
            result["drawn"] = drawn
    except EngineError as error:
        problem = describe(error.kind, vars(error), page.voice.language)
    return respond(
        "saved.html",
        problem.get("status", 200),
        query=query,
        identifier=identifier,
        title=title,
        result=result,
        problem=problem,
        limit=ROWS,
    )
