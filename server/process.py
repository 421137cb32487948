"""A process that speaks HTTP: `python -m server.process SOCKET`, a descriptor that listens.

Everything else comes from the environment, where `serve` has put it.
"""

import asyncio
import gc
import os
import re
import resource
import signal
import socket
import sys

import uvloop
from flask import Flask

from server.app import CORS, SECURITY, create_app
from server.cache import Cache
from server.clients import Clients
from server.engine import ServedEngine
from server.engine.embedded import EmbeddedEngine
from server.engine.pool.fork_server import die_with
from server.front import Front
from server.journal import AccessLog, Journal
from server.listener import Server
from server.querying import Queries
from server.reply import Reply
from server.settings import MEBIBYTE, SettingError, Settings

PARENT = "MAILLAGE_PARENT"
# Connections of a process, most of them idle or slow.
CONNECTIONS = 8192
# Files that a process may have open beside them.
FILES = 1024


def places(app: Flask) -> frozenset[str]:
    """The first parts of the paths where something is: `sparql`, `id`, `queries`."""
    paths = (rule.rule.lstrip("/") for rule in app.url_map.iter_rules())
    return frozenset(re.split(r"[/.<]", path, maxsplit=1)[0] for path in paths)


def engine_of(settings: Settings) -> ServedEngine:
    """The engine that is to answer: a remote one where it is named, else the host's evaluators."""
    pool = settings.pool_of_process
    if settings.engine:
        from server.engine.remote.client import RemoteEngine  # which takes a while to load
        from server.engine.remote.transport import Credentials

        credentials = Credentials(settings.engine_user, settings.engine_password)
        return RemoteEngine(settings.engine, settings.limits, credentials, pool.evaluators)
    if settings.sockets is None:
        raise SettingError("sockets: no host has said where its evaluators are; start with `serve`")
    return EmbeddedEngine(settings.sockets, settings.limits, pool)


def put_before(app: Flask, engine: ServedEngine, settings: Settings) -> Front:
    """The cache, the limits of clients and the journal before the site."""
    cache: Cache[Reply] = Cache(settings.cache * MEBIBYTE)
    headers = (*SECURITY.items(), *CORS.items())
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


def connections() -> int:
    """How many connections a process may have, once it may have as many files as it can get."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft == resource.RLIM_INFINITY:
        return CONNECTIONS
    return min(CONNECTIONS, max(1, soft // 2))


async def answer(listener: socket.socket, settings: Settings) -> None:
    """Answer requests until SIGTERM; those that run then are finished."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    engine = engine_of(settings)
    front = put_before(create_app(settings, engine), engine, settings)
    front.start(loop)
    gc.freeze()
    gc.set_threshold(50_000)  # what requests leave goes without it
    await Server(front.receive, front.queries.headers, connections()).serve(listener, stop)


def main() -> None:
    """Serve on the socket that was handed down."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who started it
    if PARENT in os.environ:
        die_with(int(os.environ[PARENT]))
    listener = socket.socket(fileno=int(sys.argv[1]))
    listener.setblocking(False)
    uvloop.run(answer(listener, Settings.from_environment(os.environ)))
    os._exit(0)  # threads that still work for somebody who has left


if __name__ == "__main__":
    main()
