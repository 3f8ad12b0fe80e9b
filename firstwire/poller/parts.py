"""What visits and reads feeds, opened with the poller's settings: the same for the poller and for a single look."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from firstwire.config import PollerSection, networks
from firstwire.core.text.durations import seconds
from firstwire.poller.fetch import Fetcher, FetchLimits, open_fetcher
from firstwire.poller.pace import Paces
from firstwire.poller.parse import Parser


@dataclass(frozen=True)
class PollerParts:
    """The sockets and the worker processes."""

    fetcher: Fetcher
    parser: Parser
    paces: Paces


@asynccontextmanager
async def open_parts(poller: PollerSection, now: Callable[[], datetime]) -> AsyncIterator[PollerParts]:
    """The parts, closed at the end."""
    allow = networks(poller.allow_private_addresses)
    limits = FetchLimits(timeout_seconds=seconds(poller.timeout), body_bytes=poller.body_limit_bytes)
    async with (
        Parser(workers=poller.parse_workers) as parser,
        open_fetcher(allow=allow, limits=limits, user_agent=poller.user_agent, now=now) as fetcher,
    ):
        paces = Paces(seconds(poller.interval), allow, fetcher.resolver, seconds(poller.longest_interval))
        yield PollerParts(fetcher, parser, paces)
