"""Who asks, and how much each may ask at once."""

import ipaddress
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from wsgiref.types import WSGIEnvironment

from server.engine.errors import TooManyRequests


class Clients:
    """The requests being answered, by client; nobody may have more than `limit`.

    `proxies` is the number of proxies in front, each of which adds the address that it sees to
    X-Forwarded-For: what stands further left anyone could have written. Without one, requests of
    this machine are those of its operator, or of a proxy that was not told of, and are not limited.
    """

    def __init__(self, limit: int, proxies: int) -> None:
        self.limit = limit
        self.proxies = proxies
        self.running: Counter[str] = Counter()
        self.lock = threading.Lock()

    def address(self, environ: WSGIEnvironment) -> str | None:
        """The network of the client; None where it is not limited."""
        text = environ.get("REMOTE_ADDR", "")
        if self.proxies:
            told = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
            text = told[-self.proxies] if len(told) >= self.proxies else told[0]
        return network(text.strip(), local=bool(self.proxies))

    def enter(self, environ: WSGIEnvironment) -> Callable[[], None]:
        """Count a request in; what comes back counts it out. Raises TooManyRequests."""
        client = self.address(environ)
        if client is None:
            return nothing
        with self.lock:
            if self.running[client] >= self.limit:
                raise TooManyRequests(self.limit)
            self.running[client] += 1
        return lambda: self.leave(client)

    def leave(self, client: str) -> None:
        """Count a request out."""
        with self.lock:
            self.running[client] -= 1
            if self.running[client] <= 0:
                del self.running[client]


def nothing() -> None:
    """What there is to do for who is not counted."""


def network(text: str, *, local: bool) -> str | None:
    """An IPv4 address, or the /64 of an IPv6 one, which is what one household has."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text if local else None
    if address.is_loopback and not local:
        return None
    if address.version == 6 and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


class Watched:
    """A body that tells when it is closed."""

    def __init__(self, chunks: Iterable[bytes], done: Callable[[], None]) -> None:
        self.chunks = chunks
        self.done = done

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.chunks)

    def close(self) -> None:
        """Close the body beneath and tell, once."""
        done, self.done = self.done, nothing
        try:
            close = getattr(self.chunks, "close", None)
            if close is not None:
                close()
        finally:
            done()
