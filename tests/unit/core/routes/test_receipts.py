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


def test_a_development_has_the_receipt_of_its_own_message() -> None:
    (added,) = grown_alert(1).developments
    own = receipt(fetched_at=added.fetched_at, delivered_at="2025-07-03T15:00:01.400Z")
    assert receipt_of_development(added, [delivery(), delivery(2, receipt=own)]) == own
    assert receipt_of_development(added, [delivery()]).delivered_at is None


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
