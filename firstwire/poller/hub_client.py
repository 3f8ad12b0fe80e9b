"""Asks hubs to push feeds (WebSub). Never raises for anything that a hub does.

Each hop of a redirect passes the address guard.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import aiohttp
from aiohttp.abc import AbstractResolver

from firstwire.addresses import as_refused
from firstwire.config import Network
from firstwire.core.text.wording import cut
from firstwire.poller.failures import failure_reason, status_reason
from firstwire.poller.fetch import REDIRECT_LIMIT, guarded_session
from firstwire.poller.headers import seconds_until_retry
from firstwire.poller.hub_subscriptions import words_of_hub
from firstwire.poller.links import is_same_server, resolved, web_address_fault
from schemas.feed import HubSubscription

ANSWER_SECONDS = 10.0
REASON_BYTES = 1_024
REASON_LIMIT_CHARACTERS = 120
REPEATING = frozenset({307, 308})
"""Redirects after which the request is made again as it was."""


@dataclass(frozen=True)
class HubRefusal:
    """Why a hub was not asked, or refuses. `wait`: for so long, if it says so."""

    reason: str
    wait: timedelta | None = None


class HubClient:
    """Use `open_hub_client`."""

    def __init__(
        self, trusting: aiohttp.ClientSession, strict: aiohttp.ClientSession, now: Callable[[], datetime]
    ) -> None:
        self._trusting = trusting
        self._strict = strict
        self._now = now

    async def ask(self, push: HubSubscription, lease_seconds: float, *, own_url: str | None) -> HubRefusal | None:
        """Ask the hub to push, for so long. None if it has taken the request, and will ask to confirm it.

        `own_url`: where the feed is subscribed, if it is on a network that the settings allow: its hub may be on that
        server too, host and port. None other is asked at a private address, allowed or not.
        """
        form = {
            "hub.mode": "subscribe",
            "hub.topic": push.topic,
            "hub.callback": push.callback,
            "hub.secret": push.secret,
            "hub.lease_seconds": str(int(lease_seconds)),
        }
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await self._asked(push, form, own_url)
        except TimeoutError:
            return HubRefusal(f"no answer within {ANSWER_SECONDS:g} s")
        except (aiohttp.ClientError, OSError, ValueError) as err:
            refused = as_refused(err)
            if refused is not None:
                return HubRefusal(f"neither public nor the feed's own server: {refused}")
            return HubRefusal(words_of_hub(push, failure_reason(err)))

    async def _asked(self, push: HubSubscription, form: dict[str, str], own_url: str | None) -> HubRefusal | None:
        url = push.hub
        for _ in range(REDIRECT_LIMIT + 1):
            fault = web_address_fault(url)
            if fault is not None:
                return HubRefusal(fault)
            is_trusted = own_url is not None and is_same_server(own_url, url)
            session = self._trusting if is_trusted else self._strict
            async with session.post(url, data=form, allow_redirects=False) as response:
                if response.status in REPEATING:
                    location = response.headers.get("Location")
                    target = resolved(url, location) if location else None
                    if target is None:
                        return HubRefusal(f"{status_reason(response.status)} to no web address")
                    url = target
                    continue
                if response.status < 300:
                    return None
                said = (await response.content.read(REASON_BYTES)).decode("utf-8", "replace")
                is_text = response.content_type == "text/plain" and said.strip()
                what = f": {cut(words_of_hub(push, said), REASON_LIMIT_CHARACTERS)}" if is_text else ""
                wait = seconds_until_retry(response.headers, self._now())
                return HubRefusal(
                    f"{status_reason(response.status)}{what}", None if wait is None else timedelta(seconds=wait)
                )
        return HubRefusal(f"more than {REDIRECT_LIMIT} redirects")


@asynccontextmanager
async def open_hub_client(
    *, allow: tuple[Network, ...], resolver: AbstractResolver, user_agent: str, now: Callable[[], datetime]
) -> AsyncIterator[HubClient]:
    """A client with its sessions."""
    async with (
        guarded_session(allow, resolver, user_agent) as trusting,
        guarded_session((), resolver, user_agent) as strict,
    ):
        yield HubClient(trusting, strict, now)
