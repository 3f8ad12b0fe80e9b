"""What a hub is asked and what it answers, as changes of a feed's state."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from firstwire.config import Secret
from firstwire.poller.feed_options import FeedOptions
from firstwire.poller.hub_subscriptions import (
    CONFIRMED_WITHIN,
    LEAST_LEASE,
    LONGEST_LEASE,
    LONGEST_WAIT,
    TOLD_FAILURES,
    after_push,
    after_visit,
    ask_at,
    asked,
    confirmed,
    denied,
    failed,
    is_expected,
    is_pushing,
    is_relied_on,
    is_unpushed,
    signature_fault,
    topic_of,
)
from schemas.feed import FeedState, HubSubscription
from schemas.times import format_timestamp, parse_timestamp

NOW = datetime(2025, 7, 3, tzinfo=UTC)
TOPIC = "https://news.example/rss"
HUBS = ("https://hub.example/", "https://other.example/")
CALLBACK = "https://us.example/websub/abc"
STATE = FeedState(url=TOPIC, hubs=HUBS, topic=TOPIC)


def first() -> FeedState:
    return asked(STATE, TOPIC, CALLBACK, "s", NOW)


def push_of(state: FeedState) -> HubSubscription:
    assert state.push is not None
    return state.push


@pytest.mark.parametrize(
    ("state", "options", "topic"),
    [
        (STATE, FeedOptions(), TOPIC),
        (msgspec.structs.replace(STATE, topic=None), FeedOptions(), TOPIC),
        (
            msgspec.structs.replace(STATE, topic=None, address="https://new.example/rss"),
            FeedOptions(),
            "https://new.example/rss",
        ),
        (msgspec.structs.replace(STATE, url="https://a:b@news.example/rss", topic=None), FeedOptions(), None),
        (msgspec.structs.replace(STATE, url="https://news.example/rss?token=x", topic=None), FeedOptions(), None),
        (msgspec.structs.replace(STATE, hubs=()), FeedOptions(), None),
        (msgspec.structs.replace(STATE, hubs=None), FeedOptions(), None),
        (msgspec.structs.replace(STATE, health="gone"), FeedOptions(), None),
        (STATE, FeedOptions(login=Secret(env="X")), None),
        (STATE, FeedOptions(headers={"X-Key": "1"}), None),
    ],
)
def test_the_address_under_which_a_feed_is_pushed(state: FeedState, options: FeedOptions, topic: str | None) -> None:
    assert topic_of(state, options) == topic


def test_a_hub_that_does_not_confirm_is_asked_again_ever_later_and_then_the_next() -> None:
    state, at, waits, hubs = first(), NOW, [], []
    for _ in range(12):
        due = ask_at(state, TOPIC, "https://us.example/websub")
        assert due is not None
        waits.append(due - at)
        hubs.append(push_of(state).hub)
        at = due
        state = asked(state, TOPIC, "https://us.example/websub/new", "new", at)
    assert waits[:3] == [CONFIRMED_WITHIN, 2 * CONFIRMED_WITHIN, 4 * CONFIRMED_WITHIN]
    assert waits[-1] == LONGEST_WAIT
    assert set(hubs) == set(HUBS)
    assert (push_of(state).callback, push_of(state).secret) == (CALLBACK, "s")
    assert push_of(state).fault == "it was asked, and has not confirmed"
    assert is_unpushed(state.push)


@pytest.mark.parametrize(
    ("granted", "counted"),
    [
        (timedelta(days=10), timedelta(days=10)),
        (timedelta(seconds=1), LEAST_LEASE),
        (timedelta(days=3_650), LONGEST_LEASE),
    ],
)
def test_the_lease_that_the_hub_grants_counts_within_limits(granted: timedelta, counted: timedelta) -> None:
    push = push_of(confirmed(failed(first(), "HTTP 500", NOW), granted, NOW))
    assert parse_timestamp(push.lease_until or "") == NOW + counted
    assert NOW + 0.7 * counted <= parse_timestamp(push.ask_at) <= NOW + 0.9 * counted
    assert (push.failures, push.fault, push.is_asked) == (0, None, False)
    assert is_pushing(push, NOW)
    assert not is_pushing(push, NOW + counted)


def test_renewals_of_feeds_that_were_asked_together_do_not_come_together() -> None:
    states = [asked(STATE, TOPIC, f"{CALLBACK}{n}", "s", NOW) for n in range(20)]
    assert len({push_of(confirmed(state, timedelta(days=10), NOW)).ask_at for state in states}) == 20


def test_a_renewal_that_fails_does_not_end_the_lease_and_a_denial_does() -> None:
    state = confirmed(first(), timedelta(days=10), NOW)
    later = NOW + timedelta(days=8)
    unrenewed = failed(asked(state, TOPIC, CALLBACK, "s", later), "HTTP 500", later)
    assert is_pushing(unrenewed.push, later)
    assert push_of(unrenewed).hub == HUBS[0]
    refused = denied(unrenewed, "", later)
    assert not is_pushing(refused.push, later)
    assert push_of(refused).fault == "denied, without a reason"
    assert push_of(refused).failures == TOLD_FAILURES
    assert parse_timestamp(push_of(refused).ask_at) == later + LONGEST_WAIT


def test_a_hub_says_how_long_to_wait_up_to_a_day() -> None:
    for wait, counted in ((timedelta(hours=2), timedelta(hours=2)), (timedelta(days=9), LONGEST_WAIT)):
        assert parse_timestamp(push_of(failed(first(), "HTTP 429", NOW, wait)).ask_at) == NOW + counted


@pytest.mark.parametrize(
    ("change", "is_new"),
    [
        ({}, False),
        ({"hubs": ("https://hub3.example/",)}, True),
        ({"hubs": HUBS[::-1]}, False),
    ],
)
def test_another_hub_topic_or_address_is_asked_anew(change: dict[str, object], is_new: bool) -> None:
    state = msgspec.structs.replace(confirmed(first(), timedelta(days=10), NOW), **change)  # type: ignore[arg-type]
    assert (ask_at(state, TOPIC, "https://us.example/websub") is None) == is_new
    assert ask_at(state, TOPIC + "2", "https://us.example/websub/") is None
    assert ask_at(state, TOPIC, "https://us2.example/websub") is None
    new = push_of(asked(state, TOPIC, "https://us2.example/x", "s2", NOW))
    assert (new.callback, new.secret, new.lease_until, new.failures) == ("https://us2.example/x", "s2", None, 0)


def test_a_hub_may_ask_for_an_hour_whether_it_was_asked() -> None:
    push = push_of(first())
    assert is_expected(push, NOW + timedelta(minutes=60))
    assert not is_expected(push, NOW + timedelta(minutes=61))


def test_a_hub_is_relied_on_while_the_last_news_were_pushed() -> None:
    push = push_of(confirmed(first(), timedelta(days=10), NOW))
    steps = []
    for is_visit, has_news in (
        (False, False),
        (False, True),
        (True, False),
        (True, True),
        (False, False),
        (False, True),
    ):
        found = after_visit(push, has_news=has_news) if is_visit else after_push(push, NOW, has_news=has_news)
        assert found is not None
        push = found
        steps.append(is_relied_on(push, NOW))
    assert steps == [False, True, True, False, False, True]
    assert not is_relied_on(push, NOW + timedelta(days=10))
    assert push.pushed_at == format_timestamp(NOW)
    assert after_push(None, NOW, has_news=True) is None


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512", "SHA256"])
def test_signatures(method: str) -> None:
    push, body = push_of(first()), b"<rss/>"
    right = hmac.new(b"s", body, getattr(hashlib, method.lower())).hexdigest()
    assert signature_fault(push, f"{method}={right}", body) is None
    assert signature_fault(push, f" {method}={right.upper()} ", body) is None
    for wrong in (
        None,
        "",
        right,
        f"{method}=",
        f"{method}={right[:-1]}",
        f"md5={right}",
        f"{method}=ü",
        f"__len__={right}",
    ):
        assert signature_fault(push, wrong, body) is not None
    assert signature_fault(push, f"{method}={right}", body + b" ") is not None
