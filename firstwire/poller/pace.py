"""How often a feed may be polled: the interval, and a minimum for all but feeds on allowed private networks."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass

from aiohttp.abc import AbstractResolver

from firstwire.addresses import refusal
from firstwire.config import Network
from firstwire.poller.domains import is_ip_address
from firstwire.poller.feed_options import FeedOptions
from firstwire.poller.schedule import CAP_SECONDS, FLOOR_SECONDS

RESOLVE_SECONDS = 5.0


@dataclass(frozen=True)
class VisitInterval:
    """Seconds between two visits to a feed, their minimum, and the maximum that its publisher may ask for."""

    interval_seconds: float
    floor_seconds: float = FLOOR_SECONDS
    ceiling_seconds: float = CAP_SECONDS
    is_chosen: bool = False
    """A person set it for this feed."""

    @property
    def is_private(self) -> bool:
        return self.floor_seconds < FLOOR_SECONDS


class Paces:
    """The interval of feeds on public hosts and on hosts of allowed private networks. Hosts are resolved once."""

    def __init__(
        self,
        interval_seconds: float,
        allow: tuple[Network, ...],
        resolver: AbstractResolver,
        ceiling_seconds: float = CAP_SECONDS,
    ) -> None:
        self.interval_seconds = interval_seconds
        self._ceiling_seconds = ceiling_seconds
        self._allow = allow
        self._resolver = resolver
        self._known: dict[str, bool] = {}

    def known(self, host: str) -> bool | None:
        """Whether a host is on an allowed private network; None if it must be resolved first."""
        if not self._allow:
            return False
        if host not in self._known and is_ip_address(host):
            self._known[host] = is_private_network([host], self._allow)
        return self._known.get(host)

    async def resolve(self, host: str) -> bool:
        """The same, resolved. A host that cannot be resolved now is taken for a public one."""
        known = self.known(host)
        if known is not None:
            return known
        try:
            async with asyncio.timeout(RESOLVE_SECONDS):
                found = await self._resolver.resolve(host, 0, socket.AF_UNSPEC)
        except (OSError, ValueError):
            return False
        self._known[host] = is_private_network([place["host"] for place in found], self._allow)
        return self._known[host]

    async def pace_of(self, host: str, options: FeedOptions) -> VisitInterval:
        """The interval of a feed on a host."""
        is_private = await self.resolve(host)
        return VisitInterval(
            options.interval_seconds or self.interval_seconds,
            0.0 if is_private else FLOOR_SECONDS,
            options.longest_interval_seconds or self._ceiling_seconds,
            options.interval_seconds is not None,
        )


def is_private_network(addresses: list[str], allow: tuple[Network, ...]) -> bool:
    """Whether all permitted addresses of a host are permitted only by `allow`."""
    reachable = [address for address in addresses if refusal(address, allow) is None]
    return bool(reachable) and all(refusal(address) is not None for address in reachable)
