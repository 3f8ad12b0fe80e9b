"""A configuration that would silently notify nobody is found out, with the name that was probably meant."""

from __future__ import annotations

from typing import Any

import pytest

from firstwire.config import NotifierSection, ReceiverSettings, Settings
from firstwire.core.routes.settings import Route, RouteMatch
from firstwire.core.rules.rulebook import EventRule, Rulebook
from firstwire.core.watches.watch import Watch
from firstwire.notifier.routing_check import (
    receivers_of_rule,
    routing_faults,
    unheard_rules,
    unrouted_receivers,
    untold,
)

RULES = Rulebook(
    events=(
        EventRule(id="first-to-recognize", action=("recognize",), novelty="first", severity="critical"),
        EventRule(id="every-recognition", action=("recognize",), state="shadow"),
    ),
    watches=(Watch(id="embassy-desk", text="embassy", severity="warning", tags=("kabul",)),),
)
ENTITIES = ("afghanistan", "russia", "taliban", "north-korea", "south-korea", "france", "mali", "nauru")
ALL = Route(receivers=("newsroom",))


def settings(*routes: Route, receivers: tuple[str, ...] = ("newsroom",), trouble: tuple[str, ...] = ()) -> Settings:
    return Settings(
        receivers=tuple(ReceiverSettings(name=name, type="slack", url="x") for name in receivers),
        routes=routes,
        notifier=NotifierSection(trouble_receivers=trouble),
    )


def matching(**match: str) -> Route:
    return Route(receivers=("newsroom",), match=RouteMatch(**match))


def found(*routes: Route, **changes: Any) -> list[tuple[str, str]]:
    return [(fault.level, fault.message) for fault in routing_faults(settings(*routes, **changes), RULES, ENTITIES)]


@pytest.mark.parametrize(
    ("match", "level", "says"),
    [
        (
            {"rule_id": "first-to-recognise"},
            "error",
            "no rule 'first-to-recognise'; did you mean 'first-to-recognize'?",
        ),
        ({"rule_id": "x"}, "error", "no rule 'x'; known are embassy-desk, every-recognition, feed-health, first"),
        ({"tag": "talban"}, "error", "no entity and no rule gives the tag 'talban'; did you mean 'taliban'?"),
        ({"tag": "Kabul"}, "error", "no entity and no rule gives the tag 'Kabul'; did you mean 'kabul'?"),
        ({"tag": "zzz"}, "error", "no entity and no rule gives the tag 'zzz'"),
        ({"kind": "first", "severity": "info"}, "error", "no rule raises alerts of kind 'first' and severity 'info'"),
        ({"kind": "watch", "rule_id": "first-to-recognize"}, "error", "kind 'watch' and rule_id 'first-to-recognize'"),
        ({"kind": "event"}, "warning", "only rules in shadow (every-recognition)"),
        ({"entity": "talban"}, "error", "there is no entity 'talban'; did you mean 'taliban'?"),
        ({"language": "english"}, "error", "language 'english': no language has the code `english`; did you mean en?"),
        ({"language": "EN"}, "error", "language 'EN': write `en`, languages are in lower case"),
        ({"kind": "watch", "certainty": "sure"}, "error", "no rule raises alerts of kind 'watch' and certainty 'sure'"),
    ],
)
def test_a_route_that_can_match_nothing_is_named(match: dict[str, str], level: str, says: str) -> None:
    (fault,) = found(ALL, matching(**match))
    assert fault[0] == level
    assert says in fault[1]
    assert fault[1].startswith("route 2")


def test_a_tag_that_is_unknown_hides_no_other_fault_of_its_route() -> None:
    assert [
        message.partition(";")[0] for _, message in found(ALL, matching(tag="talban", kind="first", severity="info"))
    ] == [
        "route 2: no entity and no rule gives the tag 'talban'",
        "route 2 can match nothing: no rule raises alerts of kind 'first' and severity 'info'",
    ]


@pytest.mark.parametrize(
    "match", [{}, {"kind": "first"}, {"severity": "warning"}, {"tag": "kabul"}, {"tag": "north-korea"}]
)
def test_a_route_that_can_match_is_left_alone(match: dict[str, str]) -> None:
    assert found(ALL, matching(**match)) == []


def test_routes_below_others_and_behind_others_are_checked_too() -> None:
    below = Route(matchers=("severity=~info|warning",), routes=(matching(kind="first"), matching(severity="warning")))
    assert found(ALL, Route(receivers=("newsroom",), routes=(below,))) == [
        ("error", "route 2.1.1 can match nothing: no rule raises alerts of kind 'first'"),
    ]
    stops = Route(receivers=("newsroom",), match=RouteMatch(kind="first"), continues=False)
    assert found(stops, matching(severity="critical"), ALL) == [
        ("error", "route 2 is never asked: routes before it take all that it could, and do not continue"),
    ]
    may_stop = Route(receivers=("newsroom",), matchers=("kind=first", "tag=russia"), continues=False)
    assert found(may_stop, matching(severity="critical"), ALL) == []
    assert found(Route(receivers=("newsroom",), matchers=("rule=~first-to-recognis.*",)), ALL) == [
        ("error", 'route 1 can match nothing: no rule raises alerts of rule=~"first-to-recognis.*"'),
    ]


def test_receivers_without_a_route_and_rules_that_nobody_hears_are_named() -> None:
    assert found() == [("error", "there are receivers but no [[routes]]: nobody is notified")]
    assert found(ALL, receivers=("newsroom", "desk", "ops"), trouble=("ops",)) == [
        ("warning", "no route leads to the receiver 'desk': it is notified of nothing")
    ]
    assert found(matching(kind="first")) == [
        ("warning", "no route takes alerts of the rule 'embassy-desk': nobody is notified")
    ]
    assert found(matching(certainty="sure")) == [
        ("warning", "no route takes alerts of the rule 'embassy-desk': nobody is notified")
    ], "alerts of a watch have no certainty"
    for wants in ("certainty!=sure", 'status=""', "story!=x", "tag=kabul"):
        assert found(Route(receivers=("newsroom",), matchers=(wants,)), ALL) == [], wants
    assert found(receivers=()) == [], "alerts stay in Kafka, as `check` says"
    assert unrouted_receivers(settings(receivers=("newsroom",))) == ("newsroom",)


def test_rules_that_nobody_hears_are_live_ones_and_matter_where_somebody_is_told_at_all() -> None:
    assert unheard_rules(settings(matching(kind="watch")), RULES) == ("first-to-recognize",)
    assert unheard_rules(settings(), RULES) == ("first-to-recognize", "embassy-desk")
    assert unheard_rules(settings(receivers=()), RULES) == ()
    assert untold(settings(ALL), RULES) is untold(settings(receivers=()), RULES) is None
    assert untold(settings(), RULES) == "there are receivers but no [[routes]]: nobody is notified"
    assert untold(settings(matching(kind="first")), RULES) == (
        "no route takes alerts of the rule embassy-desk: nobody is notified"
    )
    many = Rulebook(watches=tuple(Watch(id=f"w{number}", text="embassy") for number in range(30)))
    assert str(untold(settings(matching(kind="first")), many)).endswith("w19 and 10 more: nobody is notified")


def test_the_receivers_of_a_rule_are_those_that_its_routes_lead_to_each_with_what_is_asked_besides() -> None:
    tagged = Route(receivers=("newsroom",), matchers=("tag=kabul",), continues=False)
    asking = Route(receivers=("desk",), matchers=("language=fr", "kind=watch"))
    behind = settings(asking, tagged, Route(receivers=("ops",)), receivers=("newsroom", "desk", "ops"))
    watch = receivers_of_rule(behind, "embassy-desk", "watch", "warning", ("kabul",))
    assert watch == {"desk": 'language="fr"', "newsroom": ""}, "the third route is never asked"
    assert receivers_of_rule(behind, "first-to-recognize", "first", "critical") == {
        "newsroom": 'tag="kabul"',
        "ops": "",
    }
    assert receivers_of_rule(settings(matching(certainty="sure")), "embassy-desk", "watch", "warning") == {}
