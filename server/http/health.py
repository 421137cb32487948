"""`/health`: whether the site can answer queries, and over which version."""

from flask import Blueprint, Response, jsonify

from server.engine.errors import EngineUnavailable, NoVersion
from server.site import site

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
def health() -> Response:
    """200 when queries can be answered, 503 before, and while a remote engine does not answer."""
    try:
        response = jsonify(status="ready", version=site().engine.version())
    except NoVersion as error:
        unavailable = isinstance(error, EngineUnavailable)
        response = jsonify(status="unavailable" if unavailable else "starting")
        response.status_code = 503
        response.headers["Retry-After"] = str(error.retry_after)
    response.headers["Cache-Control"] = "no-store"
    return response
