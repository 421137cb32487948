"""The application factory: Flask, its pages, and the middleware before it."""

import re
from importlib import import_module
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from server.engine import Engine
from server.engine.errors import NoVersion
from server.engine.pool.older import OlderEngines
from server.http.access_log import AccessLog
from server.http.client_limits import ClientLimits
from server.http.compression import compress
from server.http.headers import add_headers, answer_preflight
from server.http.metrics import Measured, Metrics
from server.http.middleware import FAILED
from server.http.problems import refuse_condition, register_problems
from server.http.remembered_language import RememberedLanguage
from server.http.response_cache import ResponseCache
from server.http.transfers import Transfers
from server.pages.rendering import problem_page
from server.settings import MEBIBYTE, Settings
from server.site import Site
from server.sparql.service import QueryService

# Modules with a blueprint called `blueprint`: a page is one line here.
VIEWS = (
    "sparql.views",
    "linked_data.graph_store",
    "http.health",
    "http.metrics_view",
    "pages.home",
    "editor.views",
    "linked_data.resource",
    "linked_data.graphs",
    "linked_data.profiles",
    "ontology_pages.views",
    "explain.views",
    "pages.catalogue",
    "pages.catalogue_documents",
    "pages.saved",
    "pages.search",
    "pages.explore",
    "pages.who",
    "pages.ask",
    "pages.lists",
    "pages.prose",
    "embed.builder",
    "embed.oembed",
    "embed.views",
    "linked_data.export",
    "linked_data.exports.views",
    "linked_data.exports.asked",
    "linked_data.catalogue",
    "linked_data.citing.views",
    "linked_data.citing.later",
    "linked_data.codes",
    "linked_data.sitemap",
    "linked_data.feed",
    "linked_data.history",
)
# A name or an address with its port (RFC 9110, 7.2), the parts of a name no longer than DNS has.
HOST = re.compile(
    r"(?=.{1,255}\Z)(?:(?:[A-Za-z0-9_-]{1,63}\.)*[A-Za-z0-9_-]{1,63}\.?|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?"
)
# A query as a form grows by its percent-encoding: every byte may take three.
ENCODED = 12


def create_app(settings: Settings, engine: Engine) -> Flask:
    """The site as a WSGI application over an engine."""
    app = Flask("server")
    app.config["MAX_CONTENT_LENGTH"] = settings.max_query_length * ENCODED + 65536
    app.config["MAX_FORM_MEMORY_SIZE"] = app.config["MAX_CONTENT_LENGTH"]
    # A redirect to the same path with fewer slashes would hide what is not there.
    app.url_map.merge_slashes = False
    app.extensions["maillage"] = Site(settings, engine)
    app.extensions["query_service"] = QueryService(engine, settings.limits, settings.services)
    older = OlderEngines(settings.limits, settings.queue, settings.older)
    app.extensions["older_engines"] = older
    app.extensions["metrics"] = Metrics()
    app.extensions["problem_page"] = problem_page
    register_problems(app)
    for name in VIEWS:
        app.register_blueprint(import_module(f"server.{name}").blueprint)
    app.before_request(raise_failure)
    app.before_request(answer_preflight)
    app.before_request(ignore_range)
    app.after_request(add_headers)
    app.after_request(compress)
    app.after_request(refuse_condition)  # the last to be named comes first
    app.wsgi_app = put_before(app, settings, engine)  # type: ignore[method-assign,assignment]
    return app


def raise_failure() -> None:
    """Raise what has failed before the application, for it to tell."""
    error: Exception | None = request.environ.get(FAILED)
    if error is not None:
        raise error


def ignore_range() -> None:
    """Send a part to GET alone: to HEAD a Range means nothing (RFC 9110, 14.2)."""
    if request.method != "GET":
        request.environ.pop("HTTP_RANGE", None)


def put_before(app: Flask, settings: Settings, engine: Engine) -> WSGIApplication:
    """The middleware, the innermost first (see `server.http.middleware`)."""

    def version() -> str:
        try:
            return engine.version()
        except NoVersion:
            return ""

    wrapped: WSGIApplication = ResponseCache(app.wsgi_app, version, settings.cache * MEBIBYTE)
    wrapped = RememberedLanguage(wrapped)
    limit, threads, proxied = settings.client_requests, settings.threads, settings.proxies > 0
    wrapped = Transfers(wrapped, app.config["MAX_CONTENT_LENGTH"], threads, proxied=proxied)
    wrapped = ClientLimits(wrapped, limit, threads, proxied=proxied)
    paths = (rule.rule for rule in app.url_map.iter_rules())
    wrapped = Measured(wrapped, app.extensions["metrics"], paths)
    if settings.access_log:
        wrapped = AccessLog(wrapped, settings.access_log, queries=settings.log_queries)
    wrapped = at_base(wrapped, settings.base_url) if settings.base_url else with_plain_host(wrapped)
    if settings.proxies:
        wrapped = ProxyFix(wrapped, x_for=settings.proxies, x_proto=0, x_host=0)
    return wrapped


def at_base(application: WSGIApplication, base_url: str) -> WSGIApplication:
    """The application as if each request had come to its public address, path and all."""
    base = urlsplit(base_url)
    prefix = base.path.rstrip("/")

    def moved(environ: WSGIEnvironment, start_response: StartResponse) -> object:
        environ["wsgi.url_scheme"] = base.scheme
        environ["HTTP_HOST"] = base.netloc
        environ["SCRIPT_NAME"] = prefix
        path = environ["PATH_INFO"]
        if prefix and (path + "/").startswith(prefix + "/"):
            environ["PATH_INFO"] = path[len(prefix) :] or "/"
        return application(environ, start_response)

    return moved  # type: ignore[return-value]


def with_plain_host(application: WSGIApplication) -> WSGIApplication:
    """The application, and its own address in the place of a Host that is none."""

    def checked(environ: WSGIEnvironment, start_response: StartResponse) -> object:
        if not HOST.fullmatch(environ.get("HTTP_HOST", "")):
            environ.pop("HTTP_HOST", None)
        return application(environ, start_response)

    return checked  # type: ignore[return-value]
