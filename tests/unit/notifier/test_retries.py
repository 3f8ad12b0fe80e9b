"""When a delivery is tried again, and when no more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstwire.notifier.delivery_log import LoggedDelivery, new_entry
from firstwire.notifier.due import DueQueue, RateLimit
from firstwire.notifier.receiver import UNLIMITED, Pace
from firstwire.notifier.replies import ReplyVerdict
from firstwire.notifier.retries import LONGEST_DELAY_SECONDS, RETRY_JITTER, after_attempt, delay_seconds, gave_up
from schemas.times import format_timestamp, parse_timestamp
from tests.support.alerts import NOW, first_alert, later, receipt

DAY = 24 * 3600.0


def entry(number: int = 0) -> LoggedDelivery:
    return new_entry(first_alert(alert_id=f"a{number}"), "desk", receipt(delivered_at=None))


def retry(seconds: float | None = None, *, pauses: bool = False) -> ReplyVerdict:
    return ReplyVerdict("retry", "503", seconds, pauses)


def test_delays_grow_from_a_second_to_an_hour() -> None:
    delays = [delay_seconds("key", attempt) for attempt in range(1, 12)]
    plain = [1, 3, 9, 27, 81, 243, 729, 2187, 3600, 3600, 3600]
    for delay, expected in zip(delays, plain, strict=True):
        assert expected * 0.9 <= delay <= expected * 1.1


@given(st.text(), st.integers(1, 10_000))
def test_jitter_is_the_same_for_the_same_attempt(key: str, attempt: int) -> None:
    delay = delay_seconds(key, attempt)
    assert delay == delay_seconds(key, attempt)
    assert 0.9 <= delay <= LONGEST_DELAY_SECONDS * (1 + RETRY_JITTER)


def test_what_failed_together_does_not_come_back_together() -> None:
    assert len({round(delay_seconds(f"key{number}", 5), 3) for number in range(50)}) > 40


def test_a_delivered_alert_keeps_its_receipt_and_drops_its_text() -> None:
    done = after_attempt(entry(), ReplyVerdict("delivered", "200 ok"), NOW, later(0.25), DAY).entry.delivery
    assert (done.state, done.attempt, done.result, done.alert) == ("delivered", 1, "200 ok", None)
    assert done.attempted_at == format_timestamp(NOW)
    assert done.receipt.delivered_at == format_timestamp(later(0.25))
    assert done.next_attempt_at is None


def test_a_failed_alert_says_why_and_drops_its_text() -> None:
    done = after_attempt(entry(), ReplyVerdict("failed", "404 no_service"), NOW, later(1), DAY).entry.delivery
    assert (done.state, done.attempt, done.result, done.alert) == ("failed", 1, "404 no_service", None)
    assert done.receipt.delivered_at is None


def test_retry_after_is_never_undercut_and_pauses_only_when_asked() -> None:
    step = after_attempt(entry(), retry(30.0004), NOW, later(1), DAY)
    next_at = step.entry.delivery.next_attempt_at
    assert next_at is not None
    assert parse_timestamp(next_at) >= later(31.0004)
    assert step.paused_until is None
    paused = after_attempt(entry(), retry(30, pauses=True), NOW, later(1), DAY)
    assert paused.paused_until == later(31)
    assert paused.entry.delivery.paused_until == format_timestamp(later(31))
    assert after_attempt(paused.entry, retry(), later(31), later(31), DAY).entry.delivery.paused_until is None


def test_after_give_up_after_from_the_first_attempt_it_has_failed() -> None:
    now, step, attempts = NOW, None, 0
    current = entry()
    while current.delivery.state == "pending":
        step = after_attempt(current, retry(), now, now, DAY)
        current, attempts = step.entry, attempts + 1
        if current.delivery.next_attempt_at is not None:
            now = parse_timestamp(current.delivery.next_attempt_at)
    assert current.delivery.state == "failed"
    assert current.delivery.result == f"gave up after {attempts} attempts: 503"
    assert 25 <= attempts <= 40
    assert later(DAY - 1.2 * LONGEST_DELAY_SECONDS) <= now <= later(DAY)


def test_a_first_attempt_is_never_given_up_and_an_old_one_is() -> None:
    assert not gave_up(entry(), later(10 * DAY), DAY)
    tried = after_attempt(entry(), retry(), NOW, NOW, DAY).entry
    assert not gave_up(tried, later(DAY), DAY)
    assert gave_up(tried, later(DAY + 1), DAY)


def test_a_retry_after_beyond_the_end_gives_up_and_still_pauses_the_destination() -> None:
    step = after_attempt(entry(), retry(120, pauses=True), NOW, NOW, 60.0)
    assert step.entry.delivery.state == "failed"
    assert step.paused_until == later(120)


def test_the_queue_goes_by_due_time_and_a_pause_holds_all() -> None:
    queue = DueQueue()
    assert queue.next_at() is None
    queue.push(entry(1), later(30))
    queue.push(entry(2), later(5))
    queue.push(entry(3), later(5))
    assert queue.next_at() == later(5)
    queue.pause(later(60))
    queue.pause(later(10))
    assert queue.next_at() == later(60)
    assert [queue.pop().delivery.alert_id for _ in range(3)] == ["a2", "a3", "a1"]
    assert len(queue) == 0


@given(st.lists(st.floats(0, 5), min_size=10, max_size=80))
def test_a_pace_allows_bursts_of_three_and_one_a_second(gaps: list[float]) -> None:
    pace, now, sent = RateLimit(Pace(1.0, 3)), NOW, []
    for gap in gaps:
        now = pace.ready_at(max(now, now)) if gap < 1 else pace.ready_at(later((now - NOW).total_seconds() + gap))
        pace.take(now)
        sent.append(now)
    for earlier, later_one in zip(sent, sent[3:], strict=False):
        assert (later_one - earlier).total_seconds() >= 1.0


@pytest.mark.parametrize("count", [1, 100])
def test_no_pace_never_holds_back(count: int) -> None:
    pace = RateLimit(UNLIMITED)
    for _ in range(count):
        assert pace.ready_at(NOW) == NOW
        pace.take(NOW)


def test_a_clock_that_was_set_back_does_not_stop_a_pace() -> None:
    pace = RateLimit(Pace(1.0, 3))
    for _ in range(3):
        pace.take(later(3600))
    assert pace.ready_at(NOW) == NOW
