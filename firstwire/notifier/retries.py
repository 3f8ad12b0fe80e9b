"""When to retry and when to give up: one schedule for all receivers. Pure; the waiting is done elsewhere."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from firstwire.notifier.delivery_log import LoggedDelivery
from firstwire.notifier.replies import ReplyVerdict
from schemas.delivery import DeliveryState
from schemas.times import format_timestamp, parse_timestamp

FIRST_DELAY_SECONDS = 1.0
GROWTH = 3.0
LONGEST_DELAY_SECONDS = 3600.0
"""1 s, 3 s, 9 s … 1 h: a blip is over in seconds, a long outage costs some thirty attempts a day."""

RETRY_JITTER = 0.1
"""Share by which a delay may be longer or shorter, so that what failed together is not retried together."""


@dataclass(frozen=True)
class AfterAttempt:
    """The delivery after an attempt, and until when the whole destination pauses."""

    entry: LoggedDelivery
    paused_until: datetime | None = None


def delay_seconds(key: str, attempt: int) -> float:
    """Seconds to wait after attempt number `attempt` (from 1). The same key and attempt give the same delay."""
    plain = min(FIRST_DELAY_SECONDS * GROWTH ** min(attempt - 1, 20), LONGEST_DELAY_SECONDS)
    digest = hashlib.sha256(f"{key}#{attempt}".encode()).digest()
    share = int.from_bytes(digest[:8], "big") / 2**64
    return plain * (1 - RETRY_JITTER + 2 * RETRY_JITTER * share)


def after_attempt(
    entry: LoggedDelivery, reply: ReplyVerdict, attempted_at: datetime, now: datetime, give_up_after_seconds: float
) -> AfterAttempt:
    """The delivery after an attempt begun at `attempted_at`, whose reply was judged at `now`."""
    tried = msgspec.structs.replace(
        entry.delivery,
        attempt=entry.delivery.attempt + 1,
        result=reply.result,
        attempted_at=format_timestamp(attempted_at),
        next_attempt_at=None,
        first_attempted_at=entry.delivery.first_attempted_at or format_timestamp(attempted_at),
        paused_until=None,
    )
    entry = LoggedDelivery(tried)
    if reply.verdict == "delivered":
        receipt = msgspec.structs.replace(tried.receipt, delivered_at=format_timestamp(now))
        delivered = msgspec.structs.replace(tried, state="delivered", receipt=receipt, alert=None)
        return AfterAttempt(LoggedDelivery(delivered))
    if reply.verdict != "retry":
        return AfterAttempt(failed(entry, reply.result))
    wait = max(delay_seconds(entry.key, tried.attempt), reply.retry_after_seconds or 0.0)
    next_at = _up_to_millisecond(now + timedelta(seconds=wait))
    # Retry-After holds for the destination's other deliveries even if this one is given up
    paused_until = next_at if reply.pauses else None
    if gave_up(entry, next_at, give_up_after_seconds):
        return AfterAttempt(failed(entry, f"gave up after {tried.attempt} attempts: {reply.result}"), paused_until)
    waiting = msgspec.structs.replace(
        tried,
        next_attempt_at=format_timestamp(next_at),
        paused_until=None if paused_until is None else format_timestamp(paused_until),
    )
    return AfterAttempt(LoggedDelivery(waiting), paused_until)


def gave_up(entry: LoggedDelivery, at: datetime, give_up_after_seconds: float) -> bool:
    """Whether an attempt at `at` would come too long after the first one."""
    if entry.delivery.first_attempted_at is None:
        return False
    return at > parse_timestamp(entry.delivery.first_attempted_at) + timedelta(seconds=give_up_after_seconds)


def failed(entry: LoggedDelivery, result: str) -> LoggedDelivery:
    """The delivery, failed for good."""
    return _ended(entry, "failed", result)


def superseded(entry: LoggedDelivery, reason: str) -> LoggedDelivery:
    """The delivery, no longer needed."""
    return _ended(entry, "superseded", reason)


def _ended(entry: LoggedDelivery, state: DeliveryState, result: str) -> LoggedDelivery:
    ended = msgspec.structs.replace(entry.delivery, state=state, result=result, next_attempt_at=None, alert=None)
    return LoggedDelivery(ended)


def _up_to_millisecond(moment: datetime) -> datetime:
    """Rounded up: timestamps are truncated, and must not become earlier than asked."""
    rest = moment.microsecond % 1000
    return moment if rest == 0 else moment + timedelta(microseconds=1000 - rest)
