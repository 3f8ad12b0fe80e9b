"""A hundred thousand deliveries wait without filling the memory, and none of them is lost or changed."""

from __future__ import annotations

import gc
import sqlite3
from typing import Any

import pytest

from firstwire.notifier.delivery_log import DeliveryLog, LoggedDelivery, new_entry
from firstwire.notifier.due import DueQueue
from firstwire.notifier.replies import ReplyVerdict
from firstwire.notifier.retries import after_attempt, waiting_of
from firstwire.notifier.waiting_room import KEPT_IN_MEMORY, WaitingRoom
from schemas import Delivery
from schemas.codec import decode, encode
from schemas.times import format_timestamp
from tests.support.alerts import NOW, covering_article, first_alert, receipt
from tests.support.memory import resident_bytes

ALERT = first_alert(coverage=tuple(covering_article(number) for number in range(10)))
WAITING = 100_000
BYTES_EACH = 2_000
"""Of the log and the queue together, for a delivery of 9 kB that waits: its key, its times and what was told of it."""


def delivery(number: int) -> LoggedDelivery:
    """As it is read from Kafka: nothing of it is shared with another."""
    entry = new_entry(ALERT, "desk", receipt(delivered_at=None), queued_at=format_timestamp(NOW))
    text = encode(entry.delivery).replace(ALERT.alert_id.encode(), f"{number:018}".encode())
    return LoggedDelivery(decode(text, Delivery))


@pytest.mark.slow
def test_a_hundred_thousand_that_wait_take_little_memory_and_come_out_in_order() -> None:
    log, queue = DeliveryLog(), DueQueue()
    for number in range(2 * KEPT_IN_MEMORY):
        log.apply(delivery(number))
    gc.collect()
    before = resident_bytes()
    for number in range(WAITING):
        entry = delivery(number)
        log.apply(entry)
        queue.push(waiting_of(entry, 86_400.0))
    gc.collect()
    grown = resident_bytes() - before
    assert len(encode(delivery(0).delivery)) > 2 * BYTES_EACH
    assert grown < WAITING * BYTES_EACH, f"{grown / WAITING:.0f} bytes each"
    assert log.waiting == len(queue) == WAITING
    for number in range(WAITING):
        key = queue.pop().key
        if number % 997 == 0:
            assert log.pending_one(key) == delivery(number)
        log.apply(after_attempt(log.pending_one(key), ReplyVerdict("delivered", "200"), NOW, NOW, 99.0).entry)
    assert (log.waiting, list(log.pending()), len(queue)) == (0, [], 0)


def test_the_newest_state_waits_wherever_the_one_before_did() -> None:
    room = WaitingRoom(kept_in_memory=1)
    for number in range(3):
        room.put(f"k{number}", delivery(number).delivery)
    changed = {
        number: after_attempt(delivery(number), ReplyVerdict("retry", "503"), NOW, NOW, 99.0) for number in (0, 2)
    }
    for number, step in changed.items():
        room.put(f"k{number}", step.entry.delivery)
    assert len(room) == 3
    assert [room[f"k{number}"].attempt for number in range(3)] == [1, 0, 1]
    assert sorted(each.alert_id for each in room) == [delivery(number).delivery.alert_id for number in range(3)]
    for number in range(3):
        room.discard(f"k{number}")
        room.discard("nobody")
    assert (len(room), list(room)) == (0, [])
    with pytest.raises(KeyError):
        room["k1"]


def test_a_full_disk_leaves_them_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> sqlite3.Connection:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("sqlite3.connect", full)
    room = WaitingRoom(kept_in_memory=1)
    for number in range(3):
        room.put(f"k{number}", delivery(number).delivery)
    assert [room[f"k{number}"] for number in range(3)] == [delivery(number).delivery for number in range(3)]
