"""What becomes of a request to deliver again: only what did not arrive and is still wanted is sent."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from firstwire.broker.reader import Received
from firstwire.errors import ConfigError
from firstwire.notifier.delivery_history import Selection, asked_again, of_one_alert
from firstwire.notifier.delivery_log import DeliveryLog, LoggedDelivery, new_entry
from firstwire.notifier.redrives import redrive_of, take_redrives
from firstwire.notifier.replies import ReplyVerdict
from firstwire.notifier.retries import after_attempt, failed, superseded
from schemas.times import format_timestamp
from tests.support.alerts import NOW, first_alert, later, receipt

DESK = ("desk",)


def queued(revision: int = 1, destination: str = "desk", **changes: Any) -> LoggedDelivery:
    alert = first_alert(revision=revision, **changes)
    return new_entry(alert, destination, receipt(delivered_at=None), queued_at=format_timestamp(NOW))


def after(verdict: Any, entry: LoggedDelivery | None = None) -> LoggedDelivery:
    return after_attempt(entry or queued(), ReplyVerdict(verdict, "503"), NOW, NOW, 9).entry


def given_up(revision: int = 1, **changes: Any) -> LoggedDelivery:
    return failed(after("retry", queued(revision, **changes)), "gave up after 1 attempts: 503")


def test_what_was_given_up_begins_anew_with_the_same_key() -> None:
    redrive = redrive_of(given_up(), DeliveryLog([given_up()]), DESK, later(99))
    assert redrive.entry is not None
    again = redrive.entry.delivery
    assert (again.state, again.attempt, again.queued_at) == ("pending", 0, format_timestamp(later(99)))
    assert (again.first_attempted_at, again.next_attempt_at, again.paused_until) == (None, None, None)
    assert again.alert == first_alert()
    assert redrive.entry.key == given_up().key
    assert "gave up after 1 attempts: 503" in again.result


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        ([], "there is no such delivery"),
        ([given_up(), after("delivered")], "it is delivered"),
        ([given_up(), superseded(queued(), "no longer")], "it is superseded"),
        ([given_up(), queued(3)], "revision 3 is newer"),
        ([given_up(), LoggedDelivery(replace(given_up().delivery, attempt=9))], None),
    ],
)
def test_only_the_newest_that_did_not_arrive_is_made_again(entries: list[LoggedDelivery], reason: str | None) -> None:
    redrive = redrive_of(given_up(), DeliveryLog(entries), DESK, NOW)
    assert (redrive.entry is None) is (reason is not None)
    assert reason is None or redrive.reason == reason
    assert not redrive.hurries


def test_a_receiver_that_is_no_more_and_a_record_without_alert_are_refused() -> None:
    log = DeliveryLog([given_up()])
    assert redrive_of(given_up(), log, ("other",), NOW).reason == "no receiver has that name"
    empty = LoggedDelivery(replace(given_up().delivery, alert=None))
    assert redrive_of(empty, log, DESK, NOW).reason == "the record holds no alert"


@pytest.mark.parametrize("waiting", [queued(), after("retry"), after("parked")], ids=["new", "retry", "parked"])
def test_what_waits_is_tried_at_once_and_not_doubled(waiting: LoggedDelivery) -> None:
    redrive = redrive_of(given_up(), DeliveryLog([waiting]), DESK, NOW)
    assert (redrive.hurries, redrive.entry) == (True, None)


def test_two_requests_for_one_delivery_are_one_and_nonsense_is_a_dead_letter() -> None:
    def request(value: bytes | None) -> Received:
        return Received("t-redrives", 0, 4, "key", value, (), 0)

    log = DeliveryLog([given_up()])
    value = given_up().message("t-redrives").value
    taken = take_redrives([request(value), request(value), request(b"{}"), request(None)], log, DESK, NOW)
    assert [(one.entry is not None, one.hurries) for one in taken.redrives] == [(True, False), (False, True)]
    assert [(letter.stage, letter.place.offset) for letter in taken.dead_letters] == [("notify", 4)]
    assert [entry.delivery.state for entry in log.pending()] == ["pending"]


def test_people_mean_the_newest_of_each_alert_and_receiver_that_did_not_arrive() -> None:
    known = [
        given_up(1),
        given_up(2),
        given_up(1, destination="slack"),
        after("delivered", queued(2, "slack")),
        given_up(1, alert_id="another"),
        after("parked", queued(1, "slack", alert_id="another")),
    ]
    assert [entry.key for entry in asked_again(known, ())] == [known[1].key, known[4].key, known[5].key]
    assert [entry.key for entry in asked_again(known, ["anot"])] == [known[4].key, known[5].key]
    assert [entry.key for entry in asked_again(known, [known[0].key])] == [known[1].key], "in place of the older one"
    assert asked_again(known, [known[2].key]) == [], "a later one arrived"
    assert [len(of_one_alert(known, wanted)) for wanted in (first_alert().alert_id, known[4].key)] == [4, 1]
    for wanted, says in (("abc", "at least 4 characters"), ("none", "no delivery 'none'")):
        with pytest.raises(ConfigError, match=says):
            of_one_alert(known, wanted)
    ambiguous = [given_up(alert_id="same-1"), given_up(alert_id="same-2")]
    with pytest.raises(ConfigError, match="'same' is ambiguous: same-1, same-2"):
        of_one_alert(ambiguous, "same")


@pytest.mark.parametrize(
    ("selection", "is_meant"),
    [
        (Selection(), True),
        (Selection(alert="7f3a"), True),
        (Selection(alert="7f3b"), False),
        (Selection(receiver="desk"), True),
        (Selection(receiver="slack"), False),
        (Selection(states=("failed", "parked")), True),
        (Selection(states=("parked",)), False),
        (Selection(since=format_timestamp(NOW)), True),
        (Selection(since=format_timestamp(later(1))), False),
        (Selection(until=format_timestamp(NOW)), False),
        (Selection(until=format_timestamp(later(1))), True),
    ],
)
def test_deliveries_are_selected_by_alert_receiver_state_and_time(selection: Selection, is_meant: bool) -> None:
    assert selection.includes(given_up()) is is_meant
