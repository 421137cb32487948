"""The application factory."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module

from flask import Flask, Response, current_app, request

from server.engine import Engine
from server.problems import register_problems
from server.settings import Settings
from server.versions import Version, version_at

# A view is a module of `server.views` with a blueprint of that name; a page is one line here.
VIEWS = (
    "sparql",
    "health",
    "pages",
    "resource",
    "definition",
    "catalogue",
    "search",
    "embed",
    "export",
)

SECURITY: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
CORS: Mapping[str, str] = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Retry-After, Content-Language",
}
PREFLIGHT: Mapping[str, str] = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
# A query as a form grows by its percent-encoding: every byte may take three.
ENCODED = 12


@dataclass(frozen=True)
class Site:
    """What every view needs; found by `site()`."""

    settings: Settings
    engine: Engine

    def current_version(self) -> Version:
        """The version that answers now; raises NoVersion before the first."""
        return version_at(self.settings.home, self.engine.version())


def site() -> Site:
    """The site that the request at hand came to."""
    found: Site = current_app.extensions["maillage"]
    return found


def create_app(settings: Settings, engine: Engine) -> Flask:
    """The site as a WSGI application over an engine."""
    app = Flask("server")
    app.config["MAX_CONTENT_LENGTH"] = settings.max_query_length * ENCODED + 65536
    app.extensions["maillage"] = Site(settings, engine)
    register_problems(app)
    for name in VIEWS:
        app.register_blueprint(import_module(f"server.views.{name}").blueprint)
    app.after_request(add_headers)
    return app


def add_headers(response: Response) -> Response:
    """Let any page read what is public (errors too), and let none misuse it."""
    headers = {**SECURITY, **CORS, **(PREFLIGHT if request.method == "OPTIONS" else {})}
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    return response
