"""`/metrics`: what the site has done, for Prometheus."""

from flask import Blueprint, Response, current_app
from prometheus_client import CONTENT_TYPE_PLAIN_1_0_0

from server.engine.errors import NoVersion
from server.http.metrics import Metrics
from server.site import site

blueprint = Blueprint("metrics", __name__)


@blueprint.get("/metrics")
def metrics() -> Response:
    """Counts and times since the start, and the version that serves."""
    counted: Metrics = current_app.extensions["metrics"]
    response = Response(counted.exposition(serving()))
    response.headers["Content-Type"] = CONTENT_TYPE_PLAIN_1_0_0
    response.headers["Cache-Control"] = "no-store"
    return response


def serving() -> str | None:
    """The version that answers now; None before the first."""
    try:
        return site().engine.version()
    except NoVersion:
        return None
