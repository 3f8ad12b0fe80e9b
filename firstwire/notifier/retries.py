"""When to retry and when to give up: one schedule for all receivers. Pure; the waiting is done elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from firstwire.notifier.breaker import LONGEST_OPEN_SECONDS, jittered
from firstwire.notifier.delivery_log import LoggedDelivery
from firstwire.notifier.due import Turn, Waiting
from firstwire.notifier.replies import ReplyVerdict
from schemas import Delivery
from schemas.times import format_timestamp, parse_timestamp

MINUTE, HOUR = 60.0, 3600.0
DELAYS_SECONDS = (
    1.0,
    5.0,
    30.0,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    5 * HOUR,
    10 * HOUR,
    14 * HOUR,
    20 * HOUR,
    24 * HOUR,
)
"""The schedule of Standard Webhooks (5 s, 5 min, 30 min … 24 h: 75 h 35 min), with more attempts in the first minutes,

as news is late after five. Decision 44.
"""

PROBE_SECONDS = 3600.0
"""How often a parked destination that may be mended without a restart is tried with one delivery."""


@dataclass(frozen=True)
class Parking:
    """A destination that accepts nothing: the setting to mend, and when it is tried again by itself, if ever."""

    setting: str
    probe_at: datetime | None


@dataclass(frozen=True)
class AfterAttempt:
    """The delivery after an attempt, and what holds for its whole destination."""

    entry: LoggedDelivery
    paused_until: datetime | None = None
    parking: Parking | None = None
    answered: bool | None = None
    """Whether the destination took or refused something; False: no reply, or a server's error. None: neither."""


def delay_seconds(key: str, failures: int) -> float:
    """Seconds to wait after so many failures (from 1). The same key and number give the same delay."""
    return jittered(DELAYS_SECONDS[min(failures, len(DELAYS_SECONDS)) - 1], f"{key}#{failures}")


def after_attempt(
    entry: LoggedDelivery, reply: ReplyVerdict, attempted_at: datetime, now: datetime, give_up_after_seconds: float
) -> AfterAttempt:
    """The delivery after an attempt begun at `attempted_at`, whose reply was judged at `now`."""
    tried = msgspec.structs.replace(
        entry.delivery,
        state="pending",
        attempt=entry.delivery.attempt + 1,
        unanswered=entry.delivery.unanswered + reply.unanswered,
        result=reply.result,
        attempted_at=format_timestamp(attempted_at),
        next_attempt_at=None,
        first_attempted_at=entry.delivery.first_attempted_at or format_timestamp(attempted_at),
        paused_until=None,
    )
    entry = LoggedDelivery(tried)
    if reply.verdict == "delivered":
        receipt = msgspec.structs.replace(tried.receipt, delivered_at=format_timestamp(now))
        thread = tried.thread or reply.thread
        alert = None if tried.repeat_at is None else tried.alert
        delivered = msgspec.structs.replace(
            tried, state="delivered", receipt=receipt, thread=thread, alert=alert, notice=None
        )
        return AfterAttempt(LoggedDelivery(delivered), answered=True)
    if reply.verdict == "parked":
        # Without a first attempt: the time of waiting for somebody is not that of retrying
        waiting = msgspec.structs.replace(tried, state="parked", first_attempted_at=None, failures=0)
        probe_at = now + timedelta(seconds=PROBE_SECONDS) if reply.probed else None
        return AfterAttempt(LoggedDelivery(waiting), parking=Parking(reply.setting, probe_at), answered=True)
    if reply.verdict != "retry":
        return AfterAttempt(failed(entry, reply.result), answered=True)
    asked = reply.retry_after_seconds
    failures = tried.failures + (asked is None)
    wait = delay_seconds(entry.key, failures) if asked is None else max(asked, delay_seconds(entry.key, 1))
    if reply.pauses and asked is None:
        wait = min(wait, LONGEST_OPEN_SECONDS)
    next_at = _up_to_millisecond(now + timedelta(seconds=wait))
    # Retry-After holds for the destination's other deliveries even if this one is given up
    paused_until = next_at if reply.pauses or asked is not None else None
    answered = False if paused_until is None else None
    if gave_up(entry, next_at, give_up_after_seconds):
        given_up = failed(entry, f"gave up after {tried.attempt} attempts: {reply.result}")
        return AfterAttempt(given_up, paused_until, answered=answered)
    waiting = msgspec.structs.replace(
        tried,
        failures=failures,
        next_attempt_at=format_timestamp(next_at),
        paused_until=None if paused_until is None else format_timestamp(paused_until),
    )
    return AfterAttempt(LoggedDelivery(waiting), paused_until, answered=answered)


def gave_up(entry: LoggedDelivery, at: datetime, give_up_after_seconds: float) -> bool:
    """Whether a next attempt at `at` would come too long after the first one.

    Asked only after an attempt: what waited through an outage of ours is tried once more.
    """
    if entry.delivery.first_attempted_at is None:
        return False
    return at > parse_timestamp(entry.delivery.first_attempted_at) + timedelta(seconds=give_up_after_seconds)


def expires_at(entry: LoggedDelivery, expire_after_seconds: float) -> datetime:
    """When it is too old to be sent, however it waits: for a retry, for a pause to end, for somebody to mend."""
    return parse_timestamp(queued_at(entry)) + timedelta(seconds=expire_after_seconds)


def waiting_of(entry: LoggedDelivery, expire_after_seconds: float) -> Waiting:
    """How it stands in the queue; one that waited before a restart keeps its due time and its turn."""
    delivery = entry.delivery
    queued = parse_timestamp(queued_at(entry))
    return Waiting(
        key=entry.key,
        turn=_turn(entry),
        queued_at=queued,
        due_at=queued if delivery.next_attempt_at is None else parse_timestamp(delivery.next_attempt_at),
        expires_at=expires_at(entry, expire_after_seconds),
        batch=delivery.batch,
        may_be_gathered=delivery.batch is None and delivery.alert is not None and not delivery.alone,
    )


def _turn(entry: LoggedDelivery) -> Turn:
    """What becomes due together is sent in the order of the alerts: topics are read one partition after another."""
    place, alerted_at = entry.delivery.place, entry.delivery.receipt.alerted_at or queued_at(entry)
    return (alerted_at, 0, 0) if place is None else (alerted_at, place.partition, place.offset)


def queued_at(entry: LoggedDelivery) -> str:
    """When the delivery was decided on; of an older record as nearly as it tells."""
    delivery = entry.delivery
    return (
        delivery.queued_at or delivery.first_attempted_at or delivery.receipt.alerted_at or delivery.receipt.fetched_at
    )


def expired(entry: LoggedDelivery) -> LoggedDelivery:
    """The delivery, too old to be sent."""
    waited_for = entry.delivery.result or "it was not attempted"
    return failed(entry, f"too old, queued {queued_at(entry)}: {waited_for}")


def failed(entry: LoggedDelivery, result: str) -> LoggedDelivery:
    """The delivery, given up. It keeps what was to be sent, for a redrive."""
    return LoggedDelivery(msgspec.structs.replace(entry.delivery, state="failed", result=result, next_attempt_at=None))


def anew(delivery: Delivery, now: datetime, **changes: Any) -> LoggedDelivery:
    """The delivery, due now as if it had not been tried, with these changes."""
    fresh = msgspec.structs.replace(
        delivery,
        state="pending",
        queued_at=format_timestamp(now),
        attempt=0,
        failures=0,
        first_attempted_at=None,
        next_attempt_at=None,
        paused_until=None,
    )
    return LoggedDelivery(msgspec.structs.replace(fresh, **changes))


def superseded(entry: LoggedDelivery, reason: str) -> LoggedDelivery:
    """The delivery, no longer needed."""
    return LoggedDelivery(
        msgspec.structs.replace(
            entry.delivery, state="superseded", result=reason, next_attempt_at=None, alert=None, notice=None
        )
    )


def _up_to_millisecond(moment: datetime) -> datetime:
    """Rounded up: timestamps are truncated, and must not become earlier than asked."""
    rest = moment.microsecond % 1000
    return moment if rest == 0 else moment + timedelta(microseconds=1000 - rest)
