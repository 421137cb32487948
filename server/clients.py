"""Who asks, and how much each may ask at once."""

import ipaddress
from collections import Counter
from functools import lru_cache

from server.engine.errors import TooManyRequests

LONGEST = 64
"""What an address is cut at, which none is: callers write what they like."""


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

    def address(self, peer: str, forwarded: str) -> str | None:
        """The network of the client; None where it is not limited."""
        if self.proxies:
            told = forwarded.split(",")
            peer = told[-self.proxies] if len(told) >= self.proxies else told[0]
        return network(peer.strip()[:LONGEST], local=bool(self.proxies))

    def enter(self, client: str | None) -> None:
        """Count a request in. Raises TooManyRequests."""
        if client is not None:
            if self.running[client] >= self.limit:
                raise TooManyRequests(self.limit)
            self.running[client] += 1

    def leave(self, client: str | None) -> None:
        """Count a request out."""
        if client is not None:
            self.running[client] -= 1
            if self.running[client] <= 0:
                del self.running[client]


@lru_cache(maxsize=1024)
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
