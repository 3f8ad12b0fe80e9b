"""How often a feed may be polled: the interval, and a minimum for all but feeds on allowed private networks."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass

from firstwire.addresses import refusal
from firstwire.config import Network
from firstwire.poller.links import host_of
from firstwire.poller.schedule import FLOOR_SECONDS


@dataclass(frozen=True)
class VisitInterval:
    """Seconds between two visits to a feed, and their minimum."""

    interval_seconds: float
    floor_seconds: float = FLOOR_SECONDS

    @property
    def is_private(self) -> bool:
        return self.floor_seconds < FLOOR_SECONDS


class Paces:
    """Determines each feed's interval by resolving its host, and caches it."""

    def __init__(self, interval_seconds: float, allow: tuple[Network, ...]) -> None:
        self._interval_seconds = interval_seconds
        self._allow = allow
        self._known: dict[str, bool] = {}

    async def pace_of(self, url: str) -> VisitInterval:
        """The interval of a feed; that of a public one if its host cannot be resolved now."""
        host = host_of(url)
        if not self._allow:
            return VisitInterval(self._interval_seconds)
        if host not in self._known:
            try:
                found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
            except (OSError, UnicodeError):
                return VisitInterval(self._interval_seconds)
            self._known[host] = is_private_network([str(place[0]) for *_, place in found], self._allow)
        return (
            VisitInterval(self._interval_seconds, 0.0) if self._known[host] else VisitInterval(self._interval_seconds)
        )


def is_private_network(addresses: list[str], allow: tuple[Network, ...]) -> bool:
    """Whether all permitted addresses of a host are permitted only by `allow`."""
    reachable = [address for address in addresses if refusal(address, allow) is None]
    return bool(reachable) and all(refusal(address) is not None for address in reachable)
