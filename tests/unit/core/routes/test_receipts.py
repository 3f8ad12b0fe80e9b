"""The receipt: of the article that caused a revision; of an alert, that of its first raise."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from firstwire.core.routes.receipts import (
    raise_seen,
    receipt_of,
    receipt_of_development,
    receipt_of_raise,
    seconds_to_arrival,
)
from firstwire.notifier.delivery_log import new_entry
from schemas import Delivery, Notice
from schemas.times import to_milliseconds
from tests.support.alerts import first_alert, grown_alert, receipt

STAMPS = (
    ("deduplicated_at", b"2025-07-03T15:00:01.100Z"),
    ("analyzed_at", b"2025-07-03T15:00:01.200Z"),
    ("alerted_at", b"2025-07-03T15:00:01.300Z"),
)
STAGED = receipt(deduplicated_at="2025-07-03T14:02:40.050Z", analyzed_at="2025-07-03T14:02:40.120Z")


def delivery(revision: int = 1, **changes: Any) -> Delivery:
    entry = new_entry(first_alert(revision=revision), "desk", STAGED, queued_at="2025-07-03T14:02:41.000Z")
    return replace(entry.delivery, state="delivered", **changes)


def test_the_receipt_takes_the_stages_stamps_and_leaves_out_what_it_cannot_read() -> None:
    stamps = [
        ("deduplicated_at", b"2025-07-03T14:02:40.050Z"),
        ("analyzed_at", b"soon"),
        ("alerted_at", b"\xff\xfe"),
        ("other", b"x"),
    ]
    found = receipt_of(first_alert(), stamps, to_milliseconds("2025-07-03T14:02:40.000Z"))
    assert found.published_at == "2025-07-03T14:02:11.000Z"
    assert found.deduplicated_at == "2025-07-03T14:02:40.050Z"
    assert (found.analyzed_at, found.alerted_at, found.delivered_at) == (None, None, None)


def test_a_revision_has_the_times_of_the_article_that_caused_it() -> None:
    alert = grown_alert(1)
    (added,) = alert.developments
    found = receipt_of(alert, STAMPS, to_milliseconds(added.fetched_at))
    assert (found.published_at, found.fetched_at) == (added.published_at, added.fetched_at)
    unknown = receipt_of(alert, STAMPS, to_milliseconds("2025-07-03T15:30:00.000Z"))
    assert (unknown.published_at, unknown.fetched_at) == (None, "2025-07-03T15:30:00.000Z")


def test_what_no_article_caused_has_the_alerts_own_times() -> None:
    found = receipt_of(first_alert(revision=3), STAMPS[2:], to_milliseconds("2025-07-03T18:00:00.000Z"))
    assert found.fetched_at == "2025-07-03T14:02:40.000Z"
    assert found.analyzed_at is None


def test_an_alert_keeps_the_receipt_of_its_first_raise() -> None:
    later = receipt_of(first_alert(revision=2), STAMPS, to_milliseconds("2025-07-03T15:00:01.000Z"))
    assert raise_seen(first_alert(), STAGED, None) == STAGED
    assert raise_seen(first_alert(revision=2), later, STAGED) == STAGED
    bare = raise_seen(first_alert(revision=2), later, None)
    assert (bare.fetched_at, bare.alerted_at) == ("2025-07-03T14:02:40.000Z", None)
    sent = [
        delivery(2, receipt=replace(later, delivered_at="2025-07-03T15:00:02.000Z")),
        delivery(1, receipt=replace(STAGED, delivered_at="2025-07-03T14:02:45.000Z")),
        delivery(1, destination="other", receipt=STAGED),
    ]
    assert receipt_of_raise(bare, sent) == STAGED
    assert receipt_of_raise(bare, []) == bare


def test_a_raise_whose_place_a_newer_revision_took_arrived_with_that_one() -> None:
    later = replace(STAGED, fetched_at="2025-07-03T15:00:00.000Z", delivered_at="2025-07-03T15:00:02.000Z")
    waited = delivery(1, receipt=replace(STAGED, delivered_at=None))
    sent = [
        replace(waited, state="superseded"),
        delivery(2, receipt=later),
        delivery(3, receipt=replace(later, delivered_at="2025-07-03T16:00:00.000Z")),
    ]
    assert receipt_of_raise(STAGED, sent) == replace(STAGED, delivered_at=later.delivered_at)
    taken_back = delivery(2, receipt=later, alert_state="retracted")
    assert receipt_of_raise(STAGED, [waited, taken_back]).delivered_at is None
    repeated = delivery(1, receipt=replace(STAGED, delivered_at="2025-07-03T17:00:00.000Z"), repeat=1)
    assert receipt_of_raise(STAGED, [repeated, delivery(2, receipt=later)]).delivered_at is None


def test_a_development_has_the_receipt_of_its_own_message() -> None:
    (added,) = grown_alert(1).developments
    own = receipt(fetched_at=added.fetched_at, delivered_at="2025-07-03T15:00:01.400Z")
    sent = [delivery(), delivery(2, developments=1, receipt=own)]
    assert receipt_of_development(added, 1, sent) == replace(own, published_at=added.published_at)
    assert receipt_of_development(added, 1, [delivery()]).delivered_at is None


def test_what_one_visit_fetched_has_each_the_times_of_its_own() -> None:
    raised = grown_alert(0)
    visit = raised.times.fetched_at
    first, second = (
        replace(added, fetched_at=visit, published_at=f"2025-07-03T13:0{minute}:00.000Z")
        for minute, added in enumerate(grown_alert(2).developments, start=1)
    )
    sent = [delivery(receipt=replace(STAGED, fetched_at=visit))]
    for number in (1, 2):
        alert = grown_alert(number, developments=(first, second)[:number])
        found = receipt_of(alert, STAMPS, to_milliseconds(visit))
        assert found.published_at == alert.developments[-1].published_at
        arrived = replace(found, delivered_at=f"2025-07-03T15:00:0{number}.000Z")
        sent.append(delivery(number + 1, developments=number, receipt=arrived))
    assert receipt_of_development(second, 2, sent[:2]).delivered_at is None
    assert receipt_of_development(second, 2, sent) == sent[2].receipt
    assert receipt_of_development(first, 1, sent) == sent[1].receipt
    together = receipt_of_development(first, 1, [sent[0], sent[2]])
    assert together == replace(sent[2].receipt, published_at=first.published_at)


@pytest.mark.parametrize(
    "changes",
    [
        {"receipt": replace(STAGED, analyzed_at=None)},  # a correction by hand comes from no article
        {"alert_state": "retracted"},
        {"alert_state": "corrected"},
        {"group": "quiet"},
        {"receipt": replace(STAGED, delivered_at=None)},
        {"notice": Notice(kind="receiver.test", headline="", lines=(), happened_at="2025-07-03T14:02:40.000Z")},
    ],
)
def test_what_measures_no_speed_is_not_counted(changes: dict[str, Any]) -> None:
    assert seconds_to_arrival(delivery()) == pytest.approx(0.31)
    assert seconds_to_arrival(delivery(**changes)) is None
