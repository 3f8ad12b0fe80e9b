"""What a hub is asked to push and what it answers, as changes of a feed's state (WebSub). Pure."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

import msgspec

from firstwire.core.text.wording import cut, one_line
from firstwire.poller.feed_options import FeedOptions
from firstwire.poller.links import redacted
from firstwire.poller.plaintext import encodable
from firstwire.poller.schedule import share_of
from schemas.feed import FeedState, HubSubscription
from schemas.times import format_timestamp, parse_timestamp

CONFIRMED_WITHIN = timedelta(minutes=10)
"""A hub that has not confirmed by then is asked again. Google's takes seconds, others work their queue off."""

ASKED_AGAIN_AFTER = timedelta(minutes=5)
LONGEST_WAIT = timedelta(days=1)
"""The wait after a failure, and up to which it doubles with each one. A hub that denied is asked a day later."""

RENEWED_AT = (0.7, 0.9)
"""The part of its lease after which it is renewed, between these by the feed, so that renewals do not come together."""

LONGEST_LEASE = timedelta(days=30)
LEAST_LEASE = timedelta(minutes=1)
"""A hub that wants to be asked more often is not asked so often."""

TOLD_FAILURES = 3
"""Failures of a hub in a row that make the health of its feed: many are gone after a minute."""

FAULT_LIMIT_CHARACTERS = 200

SIGNATURES = ("sha1", "sha256", "sha384", "sha512")
"""What WebSub permits, 7.1."""


def topic_of(state: FeedState, options: FeedOptions) -> str | None:
    """The address under which the feed's hubs know it; None if it is not to be pushed.

    What needs a secret of ours is not to be known to a third party, and a hub could not read it.
    """
    if not state.hubs or options.headers or options.login is not None or state.health == "gone":
        return None
    address = state.address or state.url
    return state.topic or (address if redacted(address) == address.partition("#")[0] else None)


def ask_at(state: FeedState, topic: str, callback_url: str) -> datetime | None:
    """When the hub is to be asked to push, or to go on; None if it was never asked for that."""
    push = state.push
    if (
        push is None
        or push.topic != topic
        or push.hub not in (state.hubs or ())
        or not is_below(push.callback, callback_url)
    ):
        return None
    return parse_timestamp(push.ask_at)


def is_below(callback: str, callback_url: str) -> bool:
    """Whether an address where hubs reach us is one of those of this setting."""
    return callback.rpartition("/")[0] == callback_url.rstrip("/")


def asked(state: FeedState, topic: str, callback: str, secret: str, now: datetime) -> FeedState:
    """The hub is being asked. One that was asked before has the same address and secret; after a failure the next."""
    assert state.hubs
    before, at = state.push, format_timestamp(now)
    is_same = ask_at(state, topic, callback.rpartition("/")[0]) is not None
    if before is None or not is_same:
        push = HubSubscription(
            hub=state.hubs[0], topic=topic, callback=callback, secret=secret, asked_at=at, ask_at=at, failures=0
        )
    else:
        push = msgspec.structs.replace(
            before,
            asked_at=at,
            is_asked=True,
            failures=before.failures + before.is_asked,
            fault="it was asked, and has not confirmed" if before.is_asked else before.fault,
            hub=_next_hub(state.hubs, before) if before.failures and not is_pushing(before, now) else before.hub,
        )
    wait = min(LONGEST_WAIT, CONFIRMED_WITHIN * 2 ** min(push.failures, 10))
    return _with(state, msgspec.structs.replace(push, ask_at=format_timestamp(now + wait)))


def confirmed(state: FeedState, lease: timedelta, now: datetime) -> FeedState:
    """The hub has confirmed, for so long."""
    assert state.push is not None
    lease = min(max(lease, LEAST_LEASE), LONGEST_LEASE)
    least, most = RENEWED_AT
    share = least + (most - least) * share_of(state.push.callback)
    return _with(
        state,
        msgspec.structs.replace(
            state.push,
            lease_until=format_timestamp(now + lease),
            ask_at=format_timestamp(now + lease * share),
            is_asked=False,
            failures=0,
            fault=None,
        ),
    )


def failed(state: FeedState, reason: str, now: datetime, wait: timedelta | None = None) -> FeedState:
    """The hub could not be asked, or refused. What it has confirmed before holds until its lease ends."""
    assert state.push is not None
    failures = state.push.failures + 1
    wait = max(wait or timedelta(0), ASKED_AGAIN_AFTER * 2 ** min(failures - 1, 10))
    return _with(
        state,
        msgspec.structs.replace(
            state.push,
            ask_at=format_timestamp(now + min(LONGEST_WAIT, wait)),
            is_asked=False,
            failures=failures,
            fault=_shown(reason),
        ),
    )


def denied(state: FeedState, reason: str, now: datetime) -> FeedState:
    """The hub will not push the feed, or no more."""
    refused = failed(state, f"denied: {reason}" if reason else "denied, without a reason", now, LONGEST_WAIT)
    assert refused.push is not None
    return _with(
        refused,
        msgspec.structs.replace(
            refused.push, lease_until=None, is_trusted=False, failures=max(TOLD_FAILURES, refused.push.failures)
        ),
    )


def words_of_hub(push: HubSubscription, text: str) -> str:
    """What a hub says, on one line, for logs and people: the secret and the end of our address become `***`."""
    text = one_line(text)
    for hidden in filter(None, (push.secret, token_of(push))):
        text = text.replace(hidden, "***")
    return text


def token_of(push: HubSubscription) -> str:
    """The end of our address at which a feed is pushed, which nobody else is to know."""
    return push.callback.rpartition("/")[2]


def is_expected(push: HubSubscription, now: datetime) -> bool:
    """Whether the hub may ask us to confirm: we have asked it, and not long ago. It may ask several times."""
    return now <= parse_timestamp(push.asked_at) + CONFIRMED_WITHIN * 6


def is_pushing(push: HubSubscription | None, now: datetime) -> bool:
    """Whether a hub has promised to push now."""
    return push is not None and push.lease_until is not None and now < parse_timestamp(push.lease_until)


def is_relied_on(push: HubSubscription | None, now: datetime) -> bool:
    """Whether a hub pushes, and has pushed the last news, so that fewer visits will do."""
    return push is not None and is_pushing(push, now) and push.is_trusted


def is_unpushed(push: HubSubscription | None) -> bool:
    """Whether a hub has failed so often that somebody should know."""
    return push is not None and push.failures >= TOLD_FAILURES


def after_push(push: HubSubscription | None, now: datetime, *, has_news: bool) -> HubSubscription | None:
    """The hub has pushed a document that could be read."""
    if push is None:
        return None
    return msgspec.structs.replace(push, pushed_at=format_timestamp(now), is_trusted=push.is_trusted or has_news)


def after_visit(push: HubSubscription | None, *, has_news: bool) -> HubSubscription | None:
    """A visit was made: what it found was not pushed."""
    return msgspec.structs.replace(push, is_trusted=False) if push is not None and has_news else push


def signature_fault(push: HubSubscription, header: str | None, body: bytes) -> str | None:
    """Why what was pushed is not from the hub; None if its signature is right."""
    if header is None:
        return "it is not signed"
    method, _, given = header.strip().partition("=")
    if method.lower() not in SIGNATURES:
        return "it is signed by an unknown method"
    expected = hmac.new(push.secret.encode(), body, getattr(hashlib, method.lower())).hexdigest()
    is_right = hmac.compare_digest(expected.encode(), given.strip().lower().encode("utf-8", "replace"))
    return None if is_right else "its signature is wrong"


def _next_hub(hubs: tuple[str, ...], push: HubSubscription) -> str:
    return hubs[(hubs.index(push.hub) + 1) % len(hubs)]


def _with(state: FeedState, push: HubSubscription) -> FeedState:
    return msgspec.structs.replace(state, push=push)


def _shown(reason: str) -> str:
    return cut(one_line(encodable(reason)), FAULT_LIMIT_CHARACTERS)
