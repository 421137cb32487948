"""The application factory."""

from collections.abc import Mapping
from importlib import import_module

from flask import Flask, Response, request

from server.engine import ServedEngine
from server.front import raise_failure
from server.http.compression import compress
from server.http.metrics import Metrics
from server.http.problems import register_problems
from server.settings import Settings
from server.site import Site
from server.sparql.federation import Federation

# Modules with a blueprint called `blueprint`: a page is one line here.
VIEWS = (
    "sparql.views",
    "sparql.graph_store",
    "http.health",
    "http.metrics_view",
    "pages.home",
    "linked_data.resource",
    "ontology_pages.views",
    "explain.views",
    "pages.catalogue",
    "pages.search",
    "embed.builder",
    "embed.oembed",
    "embed.views",
    "linked_data.export",
)

SECURITY: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Server": "Maillage",  # instead of the name of a part
}
CORS: Mapping[str, str] = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Retry-After, Content-Language",
}
PREFLIGHT: Mapping[str, str] = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    # `*` is for the headers of libraries; old browsers need the names.
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-None-Match, *",
    "Access-Control-Max-Age": "86400",
}
# A query as a form grows by its percent-encoding: every byte may take three.
ENCODED = 12


def create_app(settings: Settings, engine: ServedEngine) -> Flask:
    """The site as a WSGI application over an engine."""
    app = Flask("server")
    app.config["MAX_CONTENT_LENGTH"] = settings.max_query_length * ENCODED + 65536
    app.extensions["maillage"] = Site(
        settings, engine, Federation(settings.services, settings.limits)
    )
    app.extensions["metrics"] = Metrics()
    register_problems(app)
    for name in VIEWS:
        app.register_blueprint(import_module(f"server.{name}").blueprint)
    app.before_request(answer_preflight)
    app.before_request(raise_failure)
    app.after_request(add_headers)
    app.after_request(compress)
    return app


def answer_preflight() -> Response | None:
    """Admit what a browser asks to do, at any address: else it hides even a 404 from its page."""
    preflight = "Access-Control-Request-Method" in request.headers
    return Response(status=204) if request.method == "OPTIONS" and preflight else None


def add_headers(response: Response) -> Response:
    """Let any page read what is public (errors too), and let none misuse it."""
    headers = {**SECURITY, **CORS, **(PREFLIGHT if request.method == "OPTIONS" else {})}
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    return response
