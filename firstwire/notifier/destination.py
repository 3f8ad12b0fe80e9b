"""One destination: makes its deliveries one after another and records each attempt before the next."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

import msgspec
import structlog

from firstwire.core.routes.decision import TAKEN_BACK
from firstwire.core.routes.flood import FloodGate, is_flood
from firstwire.core.routes.receipts import seconds_to_arrival
from firstwire.notifier.attempts import Attempts
from firstwire.notifier.breaker import FAILURES_TO_OPEN, Breaker
from firstwire.notifier.delivery_log import WAITING, LoggedDelivery
from firstwire.notifier.desk import Desk
from firstwire.notifier.due import DueQueue, Waiting
from firstwire.notifier.given_up import letter_message, letter_of_given_up
from firstwire.notifier.holding import batch_id
from firstwire.notifier.notices import failing_notices, parked_notices
from firstwire.notifier.receiver import Receiver
from firstwire.notifier.retries import (
    AfterAttempt,
    Parking,
    expired,
    failed,
    superseded,
    waiting_of,
)
from schemas.times import format_timestamp, parse_timestamp

FLOOD_LIMIT = 1_000
"""So many alerts go as one message at most: they are recorded in one transaction."""


class Destination:
    """Sends the deliveries offered to it in the order in which they fall due, until stopped."""

    def __init__(self, name: str, receiver: Receiver, desk: Desk) -> None:
        self.name = name
        self._desk = desk
        self._attempts = Attempts(name, receiver, desk)
        self._gate = FloodGate() if receiver.gathers else None
        self._queue = DueQueue()
        self._breaker = Breaker()
        self._wake = asyncio.Event()
        self._stopping = False
        self._is_trouble_told = False
        self._mended_at: datetime | None = None
        self._log = structlog.get_logger("firstwire.notifier").bind(destination=name)

    @property
    def is_parked(self) -> bool:
        return self._queue.is_parked

    @property
    def waiting(self) -> int:
        """How many deliveries wait here."""
        return len(self._queue)

    def offer(self, entry: LoggedDelivery) -> None:
        """Queue a delivery that waits; one that waited before a restart keeps its due time and its turn.

        One that was parked then is tried at once: it shows whether the destination was mended.
        """
        delivery = entry.delivery
        self._queue.push(waiting_of(entry, self._desk.expire_after_seconds))
        if delivery.paused_until is not None:
            self._queue.pause(parse_timestamp(delivery.paused_until))
        self._is_trouble_told = self._is_trouble_told or delivery.state == "parked"
        self._wake.set()

    def hurry(self, key: str) -> None:
        """Try a delivery that waits here at once, and if the destination is parked, whether it was mended."""
        self._queue.resume()
        self._queue.close()
        self._queue.hurry(key, self._desk.now())
        self._wake.set()

    def change(self, receiver: Receiver) -> None:
        """Send through another receiver from the next attempt on, which is made at once if this one is parked."""
        self._attempts = Attempts(self.name, receiver, self._desk)
        self._gate = FloodGate() if receiver.gathers else None
        self._queue.resume()
        self._mend()
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
            ready_at = None if next_at is None else max(next_at, self._ready_at(now))
            if expiry_at is not None and expiry_at <= now:
                await self._record(AfterAttempt(expired(self._waiting_entry(self._queue.pop_expired()))))
            elif ready_at is not None and ready_at <= now:
                await self._handle(now)
            else:
                await self._desk.clock.woken(self._wake, now, ready_at, expiry_at)

    def _ready_at(self, now: datetime) -> datetime:
        """When the next attempt may be made: at the receiver's pace, and in a flood as its readers can bear."""
        ready_at = self._attempts.ready_at(now)
        return ready_at if self._gate is None else max(ready_at, self._gate.ready_at(now))

    async def _handle(self, now: datetime) -> None:
        """Attempt what is due first, with all that shares its message."""
        entries = await self._still_wanted(self._due_together(now))
        if not entries:
            return
        if entries[0].delivery.batch is None and len(entries) > 1:
            entries = await self._gathered(entries)
        if self._gate is not None:
            self._gate.take(now, len(entries))
        self._queue.resume()  # the attempt shows whether it still is parked
        steps = await self._attempts.made([self._retried_since_mended(entry) for entry in entries])
        await self._record(*steps)

    def _due_together(self, now: datetime) -> list[LoggedDelivery]:
        """What is due first, and what goes with it: the rest of its message, or all that is due if that is a flood."""
        first = self._queue.pop()
        if first.batch is not None:
            together = [first, *self._queue.pop_batch(first.batch)]
        elif self._gate is None or not first.may_be_gathered:
            together = [first]
        else:
            due = [first, *self._queue.pop_due(now, FLOOD_LIMIT - 1)]
            together = [waiting for waiting in due if waiting.may_be_gathered]
            if not is_flood(len(together)):
                together = [first]
            kept = {waiting.key for waiting in together}
            for waiting in due:
                if waiting.key not in kept:
                    self._queue.push(waiting)
        return [self._waiting_entry(waiting) for waiting in together]

    def _waiting_entry(self, waiting: Waiting) -> LoggedDelivery:
        return self._desk.log.pending_one(waiting.key)

    async def _still_wanted(self, entries: Sequence[LoggedDelivery]) -> list[LoggedDelivery]:
        """Those that are to be sent; what is outdated or holds nothing is recorded as such."""
        steps, wanted = [], []
        for entry in entries:
            if (outdated := self._outdated(entry)) is not None:
                steps.append(AfterAttempt(superseded(entry, outdated)))
            elif not entry.holds_message:
                steps.append(AfterAttempt(failed(entry, "the record holds no alert")))
            else:
                wanted.append(entry)
        if steps:
            await self._record(*steps)
        return wanted

    async def _gathered(self, entries: Sequence[LoggedDelivery]) -> list[LoggedDelivery]:
        """The deliveries as one message, recorded before it is sent: after a crash it is the same one again."""
        batch = batch_id(self.name, *(f"{entry.key} {entry.delivery.attempt}" for entry in entries))
        gathered = [
            LoggedDelivery(msgspec.structs.replace(entry.delivery, batch=batch, occasion="flood")) for entry in entries
        ]
        for entry in gathered:
            self._desk.log.apply(entry)
        await self._desk.writer.write([entry.message(self._desk.topic) for entry in gathered])
        return gathered

    def _retried_since_mended(self, entry: LoggedDelivery) -> LoggedDelivery:
        """The delivery without a first attempt of before the receiver was mended: waiting was no retrying."""
        first = entry.delivery.first_attempted_at
        if first is None or self._mended_at is None or parse_timestamp(first) >= self._mended_at:
            return entry
        return LoggedDelivery(msgspec.structs.replace(entry.delivery, first_attempted_at=None))

    async def _record(self, *steps: AfterAttempt) -> None:
        """Apply the steps of one attempt, write them with all that they cause in one transaction, then go on."""
        desk = self._desk
        waiting = len(self._queue) + len(steps)
        entries = [step.entry for step in steps]
        notices = self._applied(steps[0])
        written = [*entries, *notices]
        messages = [entry.message(desk.topic) for entry in written]
        letters = [letter_of_given_up(entry, desk.now()) for entry in entries]
        messages += [letter_message(letter, desk.dead_letters) for letter in letters if letter is not None]
        for entry in written:
            desk.log.apply(entry)
        # An attempt in vain is told to nobody, and need only be recorded before the next one here
        is_patient = len(messages) == len(steps) and all(step.answered is False for step in steps)
        await desk.writer.write(messages, is_patient=is_patient)
        for step in steps:
            self._account(step)
        if steps[0].parking is not None:
            self._log_parked(steps[0], steps[0].parking, [notice.delivery.destination for notice in notices], waiting)
        for entry in entries:
            if entry.delivery.state in WAITING:
                self.offer(entry)
        desk.trouble.offer(notices)

    def _applied(self, step: AfterAttempt) -> list[LoggedDelivery]:
        """Pause or park the destination as an attempt demands; the notices to others, if it is newly parked."""
        desk = self._desk
        if step.paused_until is not None:
            self._queue.pause(step.paused_until)
        if step.answered is False:
            return self._failed_again(step.entry, desk.now())
        if step.answered:
            self._mend()
        if step.parking is None:
            return []
        self._queue.park(step.parking.probe_at)
        if self._is_trouble_told:
            return []
        return parked_notices(step.entry, step.parking.setting, desk.trouble.told_of(self.name), desk.now())

    def _failed_again(self, entry: LoggedDelivery, now: datetime) -> list[LoggedDelivery]:
        """Try more rarely if nothing but failures came back; the notices to others, if that has lasted too long."""
        self._breaker = breaker = self._breaker.after_failure(now)
        open_until = breaker.open_until(self.name, now)
        if open_until is None:
            return []
        self._queue.open(open_until)
        if breaker.failures == FAILURES_TO_OPEN:
            self._log.warning("destination_failing", result=entry.delivery.result, waiting=len(self._queue) + 1)
        if breaker.failing_since is None or not breaker.is_to_be_told(now):
            return []
        self._breaker = breaker.told()
        told = self._desk.trouble.told_of(self.name)
        return failing_notices(entry, breaker.failing_since, len(self._queue) + 1, told, now)

    def _mend(self) -> None:
        """Something was answered: what was tried in vain while nothing was is due now, in its order."""
        if self._breaker.is_open:
            self._queue.close()
            self._queue.hurry_all()
            self._log.info("destination_answers", failures=self._breaker.failures, waiting=len(self._queue))
        self._breaker = Breaker()

    def _outdated(self, entry: LoggedDelivery) -> str | None:
        """Why the delivery is no longer needed; None if it is."""
        delivery, log = entry.delivery, self._desk.log
        last = log.last_notice(delivery.alert_id, self.name)
        if last is not None and last.revision > delivery.revision:
            return f"superseded by revision {last.revision}"
        if delivery.alert_state in TAKEN_BACK and not log.may_have_arrived(delivery.alert_id, self.name):
            return f"{delivery.alert_state} before it was delivered"
        return None

    def _account(self, step: AfterAttempt) -> None:
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
            if (seconds := seconds_to_arrival(delivery)) is not None:
                counters.delivery_seconds.labels(self.name).observe(seconds)
            if self._is_trouble_told:
                self._is_trouble_told, self._mended_at = False, self._desk.now()
                self._log.info("destination_mended", waiting=len(self._queue))
            self._log.info("delivery_delivered", **fields)
        elif delivery.state == "failed":
            counters.failed[self.name] += 1
            self._log.error("delivery_failed", **fields)
        elif step.parking is None:
            self._log.info("delivery_pending", **fields, next_attempt_at=delivery.next_attempt_at)

    def _log_parked(self, step: AfterAttempt, parking: Parking, told: Sequence[str], waiting: int) -> None:
        """Once, however many alerts the message was about."""
        delivery = step.entry.delivery
        self._log.error(
            "destination_parked",
            alert_id=delivery.alert_id,
            revision=delivery.revision,
            attempt=delivery.attempt,
            result=delivery.result,
            setting=parking.setting,
            waiting=waiting,
            told=list(told),
            next_probe_at=None if parking.probe_at is None else format_timestamp(parking.probe_at),
        )
