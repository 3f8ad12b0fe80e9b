"""One request for one feed, and its result as a value. Never raises for anything that a server does.

Each hop of a redirect passes the address guard; the body is read in chunks up to the limit, which counts decoded bytes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from http import HTTPStatus
from types import MappingProxyType
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from firstwire.addresses import as_refused, guarded_connector
from firstwire.config import Network
from firstwire.poller.answers import Answer, Failed, Fetched, NotModified
from firstwire.poller.failures import failure_kind, failure_reason, is_silence, refusal_of
from firstwire.poller.headers import Validators, seconds_fresh, validators_of
from firstwire.poller.hub_links import hub_links_of_header
from firstwire.poller.links import host_of, is_same_server, redacted, resolved, web_address_fault

REDIRECT_LIMIT = 5
CONNECT_SECONDS = 10.0
PIECE_BYTES = 64 * 1024
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})
WITH_FEED = frozenset({HTTPStatus.OK, HTTPStatus.NON_AUTHORITATIVE_INFORMATION, HTTPStatus.IM_USED})

FAST_VISIT_SECONDS = 4.0
"""A visit that takes longer is tried again in the slow lane, so that whatever a server does is refused within 5 s."""

TRICKLE_SECONDS = 3.5
TRICKLE_BYTES_PER_SECOND = 1_024
"""A body that comes in more slowly is given up: the visit would end before it."""

LARGE_BODY_BYTES = 1024 * 1024
LARGE_BODIES = 1
"""So many bodies of more than a megabyte are held in memory at a time, in each lane, until they are read."""

RESOLVE_SECONDS, RESOLVE_TRIES = 2.0, 2
"""Not by the operating system, whose few threads a hundred dead domains would keep busy for minutes."""

HEADER_LIMIT_BYTES = 64 * 1024
"""Of one line of the header: policies for browsers of 9 kB have been seen."""

BEGINNING_BYTES, BEGINNING_SECONDS = 400, 1.0
"""What a person sees of a body that is no feed."""

NO_HEADERS: Mapping[str, str] = MappingProxyType({})

ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"
)


ACCEPT_PAGE = "text/html, application/xhtml+xml;q=0.9, text/plain;q=0.5, */*;q=0.1"
PAGE_LIMIT_BYTES = 4 * 1024 * 1024
"""Of the page of an article: the median of news pages is 0.2 MB."""


@dataclass(frozen=True)
class FetchLimits:
    """`timeout_seconds` covers a whole visit in the slow lane, including redirects and body."""

    timeout_seconds: float
    body_bytes: int

    def visit_seconds(self, *, is_slow: bool) -> float:
        """How long a visit may take."""
        return self.timeout_seconds if is_slow else min(FAST_VISIT_SECONDS, self.timeout_seconds)


class Fetcher:
    """Fetches feeds. Use `open_fetcher`."""

    def __init__(
        self,
        trusting: aiohttp.ClientSession,
        strict: aiohttp.ClientSession,
        limits: FetchLimits,
        now: Callable[[], datetime],
        resolver: AbstractResolver,
    ) -> None:
        self.resolver = resolver
        self._trusting = trusting
        self._strict = strict
        self._limits = limits
        self._now = now
        self._large = {lane: asyncio.Semaphore(LARGE_BODIES) for lane in ("normal", "slow", "page")}

    @asynccontextmanager
    async def answer(
        self,
        url: str,
        validators: Validators,
        *,
        own_url: str,
        is_private: bool = False,
        is_slow: bool = False,
        own_headers: Mapping[str, str] = NO_HEADERS,
        is_page: bool = False,
        keeps_beginning: bool = False,
    ) -> AsyncIterator[Answer]:
        """Fetch a feed, conditionally if there are validators. The memory of its body counts until the block ends.

        `own_url`: where the feed is subscribed. Networks that the settings allow are for that server alone, host and
        port: wherever else the feed is or leads must be public. `is_private`: it is on such a network, so that its
        redirects may stay on its server; a public feed's never reach a private address. `is_slow`: in the slow lane,
        with more time. `own_headers` may be secrets, and are sent to that server alone. `is_page`: it is no feed, but a
        page that one names, so that the same holds as for a redirect. `keeps_beginning`: also of what is no feed.
        """
        async with AsyncExitStack() as held:
            visit = _FetchVisit(validators, own_url, is_private, is_slow, held, own_headers, is_page, keeps_beginning)
            yield await self._timed(url, visit)

    async def _timed(self, url: str, visit: _FetchVisit) -> Answer:
        """The answer, and whether the server took longer than a visit in the fast lane may."""
        clock = asyncio.get_running_loop().time
        began = clock()
        answer = await self._answered(url, visit)
        took_seconds = clock() - began - visit.held_up_seconds
        is_slow = took_seconds > self._limits.visit_seconds(is_slow=False)
        return replace(answer, was_slow=answer.was_slow or is_slow)

    async def _answered(self, url: str, visit: _FetchVisit) -> Answer:
        seconds = self._limits.visit_seconds(is_slow=visit.is_slow)
        try:
            async with asyncio.timeout(seconds) as visit.time_left:
                return await self._follow(url, visit)
        except TimeoutError:
            reason = f"no complete answer within {seconds:g} s"
            return Failed(reason, kind="slow", was_slow=True, is_silent=not visit.has_answered)
        except (aiohttp.ClientError, OSError, ValueError) as err:
            kind = failure_kind(err)
            if kind == "refused" and not visit.is_trusted:
                how = "redirected to" if visit.is_redirected else "at"
                what = "neither public nor the feed's own server" if visit.is_private else "not public"
                return Failed(f"{how} an address that is {what}: {as_refused(err)}", "answer")
            return Failed(failure_reason(err), kind, is_silent=is_silence(err) and not visit.has_answered)

    async def _follow(self, url: str, visit: _FetchVisit) -> Answer:
        cookies = aiohttp.CookieJar(unsafe=True)
        for hop in range(REDIRECT_LIMIT + 1):
            visit.host = host_of(url)
            visit.is_redirected = hop > 0
            fault = web_address_fault(url)
            if fault is not None:
                return Failed(f"redirected to an address that is not allowed: {fault}" if hop else fault)
            is_own = is_same_server(visit.own_url, url)
            visit.is_trusted = is_own and (visit.is_private or (hop == 0 and not visit.is_page))
            session = self._trusting if visit.is_trusted else self._strict
            async with session.get(
                url,
                headers={
                    **({"Accept": ACCEPT_PAGE} if visit.is_page else NO_HEADERS),
                    **visit.validators.request_headers(),
                    **(visit.own_headers if is_own else NO_HEADERS),
                },
                cookies=cookies.filter_cookies(URL(url)),
                allow_redirects=False,
            ) as response:
                visit.has_answered = True
                if response.status not in REDIRECTS:
                    return await self._judged(response, url, visit)
                # Some sites redirect to the same address until a cookie comes back
                cookies.update_cookies(response.cookies, response.url)
                location = response.headers.get("Location", "")
                target = resolved(url, location)
                if target is None:
                    return Failed(f"HTTP {response.status} to no web address: {redacted(location)[:200]!r}")
                visit.is_permanent &= response.status in PERMANENT and not _is_downgrade(url, target)
                url = target
        return Failed(f"more than {REDIRECT_LIMIT} redirects")

    async def _judged(self, response: aiohttp.ClientResponse, url: str, visit: _FetchVisit) -> Answer:
        now = self._now()
        status = response.status
        if status == HTTPStatus.NOT_MODIFIED:
            if not visit.validators.request_headers():
                return Failed("HTTP 304 Not Modified, to a request without validators")
            says_nothing = "Cache-Control" not in response.headers and "Expires" not in response.headers
            fresh_seconds = None if says_nothing else seconds_fresh(response.headers, now) or 0.0
            return NotModified(validators_of(response.headers), fresh_seconds, visit.moved_to(url))
        if status not in WITH_FEED:
            return replace(
                refusal_of(status, response.headers, visit.host, now),
                url=url,
                content_type=response.headers.get("Content-Type", ""),
                beginning=await _beginning(response) if visit.keeps_beginning else b"",
            )
        body = await self._body(response, visit)
        if isinstance(body, Failed):
            # The connection must not be used again: there is more to come
            response.close()
            return body
        links = hub_links_of_header(response.headers.getall("Link", ()), url)
        return Fetched(
            url=url,
            body=body,
            content_type=response.headers.get("Content-Type", ""),
            validators=validators_of(response.headers),
            fresh_seconds=seconds_fresh(response.headers, now),
            moved_to=visit.moved_to(url),
            is_partial=status == HTTPStatus.IM_USED,
            hubs=links.hubs,
            topic=links.topic,
        )

    async def _body(self, response: aiohttp.ClientResponse, visit: _FetchVisit) -> bytes | Failed:
        clock, body, limit = asyncio.get_running_loop().time, bytearray(), self._limits.body_bytes
        if visit.is_page:
            limit = min(limit, PAGE_LIMIT_BYTES)
        began = judged_at = clock()
        while True:
            try:
                async with asyncio.timeout_at(judged_at + TRICKLE_SECONDS):
                    piece = await response.content.read(PIECE_BYTES)
            except TimeoutError:
                judged_at = clock()
                if len(body) < TRICKLE_BYTES_PER_SECOND * (judged_at - began):
                    reason = f"the body trickles: {len(body):,} bytes in {judged_at - began:.0f} s"
                    return Failed(reason, kind="slow", was_slow=True)
                continue
            if not piece:
                return bytes(body)
            is_large = len(body) > LARGE_BODY_BYTES
            body += piece
            # Content-Length proves nothing: 3 KB of Brotli can decode to 2 GiB
            if len(body) > limit:
                hint = "" if visit.is_page else "; poller.body_limit_bytes is the limit"
                return Failed(f"the body is larger than {limit:,} bytes{hint}", "refused")
            if not is_large and len(body) > LARGE_BODY_BYTES:
                await visit.hold(self._large[visit.lane])
                judged_at = clock()


@dataclass
class _FetchVisit:
    """One visit over its redirects. `held` is given back when the visit ends."""

    validators: Validators
    own_url: str
    is_private: bool
    is_slow: bool
    held: AsyncExitStack
    own_headers: Mapping[str, str]
    is_page: bool = False
    keeps_beginning: bool = False
    host: str = ""
    """The one that is asked now."""
    is_trusted: bool = False
    """It may be on a network that the settings allow."""
    is_redirected: bool = False
    is_permanent: bool = True
    """All redirects so far are for good."""
    has_answered: bool = False
    held_up_seconds: float = 0.0
    """How long it waited for other large bodies here, which is not the server's slowness."""

    time_left: asyncio.Timeout = field(default_factory=lambda: asyncio.timeout(None))

    @property
    def lane(self) -> str:
        """In which it has its turn."""
        return "page" if self.is_page else "slow" if self.is_slow else "normal"

    async def hold(self, slot: AbstractAsyncContextManager[None]) -> None:
        """Wait for one's turn, in which the time of the visit does not run, and keep it until the visit ends."""
        clock, ends_at = asyncio.get_running_loop().time, self.time_left.when()
        waits_since = clock()
        self.time_left.reschedule(None)
        await self.held.enter_async_context(slot)
        waited_seconds = clock() - waits_since
        self.held_up_seconds += waited_seconds
        self.time_left.reschedule(None if ends_at is None else ends_at + waited_seconds)

    def moved_to(self, url: str) -> str | None:
        """The address that all redirects lead to for good."""
        return url if self.is_redirected and self.is_permanent else None


async def _beginning(response: aiohttp.ClientResponse) -> bytes:
    """How a body begins; empty if it does not come at once."""
    try:
        async with asyncio.timeout(BEGINNING_SECONDS):
            return await response.content.read(BEGINNING_BYTES)
    except (TimeoutError, aiohttp.ClientError):
        return b""


def _is_downgrade(url: str, target: str) -> bool:
    """Whether a redirect gives up what must not be given up for good: encryption, or the login in the address."""
    return (url.lower().startswith("https:") and not target.lower().startswith("https:")) or "@" in urlsplit(url).netloc


@asynccontextmanager
async def open_fetcher(
    *,
    allow: tuple[Network, ...],
    limits: FetchLimits,
    user_agent: str,
    now: Callable[[], datetime],
) -> AsyncIterator[Fetcher]:
    """A fetcher with its sessions, one that may reach the networks that the settings allow, one that may not."""
    resolver = aiohttp.AsyncResolver(timeout=RESOLVE_SECONDS, tries=RESOLVE_TRIES)
    try:
        async with (
            guarded_session(allow, resolver, user_agent) as trusting,
            guarded_session((), resolver, user_agent) as strict,
        ):
            yield Fetcher(trusting, strict, limits, now, resolver)
    finally:
        await resolver.close()


def guarded_session(
    networks: tuple[Network, ...], resolver: AbstractResolver, user_agent: str
) -> aiohttp.ClientSession:
    """A session with guarded sockets, no cookies and no proxy from the environment."""
    return aiohttp.ClientSession(
        # The turns limit the number of visits
        connector=guarded_connector(networks, resolver=resolver, limit=0),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": user_agent, "Accept": ACCEPT},
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
        max_line_size=HEADER_LIMIT_BYTES,
        max_field_size=HEADER_LIMIT_BYTES,
        trust_env=False,
    )
