"""A response's headers: how long to wait, how long the response stays fresh, its validators."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from firstwire.poller.plaintext import is_encodable

VALIDATOR_LIMIT_CHARACTERS = 1_024
"""A longer validator is not kept: sending it back could exceed a server's header limit every time."""


@dataclass(frozen=True)
class Validators:
    """The values that make the next request conditional, exactly as received."""

    etag: str | None = None
    last_modified: str | None = None

    def request_headers(self) -> dict[str, str]:
        """The headers of a conditional request (RFC 9110 13.1): both if both are known."""
        headers = {}
        if self.etag is not None:
            headers["If-None-Match"] = self.etag
        if self.last_modified is not None:
            headers["If-Modified-Since"] = self.last_modified
        return headers


def validators_of(headers: Mapping[str, str]) -> Validators:
    """The validators of a response. `headers` must be case-insensitive.

    `Expires: 0` says that its origin wants no caching; miniflux found that the validators of such feeds are wrong.
    """
    if headers.get("Expires", "").strip() in ("0", "-1"):
        return Validators()
    return Validators(etag=_sendable(headers.get("ETag")), last_modified=_sendable(headers.get("Last-Modified")))


def seconds_until_retry(headers: Mapping[str, str], now: datetime) -> float | None:
    """The seconds of a Retry-After header, a number or a date; None if missing or malformed."""
    text = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,12}", text, re.ASCII):
        return float(text)
    moment = _http_date(text)
    return None if moment is None else max(0.0, (moment - now).total_seconds())


def seconds_fresh(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that the response stays fresh. Cache-Control overrides Expires, `no-cache` overrides `max-age`."""
    control = headers.get("Cache-Control")
    if control is None:
        moment = _http_date(headers.get("Expires", ""))
        return None if moment is None else max(0.0, (moment - now).total_seconds())
    directives = [directive.strip().lower() for directive in control.split(",")]
    if "no-cache" in directives or "no-store" in directives:
        return None
    for directive in directives:
        match = re.fullmatch(r'max-age\s*=\s*"?(\d{1,12})"?', directive, re.ASCII)
        if match is not None:
            return float(match[1])
    return None


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _sendable(value: str | None) -> str | None:
    """The value, if it can be kept and sent back byte for byte: bytes that are not UTF-8 can be neither."""
    if not value or len(value) > VALIDATOR_LIMIT_CHARACTERS or any(character in value for character in "\r\n\0"):
        return None
    return value if is_encodable(value) else None
