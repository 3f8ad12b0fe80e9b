"""The board: a fold of topics that never grows without end."""

from __future__ import annotations

import msgspec
import pytest

from firstwire.broker.reader import Received
from firstwire.broker.topics import ALERTS, AUDIT, DELIVERIES, FEEDBACK, SILENCES, TAKEDOWNS
from firstwire.notifier.delivery_log import new_entry
from firstwire.web import board as board_module
from firstwire.web.board import Board
from schemas import AuditEntry, Delivery, Feedback, Silence
from schemas.takedown import Takedown
from tests.support.alerts import NOW, covering_article, first_alert, receipt, watch_alert
from tests.support.console import received

SILENCE = Silence(
    silence_id="s1",
    matchers=("tag=russia",),
    starts_at="2025-07-03T14:00:00.000Z",
    ends_at="2025-07-03T15:00:00.000Z",
    author="desk",
    made_at="2025-07-03T14:00:00.000Z",
)


def delivery(number: int, state: str = "delivered") -> Delivery:
    entry = new_entry(first_alert(alert_id=f"alert{number}"), "desk", receipt(), queued_at="2025-07-03T14:02:41.000Z")
    return msgspec.structs.replace(entry.delivery, state=state)


def put(board: Board, found: Delivery) -> None:
    board.apply(DELIVERIES, received(DELIVERIES, f"{found.alert_id}:{found.revision}:{found.destination}", found))


def gone(topic: str, key: str) -> Received:
    return Received(topic, 0, 0, key, None, (), 0)


def test_an_alert_has_the_times_of_its_stages() -> None:
    board, alert = Board(), first_alert()
    seen = board.apply(ALERTS, received(ALERTS, alert.alert_id, alert, [("alerted_at", b"2025-07-03T14:02:40.180Z")]))
    assert seen is not None
    assert seen.receipt.alerted_at == "2025-07-03T14:02:40.180Z"
    board.apply(ALERTS, gone(ALERTS, alert.alert_id))
    assert not board.alerts


def test_an_older_revision_does_not_replace_a_newer_one() -> None:
    board = Board()
    for revision in (2, 1):
        alert = first_alert(revision=revision)
        board.apply(ALERTS, received(ALERTS, alert.alert_id, alert))
    assert [seen.alert.revision for seen in board.alerts.values()] == [2]


@pytest.mark.parametrize("is_first", [True, False])
def test_an_alert_is_shown_without_what_was_taken_down(is_first: bool) -> None:
    board, alert = Board(), watch_alert(articles=("a1", "a2"), coverage=(covering_article(1), covering_article(2)))
    alone = watch_alert(alert_id="alone", articles=("a1",))
    takedown = Takedown(article_id="a1", author="ana", made_at="2025-07-03T15:00:00.000Z")
    told = [(ALERTS, each.alert_id, each) for each in (alert, alone)]
    taken = (TAKEDOWNS, "a1", takedown)
    for topic, key, record in [taken, *told] if is_first else [*told, taken]:
        board.apply(topic, received(topic, key, record))
    (seen,) = board.alerts.values()
    assert (seen.alert.articles, seen.alert.lead.article_id, seen.alert.evidence) == (("a2",), "a2", ())


def test_only_so_many_alerts_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board_module, "ALERTS_KEPT", 3)
    board = Board()
    for number in range(5):
        alert = first_alert(alert_id=f"a{number}")
        board.apply(ALERTS, received(ALERTS, alert.alert_id, alert))
    assert list(board.alerts) == ["a2", "a3", "a4"]


def test_of_deliveries_those_that_arrived_are_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board_module, "DELIVERIES_KEPT", 3)
    board = Board()
    put(board, delivery(0, "parked"))
    for number in range(1, 6):
        put(board, delivery(number))
    assert {entry.delivery.alert_id for entry in board.deliveries()} == {"alert0", "alert4", "alert5"}
    assert not board.deliveries_of("alert1")
    put(board, delivery(0, "delivered"))
    assert [entry.delivery.state for entry in board.deliveries_of("alert0")] == ["delivered"]


def test_silences_in_force_cover_alerts() -> None:
    board = Board()
    board.apply(SILENCES, received(SILENCES, "s1", SILENCE))
    assert board.silences_of(first_alert(), NOW) == [SILENCE]
    assert board.silences_of(first_alert(tags=("iran",)), NOW) == []
    board.apply(SILENCES, gone(SILENCES, "s1"))
    assert board.silences_of(first_alert(), NOW) == []


def test_feedback_is_kept_by_alert_and_author() -> None:
    board = Board()
    said = Feedback(alert_id="a1", author="ann:b", verdict="right", made_at="2025-07-03T14:00:00.000Z")
    board.apply(FEEDBACK, received(FEEDBACK, said.key, said))
    assert board.feedback == {"a1": {"ann:b": said}}
    board.apply(FEEDBACK, gone(FEEDBACK, said.key))
    assert board.feedback == {"a1": {}}


@pytest.mark.parametrize("topic", board_module.FOLLOWED)
def test_a_record_that_cannot_be_read_is_counted_and_ends_nothing(topic: str) -> None:
    board = Board()
    assert board.apply(topic, Received(topic, 0, 0, "key", b"{broken", (), 0)) is None
    assert board.unreadable == (0 if topic in ("subscriptions", "feed-states") else 1)


def test_who_changed_what_is_kept_in_order() -> None:
    board = Board()
    for what in ("one", "two"):
        entry = AuditEntry(
            author="desk",
            client="127.0.0.1",
            door="page",
            about="silence",
            what=what,
            asked_at="2025-07-03T14:00:00.000Z",
        )
        board.apply(AUDIT, received(AUDIT, "desk", entry))
    assert [entry.what for entry in board.audit] == ["one", "two"]


def test_an_alert_keeps_the_times_of_its_first_raise() -> None:
    board = Board()
    for revision, alerted_at in ((1, "2025-07-03T14:02:40.180Z"), (2, "2025-07-03T15:00:00.000Z")):
        alert = first_alert(revision=revision)
        board.apply(ALERTS, received(ALERTS, alert.alert_id, alert, [("alerted_at", alerted_at.encode())]))
    assert board.alerts[first_alert().alert_id].receipt.alerted_at == "2025-07-03T14:02:40.180Z"
