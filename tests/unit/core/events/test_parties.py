"""Nobody acts on itself; what two parties do alike is one event with both as actors and as targets."""

from __future__ import annotations

import pytest

from firstwire.core.events.actions import WITHOUT_DIRECTION
from firstwire.core.events.detection import DetectedEvent
from firstwire.core.events.retractions import is_denied_by_actor
from tests.support.detections import DAY, detect, told
from tests.support.records import article


@pytest.mark.parametrize(
    "title",
    [
        "Peru severs relations with Peru",
        "Putin recognizes Russia",
        "Kosovo recognizes Kosovo",
    ],
)
def test_no_event_is_between_an_entity_and_itself(title: str) -> None:
    assert detect(title).events == ()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Peru and Chile restore ties", "Chile restores ties with Peru"),
        ("Chile and Peru establish diplomatic relations", "Peru establishes diplomatic relations with Chile"),
        ("Peru, Chile upgrade ties", "Chile has upgraded its ties with Peru"),
        ("Ties between Peru and Chile were restored", "Peru and Chile have restored diplomatic ties"),
        ("Peru and Chile agree to restore ties", "Peru agrees to restore ties with Chile"),
    ],
)
def test_an_act_of_both_is_the_same_event_whoever_is_named_first(first: str, second: str) -> None:
    (one,), (other,) = detect(first).events, detect(second).events
    assert told(one) == told(other)
    assert [each.id for each in one.actors] == [each.id for each in one.targets] == ["chile", "peru"]


@pytest.mark.parametrize("verb", ["severs", "suspends", "downgrades"])
def test_what_one_side_can_do_alone_keeps_its_direction(verb: str) -> None:
    (event,) = detect(f"Peru {verb} relations with Chile").events
    assert told(event)[1:3] == (["peru"], ["chile"])


def test_only_acts_that_need_both_have_no_direction() -> None:
    assert frozenset({"establish_relations", "restore_relations", "upgrade_relations"}) == WITHOUT_DIRECTION


def test_two_parties_on_one_side_are_no_parties_to_each_other() -> None:
    found = [told(event)[1] for event in detect("Peru and Chile restore ties with Iran").events]
    assert sorted(found) == [["chile", "iran"], ["iran", "peru"]]


def test_three_that_act_together_are_all_parties() -> None:
    (event,) = detect("Peru, Chile and Iran restore diplomatic ties").events
    assert told(event)[1:3] == (["chile", "iran", "peru"], ["chile", "iran", "peru"])


def test_leaders_of_a_party_are_actors_and_their_nations_targets() -> None:
    (event,) = detect("Putin restores diplomatic ties with Peru").events
    assert told(event)[1:3] == (["peru", "russia", "vladimir-putin"], ["peru", "russia"])


def test_a_rank_is_that_of_the_party_that_the_text_ranks() -> None:
    texts = ("Peru becomes the first Latin American country to restore ties with Iran", "Iran and Peru restore ties.")
    (event,) = detect(texts[0], summary=texts[1]).events
    assert told(event)[1:3] == (["peru"], ["iran"])
    assert event.claims_first


@pytest.mark.parametrize("title", ["Peru denies restoring ties with Iran", "Iran denies restoring ties with Peru"])
def test_either_party_may_deny_what_both_do(title: str) -> None:
    def denied(event: DetectedEvent) -> bool:
        return is_denied_by_actor(article(title=title, published=f"{DAY}T09:00:00.000Z"), event)

    (event,) = detect(title).events
    assert told(event)[1:] == (["iran", "peru"], ["iran", "peru"], "negated")
    assert denied(event)
