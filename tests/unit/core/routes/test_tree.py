"""The tree of routes: Alertmanager's routing in a table of our own, and the plain list of routes as it always was.

After github.com/prometheus/alertmanager, dispatch/route_test.go and cli/testdata/conf.routing*.yml. There the tree has
one root with a default receiver and routes continue only if they say so; here routes at the top continue by default.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from firstwire.core.routes.settings import Route, RouteMatch
from firstwire.core.routes.tree import compiled, receivers_of, steps_of
from schemas import Alert
from tests.support.alerts import first_alert, watch_alert


def route(receivers: str | None = None, *matchers: str, below: tuple[Route, ...] = (), **changes: Any) -> Route:
    names = None if receivers is None else tuple(receivers.split())
    return Route(receivers=names, matchers=matchers, routes=below, **changes)


def reached(alert: Alert, *routes: Route) -> str:
    return " ".join(receivers_of(alert, compiled(routes)))


OWNERS = route(
    "default",
    below=(
        route(
            "team-a",
            "tag=team-a",
            below=(
                route("a-prod", "severity=critical"),
                route("a-test", "severity=~warning|info", "source!=wire", continues=True),
                route("a-any", "severity=info", updates=True),
            ),
        ),
        route(
            "team-b",
            "tag=~team-(b|c)",
            below=(route("b-first", "kind=first", continues=True), route("b-critical", "severity=critical")),
        ),
    ),
)


def alert_with(tags: str = "", severity: str = "critical", kind: str = "first", sources: str = "") -> Alert:
    make = watch_alert if kind == "watch" else first_alert
    return make(tags=tuple(tags.split()), severity=severity, outlets=tuple(sources.split()))


@pytest.mark.parametrize(
    ("alert", "receivers"),
    [
        # nothing below matches: the route itself
        (alert_with(), "default"),
        (alert_with("cricket"), "default"),
        (alert_with("team"), "default"),
        # the deepest that matches, not those above it
        (alert_with("team-a"), "a-prod"),
        (alert_with("team-a cricket"), "a-prod"),
        (alert_with("team-a", "warning"), "a-test"),
        (alert_with("team-a", "warning", sources="wire"), "team-a"),
        # one that continues and one that follows it
        (alert_with("team-a", "info"), "a-test a-any"),
        (alert_with("team-a", "info", sources="wire"), "a-any"),
        # the first of routes beside each other
        (alert_with("team-a team-b"), "a-prod"),
        (alert_with("team-b"), "b-first b-critical"),
        (alert_with("team-c"), "b-first b-critical"),
        (alert_with("team-b", "info"), "b-first"),
        (alert_with("team-b", "critical", "watch"), "b-critical"),
        (alert_with("team-b", "info", "watch"), "team-b"),
    ],
)
def test_an_alert_goes_down_the_tree_as_in_alertmanager(alert: Alert, receivers: str) -> None:
    assert reached(alert, OWNERS) == receivers


@pytest.mark.parametrize(
    ("routes", "receivers"),
    [
        ((), ""),
        ((route("a"),), "a"),
        # at the top each is asked, unless one says stop
        ((route("a"), route("b")), "a b"),
        ((route("a", continues=False), route("b")), "a"),
        ((route("a", "kind=watch", continues=False), route("b")), "b"),
        ((route("a b"), route("b c")), "a b c"),
        # what is below does not continue by default
        ((route("r", below=(route("a"), route("b"))),), "a"),
        ((route("r", below=(route("a", continues=True), route("b"))),), "a b"),
        ((route("r", below=(route("a", continues=True), route("b", "kind=watch"))),), "a"),
        # a route above that does not match hides those below
        ((route("r", "kind=watch", below=(route("a"),)),), ""),
        # receivers are inherited
        ((route("r", below=(route(None, "kind=first"),)),), "r"),
        ((route("r", below=(route(None, below=(route(None, "kind=first"),)),)),), "r"),
        ((route(None, below=(route("a", "kind=first"),)),), "a"),
        ((route(None, below=(route("a", "kind=watch"),)),), ""),
        # `match` and `matchers` must both hold
        ((route("a", "tag=russia", match=RouteMatch(kind="first")),), "a"),
        ((route("a", "tag=cricket", match=RouteMatch(kind="first")),), ""),
        ((route("a", "tag=russia", match=RouteMatch(kind="watch")),), ""),
        ((route("a", "{tag=russia,tag=taliban}"),), "a"),
        ((route("a", "tag=russia", "tag=cricket"),), ""),
        # every key of `match`
        ((route("a", match=RouteMatch(kind="first", severity="critical", rule_id="first-to-recognize")),), "a"),
        ((route("a", match=RouteMatch(tag="taliban", entity="russia", source="b.example")),), "a"),
        ((route("a", match=RouteMatch(entity="afghanistan")),), ""),
        ((route("a", match=RouteMatch(certainty="sure")),), ""),
        ((route("a", match=RouteMatch(language="en")),), ""),
    ],
)
def test_where_an_alert_goes(routes: tuple[Route, ...], receivers: str) -> None:
    assert reached(first_alert(), *routes) == receivers


def test_nobody_is_told_of_an_alert_in_shadow() -> None:
    assert reached(first_alert(shadow=True), route("a")) == ""


def test_a_receiver_gets_updates_by_any_route_that_leads_to_it() -> None:
    tree = compiled(
        (
            route("newsroom"),
            route("desk", "kind=first", updates=True, below=(route(None, "severity=critical"),)),
            route("newsroom", "kind=watch", updates=True),
        )
    )
    first, watch = receivers_of(first_alert(), tree), receivers_of(watch_alert(), tree)
    assert {name: policy.updates for name, policy in first.items()} == {"newsroom": False, "desk": True}
    assert {name: policy.updates for name, policy in watch.items()} == {"newsroom": True}
    assert (first["desk"].route, first["newsroom"].route) == ("2.1", "1")


def test_the_path_of_an_alert_names_each_route_that_is_asked() -> None:
    tree = compiled((route("z", "kind=watch"), OWNERS, route("last", continues=False), route("never")))
    said = [(step.number, " ".join(step.receivers), step.mismatch) for step in steps_of(alert_with("team-b"), tree)]
    assert said == [
        ("1", "", "kind is first, not watch"),
        ("2", "", None),
        ("2.1", "", "tag is team-b, not team-a"),
        ("2.2", "", None),
        ("2.2.1", "b-first", None),
        ("2.2.2", "b-critical", None),
        ("3", "last", None),
    ]


@pytest.mark.parametrize(
    ("routes", "why"),
    [
        ((route("a"), route("")), "route 2: receivers is empty, so that it notifies nobody"),
        ((route(None),), "route 1: receivers is empty, so that it notifies nobody"),
        ((route("a", below=(route("", "kind=first"),)),), "route 1.1: receivers is empty"),
        (
            (route("a", below=(route("b", "kid=first"),)),),
            "route 1.1: 'kid=first': no label 'kid'; did you mean 'kind'?",
        ),
        ((route("a", "tag=~("),), "route 1: 'tag=~(': not a regular expression"),
    ],
)
def test_a_wrong_route_is_named_by_its_number(routes: tuple[Route, ...], why: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(why)}"):
        compiled(routes)
