"""Requests to receivers, the replies to them, and what these mean. No waiting and no sockets here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal
from urllib.parse import unquote

RESULT_LIMIT = 200
"""Code points of a reply kept in a delivery record."""

RETRY_AFTER_LIMIT_SECONDS = 24 * 3600.0
"""A longer Retry-After counts as this much: receivers have asked for 88 hours."""


@dataclass(frozen=True)
class Request:
    """One POST. The URL belongs to the receiver and is never part of a log or record."""

    url: str = field(repr=False)
    body: bytes = field(repr=False)
    """Some services want their key in it."""
    headers: Mapping[str, str] = field(repr=False)
    """May hold a token."""


@dataclass(frozen=True)
class Reply:
    """The reply: its status, the beginning of its body, and its Retry-After header, unparsed."""

    status: int
    body: str
    received_at: datetime
    retry_after: str | None = None


@dataclass(frozen=True)
class ReplyVerdict:
    """What a reply, or its absence, means for a delivery."""

    verdict: Literal["delivered", "retry", "failed", "plainer", "parked"]
    """`plainer`: the receiver rejected the format; send it again at once as plain text. `failed`: it rejected this
    message. `parked`: it accepts none until somebody mends a setting or the receiver."""
    result: str
    retry_after_seconds: float | None = None
    pauses: bool = False
    """Whether the whole destination pauses until the retry, not only this delivery."""
    unanswered: bool = False
    """Whether there was no reply to a request that was sent: it may have been accepted."""
    setting: str = ""
    """Of `parked`: the setting that probably is to be mended, `receivers.url`."""
    thread: str | None = None
    """Of `delivered`: the receiver's own reference of the message, if later ones can be put under it."""
    probed: bool = False
    """Of `parked`: whether it may be mended without a restart, so that it is tried again now and then."""


_REJECTED = (400, 413, 422)
_CLOSED = (401, 403, 404, 405, 410)


def status_verdict(reply: Reply, secret: str, *, plain: bool, access: str = "receivers.url") -> ReplyVerdict:
    """What a status means where it says everything; `secret` must not be shown, `access` is the setting to mend.

    2xx is delivered; 400, 413 and 422 are about the message, 401, 403, 404, 405 and 410 about the place or the key; all
    else, redirects too, is tried again.
    """
    result = result_of(reply, secret)
    if 200 <= reply.status < 300:
        return ReplyVerdict("delivered", result)
    if reply.status in _REJECTED:
        return ReplyVerdict("failed" if plain else "plainer", result)
    if reply.status in _CLOSED:
        return ReplyVerdict("parked", result, setting=access, probed=reply.status != 410)
    wait = retry_after_seconds(reply.retry_after, reply.received_at)
    return ReplyVerdict("retry", result, wait, pauses=reply.status == 429)


def address_refused(reason: str) -> ReplyVerdict:
    """What it means that the settings do not allow the address. The name may lead elsewhere tomorrow."""
    return ReplyVerdict("parked", reason, setting="notifier.allow_private_addresses", probed=True)


def retry_after_seconds(text: str | None, now: datetime) -> float | None:
    """The seconds of a Retry-After header (seconds or HTTP-date), 0 to 24 h; None if missing or malformed."""
    if text is None:
        return None
    text = text.strip()
    if re.fullmatch(r"[0-9]{1,18}(\.[0-9]{1,18})?", text):
        return min(float(text), RETRY_AFTER_LIMIT_SECONDS)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max((moment - now).total_seconds(), 0.0), RETRY_AFTER_LIMIT_SECONDS)


def result_of(reply: Reply, url: str) -> str:
    """Status and beginning of a reply on one line, without URLs and without any part of the receiver's own."""
    return f"{reply.status} {without_urls(reply.body, url)}".strip()[:RESULT_LIMIT]


def without_urls(text: str, url: str) -> str:
    """The text on one line with every URL and every longer piece of `url` replaced."""
    text = "".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in text)
    text = re.sub(r"(?i)\b[a-z][a-z0-9+.-]*://\S*", "(url)", text)
    pieces = re.split(r"[/?&=#:@]+", url)
    for piece in sorted({*pieces, *map(unquote, pieces)}, key=len, reverse=True):
        if len(piece) >= 6:
            text = text.replace(piece, "(hidden)")
    return " ".join(text.split())
