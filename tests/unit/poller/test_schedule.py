"""When a feed is asked again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from firstwire.poller.schedule import (
    CAP_SECONDS,
    FLOOR_SECONDS,
    Wishes,
    due_at,
    next_poll_at,
    skipped_days,
    skipped_hours,
    ttl_seconds,
    update_period_seconds,
)

NOW = datetime(2025, 7, 3, 12, 0, tzinfo=UTC)


HOUR = 3600.0


@pytest.mark.parametrize(
    ("wishes", "failures", "floor", "least"),
    [
        (Wishes(), 0, FLOOR_SECONDS, 900.0),
        (Wishes(wish_seconds=HOUR), 0, FLOOR_SECONDS, HOUR),
        (Wishes(fresh_seconds=60.0), 0, FLOOR_SECONDS, 900.0),
        (Wishes(retry_after_seconds=88 * HOUR), 1, FLOOR_SECONDS, CAP_SECONDS),
        (Wishes(), 3, FLOOR_SECONDS, 2700.0),
        (Wishes(), 1_000, FLOOR_SECONDS, CAP_SECONDS),
    ],
)
def test_the_longest_wish_counts_up_to_the_cap(wishes: Wishes, failures: int, floor: float, least: float) -> None:
    wait = next_poll_at(
        NOW, "https://a.example/feed", interval_seconds=900.0, wishes=wishes, failures=failures, floor_seconds=floor
    )
    assert least <= (wait - NOW).total_seconds() <= min(least * 1.1, CAP_SECONDS)


def test_a_public_feed_is_never_asked_below_the_floor_and_a_private_one_may_be() -> None:
    def wait(floor_seconds: float) -> float:
        moment = next_poll_at(
            NOW, "https://a.example/", interval_seconds=1.0, wishes=Wishes(), floor_seconds=floor_seconds
        )
        return (moment - NOW).total_seconds()

    assert wait(FLOOR_SECONDS) >= FLOOR_SECONDS
    assert 1.0 <= wait(0.0) <= 1.1


def test_feeds_drift_apart_and_a_feed_keeps_its_share() -> None:
    def wait(number: int) -> float:
        moment = next_poll_at(NOW, f"https://{number}.example/", interval_seconds=900.0, wishes=Wishes())
        return (moment - NOW).total_seconds()

    waits = [wait(number) for number in range(100)]
    assert len(set(waits)) > 90
    assert waits == [wait(number) for number in range(100)]
    assert min(waits) >= 900.0


def test_a_start_keeps_to_the_plan() -> None:
    assert due_at(None, NOW) == NOW
    assert due_at(NOW + timedelta(minutes=7), NOW) == NOW + timedelta(minutes=7)
    assert due_at(NOW + timedelta(days=900), NOW) == NOW + timedelta(days=1)


def test_a_visit_before_the_clock_was_set_back_waits_its_whole_interval_from_now() -> None:
    checked = NOW + timedelta(hours=1)
    assert due_at(checked + timedelta(minutes=7), NOW, checked) == NOW + timedelta(minutes=7)
    assert due_at(NOW + timedelta(minutes=3), NOW, NOW - timedelta(minutes=4)) == NOW + timedelta(minutes=3)


@pytest.mark.parametrize(
    ("period", "frequency", "seconds"),
    [
        ("hourly", "2", 1800.0),
        (" Daily ", None, 24 * HOUR),
        ("hourly", "0", HOUR),
        ("hourly", "x", HOUR),
        ("sometimes", "1", None),
        (None, None, None),
    ],
)
def test_update_period(period: str | None, frequency: str | None, seconds: float | None) -> None:
    assert update_period_seconds(period, frequency) == seconds


@pytest.mark.parametrize(("text", "seconds"), [("60", HOUR), ("", None), (None, None), ("-1", None), ("9" * 30, None)])
def test_ttl(text: str | None, seconds: float | None) -> None:
    assert ttl_seconds(text) == seconds


def test_what_a_publisher_asks_for_counts_up_to_the_ceiling_and_retry_after_beyond() -> None:
    def wait(wishes: Wishes) -> float:
        moment = next_poll_at(
            NOW, "https://a.example/", interval_seconds=900.0, wishes=wishes, ceiling_seconds=2 * HOUR
        )
        return (moment - NOW).total_seconds()

    year = 365 * 24 * HOUR
    for wishes in (Wishes(fresh_seconds=year), Wishes(wish_seconds=year)):
        assert 2 * HOUR <= wait(wishes) <= 2.2 * HOUR
    assert wait(Wishes(retry_after_seconds=10 * HOUR)) >= 10 * HOUR
    assert wait(Wishes(fresh_seconds=0.0)) >= 900.0


@pytest.mark.parametrize(
    ("hours", "days", "moment"),
    [
        ((), (), "2025-07-03T12:15"),
        ((12,), (), "2025-07-03T13:00"),
        ((12, 13, 14), (), "2025-07-03T15:00"),
        (tuple(range(12, 24)), (), "2025-07-04T00:00"),
        ((), (3,), "2025-07-04T00:00"),
        ((0, 1), (3, 4, 5), "2025-07-06T02:00"),
        (tuple(range(24)), (), "2025-07-03T12:15"),
        ((), tuple(range(7)), "2025-07-03T12:15"),
    ],
)
def test_hours_and_days_without_visits(hours: tuple[int, ...], days: tuple[int, ...], moment: str) -> None:
    wishes = Wishes(skip_hours=hours, skip_days=days)
    found = next_poll_at(NOW, "https://a.example/", interval_seconds=900.0, wishes=wishes)
    assert found.isoformat()[:16] >= moment
    assert found.isoformat()[:15] == moment[:15]


def test_hours_and_days_are_read_from_the_document() -> None:
    markup = (
        "<channel><skipHours><hour>0</hour><hour> 7 </hour><hour>24</hour><hour>99</hour></skipHours>"
        "<skipDays><day>Saturday</day><day>sunday</day><day>Someday</day></skipDays></channel>"
    )
    assert skipped_hours(markup) == (0, 7)
    assert skipped_days(markup) == (5, 6)
    assert (skipped_hours("<channel>"), skipped_days("<skipDays>")) == ((), ())
