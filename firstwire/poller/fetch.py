"""One request for one feed, and its result as a value. Never raises for anything that a server does.

Each hop of a redirect passes the address guard; the body is read in chunks up to the limit, which counts decoded bytes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

import aiohttp

from firstwire.addresses import guarded_connector
from firstwire.config import Network
from firstwire.poller.failures import failure_reason, status_reason
from firstwire.poller.headers import Validators, seconds_fresh, seconds_until_retry, validators_of
from firstwire.poller.links import redacted, resolved, web_address_fault

REDIRECT_LIMIT = 5
CONNECT_SECONDS = 10.0
PIECE_BYTES = 64 * 1024
REDIRECTS = frozenset({301, 302, 303, 307, 308})

ACCEPT = (
    "application/rss+xml, application/atom+xml, application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"
)


@dataclass(frozen=True)
class Fetched:
    """A body. `url` is the final address after redirects."""

    url: str
    body: bytes
    content_type: str
    validators: Validators
    fresh_seconds: float | None = None


@dataclass(frozen=True)
class NotModified:
    """The feed has not changed. The server may have renewed its validators."""

    validators: Validators
    fresh_seconds: float | None = None


@dataclass(frozen=True)
class Failed:
    """Why there is no body, in words without the URL. `gone`: permanently."""

    reason: str
    retry_after_seconds: float | None = None
    gone: bool = False


@dataclass(frozen=True)
class FetchLimits:
    """`timeout_seconds` covers the whole request, including redirects and body."""

    timeout_seconds: float
    body_bytes: int


class Fetcher:
    """Fetches feeds. Use `open_fetcher`."""

    def __init__(
        self,
        trusting: aiohttp.ClientSession,
        strict: aiohttp.ClientSession,
        limits: FetchLimits,
        now: Callable[[], datetime],
    ) -> None:
        self._trusting = trusting
        self._strict = strict
        self._limits = limits
        self._now = now

    async def fetch(
        self, url: str, validators: Validators, *, is_private: bool = False
    ) -> Fetched | NotModified | Failed:
        """Fetch a feed, conditionally if there are validators.

        `is_private`: the feed is on a network that the settings allow, so its redirects may stay there. A public feed's
        redirect never reaches a private address, allowed or not.
        """
        try:
            async with asyncio.timeout(self._limits.timeout_seconds):
                return await self._follow(url, validators, is_private)
        except TimeoutError:
            return Failed(f"no complete answer within {self._limits.timeout_seconds:g} s")
        except (aiohttp.ClientError, OSError, ValueError) as err:
            return Failed(failure_reason(err))

    async def _follow(self, url: str, validators: Validators, is_private: bool) -> Fetched | NotModified | Failed:
        for hop in range(REDIRECT_LIMIT + 1):
            fault = web_address_fault(url)
            if fault is not None:
                return Failed(f"redirected to an address that is not allowed: {fault}" if hop else fault)
            session = self._trusting if hop == 0 or is_private else self._strict
            async with session.get(url, headers=validators.request_headers(), allow_redirects=False) as response:
                if response.status not in REDIRECTS:
                    return await self._judged(response, url)
                location = response.headers.get("Location", "")
                target = resolved(url, location)
                if target is None:
                    return Failed(f"HTTP {response.status} to no web address: {redacted(location)[:200]!r}")
                url = target
        return Failed(f"more than {REDIRECT_LIMIT} redirects")

    async def _judged(self, response: aiohttp.ClientResponse, url: str) -> Fetched | NotModified | Failed:
        now = self._now()
        status = response.status
        if status == HTTPStatus.NOT_MODIFIED:
            return NotModified(validators_of(response.headers), seconds_fresh(response.headers, now))
        if status != HTTPStatus.OK:
            return Failed(
                status_reason(status),
                retry_after_seconds=seconds_until_retry(response.headers, now),
                gone=status == HTTPStatus.GONE,
            )
        body = bytearray()
        async for piece in response.content.iter_chunked(PIECE_BYTES):
            body += piece
            if len(body) > self._limits.body_bytes:
                # Content-Length proves nothing: 3 KB of brotli can decode to 2 GiB
                response.close()
                return Failed(f"the body is larger than {self._limits.body_bytes:,} bytes")
        return Fetched(
            url=url,
            body=bytes(body),
            content_type=response.headers.get("Content-Type", ""),
            validators=validators_of(response.headers),
            fresh_seconds=seconds_fresh(response.headers, now),
        )


@asynccontextmanager
async def open_fetcher(
    *,
    allow: tuple[Network, ...],
    limits: FetchLimits,
    user_agent: str,
    concurrency: int,
    now: Callable[[], datetime],
) -> AsyncIterator[Fetcher]:
    """A fetcher with its sessions: no cookies, no proxy from the environment, guarded sockets."""

    def session(networks: tuple[Network, ...]) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=guarded_connector(networks, limit=concurrency),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": user_agent, "Accept": ACCEPT},
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
            trust_env=False,
        )

    async with session(allow) as trusting, session(()) as strict:
        yield Fetcher(trusting, strict, limits, now)
