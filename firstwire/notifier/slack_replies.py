"""What Slack's replies mean, to an incoming webhook and to the Web API. Pure."""

from __future__ import annotations

import json
from typing import Any

from firstwire.notifier.replies import Reply, ReplyVerdict, result_of, retry_after_seconds

_FORM_ERRORS = frozenset(
    (
        "cannot_parse_attachment",
        "invalid_attachments",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_payload",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "user_not_found",
    )
)
"""Errors about the message's format: plain text may still be accepted."""

_CHANNEL_ERRORS = frozenset(
    (
        "action_prohibited",
        "channel_is_archived",
        "channel_not_found",
        "is_archived",
        "is_inactive",
        "not_in_channel",
        "posting_to_general_channel_denied",
        "restricted_action",
    )
)
_ACCESS_ERRORS = frozenset(
    (
        "access_denied",
        "account_inactive",
        "ekm_access_denied",
        "invalid_auth",
        "invalid_token",
        "missing_scope",
        "no_active_hooks",
        "no_permission",
        "no_service",
        "no_service_id",
        "no_team",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "team_disabled",
        "token_expired",
        "token_revoked",
    )
)
"""Errors about the channel, and about the webhook or the token: Slack accepts nothing more, and asks to stop.

https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks and
https://docs.slack.dev/reference/methods/chat.postMessage
"""

_RATE_ERRORS = frozenset(("rate_limited", "ratelimited", "message_limit_exceeded"))
_TRANSIENT_ERRORS = frozenset(
    ("fatal_error", "internal_error", "request_timeout", "rollup_error", "service_unavailable", "team_added_to_org")
)


def slack_verdict(reply: Reply, secret: str, *, plain: bool, access: str, channel: str) -> ReplyVerdict:
    """What a reply means. `access` and `channel` are the settings to mend, `secret` must not be shown in the result."""
    result = result_of(reply, secret)
    error = slack_error(reply.body)
    wait = retry_after_seconds(reply.retry_after, reply.received_at)
    if reply.status == 429 or error in _RATE_ERRORS:
        return ReplyVerdict("retry", result, wait, pauses=True)
    if error in _ACCESS_ERRORS or error in _CHANNEL_ERRORS:
        return ReplyVerdict("parked", result, setting=channel if error in _CHANNEL_ERRORS else access)
    if reply.status >= 500 or reply.status == 408 or error in _TRANSIENT_ERRORS:
        return ReplyVerdict("retry", result, wait)
    if 200 <= reply.status < 300 and error is None:
        return ReplyVerdict("delivered", result, thread=_thread(reply.body))
    if reply.status in (400, 413) or error in _FORM_ERRORS:
        return ReplyVerdict("failed" if plain else "plainer", result)
    if 200 <= reply.status < 400:
        if _is_slack_error(error):  # an unknown one: perhaps about the blocks
            return ReplyVerdict("failed" if plain else "plainer", result)
        # Not a reply of Slack's: a proxy or captive portal in between, which may go away
        return ReplyVerdict("retry", result, wait)
    # 401, 403, 404, 410 and the like: not by Slack if it is no error of Slack's, so it may go away
    return ReplyVerdict("parked", result, setting=access, probed=not _is_slack_error(error))


def slack_error(body: str) -> str | None:
    """The error in a body; None if it is ok."""
    text = body.strip()
    if text == "ok":
        return None
    answer = _json(text)
    if isinstance(answer, dict):
        return None if answer.get("ok") is True else str(answer.get("error", text))
    return text


def _thread(body: str) -> str | None:
    """`channel/ts` of a message that the Web API accepted: with both it can be edited and answered."""
    answer = _json(body)
    if not isinstance(answer, dict):
        return None
    channel, ts = answer.get("channel"), answer.get("ts")
    return f"{channel}/{ts}" if isinstance(channel, str) and isinstance(ts, str) else None


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _is_slack_error(error: str | None) -> bool:
    return error is not None and error != "" and len(error) < 80 and error.replace("_", "").isalpha()
