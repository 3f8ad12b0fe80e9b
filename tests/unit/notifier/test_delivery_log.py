"""The delivery log folds back from its records to what it was, and intake decides by it."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from msgspec.structs import replace

from firstwire.broker.reader import Received
from firstwire.core.routes.decision import LastNotice
from firstwire.core.routes.routing import Routing
from firstwire.core.routes.settings import Route, RouteMatch
from firstwire.core.routes.tree import compiled
from firstwire.errors import PoisonError
from firstwire.notifier.changes import Told
from firstwire.notifier.delivery_log import DeliveryLog, LoggedDelivery, entry_of, new_entry
from firstwire.notifier.given_up import letter_message, letter_of_given_up
from firstwire.notifier.intake import take_in
from firstwire.notifier.notices import parked_notices
from firstwire.notifier.replies import ReplyVerdict
from firstwire.notifier.retries import after_attempt, failed, superseded
from schemas import Alert, DeadLetter, Delivery, Place
from schemas.codec import decode, encode
from schemas.times import format_timestamp
from tests.support.alerts import NOW, first_alert, grown_alert, receipt, watch_alert

ROUTES = compiled((Route(receivers=("desk",)), Route(receivers=("slack",), match=RouteMatch(kind="first"))))


def stored(entry: LoggedDelivery, offset: int = 0) -> Received:
    message = entry.message("t-deliveries")
    return Received("t-deliveries", 0, offset, message.key, message.value, tuple(message.headers), 0)


def record(alert: Alert | bytes | None, offset: int = 0, headers: Any = ()) -> Received:
    value = encode(alert) if isinstance(alert, Alert) else alert
    return Received("t-alerts", 0, offset, "key", value, tuple(headers), 0)


PLACE = Place(topic="t-alerts", partition=1, offset=7)


def new(**changes: Any) -> LoggedDelivery:
    return new_entry(first_alert(**changes), "desk", receipt(), place=PLACE, queued_at=format_timestamp(NOW))


def after(verdict: ReplyVerdict, entry: LoggedDelivery | None = None) -> LoggedDelivery:
    return after_attempt(entry or new(), verdict, NOW, NOW, 99).entry


ENTRIES = (
    new(),
    after(ReplyVerdict("retry", "429", 9, True)),
    after(ReplyVerdict("parked", "404")),
    after(ReplyVerdict("delivered", ""), new(state="corrected")),
    failed(new(state="retracted"), "gone"),
    superseded(new(), "superseded by revision 3"),
    *parked_notices(new(), "receivers.url", ["other"], NOW),
)


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_entry_comes_back_from_kafka_as_it_went(entry: LoggedDelivery) -> None:
    assert entry_of(stored(entry)) == entry
    assert stored(entry).key == f"{entry.delivery.alert_id}:{entry.delivery.revision}:{entry.delivery.destination}"
    assert entry.holds_message is (entry.delivery.state in ("pending", "parked", "failed"))


def test_tombstones_are_nothing_and_nonsense_is_poison() -> None:
    good = stored(ENTRIES[0])
    assert entry_of(replace(good, value=None)) is None
    for bad in (
        replace(good, value=b"{"),
        replace(good, value=(good.value or b"").replace(b'"alert_state":"raised"', b'"alert_state":"asleep"')),
        replace(good, value=(good.value or b"").replace(b'"paused_until":null', b'"paused_until":"yesterday"')),
        replace(good, value=b"\xff"),
    ):
        with pytest.raises(PoisonError, match=r"t-deliveries\[0\]@0"):
            entry_of(bad)


def test_the_log_knows_the_newest_told_and_what_is_pending() -> None:
    first, corrected = (
        new_entry(first_alert(), "desk", receipt()),
        new_entry(first_alert(revision=3, state="corrected"), "desk", receipt()),
    )
    log = DeliveryLog([first, corrected])
    assert log.last_notice(first_alert().alert_id, "desk") == LastNotice(3, "corrected", 2, "asserted")
    assert log.last_notice(first_alert().alert_id, "slack") is None
    assert list(log.pending()) == [first, corrected]
    assert not log.may_have_arrived(first_alert().alert_id, "desk")
    assert log.newest_state(first_alert().alert_id, "desk") == "pending"
    log.apply(failed(first, "superseded"))
    assert list(log.pending()) == [corrected]
    assert log.last_notice(first_alert().alert_id, "desk") == LastNotice(3, "corrected", 2, "asserted")


def test_a_batch_is_decided_in_order_and_only_news_is_told() -> None:
    log = DeliveryLog()
    batch = [
        record(first_alert(revision=1), 0),
        record(first_alert(revision=2, state="updated"), 1),
        record(None, 2),
        record(b"{}", 3),
        record(first_alert(revision=3, state="retracted"), 4),
        record(watch_alert(alert_id="w"), 5),
    ]
    intake = take_in(batch, Routing(ROUTES, log), log, NOW)
    assert [(entry.key, entry.delivery.alert_state) for entry in intake.entries] == [
        ("7f3a9b21c04de58812:1:desk", "raised"),
        ("7f3a9b21c04de58812:1:slack", "raised"),
        ("7f3a9b21c04de58812:3:desk", "retracted"),
        ("7f3a9b21c04de58812:3:slack", "retracted"),
        ("w:1:desk", "raised"),
    ]
    assert [ruling.reason for ruling in intake.rulings[2:4]] == [
        "revision 1 was delivered, this one only adds to it"
    ] * 2
    (letter,) = intake.dead_letters
    assert (letter.stage, letter.place.offset, letter.value_bytes) == ("notify", 3, 2)
    message = letter_message(letter, "t-dead-letters")
    assert message.key == "t-alerts:0:3"
    assert decode(message.value, DeadLetter) == letter
    again = take_in(batch, Routing(ROUTES, log), log, NOW)
    assert again.entries == (), "the same records again change nothing"


def test_what_was_told_is_what_was_delivered_whatever_came_of_other_revisions() -> None:
    log = DeliveryLog()
    entries = {count: new_entry(grown_alert(count), "desk", receipt()) for count in range(4)}
    alert_id = grown_alert(0).alert_id

    def delivered(count: int) -> LoggedDelivery:
        return after_attempt(entries[count], ReplyVerdict("delivered", "ok"), NOW, NOW, 9).entry

    def told_after(entry: LoggedDelivery) -> int | None:
        written = entry_of(stored(entry))
        assert written is not None
        log.apply(written)
        known = log.told(alert_id, "desk")
        return None if known is None else known.developments

    assert told_after(entries[0]) is None
    assert told_after(failed(entries[0], "gone")) is None
    assert told_after(superseded(entries[1], "superseded by revision 3")) is None
    assert told_after(delivered(2)) == 2
    assert told_after(entries[3]) == 2
    assert told_after(delivered(0)) == 2
    assert told_after(failed(entries[3], "gave up")) == 2
    assert log.told(alert_id, "slack") is None
    assert log.last_notice(alert_id, "desk") == LastNotice(4, "updated", 2, None, 3)


def test_what_a_destination_knows_is_what_the_newest_delivered_revision_said() -> None:
    log = DeliveryLog([after(ReplyVerdict("delivered", ""), new(revision=3, status="asserted", certainty="sure"))])
    log.apply(after(ReplyVerdict("delivered", ""), new(revision=2, status="planned")))
    log.apply(after(ReplyVerdict("parked", "404"), new(revision=4, state="corrected")))
    assert log.told(first_alert().alert_id, "desk") == Told(
        state="raised",
        status="asserted",
        certainty="sure",
        outlets=first_alert().outlets,
        origins=2,
        ledger="no earlier actor in this era",
    )


def test_a_delivery_of_before_developments_told_the_alert_and_none_of_them() -> None:
    done = after_attempt(new_entry(grown_alert(0), "desk", receipt()), ReplyVerdict("delivered", ""), NOW, NOW, 9)
    message = stored(done.entry)
    old = replace(message, value=(message.value or b"").replace(b'"developments":0,', b""))
    assert b"developments" not in (old.value or b"")
    entry = entry_of(old)
    assert entry is not None
    log = DeliveryLog([entry])
    told = log.told(grown_alert(0).alert_id, "desk")
    assert told is not None
    assert told.developments == 0
    intake = take_in(
        [record(grown_alert(0)), record(grown_alert(1))],
        Routing(compiled((Route(receivers=("desk",)),)), log),
        log,
        NOW,
    )
    assert [entry.key.split(":")[1] for entry in intake.entries] == ["2"]


@pytest.mark.parametrize(
    ("verdict", "may_have"),
    [
        (ReplyVerdict("delivered", "204"), True),
        (ReplyVerdict("retry", "timeout", unanswered=True), True),
        (ReplyVerdict("retry", "503"), False),
        (ReplyVerdict("parked", "404"), False),
        (ReplyVerdict("failed", "400"), False),
    ],
)
def test_a_message_may_have_arrived_unless_the_receiver_said_no(verdict: ReplyVerdict, may_have: bool) -> None:
    written = entry_of(stored(after(verdict)))
    assert written is not None
    assert DeliveryLog([written]).may_have_arrived(first_alert().alert_id, "desk") is may_have


def test_attempts_of_before_replies_were_noted_may_have_arrived() -> None:
    message = stored(after(ReplyVerdict("retry", "503")))
    old = replace(message, value=(message.value or b"").replace(b'"unanswered":0,', b""))
    assert b"unanswered" not in (old.value or b"")
    entry = entry_of(old)
    assert entry is not None
    assert DeliveryLog([entry]).may_have_arrived(first_alert().alert_id, "desk")


def test_a_waiting_record_of_before_the_place_was_kept_has_its_own() -> None:
    entry = entry_of(stored(new_entry(first_alert(), "desk", receipt()), offset=5))
    assert entry is not None
    assert entry.delivery.place == Place(topic="t-deliveries", partition=0, offset=5)


def test_what_is_given_up_becomes_a_dead_letter_with_its_reason_and_itself() -> None:
    entry = failed(after(ReplyVerdict("retry", "503")), "gave up after 1 attempts: 503")
    letter = letter_of_given_up(entry, NOW)
    assert letter is not None
    assert (letter.stage, letter.place, letter.attempts, letter.key) == ("deliver", PLACE, 1, entry.key)
    assert letter.error == "desk: gave up after 1 attempts: 503"
    assert LoggedDelivery(decode(base64.b64decode(letter.value_base64 or ""), Delivery)) == entry


@pytest.mark.parametrize("size", [898_300, 896_500])
def test_an_alert_too_large_to_wait_is_failed_at_once(size: int) -> None:
    log = DeliveryLog()
    intake = take_in([record(first_alert(headline="x" * size))], Routing(ROUTES, log), log, NOW)
    for entry in intake.entries:
        assert (entry.delivery.state, entry.delivery.alert) == ("failed", None)
        assert "over the limit" in entry.delivery.result
        entry.message("t")
    assert [letter.stage for letter in intake.dead_letters] == ["deliver", "deliver"]
