"""Slack: renders an alert as a Block Kit message for an incoming webhook, and judges Slack's replies."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

import orjson

from firstwire.config import ReceiverSettings
from firstwire.notifier.changes import Told
from firstwire.notifier.mrkdwn import bold_quote, escaped, length, plain_marks
from firstwire.notifier.notices import notice_lines
from firstwire.notifier.receiver import Pace
from firstwire.notifier.rendering import Parts, parts_of, plain_lines
from firstwire.notifier.replies import Reply, ReplyVerdict, Request, result_of, retry_after_seconds
from firstwire.notifier.view import IN_UTC, View
from schemas import Alert, Notice, Receipt

# https://docs.slack.dev/reference/block-kit/blocks; over all blocks Slack also limits messages to about 13,200
# characters (bolt-js#2509), which these limits stay under
HEADER_LIMIT = 150
SECTION_LIMIT = 3_000
WHAT_IN_HEADER = 100
"""A longer addition would be cut in the header, and is repeated below."""
LINE_LIMIT = 560
"""The act and at most four quotes share a section."""
LINK_LIMIT = 2_500
DEVELOPMENT_LINK_LIMIT = 600
"""Several share a section: a longer link is left out."""
FALLBACK_LIMIT = 3_500

_FORM_ERRORS = frozenset(
    (
        "invalid_payload",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_attachments",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "user_not_found",
    )
)
"""Errors about the message's format: plain text may still be accepted."""

_GONE_ERRORS = frozenset(
    (
        "action_prohibited",
        "channel_is_archived",
        "channel_not_found",
        "invalid_token",
        "no_active_hooks",
        "no_service",
        "no_service_id",
        "no_team",
        "posting_to_general_channel_denied",
        "team_disabled",
        "token_revoked",
    )
)
"""Errors about the webhook itself: Slack accepts nothing more from it, and asks not to be tried again.

https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
"""

SLACK_PACE = Pace(interval_seconds=1.0, burst=3)
"""Slack accepts one message per second and webhook, and short bursts; it disables webhooks that keep exceeding it."""

_TRANSIENT_ERRORS = frozenset(("rollup_error", "rate_limited", "ratelimited", "internal_error", "fatal_error"))


@dataclass(frozen=True)
class SlackReceiver:
    """An incoming webhook. Its URL is a secret."""

    url: str = field(repr=False)
    view: View = IN_UTC
    pace: Pace = SLACK_PACE

    @classmethod
    def configured(cls, section: ReceiverSettings, url: str, view: View) -> Self:
        """The receiver of these settings."""
        return cls(url, view)

    def request(
        self, alert: Alert, receipt: Receipt, key: str, now: datetime, *, plain: bool, told: Told | None = None
    ) -> Request:
        """Blocks with a text fallback, or only the text if `plain`."""
        parts = parts_of(alert, receipt, told, self.view)
        message = plain_message(parts) if plain else block_message(parts)
        return self._posted(message)

    def notice_request(self, notice: Notice, key: str, now: datetime) -> Request:
        """Plain text."""
        return self._posted(text_message(notice_lines(notice)))

    def judge(self, reply: Reply, *, plain: bool) -> ReplyVerdict:
        """Delivered only for a 2xx with the body `ok`."""
        result = result_of(reply, self.url)
        error = _error_of(reply.body)
        wait = retry_after_seconds(reply.retry_after, reply.received_at)
        if reply.status == 429 or error in ("rate_limited", "ratelimited"):
            return ReplyVerdict("retry", result, wait, pauses=True)
        if error in _GONE_ERRORS:
            return ReplyVerdict("parked", result, setting="receivers.url")
        if reply.status >= 500 or reply.status == 408 or error in _TRANSIENT_ERRORS:
            return ReplyVerdict("retry", result, wait)
        if 200 <= reply.status < 300 and error is None:
            return ReplyVerdict("delivered", result)
        if reply.status in (400, 413) or error in _FORM_ERRORS:
            return ReplyVerdict("failed" if plain else "plainer", result)
        if 200 <= reply.status < 400:
            if _is_slack_error(error):  # an unknown one: perhaps about the blocks
                return ReplyVerdict("failed" if plain else "plainer", result)
            # Not a reply of Slack's: a proxy or captive portal in between, which may go away
            return ReplyVerdict("retry", result, wait)
        # 401, 403, 404, 410 and the like: not by Slack if it is no error of Slack's, so it may go away
        return ReplyVerdict("parked", result, setting="receivers.url", probed=not _is_slack_error(error))

    def _posted(self, message: dict[str, Any]) -> Request:
        return Request(self.url, orjson.dumps(message), {"Content-Type": "application/json; charset=utf-8"})


def block_message(parts: Parts) -> dict[str, Any]:
    """Header, what changed, the act with its quotes and source, the ledger's answer, and a context line of the rest."""
    act_lines = [f"• {plain_marks(change, LINE_LIMIT)}" for change in parts.changes]
    act_lines += [] if parts.act is None else [f"*{plain_marks(parts.act, LINE_LIMIT)}*"]
    act_lines += [f"“{bold_quote(quote, LINE_LIMIT)}”" for quote in parts.quotes]
    if parts.certainty is not None:
        act_lines.append(f"*How sure?*  {plain_marks(parts.certainty, LINE_LIMIT)}")
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": _plain(f"{parts.label}  {parts.headline}", HEADER_LIMIT)}
    ]
    if act_lines:
        blocks.append({"type": "section", "text": _mrkdwn("\n".join(act_lines))})
    if (source := _source(parts)) is not None:
        blocks.append({"type": "section", "text": _mrkdwn(f"*Source*  {source}")})
    if parts.developments:
        blocks.append({"type": "section", "text": _mrkdwn(_developments(parts))})
    if parts.belongs_to is not None:
        belongs_to = plain_marks(parts.belongs_to, LINE_LIMIT)
        blocks.append({"type": "section", "text": _mrkdwn(f"*Belongs to*  {belongs_to}")})
    if parts.first is not None:
        first = plain_marks(parts.first, SECTION_LIMIT - 20)
        blocks.append({"type": "section", "text": _mrkdwn(f"*First?*  {first}")})
    if parts.conflicts is not None:
        disagree = plain_marks(parts.conflicts, LINE_LIMIT)
        blocks.append({"type": "section", "text": _mrkdwn(f"*Sources disagree*  {disagree}")})
    known = (parts.breadth, parts.receipt, f"Why: {parts.why}")
    lines = [plain_marks(line, LINE_LIMIT) for line in known if line is not None]
    if (console := _link(parts.console, "open in the console")) is not None:
        lines.append(console)
    blocks.append({"type": "context", "elements": [_mrkdwn(line) for line in lines]})
    return {**plain_message(parts), "blocks": blocks}


def _source(parts: Parts) -> str | None:
    link = _link(parts.url)
    known = [] if parts.source is None else [plain_marks(parts.source, LINE_LIMIT)]
    known += [] if link is None or length(link) > LINK_LIMIT else [link]
    return " · ".join(known) or None


def _developments(parts: Parts) -> str:
    """The developments, the newest first, as many as fit into a section; the others are counted."""
    lines = [] if parts.belongs_to is not None else ["*Since then*, the newest first:"]
    left = SECTION_LIMIT - length("\n".join([*lines, parts.unlisted or ""])) - 100
    shown = 0
    for each in parts.developments:
        link = _link(each.url)
        article = plain_marks(each.article, LINE_LIMIT)
        if link is not None and length(link) <= DEVELOPMENT_LINK_LIMIT:
            article += f" · {link}"
        is_in_headline = parts.belongs_to is not None and shown == 0 and length(each.what) <= WHAT_IN_HEADER
        added = [article] if is_in_headline else [f"*{plain_marks(each.what, LINE_LIMIT)}*", article]
        left -= length("\n".join(added)) + 1
        if left < 0 and shown:
            break
        lines += added
        shown += 1
    if shown < len(parts.developments):
        lines.append(f"and {len(parts.developments) - shown} more")
    return "\n".join([*lines, *([] if parts.unlisted is None else [parts.unlisted])])


def _link(url: str | None, words: str = "read the article") -> str | None:
    return None if url is None else f"<{url.replace('&', '&amp;')}|{words}>"


def plain_message(parts: Parts) -> dict[str, Any]:
    """The alert as plain text: shown in notifications, and sent when Slack rejects the blocks."""
    return text_message(plain_lines(parts))


def text_message(text: Iterable[str]) -> dict[str, Any]:
    """Lines of plain text, as many as Slack shows."""
    lines: list[str] = []
    left = FALLBACK_LIMIT
    for line in text:
        lines.append(escaped(line, min(left, LINE_LIMIT * 3)))
        left -= length(lines[-1]) + 1
        if left < 10:
            break
    return {"text": "\n".join(lines), "mrkdwn": False, "unfurl_links": False, "unfurl_media": False}


def _plain(text: str, limit: int) -> dict[str, Any]:
    return {"type": "plain_text", "text": escaped(text, limit), "emoji": False}


def _mrkdwn(text: str) -> dict[str, Any]:
    # verbatim: Slack makes no links or mentions of its own out of untrusted text
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _error_of(body: str) -> str | None:
    """The error in a body; None if it is ok."""
    text = body.strip()
    if text == "ok":
        return None
    try:
        answer = json.loads(text)
    except ValueError:
        return text
    if isinstance(answer, dict):
        return None if answer.get("ok") is True else str(answer.get("error", text))
    return text


def _is_slack_error(error: str | None) -> bool:
    return error is not None and error != "" and len(error) < 80 and error.replace("_", "").isalpha()
