"""The tree of routes: which receivers an alert goes to, by which route, and why not by the others.

As in Alertmanager, an alert goes down to the deepest routes that match, of routes beside each other to the first one
unless that continues. Routes at the top continue unless they say otherwise: a plain list of them asks each one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, timedelta, tzinfo
from typing import Any

from firstwire.core.routes.calendar import DigestTimes, QuietTime, digest_times, quiet_times
from firstwire.core.routes.labels import Labels, labels_of
from firstwire.core.routes.matchers import LabelMatcher, equal, fit, matchers_in, mismatch_of
from firstwire.core.routes.settings import Route, RouteMatch
from firstwire.core.text.durations import seconds
from firstwire.core.text.nearest import nearest
from schemas import Alert

NO_TIME = timedelta(0)

GROUPED_BY = ("alert", "kind", "rule", "severity", "story", "subject", "target")

MAX_ALERTS = 10
"""How many alerts a message lists unless configured otherwise: what a person reads at once."""

ZoneOf = Callable[[str], tzinfo]
"""The time zone of an IANA name; raises ValueError or KeyError if there is none."""


def utc_only(name: str) -> tzinfo:
    """The zone of `UTC`, for those who need no other."""
    if name != "UTC":
        raise ValueError(f"no time zone {name!r}")
    return UTC


@dataclass(frozen=True)
class RoutePolicy:
    """How a route delivers. `route` is its number, that of a route below another one `2.1`."""

    route: str
    updates: bool = False
    group_by: tuple[str, ...] = ("alert",)
    group_wait: timedelta = NO_TIME
    group_interval: timedelta = NO_TIME
    repeat_interval: timedelta | None = None
    cooldown: timedelta = NO_TIME
    quiet: tuple[QuietTime, ...] = ()
    digest: DigestTimes | None = None
    digest_count: int | None = None
    zone: tzinfo = UTC
    max_alerts: int = MAX_ALERTS
    template: str | None = None

    @property
    def is_digest(self) -> bool:
        return self.digest is not None or self.digest_count is not None


@dataclass(frozen=True)
class RouteNode:
    """A route with what it inherits. `matchers` are its own, all of which must hold, besides those above it."""

    number: str
    matchers: tuple[LabelMatcher, ...]
    receivers: tuple[str, ...]
    continues: bool
    policy: RoutePolicy
    children: tuple[RouteNode, ...] = ()


@dataclass(frozen=True)
class RouteTree:
    """The routes at the top, in their order."""

    nodes: tuple[RouteNode, ...] = ()

    def all_nodes(self) -> Iterator[RouteNode]:
        """Every route, each before those below it."""
        yield from _descended(self.nodes)


@dataclass(frozen=True)
class RouteStep:
    """What one route says to an alert. `mismatch` is the first condition that the alert does not meet, in words."""

    number: str
    receivers: tuple[str, ...]
    """Of a route that takes the alert itself; empty if it hands it on to routes below, or does not match."""
    mismatch: str | None


def compiled(routes: Sequence[Route], zone_of: ZoneOf = utc_only) -> RouteTree:
    """The tree of the routes. Raises ValueError, which begins with the number of the wrong route."""
    top = _Above((), RoutePolicy(route=""), is_top=True)
    return RouteTree(tuple(_node(str(number), each, top, zone_of) for number, each in enumerate(routes, start=1)))


def receivers_of(alert: Alert, tree: RouteTree) -> Mapping[str, RoutePolicy]:
    """The receivers that an alert goes to, each once, with the policy of the first route that leads there.

    Empty for an alert of a shadow rule. Updates are wanted if one of the routes that lead there wants them.
    """
    if alert.shadow:
        return {}
    found: dict[str, RoutePolicy] = {}
    for node in _taking(tree.nodes, labels_of(alert)):
        for name in node.receivers:
            first = found.setdefault(name, node.policy)
            found[name] = replace(first, updates=first.updates or node.policy.updates)
    return found


def steps_of(alert: Alert, tree: RouteTree) -> tuple[RouteStep, ...]:
    """What each route that is asked says, in the order in which they are asked."""
    return tuple(_steps(tree.nodes, labels_of(alert)))


@dataclass(frozen=True)
class _Above:
    """What a route inherits."""

    receivers: tuple[str, ...]
    policy: RoutePolicy
    is_top: bool = False


def _node(number: str, route: Route, above: _Above, zone_of: ZoneOf) -> RouteNode:
    try:
        matchers = (*_asked(route.match), *matchers_in(route.matchers))
        policy = _policy(number, route, above.policy, zone_of)
        receivers = above.receivers if route.receivers is None else route.receivers
        if not receivers and not route.routes:
            raise ValueError("receivers is empty, so that it notifies nobody")
    except ValueError as err:
        raise ValueError(f"route {number}: {err}") from err
    below = _Above(receivers, policy)
    return RouteNode(
        number=number,
        matchers=matchers,
        receivers=receivers,
        continues=above.is_top if route.continues is None else route.continues,
        policy=policy,
        children=tuple(
            _node(f"{number}.{order}", each, below, zone_of) for order, each in enumerate(route.routes, start=1)
        ),
    )


def _policy(number: str, route: Route, above: RoutePolicy, zone_of: ZoneOf) -> RoutePolicy:
    """The options of a route: those that it sets, over those that it inherits."""
    for name in route.group_by or ():
        if name not in GROUPED_BY:
            raise ValueError(f"group_by: nothing is called {name!r}{nearest(name, GROUPED_BY)}")
    zone = above.zone if route.timezone is None else _zone(route.timezone, zone_of)
    given = {
        "updates": route.updates,
        "group_by": route.group_by,
        "group_wait": _span("group_wait", route.group_wait),
        "group_interval": _span("group_interval", route.group_interval),
        "repeat_interval": _span("repeat_interval", route.repeat_interval),
        "cooldown": _span("cooldown", route.cooldown),
        "quiet": None if route.quiet_hours is None else quiet_times(route.quiet_hours),
        "digest": None if route.digest is None else digest_times(route.digest, zone),
        "digest_count": route.digest_count,
        "max_alerts": route.max_alerts,
        "template": route.template,
    }
    changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    if above.digest is not None and route.digest is None:
        changes["digest"] = replace(above.digest, zone=zone)
    return replace(above, route=number, zone=zone, **changes)


def _span(name: str, text: str | None) -> timedelta | None:
    """The time of a duration; `0s` is allowed here, to set what a route above sets back."""
    if text is None or re.fullmatch(r"\s*0+(ms|s|m|h|d)\s*", text):
        return None if text is None else NO_TIME
    try:
        return timedelta(seconds=seconds(text))
    except ValueError as err:
        raise ValueError(f"{name}: {err}") from err


def _zone(name: str, zone_of: ZoneOf) -> tzinfo:
    try:
        return zone_of(name)
    except (KeyError, OSError, ValueError) as err:
        raise ValueError(f"no time zone {name!r}") from err


def _asked(match: RouteMatch) -> Iterator[LabelMatcher]:
    asked = (
        ("kind", match.kind),
        ("severity", match.severity),
        ("rule", match.rule_id),
        ("tag", match.tag),
        ("entity", match.entity),
        ("language", match.language),
        ("source", match.source),
        ("certainty", match.certainty),
    )
    return (equal(label, value) for label, value in asked if value is not None)


def _taking(nodes: Sequence[RouteNode], labels: Labels) -> Iterator[RouteNode]:
    """The deepest routes that match: a route takes itself what none below it takes."""
    for node in nodes:
        if fit(node.matchers, labels):
            below = list(_taking(node.children, labels))
            yield from below or [node]
            if not node.continues:
                return


def _steps(nodes: Sequence[RouteNode], labels: Labels) -> Iterator[RouteStep]:
    for node in nodes:
        mismatch = mismatch_of(node.matchers, labels)
        below = [] if mismatch is not None else list(_steps(node.children, labels))
        is_handed_on = any(step.mismatch is None for step in below)
        yield RouteStep(node.number, () if mismatch is not None or is_handed_on else node.receivers, mismatch)
        yield from below
        if mismatch is None and not node.continues:
            return


def _descended(nodes: Sequence[RouteNode]) -> Iterator[RouteNode]:
    for node in nodes:
        yield node
        yield from _descended(node.children)
