"""Slack through an incoming webhook, which can post but neither edit nor answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from firstwire.notifier.changes import Told
from firstwire.notifier.listing import AlertList
from firstwire.notifier.notices import notice_lines
from firstwire.notifier.receiver import Pace
from firstwire.notifier.receiver_type import ReceiverType
from firstwire.notifier.rendering import parts_of
from firstwire.notifier.replies import Reply, ReplyVerdict, Request
from firstwire.notifier.slack_blocks import block_message, list_message, plain_list, plain_message, text_message
from firstwire.notifier.slack_replies import slack_verdict
from firstwire.notifier.view import IN_UTC, View
from schemas import Alert, Notice, Receipt

SLACK_PACE = Pace(interval_seconds=1.0, burst=3)
"""Slack accepts one message per second and webhook, and short bursts; it disables webhooks that keep exceeding it."""


@dataclass(frozen=True)
class SlackReceiver:
    """An incoming webhook. Its URL is a secret."""

    url: str = field(repr=False)
    view: View = IN_UTC
    pace: Pace = SLACK_PACE
    gathers: bool = True

    def request(
        self, alert: Alert, receipt: Receipt, key: str, now: datetime, *, plain: bool, told: Told | None = None
    ) -> Request:
        """Blocks with a text fallback, or only the text if `plain`."""
        parts = parts_of(alert, receipt, told, self.view)
        return self._posted(plain_message(parts) if plain else block_message(parts))

    def list_request(self, alerts: AlertList, key: str, now: datetime, *, plain: bool) -> Request:
        """The alerts as blocks with a text fallback, or only the text if `plain`."""
        return self._posted(plain_list(alerts, self.view) if plain else list_message(alerts, self.view))

    def edit_request(self, alert: Alert, receipt: Receipt, told: Told) -> Request | None:
        """None: a webhook cannot edit what it posted."""
        return None

    def notice_request(self, notice: Notice, key: str, now: datetime) -> Request:
        """Plain text."""
        return self._posted(text_message(notice_lines(notice)))

    def judge(self, reply: Reply, *, plain: bool) -> ReplyVerdict:
        """Delivered only for a 2xx with the body `ok`."""
        return slack_verdict(reply, self.url, plain=plain, access="receivers.url", channel="receivers.url")

    def _posted(self, message: dict[str, Any]) -> Request:
        return Request(self.url, orjson.dumps(message), {"Content-Type": "application/json; charset=utf-8"})


TYPE = ReceiverType("slack", lambda section, url, view: SlackReceiver(url, view))
