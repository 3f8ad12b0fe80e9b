"""Numbers and times that an address or a form gives, whatever somebody wrote there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from multidict import MultiMapping

from firstwire.core.text.durations import seconds
from firstwire.errors import ConfigError
from schemas.times import format_timestamp, shifted

DIGITS_AT_MOST = 18
"""More make no number that a list could use, and above 4,300 Python refuses to read them."""


def number_of(query: MultiMapping[str], name: str, *, usual: int, lowest: int, highest: int) -> int:
    """A whole number. Raises ConfigError for something else, or one out of range."""
    text = query.get(name, str(usual))
    if not (text.isdecimal() and len(text) <= DIGITS_AT_MOST and lowest <= int(text) <= highest):
        raise ConfigError(f"{name}: {text[:40]!r} is not a number from {lowest:,} to {highest:,}")
    return int(text)


def moment_of(text: str, name: str) -> datetime:
    """A time that somebody wrote, in UTC; UTC is also what one without a zone means. Raises ConfigError."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as err:
        raise ConfigError(f"{name}: {text[:40]!r} is not a time; write it like 2025-07-03T14:02:11Z") from err


def span_of(query: MultiMapping[str], now: str) -> tuple[str | None, str | None]:
    """`since` and `until` of an address. Raises ConfigError for what is no time, and if the end is no later."""
    since, until = (time_of(query.get(name, ""), name, now) for name in ("since", "until"))
    if since is not None and until is not None and until <= since:
        given = [query[name].strip()[:40] for name in ("until", "since")]
        raise ConfigError("the end (until {}) is not after the beginning (since {})".format(*given))
    return since, until


def time_of(text: str, name: str, now: str) -> str | None:
    """A time, a day, or how long ago: `24h`; None if nothing is given. Raises ConfigError."""
    if not text.strip():
        return None
    try:
        return shifted(now, -timedelta(seconds=seconds(text)))
    except (ValueError, OverflowError):
        pass
    try:
        return format_timestamp(moment_of(text.strip(), name))
    except ConfigError as err:
        wanted = "write how long ago, 12h or 2d, or a time, 2025-07-03 or 2025-07-03T14:02:11Z"
        raise ConfigError(f"{name}: {text.strip()[:40]!r} is not a time; {wanted}") from err
