"""The health of feeds, against their own rhythm, and what it means in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args

import msgspec
import pytest

from firstwire.poller.document import FeedDocument, FeedEntry
from firstwire.poller.health import FINE, explained
from firstwire.poller.visit import Visit
from schemas.feed import FeedState, Health, HubSubscription
from schemas.times import format_timestamp
from tests.support.visits import NOW, URL, changed, failed, rules, unchanged

NEW = FeedState(url=URL)
DAY = timedelta(days=1)


def dated(*ages: timedelta, now: datetime = NOW) -> tuple[FeedEntry, ...]:
    return tuple(
        FeedEntry(title=f"At {now - age}", guid=str(now - age), published_at=now - age, published_text=str(now - age))
        for age in ages
    )


def first_visit(every: timedelta, newest: timedelta = timedelta(0), entries: int = 6) -> Visit:
    found = dated(*(newest + every * number for number in range(entries)))
    return changed(NEW, document=FeedDocument(entries=found, language="en"))


@pytest.mark.parametrize(
    ("every", "quiet_for", "health"),
    [
        (timedelta(hours=1), timedelta(hours=20), "ok"),
        (timedelta(hours=1), timedelta(hours=25), "silent"),
        (timedelta(days=2), timedelta(days=5), "ok"),
        (timedelta(days=2), timedelta(days=7), "silent"),
        (timedelta(hours=1), timedelta(days=31), "stale"),
        (timedelta(days=20), timedelta(days=40), "ok"),
        (timedelta(days=20), timedelta(days=61), "stale"),
    ],
)
def test_a_feed_is_silent_against_its_own_rhythm(every: timedelta, quiet_for: timedelta, health: Health) -> None:
    first = first_visit(every)
    assert first.state.health == "ok"
    assert unchanged(first.state, rules(NOW + quiet_for)).state.health == health


def test_the_rhythm_follows_what_visits_find_and_a_holiday_fades() -> None:
    first = first_visit(timedelta(hours=1))
    now = NOW + 5 * DAY
    state = changed(first.state, *dated(timedelta(0), now=now), by=rules(now)).state
    assert state.quiet_seconds == timedelta(days=5).total_seconds()
    for _ in range(140):
        now += DAY / 2
        state = changed(state, *dated(timedelta(0), now=now), by=rules(now)).state
    assert 12 <= (state.quiet_seconds or 0) / 3600 < 24
    assert unchanged(state, rules(now + 3 * DAY)).state.health == "silent"


def test_a_quiet_weekend_is_no_silence_at_the_next_one() -> None:
    state, now, healths = first_visit(timedelta(hours=1)).state, NOW, []
    for _ in range(3):
        for hour in range(1, 5 * 24):
            state = changed(
                state, *dated(timedelta(0), now=now + hour * DAY / 24), by=rules(now + hour * DAY / 24)
            ).state
        healths.append(unchanged(state, rules(now + 7 * DAY)).state.health)
        now += 7 * DAY
    assert healths == ["silent", "ok", "ok"]


def test_news_end_a_silence() -> None:
    first = first_visit(timedelta(hours=1))
    silent = unchanged(first.state, rules(NOW + 2 * DAY)).state
    now = NOW + 3 * DAY
    back = changed(
        silent, *dated(timedelta(0), *(3 * DAY + timedelta(hours=n) for n in range(5)), now=now), by=rules(now)
    )
    assert (silent.health, back.state.health, back.was) == ("silent", "ok", "silent")


def test_a_feed_that_was_abandoned_before_it_was_added_is_stale_at_once() -> None:
    assert first_visit(DAY, newest=60 * DAY).state.health == "stale"


def test_what_a_first_document_shows_is_no_change_that_somebody_must_be_told_of() -> None:
    first = first_visit(DAY, newest=60 * DAY)
    assert first.state.told_health == "stale"
    healthy = first_visit(timedelta(hours=1)).state
    assert unchanged(healthy, rules(NOW + 40 * DAY)).state.told_health is None


def test_a_feed_of_few_dates_has_no_rhythm_and_one_without_dates_is_undated() -> None:
    few = first_visit(timedelta(hours=1), entries=4).state
    assert unchanged(few, rules(NOW + 5 * DAY)).state.health == "ok"
    undated = changed(NEW, *(FeedEntry(title=f"{n}", guid=f"{n}") for n in range(3)))
    assert undated.state.health == "undated"


def test_failures_of_two_weeks_make_a_feed_dead_and_one_success_alive() -> None:
    state = first_visit(timedelta(hours=1)).state
    healths = []
    for day in (1, 8, 14, 15):
        state = failed(state, by=rules(NOW + day * DAY)).state
        healths.append(state.health)
    assert healths == ["failing", "failing", "failing", "dead"]
    back = unchanged(state, rules(NOW + 15 * DAY + timedelta(hours=1))).state
    assert (back.health, back.failing_since) == ("silent", None)


def test_every_health_has_a_meaning_but_the_good_ones() -> None:
    state = FeedState(
        url=URL, failures=3, failing_since=at(-DAY), newest_at=at(-40 * DAY), changed_at=at(-3 * DAY), garbled="â€™"
    )
    push = HubSubscription(
        hub="https://hub.example/", topic=URL, callback="", secret="", asked_at="", ask_at="", fault="denied: no"
    )
    state = msgspec.structs.replace(state, push=push)
    told = {
        health: explained(msgspec.structs.replace(state, health=health), "HTTP 500", NOW) for health in get_args(Health)
    }
    assert {health for health, text in told.items() if not text} == FINE - {"new"}
    assert told["failing"] == "HTTP 500; 3 failures, none good for 1d"
    assert told["stale"] == "its newest entry is 40d old"
    assert told["silent"].startswith("no news for 3d")
    assert told["unpushed"] == "hub.example does not push it: denied: no"


def at(span: timedelta) -> str:
    return format_timestamp((NOW + span).astimezone(UTC))
