"""The application as granian loads it, in each of its processes.

Everything comes from the environment, where `serve` has put it.
"""

import gc
import os
import re

from flask import Flask

from server.app import CORS, SECURITY, create_app
from server.cache import Cache
from server.clients import Clients
from server.engine import ServedEngine
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


def engine_of(settings: Settings) -> ServedEngine:
    """The engine that is to answer: a remote one where it is named, else the host's evaluators."""
    pool = settings.pool_of_process
    if settings.engine:
        from server.engine.remote import RemoteEngine  # which takes a while to load
        from server.engine.transport import Credentials

        credentials = Credentials(settings.engine_user, settings.engine_password)
        return RemoteEngine(settings.engine, settings.limits, credentials, pool.evaluators)
    if settings.sockets is None:
        raise SettingError("sockets: no host has said where its evaluators are; start with `serve`")
    return EmbeddedEngine(settings.sockets, settings.limits, pool)


def put_before(app: Flask, engine: ServedEngine, settings: Settings) -> Front:
    """The cache, the limits of clients and the journal before the site."""
    cache: Cache[Reply] = Cache(settings.cache * MEBIBYTE)
    headers = [*SECURITY.items(), *CORS.items()]
    federation = app.extensions["maillage"].federation
    log = None
    if settings.access_log:
        log = AccessLog(settings.access_log, queries=settings.log_queries)
    return Front(
        app,
        Queries(engine, settings.limits, cache, federation, settings.base_url, headers),
        cache,
        Clients(settings.client_requests, settings.proxies),
        Journal(places(app), app.extensions["metrics"], log),
        threads=settings.threads,
        longest=app.config["MAX_CONTENT_LENGTH"],
    )


def make_app() -> Front:
    """The application over the engine that the environment names."""
    settings = Settings.from_environment(os.environ)
    if PARENT in os.environ:
        die_with(int(os.environ[PARENT]))
    engine = engine_of(settings)
    gc.freeze()
    gc.set_threshold(50_000)  # what requests leave goes without it
    return put_before(create_app(settings, engine), engine, settings)
