"""Timestamps of records: UTC, RFC 3339, always with milliseconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

EPOCH = "1970-01-01T00:00:00.000Z"
SINCE_EVER = "0001-01-01T00:00:00.000Z"
"""Earlier than the time of any article."""


def format_timestamp(moment: datetime) -> str:
    """The timestamp of an aware datetime, truncated to milliseconds."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def parse_timestamp(text: str) -> datetime:
    """The aware datetime of a timestamp. Raises ValueError if it is malformed."""
    return datetime.fromisoformat(text).astimezone(UTC)


def from_milliseconds(milliseconds: int) -> str:
    """The timestamp of Kafka's milliseconds since 1970-01-01 UTC."""
    return format_timestamp(datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=milliseconds))


def to_milliseconds(text: str) -> int:
    """Milliseconds since 1970-01-01 UTC of a timestamp."""
    return (parse_timestamp(text) - datetime.fromtimestamp(0, UTC)) // timedelta(milliseconds=1)


@lru_cache(maxsize=64)  # every article needs the same few times repeatedly
def shifted(text: str, by: timedelta) -> str:
    """The timestamp `by` later (earlier if negative), clamped to the range of datetime."""
    try:
        return format_timestamp(parse_timestamp(text) + by)
    except OverflowError:
        return "9999-12-31T23:59:59.999Z" if by > timedelta(0) else SINCE_EVER
