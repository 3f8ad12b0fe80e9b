"""One attempt at a delivery: renders it for the receiver, posts it and judges the reply. Records nothing."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import msgspec
import structlog

from firstwire.core.routes.receipts import receipt_of_article
from firstwire.core.routes.tree import MAX_ALERTS
from firstwire.notifier.changes import Told
from firstwire.notifier.delivery_log import LoggedDelivery
from firstwire.notifier.desk import Desk
from firstwire.notifier.due import RateLimit
from firstwire.notifier.listing import AlertList, ListedAlert
from firstwire.notifier.news import receipt_of_news
from firstwire.notifier.receiver import Receiver
from firstwire.notifier.rendering import parts_of
from firstwire.notifier.replies import ReplyVerdict, Request
from firstwire.notifier.retries import AfterAttempt, after_attempt
from firstwire.notifier.templates import TemplateFailure
from schemas import Receipt
from schemas.times import format_timestamp


class Attempts:
    """The attempts at one destination, at the receiver's pace."""

    def __init__(self, name: str, receiver: Receiver, desk: Desk) -> None:
        self._name = name
        self._receiver = receiver
        self._pace = RateLimit(receiver.pace)
        self._desk = desk
        self._template_fault = ""
        """Of the attempt under way: why its template was not used."""
        self._log = structlog.get_logger("firstwire.notifier").bind(destination=name)

    def ready_at(self, now: datetime) -> datetime:
        """When the next attempt may be made: `now` or later."""
        return self._pace.ready_at(now)

    async def made(self, entries: Sequence[LoggedDelivery]) -> list[AfterAttempt]:
        """The deliveries after one attempt at the message that they share, or at the only one."""
        if entries[0].delivery.batch is None:
            return [await self._made_alone(entries[0])]
        return await self._made_together(entries)

    async def _made_together(self, entries: Sequence[LoggedDelivery]) -> list[AfterAttempt]:
        """If the message is rejected, each alert is told alone: one of them may be to blame."""
        began_at = self._desk.now()
        alerts = self._listed(entries)
        reply = await self._listed_sent(entries, alerts, plain=False)
        if reply.verdict == "plainer":
            reply = await self._listed_sent(entries, alerts, plain=True)
        if reply.verdict == "failed" and len(entries) > 1:
            return [AfterAttempt(_alone(entry, reply), answered=True) for entry in entries]
        reply = replace(reply, thread=None)  # a message about several is no thread of one
        now, give_up = self._desk.now(), self._desk.give_up_after_seconds
        return [after_attempt(entry, reply, began_at, now, give_up) for entry in entries]

    def _listed(self, entries: Sequence[LoggedDelivery]) -> AlertList:
        listed = []
        for entry in entries:
            delivery = entry.delivery
            assert delivery.alert is not None, "what holds nothing to send is not attempted"
            told = None if delivery.repeat else self._desk.log.told(delivery.alert_id, self._name)
            listed.append(ListedAlert(delivery.alert, delivery.receipt, told))
        first = entries[0].delivery
        return AlertList(tuple(listed), first.occasion or "flood", first.max_alerts or MAX_ALERTS)

    async def _listed_sent(self, entries: Sequence[LoggedDelivery], alerts: AlertList, *, plain: bool) -> ReplyVerdict:
        def request(now: datetime) -> Request:
            assert entries[0].delivery.batch is not None, "alerts that share no message are sent alone"
            return self._receiver.list_request(alerts, entries[0].delivery.batch, now, plain=plain)

        return await self._posted(entries[0], request, plain=plain)

    async def _made_alone(self, entry: LoggedDelivery) -> AfterAttempt:
        """The delivery after one attempt; an edit of the first message and a request as plain text belong to it."""
        began_at = self._desk.now()
        self._template_fault = ""
        told = self._desk.log.told(entry.delivery.alert_id, self._name)
        entry = _in_context(entry, told)
        reply = await self._edited(entry, told) or await self._sent(entry, told, plain=False)
        if reply.verdict == "plainer":
            reply = await self._sent(entry, told, plain=True)
        if self._template_fault:
            reply = replace(reply, result=f"{reply.result} ({self._template_fault}; told in the usual form)")
        return after_attempt(entry, reply, began_at, self._desk.now(), self._desk.give_up_after_seconds)

    async def _edited(self, entry: LoggedDelivery, told: Told | None) -> ReplyVerdict | None:
        """The verdict if the receiver must be tried again later; None to go on, edited or not."""
        alert = entry.delivery.alert
        if alert is None or told is None:
            return None
        try:
            receipt = receipt_of_article(alert)  # the message is of the first raise, the delivery of what is new
            request = self._writing(entry, receipt, None).edit_request(alert, receipt, told)
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
        return await self._posted(entry, lambda now: self._request(entry, told, now, plain=plain), plain=plain)

    async def _posted(
        self, entry: LoggedDelivery, request_at: Callable[[datetime], Request], *, plain: bool
    ) -> ReplyVerdict:
        """The verdict on one request, at the receiver's pace."""
        now = self._desk.now()
        self._pace.take(now)
        self._desk.counters.attempts[self._name] += 1
        try:
            request = request_at(now)
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
        return self._writing(entry, receipt, told).request(
            delivery.alert, receipt, entry.key, now, plain=plain, told=told
        )

    def _writing(self, entry: LoggedDelivery, receipt: Receipt, told: Told | None) -> Receiver:
        """The receiver that writes by the template of the delivery, if it has one; one that fails writes nothing."""
        delivery, book = entry.delivery, self._desk.templates
        name = book.name_for(self._name, delivery.template)
        if name is None or delivery.alert is None:
            return self._receiver
        view = self._receiver.view
        try:
            if name not in book.templates:
                raise TemplateFailure("there is none of this name any more")
            parts = parts_of(delivery.alert, receipt, told, view)
            text = book.templates[name].lines(delivery.alert, parts)
        except TemplateFailure as err:
            self._log.error("template_failed", alert_id=delivery.alert_id, template=name, error=str(err))
            self._template_fault = f"template {name} failed: {err}"
            return self._receiver
        return replace(self._receiver, view=replace(view, text=text))

    def _log_not_rendered(self, entry: LoggedDelivery, err: Exception) -> str:
        """Log where it failed, and return that. No traceback: it would log local variables, and with them secrets."""
        where = traceback.extract_tb(err.__traceback__)[-1]
        result = f"cannot be rendered: {type(err).__name__} in {where.name}, line {where.lineno}"
        self._log.error("alert_not_rendered", alert_id=entry.delivery.alert_id, error=result)
        return result


def _alone(entry: LoggedDelivery, reply: ReplyVerdict) -> LoggedDelivery:
    """The delivery without the message that it shared with others, and why; no longer parked: it was answered."""
    result = f"told alone, since a message about several was rejected: {reply.result}"
    return LoggedDelivery(
        msgspec.structs.replace(
            entry.delivery,
            state="pending",
            batch=None,
            occasion=None,
            next_attempt_at=None,
            alone=True,
            result=result,
        )
    )


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
