"""One destination: makes its deliveries one after another and records each attempt before the next."""

from __future__ import annotations

import asyncio
import contextlib
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

import msgspec
import structlog

from firstwire.notifier.counters import Counters
from firstwire.notifier.delivery_log import DeliveryLog, LoggedDelivery
from firstwire.notifier.due import DueQueue, RateLimit
from firstwire.notifier.news import receipt_of_news
from firstwire.notifier.receiver import Receiver
from firstwire.notifier.replies import Reply, ReplyVerdict, Request
from firstwire.notifier.retries import AfterAttempt, after_attempt, failed, gave_up, superseded
from firstwire.notifier.transaction_writer import TransactionWriter
from schemas.times import format_timestamp, parse_timestamp

Post = Callable[[Request], Awaitable[Reply | ReplyVerdict]]

LONGEST_WAIT_SECONDS = 10.0
"""Due times are wall-clock times: a change of the clock is noticed within this time."""


@dataclass(frozen=True)
class Desk:
    """What all destinations share."""

    log: DeliveryLog
    writer: TransactionWriter
    topic: str
    post: Post
    now: Callable[[], datetime]
    give_up_after_seconds: float
    counters: Counters


class Destination:
    """Sends the deliveries offered to it in the order in which they fall due, until stopped."""

    def __init__(self, name: str, receiver: Receiver, desk: Desk) -> None:
        self.name = name
        self._receiver = receiver
        self._pace = RateLimit(receiver.pace)
        self._desk = desk
        self._queue = DueQueue()
        self._wake = asyncio.Event()
        self._stopping = False
        self._log = structlog.get_logger("firstwire.notifier").bind(destination=name)

    def offer(self, entry: LoggedDelivery) -> None:
        """Queue a pending delivery; one that waited before a restart keeps its due time."""
        now = self._desk.now()
        due_at = entry.delivery.next_attempt_at
        self._queue.push(entry, now if due_at is None else parse_timestamp(due_at))
        if entry.delivery.paused_until is not None:
            self._queue.pause(parse_timestamp(entry.delivery.paused_until))
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
            next_at = self._queue.next_at()
            if next_at is None:
                await self._wake.wait()
                continue
            wait = (max(next_at, self._pace.ready_at(now)) - now).total_seconds()
            if wait > 0:
                await self._rest(wait)
                continue
            await self._handle(self._queue.pop())

    async def _rest(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), min(seconds, LONGEST_WAIT_SECONDS))

    async def _handle(self, entry: LoggedDelivery) -> None:
        outdated, hopeless = self._outdated(entry), self._hopeless(entry)
        if outdated is not None:
            step = AfterAttempt(superseded(entry, outdated))
        elif hopeless is not None:
            step = AfterAttempt(failed(entry, hopeless))
        else:
            step = await self._attempt(entry)
        if step.paused_until is not None:
            self._queue.pause(step.paused_until)
        self._desk.log.apply(step.entry)
        await self._desk.writer.write([step.entry.message(self._desk.topic)])
        self._account(step.entry, is_outdated=outdated is not None)
        if step.entry.delivery.state == "pending":
            self.offer(step.entry)

    def _outdated(self, entry: LoggedDelivery) -> str | None:
        """Why the delivery is no longer needed; None if it is."""
        delivery, log = entry.delivery, self._desk.log
        last = log.last_notice(delivery.alert_id, self.name)
        if last is not None and last.revision > delivery.revision:
            return f"superseded by revision {last.revision}"
        if entry.delivery.alert_state == "retracted" and not log.was_attempted(delivery.alert_id, self.name):
            return "retracted before it was delivered"
        return None

    def _hopeless(self, entry: LoggedDelivery) -> str | None:
        """Why the delivery cannot succeed any more; None if it may."""
        delivery = entry.delivery
        if gave_up(entry, self._desk.now(), self._desk.give_up_after_seconds):
            return f"gave up after {delivery.attempt} attempts: {delivery.result}"
        return "the record holds no alert" if delivery.alert is None else None

    def _account(self, entry: LoggedDelivery, *, is_outdated: bool) -> None:
        delivery, counters = entry.delivery, self._desk.counters
        if is_outdated:
            counters.outdated[self.name] += 1
        elif delivery.state == "delivered":
            counters.delivered[self.name] += 1
        elif delivery.state == "failed":
            counters.failed[self.name] += 1
        self._log.info(
            "delivery_outdated" if is_outdated else f"delivery_{delivery.state}",
            alert_id=delivery.alert_id,
            revision=delivery.revision,
            attempt=delivery.attempt,
            result=delivery.result,
            next_attempt_at=delivery.next_attempt_at,
        )

    async def _attempt(self, entry: LoggedDelivery) -> AfterAttempt:
        began_at = self._desk.now()
        entry = self._timed(entry)
        reply = await self._sent(entry, plain=False)
        if reply.verdict == "plainer":
            reply = await self._sent(entry, plain=True)
        return after_attempt(entry, reply, began_at, self._desk.now(), self._desk.give_up_after_seconds)

    def _timed(self, entry: LoggedDelivery) -> LoggedDelivery:
        """The delivery with the times of what is new in it, which is known only now: an earlier one may have arrived.

        Later attempts find the same, since no earlier delivery is tried after this one.
        """
        delivery = entry.delivery
        assert delivery.alert is not None, "only deliveries with an alert are attempted"
        told = self._desk.log.told(delivery.alert_id, self.name)
        receipt = receipt_of_news(delivery.alert, delivery.receipt, told)
        return LoggedDelivery(msgspec.structs.replace(delivery, receipt=receipt))

    async def _sent(self, entry: LoggedDelivery, *, plain: bool) -> ReplyVerdict:
        alert = entry.delivery.alert
        assert alert is not None, "only deliveries with an alert are attempted"
        now = self._desk.now()
        self._pace.take(now)
        self._desk.counters.attempts[self.name] += 1
        # The message shows when it was sent; the delivery record, when it was accepted
        receipt = msgspec.structs.replace(entry.delivery.receipt, delivered_at=format_timestamp(now))
        try:
            told = self._desk.log.told(alert.alert_id, self.name)
            request = self._receiver.request(alert, receipt, entry.key, now, plain=plain, told=told)
        except Exception as err:  # an alert that cannot be rendered must not stop the others
            # No traceback: it would log local variables, and with them secrets
            where = traceback.extract_tb(err.__traceback__)[-1]
            result = f"cannot be rendered: {type(err).__name__} in {where.name}, line {where.lineno}"
            self._log.error("alert_not_rendered", alert_id=alert.alert_id, plain=plain, error=result)
            return ReplyVerdict("failed" if plain else "plainer", result)
        reply = await self._desk.post(request)
        return reply if isinstance(reply, ReplyVerdict) else self._receiver.judge(reply, plain=plain)
