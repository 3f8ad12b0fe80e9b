"""Alerts on the health of feeds: one for all that go wrong together, once, and readable."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from firstwire.notifier.rendering import HEADLINE_LIMIT, parts_of, plain_lines
from firstwire.poller.health_alerts import HealthAlert, health_alert
from firstwire.poller.subscriptions import Subscription
from schemas.delivery import Receipt
from schemas.feed import FeedState, Health
from schemas.times import format_timestamp
from tests.support.visits import NOW

HOUR = timedelta(hours=1)


def state(url: str, health: Health, failing_for: timedelta = 7 * HOUR, **fields: object) -> FeedState:
    failed = health in ("failing", "blocked", "dead")
    return FeedState(
        url=url,
        health=health,
        checked_at=format_timestamp(NOW),
        changed_at=format_timestamp(NOW - 50 * HOUR),
        failures=3 if failed else 0,
        failing_since=format_timestamp(NOW - failing_for) if failed else None,
        last_error=f"{url}: HTTP 500" if failed else None,
        **fields,  # type: ignore[arg-type]
    )


def alerts(*states: FeedState) -> list[HealthAlert]:
    named = {each.url: Subscription(url=each.url, title=f"Paper {each.url[-2]}", place="test") for each in states}
    found = health_alert(named, {each.url: each for each in states}, NOW)
    return [] if found is None else [found]


def url(number: int) -> str:
    return f"https://a.example/{number}/"


def test_feeds_that_go_wrong_together_are_told_in_one_alert_the_worst_first() -> None:
    silent = [state(url(number), "silent", quiet_seconds=3600.0) for number in range(5)]
    (found,) = alerts(*silent, state(url(7), "dead"), state(url(8), "ok"), state(url(9), "new"))
    assert found.alert.headline == (
        "6 feeds are no longer well, 1 dead, 5 silent: Paper 7, a.example (HTTP 500; 3 failures, none good for 7h); "
        "Paper 0, a.example (no news for 2d, usually within 1h); Paper 1, a.example (no news for 2d, usually within 1h)"
        "; and 3 more; see firstwire feeds status"
    )
    assert len(found.alert.headline) <= HEADLINE_LIMIT
    assert len(found.urls) == 6
    assert (found.alert.kind, found.alert.rule_id, found.alert.severity) == ("system", "feed-health", "warning")
    (of_one,) = alerts(*silent)
    assert of_one.alert.headline.startswith("5 feeds are silent: Paper 0, a.example (no news for 2d")


def test_what_often_passes_is_told_if_it_lasts_and_all_is_told_once() -> None:
    assert alerts(state(url(1), "failing", failing_for=5 * HOUR)) == []
    assert len(alerts(state(url(1), "failing", failing_for=6 * HOUR))) == 1
    assert alerts(state(url(1), "silent", told_health="silent")) == []
    assert len(alerts(state(url(1), "stale", told_health="silent"))) == 1


def test_an_alert_that_is_raised_again_is_the_same_one() -> None:
    first = state(url(1), "dead")
    (one,) = alerts(first)
    later = msgspec.structs.replace(first, checked_at=format_timestamp(NOW + HOUR), failures=4)
    assert alerts(later)[0].alert.alert_id == one.alert.alert_id


def test_a_reader_sees_what_is_wrong_and_nothing_about_articles() -> None:
    (found,) = alerts(state(url(1), "dead"))
    receipt = Receipt(published_at=None, fetched_at=format_timestamp(NOW), alerted_at=format_timestamp(NOW))
    lines = plain_lines(parts_of(found.alert, receipt))
    assert lines == [
        "SYSTEM  A feed is dead: Paper 1, a.example (HTTP 500; 3 failures, none good for 7h); "
        "see firstwire feeds status",
        "noticed 3 Jul 2025 15:00:00 UTC",
        f"Why: rule feed-health v1, warning · alert {found.alert.alert_id[:12]}",
    ]
