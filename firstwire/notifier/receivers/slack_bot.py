"""Slack through a bot token: updates stand in the thread of the first message, which is edited to what holds now.

https://docs.slack.dev/reference/methods/chat.postMessage and chat.update
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
import orjson

from firstwire.config import ReceiverSettings
from firstwire.core.routes.decision import TAKEN_BACK
from firstwire.errors import ConfigError
from firstwire.notifier.changes import Told
from firstwire.notifier.listing import AlertList
from firstwire.notifier.notices import notice_lines
from firstwire.notifier.receiver import Pace
from firstwire.notifier.receiver_type import ReceiverType, token_of
from firstwire.notifier.rendering import parts_of
from firstwire.notifier.replies import Reply, ReplyVerdict, Request
from firstwire.notifier.slack_blocks import block_message, list_message, plain_list, plain_message, text_message
from firstwire.notifier.slack_replies import slack_verdict
from firstwire.notifier.view import IN_UTC, View
from schemas import Alert, Notice, Receipt

CHANNEL_PACE = Pace(interval_seconds=1.0, burst=3)
"""Slack accepts one message per second and channel, and short bursts."""


@dataclass(frozen=True)
class SlackBotReceiver:
    """A channel in which the bot is a member. `url` is the address of the Web API."""

    url: str
    token: str = field(repr=False)
    channel: str
    view: View = IN_UTC
    pace: Pace = CHANNEL_PACE
    gathers: bool = True

    def request(
        self, alert: Alert, receipt: Receipt, key: str, now: datetime, *, plain: bool, told: Told | None = None
    ) -> Request:
        """A message in the channel; to those who know the alert in its thread, and a correction in the channel too.

        Plain text, the last resort, does without the thread: its first message may be gone.
        """
        parts = parts_of(alert, receipt, told, self.view)
        channel, ts = self._thread(told)
        if plain:
            return self._called("chat.postMessage", {"channel": channel, **plain_message(parts)})
        message = block_message(parts)
        if ts is not None:
            message |= {"thread_ts": ts, "reply_broadcast": alert.state in TAKEN_BACK}
        return self._called("chat.postMessage", {"channel": channel, **message})

    def list_request(self, alerts: AlertList, key: str, now: datetime, *, plain: bool) -> Request:
        """In the channel: the alerts have threads of their own, or none."""
        message = plain_list(alerts, self.view) if plain else list_message(alerts, self.view)
        return self._called("chat.postMessage", {"channel": self.channel, **message})

    def edit_request(self, alert: Alert, receipt: Receipt, told: Told) -> Request | None:
        """The first message as the whole alert is now; None if it is not on record."""
        channel, ts = self._thread(told)
        if ts is None:
            return None
        # The times of noticing and sending are those of the update, which has its own message
        of_article = msgspec.structs.replace(receipt, alerted_at=None, delivered_at=None)
        message = block_message(parts_of(alert, of_article, None, self.view))
        for key in ("mrkdwn", "unfurl_links", "unfurl_media"):  # of new messages only
            message.pop(key)
        return self._called("chat.update", {"channel": channel, "ts": ts, **message})

    def notice_request(self, notice: Notice, key: str, now: datetime) -> Request:
        """Plain text in the channel."""
        return self._called("chat.postMessage", {"channel": self.channel, **text_message(notice_lines(notice))})

    def judge(self, reply: Reply, *, plain: bool) -> ReplyVerdict:
        """Delivered only for `{"ok": true}`."""
        secret = f"{self.url}/{self.token}"
        return slack_verdict(reply, secret, plain=plain, access="receivers.token", channel="receivers.channel")

    def _thread(self, told: Told | None) -> tuple[str, str | None]:
        """The channel, and the first message in it; a channel that was renamed keeps its id."""
        if told is None or told.thread is None:
            return self.channel, None
        channel, _, ts = told.thread.partition("/")
        return channel, ts

    def _called(self, method: str, arguments: dict[str, Any]) -> Request:
        headers = {"Content-Type": "application/json; charset=utf-8", "Authorization": f"Bearer {self.token}"}
        return Request(f"{self.url}/{method}", orjson.dumps(arguments), headers)


def _configured(section: ReceiverSettings, url: str, view: View) -> SlackBotReceiver:
    token = token_of(section)
    if not section.channel:
        raise ConfigError("a Slack bot needs channel, the id of the channel, C…", place=section.place)
    return SlackBotReceiver(url.rstrip("/"), token, section.channel, view)


TYPE = ReceiverType("slack_bot", _configured, default_url="https://slack.com/api", keys=("token", "channel"))
