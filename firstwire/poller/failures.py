"""Why a request failed, in words for people, without the URL or its secrets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus

import aiohttp

from firstwire.addresses import as_refused, request_fault
from firstwire.poller.answers import Failed, FailureKind
from firstwire.poller.headers import seconds_until_retry

TOO_MANY_SECONDS = 3600.0
"""After a 429 that names no time."""

FORBIDDEN_SECONDS = 4 * 3600.0
"""After a 403 or a challenge, as Unread does: programs that insist are blocked for longer."""


def status_reason(status: int) -> str:
    """`HTTP 404 Not Found`, or only the number if it has no name."""
    try:
        return f"HTTP {status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"HTTP {status}"


def refusal_of(status: int, headers: Mapping[str, str], host: str, now: datetime) -> Failed:
    """What a status without a feed means. `headers` must be case-insensitive.

    A server that wants fewer visits is left alone with all its domain; one that takes us for a robot rejects the feed.
    """
    asked_seconds = seconds_until_retry(headers, now)
    is_challenge = headers.get("cf-mitigated", "").lower() == "challenge"
    wait_seconds = asked_seconds
    if status == HTTPStatus.TOO_MANY_REQUESTS and asked_seconds is None:
        wait_seconds = TOO_MANY_SECONDS
    elif asked_seconds is None and (status == HTTPStatus.FORBIDDEN or is_challenge):
        wait_seconds = FORBIDDEN_SECONDS
    is_blocked = is_challenge or status in (HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS)
    return Failed(
        f"{status_reason(status)}, a test whether we are a browser" if is_challenge else status_reason(status),
        "blocked" if is_blocked else "answer",
        retry_after_seconds=wait_seconds,
        host=host,
        is_for_domain=asked_seconds is not None or status == HTTPStatus.TOO_MANY_REQUESTS,
        gone=status == HTTPStatus.GONE,
        status=status,
    )


def failure_kind(error: Exception) -> FailureKind:
    """Whose fault it is that a request failed."""
    if as_refused(error) is not None:
        return "refused"
    if isinstance(error, aiohttp.ClientPayloadError | aiohttp.ClientResponseError | aiohttp.InvalidURL | ValueError):
        return "answer"
    return "unreachable"


def is_silence(error: Exception) -> bool:
    """Whether nothing came back, so that it may be our own network. Who fails to prove who it is has answered."""
    is_insecure = isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientConnectorSSLError)
    return failure_kind(error) == "unreachable" and not is_insecure


def failure_reason(error: Exception) -> str:
    """Why a request failed."""
    refused = as_refused(error)
    if refused is not None:
        return f"{refused}; poller.allow_private_addresses permits networks of your own"
    return request_fault(error)
