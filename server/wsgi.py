"""The application as granian loads it, in each of its processes.

Everything comes from the environment, where `serve` has put it.
"""

import os
import re
from wsgiref.types import WSGIApplication

from flask import Flask

from server.app import CORS, SECURITY, create_app
from server.cache import Cache
from server.clients import Clients
from server.engine import Engine
from server.engine.embedded import EmbeddedEngine
from server.engine.zygote import die_with
from server.front import Front
from server.journal import AccessLog, Journal
from server.querying import Queries
from server.reply import Reply
from server.settings import MEBIBYTE, SettingError, Settings

PARENT = "MAILLAGE_PARENT"


def places(app: Flask) -> frozenset[str]:
    """The first parts of the paths where something is: `sparql`, `id`, `queries`."""
    paths = (rule.rule.lstrip("/") for rule in app.url_map.iter_rules())
    return frozenset(re.split(r"[/.<]", path, maxsplit=1)[0] for path in paths)


def put_before(app: Flask, engine: Engine, settings: Settings) -> Front:
    """The cache and the limits of clients before the site."""
    cache: Cache[Reply] = Cache(settings.cache * MEBIBYTE)
    headers = [*SECURITY.items(), *CORS.items()]
    queries = Queries(engine, settings.limits, cache, headers)
    return Front(app, queries, cache, Clients(settings.client_requests, settings.proxies))


def make_app() -> WSGIApplication:
    """The application over the evaluators of the host that started this process."""
    settings = Settings.from_environment(os.environ)
    if settings.sockets is None:
        raise SettingError("sockets: no host has said where its evaluators are; start with `serve`")
    if PARENT in os.environ:
        die_with(int(os.environ[PARENT]))
    engine = EmbeddedEngine(settings.sockets, settings.limits, settings.pool_of_process)
    app = create_app(settings, engine)
    log = None
    if settings.access_log:
        log = AccessLog(settings.access_log, queries=settings.log_queries)
    # Outermost, to see every answer, whoever gives it.
    return Journal(put_before(app, engine, settings), places(app), app.extensions["metrics"], log)
