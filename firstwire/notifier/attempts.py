"""One attempt at a delivery: renders it for the receiver, posts it and judges the reply. Records nothing."""

from __future__ import annotations

import traceback
from dataclasses import replace
from datetime import datetime

import msgspec
import structlog

from firstwire.notifier.changes import Told
from firstwire.notifier.delivery_log import LoggedDelivery
from firstwire.notifier.desk import Desk
from firstwire.notifier.due import RateLimit
from firstwire.notifier.news import receipt_of_news
from firstwire.notifier.receiver import Receiver
from firstwire.notifier.replies import ReplyVerdict, Request
from firstwire.notifier.retries import AfterAttempt, after_attempt
from schemas.times import format_timestamp


class Attempts:
    """The attempts at one destination, at the receiver's pace."""

    def __init__(self, name: str, receiver: Receiver, desk: Desk) -> None:
        self._name = name
        self._receiver = receiver
        self._pace = RateLimit(receiver.pace)
        self._desk = desk
        self._log = structlog.get_logger("firstwire.notifier").bind(destination=name)

    def ready_at(self, now: datetime) -> datetime:
        """When the next attempt may be made: `now` or later."""
        return self._pace.ready_at(now)

    async def made(self, entry: LoggedDelivery) -> AfterAttempt:
        """The delivery after one attempt; an edit of the first message and a request as plain text belong to it."""
        began_at = self._desk.now()
        told = self._desk.log.told(entry.delivery.alert_id, self._name)
        entry = _in_context(entry, told)
        reply = await self._edited(entry, told) or await self._sent(entry, told, plain=False)
        if reply.verdict == "plainer":
            reply = await self._sent(entry, told, plain=True)
        return after_attempt(entry, reply, began_at, self._desk.now(), self._desk.give_up_after_seconds)

    async def _edited(self, entry: LoggedDelivery, told: Told | None) -> ReplyVerdict | None:
        """The verdict if the receiver must be tried again later; None to go on, edited or not."""
        alert = entry.delivery.alert
        if alert is None or told is None:
            return None
        try:
            request = self._receiver.edit_request(alert, entry.delivery.receipt, told)
        except Exception as err:  # as below
            self._log_not_rendered(entry, err)
            return None
        if request is None:
            return None
        self._pace.take(self._desk.now())
        reply = await self._desk.post(request)
        verdict = reply if isinstance(reply, ReplyVerdict) else self._receiver.judge(reply, plain=True)
        if verdict.verdict == "failed":
            self._log.info("first_message_not_edited", alert_id=alert.alert_id, result=verdict.result)
        # Nothing but the edit can have arrived
        return replace(verdict, unanswered=False) if verdict.verdict in ("retry", "parked") else None

    async def _sent(self, entry: LoggedDelivery, told: Told | None, *, plain: bool) -> ReplyVerdict:
        now = self._desk.now()
        self._pace.take(now)
        self._desk.counters.attempts[self._name] += 1
        try:
            request = self._request(entry, told, now, plain=plain)
        except Exception as err:  # an alert that cannot be rendered must not stop the others
            return ReplyVerdict("failed" if plain else "plainer", self._log_not_rendered(entry, err))
        reply = await self._desk.post(request)
        return reply if isinstance(reply, ReplyVerdict) else self._receiver.judge(reply, plain=plain)

    def _request(self, entry: LoggedDelivery, told: Told | None, now: datetime, *, plain: bool) -> Request:
        delivery = entry.delivery
        if delivery.notice is not None:
            return self._receiver.notice_request(delivery.notice, entry.key, now)
        assert delivery.alert is not None, "what holds nothing to send is not attempted"
        # The message shows when it was sent; the delivery record, when it was accepted
        receipt = msgspec.structs.replace(delivery.receipt, delivered_at=format_timestamp(now))
        return self._receiver.request(delivery.alert, receipt, entry.key, now, plain=plain, told=told)

    def _log_not_rendered(self, entry: LoggedDelivery, err: Exception) -> str:
        """Log where it failed, and return that. No traceback: it would log local variables, and with them secrets."""
        where = traceback.extract_tb(err.__traceback__)[-1]
        result = f"cannot be rendered: {type(err).__name__} in {where.name}, line {where.lineno}"
        self._log.error("alert_not_rendered", alert_id=entry.delivery.alert_id, error=result)
        return result


def _in_context(entry: LoggedDelivery, told: Told | None) -> LoggedDelivery:
    """The delivery with the times of what is new in it and its thread, known only now: an earlier may have arrived.

    Later attempts find the same, since no earlier delivery is tried after this one.
    """
    delivery = entry.delivery
    if delivery.alert is None:
        return entry
    receipt = receipt_of_news(delivery.alert, delivery.receipt, told)
    thread = None if told is None else told.thread
    return LoggedDelivery(msgspec.structs.replace(delivery, receipt=receipt, thread=thread))
