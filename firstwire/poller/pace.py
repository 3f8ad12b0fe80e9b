"""How often a feed may be asked: our interval, and a floor that only a feed on an allowed private network escapes."""

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
    """Seconds between two visits to a feed, and the least they may be."""

    interval_seconds: float
    floor_seconds: float = FLOOR_SECONDS

    @property
    def is_private(self) -> bool:
        return self.floor_seconds < FLOOR_SECONDS


class Paces:
    """Finds each feed's pace once its host has been resolved, and keeps it."""

    def __init__(self, interval_seconds: float, allow: tuple[Network, ...]) -> None:
        self._interval_seconds = interval_seconds
        self._allow = allow
        self._known: dict[str, bool] = {}

    async def pace_of(self, url: str) -> VisitInterval:
        """The pace of a feed; that of a public one where its host cannot be resolved now."""
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
    """Whether all of a host's addresses that we may connect to are open only because the settings allow them."""
    reachable = [address for address in addresses if refusal(address, allow) is None]
    return bool(reachable) and all(refusal(address) is not None for address in reachable)
