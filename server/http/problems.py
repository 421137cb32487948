"""Every error as a problem document (RFC 9457), or as text or HTML for those who prefer it.

The words stand in `problems.yml`, in French and English. An answer never shows a stack trace.
"""

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml
from babel.numbers import format_decimal
from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

from server.engine.errors import EngineError
from server.http.errors import ProtocolError
from server.http.middleware import PROBLEM as PROBLEM_OF_REQUEST
from server.http.negotiation import UnknownFormat, accepted, choose_language

PROBLEM = "application/problem+json"
FORMATS = {
    "application/problem+json": PROBLEM,
    "application/json": PROBLEM,
    "text/html": "text/html; charset=utf-8",
    "text/plain": "text/plain; charset=utf-8",
}
KINDS_BY_STATUS = {404: "not-found", 405: "method", 413: "body-size"}


@lru_cache(maxsize=1)
def texts() -> dict[str, dict[str, Any]]:
    """The texts that callers are told, by kind of problem."""
    table: dict[str, dict[str, Any]] = yaml.load(
        files("server").joinpath("problems.yml").read_text(encoding="utf-8"), yaml.CSafeLoader
    )
    return table


def describe(kind: str, facts: Mapping[str, object], language: str) -> dict[str, Any]:
    """The members of a problem document; the facts follow as members of their own."""
    entry = texts()[kind]
    entry = {**entry, **entry.get("reasons", {}).get(facts.get("reason"), {})}
    said = {
        name: format_decimal(fact, locale=language) if isinstance(fact, float) else fact
        for name, fact in facts.items()
    }
    return {
        "type": f"https://w3id.org/maillage/problem/{kind}",
        "title": entry["title"][language],
        "status": entry["status"],
        "detail": entry["detail"][language].format_map(said),
        "advice": entry["advice"][language].format_map(said),
        **facts,
    }


def problem_response(kind: str, facts: Mapping[str, object], status: int | None = None) -> Response:
    """The answer to the request at hand when it has met this problem."""
    language = choose_language(request.headers.get("Accept-Language", ""), request.args.get("lang"))
    problem = describe(kind, facts, language)
    problem["status"] = status or problem["status"]
    # A problem is told in any case: where nothing fits, the document is sent (RFC 9110, 12.4.1).
    accept = accepted(request.headers.get("Accept", ""))
    content_type = FORMATS[accept.best_match(list(FORMATS)) or PROBLEM]
    request.environ[PROBLEM_OF_REQUEST] = kind
    response = Response(write(problem, content_type), problem["status"])
    response.headers["Content-Type"] = content_type
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = "no-store"
    response.vary.update(("Accept", "Accept-Language"))
    if facts.get("retry_after"):
        response.headers["Retry-After"] = str(facts["retry_after"])
    return response


def refuse_condition(response: Response) -> Response:
    """The response, or without its content what a condition that does not hold is told (412)."""
    if response.status_code != 412 or PROBLEM_OF_REQUEST in request.environ:
        return response
    response.close()
    return problem_response("condition", {"etag": response.headers.get("ETag", "")})


def write(problem: dict[str, Any], content_type: str) -> str:
    """A problem as JSON, a page of the site or plain text."""
    if content_type == PROBLEM:
        return json.dumps(problem, ensure_ascii=False) + "\n"
    if content_type.startswith("text/html"):
        page: Callable[[Mapping[str, object]], str] = current_app.extensions["problem_page"]
        return page(problem)
    return "{title}\n{detail}\n{advice}\n".format_map(problem)


def register_problems(app: Flask) -> None:
    """Let the application answer every error in this way."""

    @app.errorhandler(EngineError)
    def engine_error(error: EngineError) -> Response:
        return problem_response(error.kind, vars(error))

    @app.errorhandler(ProtocolError)
    def protocol_error(error: ProtocolError) -> Response:
        return problem_response(error.kind, error.facts, error.status)

    @app.errorhandler(UnknownFormat)
    def unknown_format(error: UnknownFormat) -> Response:
        return problem_response(
            "format", {"given": error.name, "offered": ", ".join(error.offered)}
        )

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        status = error.code or 500
        kind = KINDS_BY_STATUS.get(status, "request" if status < 500 else "internal")
        allowed = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
        facts = {
            "not-found": {"path": request.path},
            "method": {"method": request.method, "allowed": allowed},
        }.get(kind, {})
        response = problem_response(kind, facts, status)
        if allowed:
            response.headers["Allow"] = allowed
        return response

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        app.logger.exception("Unexpected %s", type(error).__name__)
        return problem_response("internal", {})
