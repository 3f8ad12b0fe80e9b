"""What a response's headers ask of us: how long to wait, how long the answer stays fresh, how to ask again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

VALIDATOR_LIMIT_CHARACTERS = 1_024
"""A longer validator is not kept: sending it back could exceed a server's header limit for ever."""


@dataclass(frozen=True)
class Validators:
    """What makes the next request conditional, byte for byte as it was received."""

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
    """The validators of a response. `headers` looks its names up without regard to case."""
    return Validators(etag=_sendable(headers.get("ETag")), last_modified=_sendable(headers.get("Last-Modified")))


def seconds_until_retry(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that Retry-After asks for, as a number or as a date; None if it says nothing that can be read."""
    text = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,12}", text, re.ASCII):
        return float(text)
    moment = _http_date(text)
    return None if moment is None else max(0.0, (moment - now).total_seconds())


def seconds_fresh(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that the answer stays fresh. Cache-Control counts before Expires, `no-cache` before `max-age`."""
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
    if not value or len(value) > VALIDATOR_LIMIT_CHARACTERS or any(character in value for character in "\r\n\0"):
        return None
    return value
