"""State of before under old action ids: what was raised is not raised again, and pages lose nothing."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from agents.restoring import Restoring
from firstwire.core.alerts.fusion import alert_id_of
from firstwire.core.alerts.states import EventAlertState
from firstwire.core.events.old_action_ids import OldActionIds
from firstwire.core.firsts.ledger import Seeds
from firstwire.core.rules.rulebook import EventRule
from firstwire.core.state import ALERT_STATE, LEDGER, Change
from schemas.state import AlertMemory
from tests.support.knowledge import shipped_lemmas
from tests.support.records import CHINA, RUSSIA, TALIBAN, event, partition_of, run

OLD_IDS = OldActionIds(shipped_lemmas())
RULE = EventRule(id="told", action=("*",), target=("*",))
PARTITIONS = [0, 1, 2, 3]


def written(*actions: str) -> dict[int, list[Change]]:
    """What the version before wrote of Russia's acts, by partition, as a state topic holds it: every version."""
    found: dict[int, list[Change]] = {}
    for number, action in enumerate(actions):
        for each in run(EventAlertState(Seeds()), [event(RUSSIA, action=action, date=f"2025-07-0{number + 1}")], RULE):
            found.setdefault(partition_of(action), []).extend(each.changes)
    return found


def restored(
    held: dict[int, list[Change]], partition: int, topics: Iterable[str] = (LEDGER, ALERT_STATE)
) -> EventAlertState:
    state = EventAlertState(Seeds())
    for topic in topics:
        restoring = Restoring(state, partition, PARTITIONS, OLD_IDS)
        for number, changes in held.items():
            for change in changes:
                if change.topic == topic:
                    restoring.take(number, change)
        restoring.end()
    return state


def old_alert_id(action: str) -> str:
    (memory,) = [change.value for change in written(action)[partition_of(action)] if change.topic == ALERT_STATE]
    assert isinstance(memory, AlertMemory)
    return memory.alert_id


def test_a_new_report_of_an_act_of_before_joins_the_alert_that_was_raised_then() -> None:
    for old, today in (("agre-to-truce", "agree-to-truce"), ("rul-on-law", "rule-on-law"), ("took-seat", "take-seat")):
        state = restored(written(old), partition_of(today))
        (told,) = run(state, [event(RUSSIA, action=today, hours=30, source="AFP", origin="AFP")], RULE)
        assert [(verdict.verdict, verdict.alert_id) for verdict in told.verdicts] == [("joined", old_alert_id(old))]
        (alert,) = told.alerts
        assert (alert.alert_id, alert.revision, alert.subject.action) == (old_alert_id(old), 2, today)
        assert len(alert.articles) == 2


def test_both_kinds_of_partitions_are_tried() -> None:
    """Those that keep an act under both ids, and those that find it elsewhere."""
    moved = {
        partition_of(old) == partition_of(today)
        for old, today in (("rul-on-law", "rule-on-law"), ("took-seat", "take-seat"))
    }
    assert moved == {True, False}


def test_what_joined_is_remembered_under_the_alert_s_old_id_from_then_on() -> None:
    held = written("agre-to-truce")
    here = partition_of("agree-to-truce")
    (told,) = run(restored(held, here), [event(RUSSIA, action="agree-to-truce", hours=30)], RULE)
    held.setdefault(here, []).extend(told.changes)
    state = restored(held, here)
    (again,) = run(state, [event(RUSSIA, action="agree-to-truce", hours=40, article_id="third")], RULE)
    assert [(verdict.verdict, verdict.alert_id) for verdict in again.verdicts] == [
        ("joined", old_alert_id("agre-to-truce"))
    ]
    assert [len(alert.articles) for alert in again.alerts] == [3]


def test_what_was_told_under_two_ids_is_not_told_a_third_time() -> None:
    held = written("took-seat", "take-seat")
    (told,) = run(restored(held, partition_of("take-seat")), [event(RUSSIA, action="take-seat", hours=30)], RULE)
    assert [verdict.verdict for verdict in told.verdicts] == ["joined"]
    (alert_id,) = {verdict.alert_id for verdict in told.verdicts}
    assert alert_id == old_alert_id("take-seat")


def test_pages_of_several_old_ids_are_one_page_in_any_order() -> None:
    held = written("rul-on-law", "rule-on-law")
    pages = []
    for order in (sorted(held), sorted(held, reverse=True)):
        state = restored({number: held[number] for number in order}, partition_of("rule-on-law"))
        pages.append(state.page("rule-on-law", TALIBAN.id))
    (russia,) = pages[0].actors
    assert [day.date for day in russia.days] == ["2025-07-01", "2025-07-02"]
    assert pages[0] == pages[1]


def test_a_later_act_is_ranked_behind_one_that_an_old_page_knows() -> None:
    state = restored(written("agre-to-truce"), partition_of("agree-to-truce"))
    (told,) = run(state, [event(CHINA, action="agree-to-truce", date="2025-08-01", hours=700)], RULE)
    positions = {alert.actor.id: alert.novelty.position for alert in told.alerts if alert.actor and alert.novelty}
    assert positions == {"china": 2}


def test_a_page_that_was_written_again_is_whole_after_the_next_restart() -> None:
    held = written("rul-on-law", "rule-on-law")
    here = partition_of("rule-on-law")
    (told,) = run(restored(held, here), [event(CHINA, action="rule-on-law", hours=50)], RULE)
    held.setdefault(here, []).extend(told.changes)
    page = restored(held, here).page("rule-on-law", TALIBAN.id)
    assert [(actor.actor, len(actor.days)) for actor in page.actors] == [("russia", 2), ("china", 1)]


def test_what_belongs_to_others_is_left_to_them() -> None:
    held = written("agre-to-truce", "recognize")
    for partition in PARTITIONS:
        state = restored(held, partition)
        wanted = {action for action in ("agree-to-truce", "recognize") if partition_of(action) == partition}
        wanted |= {
            OLD_IDS.today(action) for action in ("agre-to-truce", "recognize") if partition_of(action) == partition
        }
        assert {memory.subject.action for memory in state.alerts.values()} == wanted
        assert {page.action for page in state.pages.values()} == wanted


def test_an_event_on_its_way_joins_as_what_it_is_called_today() -> None:
    state = restored(written("agre-to-truce"), partition_of("agree-to-truce"))
    on_its_way = event(RUSSIA, action="agre-to-truce", hours=30, article_id="late")
    (told,) = run(state, [OLD_IDS.renamed(on_its_way)], RULE)
    assert [verdict.verdict for verdict in told.verdicts] == ["joined"]


def test_an_alert_of_before_is_not_written_again_for_its_name_alone() -> None:
    held = written("agre-to-truce")
    state = restored(held, partition_of("agree-to-truce"))
    (told,) = run(state, [event(RUSSIA, action="agree-to-truce", date="2025-07-01")], RULE)
    assert told.alerts == ()
    memory = state.alerts[old_alert_id("agre-to-truce")]
    assert memory.alert is not None
    assert memory.alert_id != alert_id_of(RULE.id, msgspec.structs.replace(memory.subject))
