"""The limits of each client: how many requests it may have at once."""

import ipaddress
import threading
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from server.engine import client
from server.engine.errors import Busy, EngineError, TooManyRequests
from server.http.middleware import FAILED, observe

# Threads that are kept free of all that is not asked to learn how the site is.
RESERVED = 4
WATCHED = ("/health", "/metrics")
RETRY_AFTER = 2


class Shares:
    """So many at a time in all, so many for one client; threads share it.

    This machine is its operator, or a proxy that was not told of: it has no share but of all
    (`proxied` says that there is none of those).
    """

    def __init__(self, limit: int, most: int, *, proxied: bool) -> None:
        self.limit = limit
        self.most = most
        self.proxied = proxied
        self.lock = threading.Lock()
        self.running: Counter[str] = Counter()

    def enter(self, name: str) -> None:
        """Count a client in. Raises TooManyRequests, or Busy where there are too many in all."""
        with self.lock:
            if self.running[name] >= self.limit and (self.proxied or not is_local(name)):
                raise TooManyRequests(self.limit)
            if self.running.total() >= self.most:
                raise Busy(RETRY_AFTER)
            self.running[name] += 1

    def leave(self, name: str) -> None:
        """Count a client out."""
        with self.lock:
            self.running[name] -= 1
            if self.running[name] <= 0:
                del self.running[name]


class ClientLimits:
    """A WSGI middleware: the requests being answered, by client; nobody may have more than `limit`.

    All together may have the threads but for a few, so that `/health` answers whatever else goes
    on. A request counts until its last byte has gone out, or its reader is given up.
    """

    def __init__(
        self, application: WSGIApplication, limit: int, threads: int, *, proxied: bool
    ) -> None:
        self.application = application
        self.shares = Shares(limit, max(1, threads - RESERVED), proxied=proxied)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The application's answer, or why there is none now."""
        if environ["PATH_INFO"] in WATCHED:
            return self.application(environ, start_response)
        name = network(environ.get("REMOTE_ADDR", ""))
        try:
            self.shares.enter(name)
        except EngineError as error:
            environ[FAILED] = error
            return self.application(environ, start_response)
        client.set(name)
        return observe(
            self.application, environ, start_response, lambda *_: self.shares.leave(name)
        )


@lru_cache(maxsize=1024)
def network(text: str) -> str:
    """An IPv4 address, or the /64 of an IPv6 one, which is what one household has."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))


@lru_cache(maxsize=1024)
def is_local(name: str) -> bool:
    """True where a network is this machine."""
    try:
        return ipaddress.ip_network(name).is_loopback or name == "::/64"
    except ValueError:
        return False
