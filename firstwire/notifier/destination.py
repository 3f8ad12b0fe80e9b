"""One destination: makes its deliveries one after another and records each attempt before the next."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import datetime

import msgspec
import structlog

from firstwire.core.routes.decision import TAKEN_BACK
from firstwire.notifier.attempts import Attempts
from firstwire.notifier.delivery_log import WAITING, LoggedDelivery
from firstwire.notifier.desk import Desk
from firstwire.notifier.due import DueQueue
from firstwire.notifier.given_up import letter_message, letter_of_given_up
from firstwire.notifier.notices import parked_notices
from firstwire.notifier.receiver import Receiver
from firstwire.notifier.retries import (
    AfterAttempt,
    expired,
    expires_at,
    failed,
    queued_at,
    superseded,
)
from schemas.times import format_timestamp, parse_timestamp

LONGEST_WAIT_SECONDS = 10.0
"""Due times are wall-clock times: a change of the clock is noticed within this time."""


class Destination:
    """Sends the deliveries offered to it in the order in which they fall due, until stopped."""

    def __init__(self, name: str, receiver: Receiver, desk: Desk) -> None:
        self.name = name
        self._desk = desk
        self._attempts = Attempts(name, receiver, desk)
        self._queue = DueQueue()
        self._wake = asyncio.Event()
        self._stopping = False
        self._is_trouble_told = False
        self._mended_at: datetime | None = None
        self._log = structlog.get_logger("firstwire.notifier").bind(destination=name)

    @property
    def is_parked(self) -> bool:
        return self._queue.is_parked

    def offer(self, entry: LoggedDelivery) -> None:
        """Queue a delivery that waits; one that waited before a restart keeps its due time and its turn.

        One that was parked then is tried at once: it shows whether the destination was mended.
        """
        delivery = entry.delivery
        due_at = parse_timestamp(delivery.next_attempt_at or queued_at(entry))
        self._queue.push(entry, due_at, expires_at(entry, self._desk.expire_after_seconds))
        if delivery.paused_until is not None:
            self._queue.pause(parse_timestamp(delivery.paused_until))
        self._is_trouble_told = self._is_trouble_told or delivery.state == "parked"
        self._wake.set()

    def hurry(self, key: str) -> None:
        """Try a delivery that waits here at once, and if the destination is parked, whether it was mended."""
        self._queue.resume()
        self._queue.hurry(key, self._desk.now())
        self._wake.set()

    def stop(self) -> None:
        """Make no further attempt; the one in progress is finished and recorded."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Send until `stop`. Ends early only if it is canceled."""
        while not self._stopping:
            self._wake.clear()
            now = self._desk.now()
            expiry_at, next_at = self._queue.next_expiry_at(), self._queue.next_at()
            ready_at = None if next_at is None else max(next_at, self._attempts.ready_at(now))
            if expiry_at is not None and expiry_at <= now:
                await self._record(AfterAttempt(expired(self._queue.pop_expired())))
            elif ready_at is not None and ready_at <= now:
                await self._handle(self._queue.pop())
            else:
                await self._rest(now, ready_at, expiry_at)

    async def _rest(self, now: datetime, *moments: datetime | None) -> None:
        """Wait until the first of these moments, or until something changes."""
        waits = [(moment - now).total_seconds() for moment in moments if moment is not None]
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), min([*waits, LONGEST_WAIT_SECONDS]))

    async def _handle(self, entry: LoggedDelivery) -> None:
        outdated = self._outdated(entry)
        if outdated is not None:
            await self._record(AfterAttempt(superseded(entry, outdated)))
        elif not entry.holds_message:
            await self._record(AfterAttempt(failed(entry, "the record holds no alert")))
        else:
            self._queue.resume()  # the attempt shows whether it still is parked
            await self._record(await self._attempts.made(self._retried_since_mended(entry)))

    def _retried_since_mended(self, entry: LoggedDelivery) -> LoggedDelivery:
        """The delivery without a first attempt of before the receiver was mended: waiting was no retrying."""
        first = entry.delivery.first_attempted_at
        if first is None or self._mended_at is None or parse_timestamp(first) >= self._mended_at:
            return entry
        return LoggedDelivery(msgspec.structs.replace(entry.delivery, first_attempted_at=None))

    async def _record(self, step: AfterAttempt) -> None:
        """Apply a step, write it with all that it causes in one transaction, and only then go on."""
        entry, desk = step.entry, self._desk
        notices: list[LoggedDelivery] = []
        if step.paused_until is not None:
            self._queue.pause(step.paused_until)
        if step.parking is not None:
            self._queue.park(step.parking.probe_at)
            if not self._is_trouble_told:
                notices = parked_notices(entry, step.parking.setting, desk.trouble.told_of(self.name), desk.now())
        messages = [written.message(desk.topic) for written in (entry, *notices)]
        if (letter := letter_of_given_up(entry, desk.now())) is not None:
            messages.append(letter_message(letter, desk.dead_letters))
        for written in (entry, *notices):
            desk.log.apply(written)
        await desk.writer.write(messages)
        self._account(step, [notice.delivery.destination for notice in notices])
        if entry.delivery.state in WAITING:
            self.offer(entry)
        desk.trouble.offer(notices)

    def _outdated(self, entry: LoggedDelivery) -> str | None:
        """Why the delivery is no longer needed; None if it is."""
        delivery, log = entry.delivery, self._desk.log
        last = log.last_notice(delivery.alert_id, self.name)
        if last is not None and last.revision > delivery.revision:
            return f"superseded by revision {last.revision}"
        if delivery.alert_state in TAKEN_BACK and not log.may_have_arrived(delivery.alert_id, self.name):
            return f"{delivery.alert_state} before it was delivered"
        return None

    def _account(self, step: AfterAttempt, told: Sequence[str]) -> None:
        delivery, counters = step.entry.delivery, self._desk.counters
        fields = {
            "alert_id": delivery.alert_id,
            "revision": delivery.revision,
            "attempt": delivery.attempt,
            "result": delivery.result,
        }
        if delivery.state == "superseded":
            counters.outdated[self.name] += 1
            self._log.info("delivery_outdated", **fields)
        elif delivery.state == "delivered":
            counters.delivered[self.name] += 1
            if self._is_trouble_told:
                self._is_trouble_told, self._mended_at = False, self._desk.now()
                self._log.info("destination_mended", waiting=len(self._queue))
            self._log.info("delivery_delivered", **fields)
        elif delivery.state == "failed":
            counters.failed[self.name] += 1
            self._log.error("delivery_failed", **fields)
        elif step.parking is not None:
            self._log.error(
                "destination_parked",
                **fields,
                setting=step.parking.setting,
                waiting=len(self._queue) + 1,
                told=list(told),
                next_probe_at=None if step.parking.probe_at is None else format_timestamp(step.parking.probe_at),
            )
        else:
            self._log.info("delivery_pending", **fields, next_attempt_at=delivery.next_attempt_at)
