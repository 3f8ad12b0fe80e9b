"""When a delivery is tried again, and when no more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstwire.notifier.breaker import FAILURES_TO_OPEN, JITTER, LONGEST_OPEN_SECONDS, TELL_AFTER, Breaker
from firstwire.notifier.delivery_log import LoggedDelivery, new_entry
from firstwire.notifier.due import STALE_LIMIT, DueQueue, RateLimit, Waiting
from firstwire.notifier.receiver import UNLIMITED, Pace
from firstwire.notifier.replies import ReplyVerdict
from firstwire.notifier.retries import (
    DELAYS_SECONDS,
    PROBE_SECONDS,
    Parking,
    after_attempt,
    delay_seconds,
    expired,
    expires_at,
    gave_up,
)
from schemas.times import format_timestamp, parse_timestamp
from tests.support.alerts import NOW, first_alert, later, receipt

DAY = 24 * 3600.0


def entry(number: int = 0) -> LoggedDelivery:
    return new_entry(first_alert(alert_id=f"a{number}"), "desk", receipt(delivered_at=None))


def retry(seconds: float | None = None, *, pauses: bool = False) -> ReplyVerdict:
    return ReplyVerdict("retry", "503", seconds, pauses)


STANDARD_WEBHOOKS = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#deliverability-and-reliability"""


def test_delays_are_those_of_standard_webhooks_with_more_in_the_first_minutes() -> None:
    assert set(STANDARD_WEBHOOKS) <= set(DELAYS_SECONDS)
    assert tuple(sorted(DELAYS_SECONDS)) == DELAYS_SECONDS
    assert sum(STANDARD_WEBHOOKS) == 75 * 3600 + 35 * 60 + 5
    assert set(DELAYS_SECONDS) - set(STANDARD_WEBHOOKS) == {1, 30, 120, 600}
    for number, expected in enumerate(DELAYS_SECONDS, 1):
        assert expected * 0.9 <= delay_seconds("key", number) <= expected * 1.1


@given(st.text(), st.integers(1, 10_000))
def test_jitter_is_the_same_for_the_same_attempt(key: str, attempt: int) -> None:
    delay = delay_seconds(key, attempt)
    assert delay == delay_seconds(key, attempt)
    assert 0.9 <= delay <= DELAYS_SECONDS[-1] * (1 + JITTER)


def test_what_failed_together_does_not_come_back_together() -> None:
    assert len({round(delay_seconds(f"key{number}", 5), 3) for number in range(50)}) > 40


def test_a_delivered_alert_keeps_its_receipt_and_drops_its_text() -> None:
    done = after_attempt(entry(), ReplyVerdict("delivered", "200 ok"), NOW, later(0.25), DAY).entry.delivery
    assert (done.state, done.attempt, done.result, done.alert) == ("delivered", 1, "200 ok", None)
    assert done.attempted_at == format_timestamp(NOW)
    assert done.receipt.delivered_at == format_timestamp(later(0.25))
    assert done.next_attempt_at is None


def test_a_failed_alert_says_why_and_keeps_its_text_for_a_redrive() -> None:
    done = after_attempt(entry(), ReplyVerdict("failed", "400 no_text"), NOW, later(1), DAY).entry.delivery
    assert (done.state, done.attempt, done.result, done.alert) == ("failed", 1, "400 no_text", entry().delivery.alert)
    assert done.receipt.delivered_at is None


@pytest.mark.parametrize(("probed", "probe_at"), [(True, later(1 + PROBE_SECONDS)), (False, None)])
def test_a_parked_delivery_waits_for_somebody_and_its_retries_count_anew(probed: bool, probe_at: Any) -> None:
    tried = after_attempt(entry(), retry(), NOW, NOW, DAY).entry
    verdict = ReplyVerdict("parked", "404", setting="receivers.url", probed=probed)
    step = after_attempt(tried, verdict, later(1), later(1), DAY)
    assert step.parking == Parking("receivers.url", probe_at)
    parked = step.entry.delivery
    assert (parked.state, parked.attempt, parked.result) == ("parked", 2, "404")
    assert (parked.first_attempted_at, parked.next_attempt_at) == (None, None)
    assert parked.alert is not None
    mended = after_attempt(step.entry, retry(), later(5 * DAY), later(5 * DAY), DAY)
    assert mended.entry.delivery.state == "pending", "waiting was no retrying"


def test_attempts_without_a_reply_are_counted() -> None:
    lost = ReplyVerdict("retry", "timeout", unanswered=True)
    once = after_attempt(after_attempt(entry(), lost, NOW, NOW, DAY).entry, retry(), NOW, NOW, DAY).entry
    assert (once.delivery.attempt, once.delivery.unanswered) == (2, 1)


def test_what_waited_too_long_is_given_up_with_the_reason_it_waited_for() -> None:
    queued = new_entry(first_alert(), "desk", receipt(), queued_at=format_timestamp(NOW))
    assert expires_at(queued, 3 * DAY) == later(3 * DAY)
    parked = after_attempt(queued, ReplyVerdict("parked", "404"), later(9), later(9), DAY).entry
    assert expires_at(parked, 3 * DAY) == later(3 * DAY)
    assert expired(parked).delivery.result == "too old, queued 2025-07-03T14:02:41.000Z: 404"
    assert expired(queued).delivery.result.endswith("it was not attempted")


def test_an_older_record_is_as_old_as_it_tells() -> None:
    assert expires_at(entry(), DAY) == parse_timestamp("2025-07-03T14:02:40.180Z") + timedelta(days=1)


def test_retry_after_is_never_undercut_and_pauses_the_whole_destination() -> None:
    step = after_attempt(entry(), retry(30.0004), NOW, later(1), DAY)
    next_at = step.entry.delivery.next_attempt_at
    assert next_at is not None
    assert parse_timestamp(next_at) >= later(31.0004)
    assert step.paused_until == parse_timestamp(next_at), "with whatever status it came"
    assert after_attempt(entry(), retry(), NOW, later(1), DAY).paused_until is None
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
    assert attempts == 11, "the next would be 14 hours after 18"
    assert later(16 * 3600) <= now <= later(DAY)


def test_what_a_receiver_asks_for_is_all_that_is_waited_for_and_lengthens_no_later_delay() -> None:
    current = entry()
    for _ in range(20):
        step = after_attempt(current, retry(2, pauses=True), NOW, NOW, DAY)
        current = step.entry
        assert step.paused_until == later(2)
    failing = after_attempt(current, retry(), NOW, NOW, DAY).entry
    assert failing.delivery.next_attempt_at is not None
    assert parse_timestamp(failing.delivery.next_attempt_at) <= later(1.2)
    unsaid = entry()
    for _ in range(20):
        step = after_attempt(unsaid, retry(pauses=True), NOW, NOW, DAY)
        assert step.paused_until is not None
        assert step.paused_until <= later(LONGEST_OPEN_SECONDS), "a limit of rate is no outage"
        unsaid = step.entry
    assert after_attempt(entry(), retry(0, pauses=True), NOW, NOW, DAY).paused_until != NOW, "0 s is no storm"


def test_after_the_last_of_the_delays_it_has_failed() -> None:
    current, now = entry(), NOW
    while current.delivery.state == "pending":
        current = after_attempt(current, retry(), now, now, 84 * 3600.0).entry
        if current.delivery.next_attempt_at is not None:
            now = parse_timestamp(current.delivery.next_attempt_at)
    assert current.delivery.result == f"gave up after {len(DELAYS_SECONDS) + 1} attempts: 503"
    assert later(68 * 3600) <= now <= later(84 * 3600)


def test_a_first_attempt_is_never_given_up_and_an_old_one_is() -> None:
    assert not gave_up(entry(), later(10 * DAY), DAY)
    tried = after_attempt(entry(), retry(), NOW, NOW, DAY).entry
    assert not gave_up(tried, later(DAY), DAY)
    assert gave_up(tried, later(DAY + 1), DAY)


def test_a_retry_after_beyond_the_end_gives_up_and_still_pauses_the_destination() -> None:
    step = after_attempt(entry(), retry(120, pauses=True), NOW, NOW, 60.0)
    assert step.entry.delivery.state == "failed"
    assert step.paused_until == later(120)


def test_the_breaker_opens_at_the_fifth_failure_in_a_row_for_ever_longer() -> None:
    breaker, waits = Breaker(), []
    for number in range(1, 15):
        breaker = breaker.after_failure(later(number))
        until = breaker.open_until("desk", later(number))
        assert (until is not None) == breaker.is_open == (number >= FAILURES_TO_OPEN)
        waits += [] if until is None else [(until - later(number)).total_seconds()]
    for wait, expected in zip(waits, [5, 10, 20, 40, 80, 160, 300, 300, 300, 300], strict=True):
        assert expected * 0.9 <= wait <= expected * 1.1
    assert max(waits) <= LONGEST_OPEN_SECONDS * (1 + JITTER)
    other = breaker.open_until("other", NOW)
    assert other != breaker.open_until("desk", NOW), "not all at once"


def test_others_are_told_once_of_an_hour_of_failures() -> None:
    breaker = Breaker().after_failure(NOW)
    assert not breaker.is_to_be_told(later(10))
    told_at = NOW + TELL_AFTER
    assert breaker.is_to_be_told(told_at)
    assert not breaker.told().after_failure(told_at).is_to_be_told(later(DAY))


@pytest.mark.parametrize(
    ("reply", "answered"),
    [
        (ReplyVerdict("delivered", "200"), True),
        (ReplyVerdict("failed", "400"), True),
        (ReplyVerdict("parked", "404"), True),
        (ReplyVerdict("retry", "timeout", unanswered=True), False),
        (ReplyVerdict("retry", "500"), False),
        (ReplyVerdict("retry", "429", pauses=True), None),
        (ReplyVerdict("retry", "503", 9), None),
    ],
)
def test_what_counts_as_a_failure_of_the_destination(reply: ReplyVerdict, answered: bool | None) -> None:
    assert after_attempt(entry(), reply, NOW, NOW, DAY).answered is answered


def waiting(number: int, due: float, expires: float = DAY, queued: float = 0) -> Waiting:
    turn = (format_timestamp(later(number)), 0, number)
    return Waiting(entry(number).key, turn, later(queued), later(due), later(expires))


def popped(queue: DueQueue, count: int) -> list[str]:
    return [queue.pop().key.split(":")[0] for _ in range(count)]


def test_what_failed_is_sent_in_its_order_when_the_destination_answers_again() -> None:
    queue = DueQueue()
    for number, due in ((1, 300), (2, 30), (3, 0), (4, 5)):
        queue.push(waiting(number, due))
    queue.open(later(200))
    assert queue.next_at() == later(200)
    queue.close()
    assert queue.next_at() == NOW
    queue.hurry_all()
    assert popped(queue, 4) == ["a1", "a2", "a3", "a4"]
    assert queue.next_expiry_at() is None


def test_the_queue_goes_by_due_time_and_a_pause_holds_all() -> None:
    queue = DueQueue()
    assert queue.next_at() is None
    queue.push(waiting(1, 30, DAY))
    queue.push(waiting(2, 5, DAY))
    queue.push(waiting(3, 5, DAY))
    assert queue.next_at() == later(5)
    queue.pause(later(60))
    queue.pause(later(10))
    assert queue.next_at() == later(60)
    assert popped(queue, 3) == ["a2", "a3", "a1"]
    assert len(queue) == 0


def test_a_parked_queue_sends_nothing_until_the_probe_or_the_end_of_parking() -> None:
    queue = DueQueue()
    queue.push(waiting(1, 5, DAY))
    queue.park(None)
    assert (queue.next_at(), queue.is_parked) == (None, True)
    queue.park(later(3600))
    assert queue.next_at() == later(3600)
    queue.resume()
    assert (queue.next_at(), queue.is_parked) == (later(5), False)


def test_a_parked_queue_still_grows_old() -> None:
    queue = DueQueue()
    queue.park(None)
    queue.push(waiting(1, 5, 90))
    queue.push(waiting(2, 1, 60))
    assert queue.next_expiry_at() == later(60)
    assert queue.pop_expired().key == entry(2).key
    assert queue.next_expiry_at() == later(90)
    queue.resume()
    assert queue.pop().key == entry(1).key
    assert (queue.next_expiry_at(), queue.next_at()) == (None, None)
    with pytest.raises(IndexError):
        queue.pop()


def test_a_delivery_waits_once_and_can_be_hurried() -> None:
    queue = DueQueue()
    for due in (50, 40):
        queue.push(waiting(1, due, DAY))
    queue.push(waiting(2, 30, DAY))
    assert (len(queue), queue.next_at()) == (2, later(30))
    queue.hurry(entry(1).key, later(10))
    queue.hurry("nobody", later(1))
    assert queue.next_at() == later(10)
    assert popped(queue, 2) == ["a1", "a2"]
    assert (len(queue), queue.next_at()) == (0, None)


def test_what_was_sent_leaves_no_trace_in_the_queue() -> None:
    queue = DueQueue()
    for number in range(5_000):
        queue.push(waiting(number, number, DAY))
        queue.pop()
    assert len(queue._by_expiry) <= 2 * STALE_LIMIT


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
