"""One HTTP attempt: a request out, a reply back. Never follows a redirect, never retries, never reveals a URL."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime

import aiohttp

from firstwire.addresses import as_refused, guarded_connector, request_fault
from firstwire.config import Network
from firstwire.notifier.replies import Reply, ReplyVerdict, Request, address_refused

BODY_LIMIT_BYTES = 256 * 1024
"""Anything beyond this is not read. Slack's API repeats the whole message, escaped, in what it answers."""


def open_session(allow: tuple[Network, ...], timeout_seconds: float) -> aiohttp.ClientSession:
    """A session for all receivers: guarded addresses, no cookies, no proxy from the environment. Caller closes it."""
    return aiohttp.ClientSession(
        connector=guarded_connector(allow),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=timeout_seconds, connect=min(10.0, timeout_seconds)),
        headers={"User-Agent": "firstwire"},
    )


async def post(session: aiohttp.ClientSession, request: Request, now: Callable[[], datetime]) -> Reply | ReplyVerdict:
    """The reply, or what its absence means: a timeout or reset is retried, a forbidden address parks the receiver."""
    sending = session.post(request.url, data=request.body, headers=request.headers, allow_redirects=False)
    return await _exchange(sending, now)


async def ask(session: aiohttp.ClientSession, url: str, now: Callable[[], datetime]) -> Reply | ReplyVerdict:
    """The same for a HEAD, which delivers nothing."""
    return await _exchange(session.head(url, allow_redirects=False), now)


async def _exchange(
    sending: AbstractAsyncContextManager[aiohttp.ClientResponse], now: Callable[[], datetime]
) -> Reply | ReplyVerdict:
    try:
        async with sending as response:
            body = await _beginning(response)
            return Reply(response.status, body, now(), response.headers.get("Retry-After"))
    except aiohttp.ConnectionTimeoutError:
        return ReplyVerdict("retry", "timeout while connecting")
    except TimeoutError:
        return ReplyVerdict("retry", "timeout", unanswered=True)
    except aiohttp.InvalidURL:
        return ReplyVerdict("parked", "the receiver's URL is not valid", setting="receivers.url")
    except (aiohttp.ClientError, OSError) as err:
        refused = as_refused(err)
        if refused is not None:
            return address_refused(refused.message)
        return ReplyVerdict("retry", request_fault(err), unanswered=not isinstance(err, aiohttp.ClientConnectorError))


async def _beginning(response: aiohttp.ClientResponse) -> str:
    data = b""
    try:
        async for chunk in response.content.iter_chunked(BODY_LIMIT_BYTES):
            data += chunk
            if len(data) >= BODY_LIMIT_BYTES:
                break
    except (aiohttp.ClientError, TimeoutError):
        # The status is known: judge it with what was read
        return data.decode("utf-8", "replace")
    return data[:BODY_LIMIT_BYTES].decode("utf-8", "replace")
