"""The tree of routes: which receivers an alert goes to, by which route, and why not by the others.

As in Alertmanager, an alert goes down to the deepest routes that match, of routes beside each other to the first one
unless that continues. Routes at the top continue unless they say otherwise: a plain list of them asks each one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from firstwire.core.routes.labels import Labels, labels_of
from firstwire.core.routes.matchers import LabelMatcher, equal, mismatch_of, parse_matchers
from firstwire.core.routes.settings import Route, RouteMatch
from schemas import Alert


@dataclass(frozen=True)
class RoutePolicy:
    """How a route delivers. `route` is its number, that of a route below another one `2.1`."""

    route: str
    updates: bool = False


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


def compiled(routes: Sequence[Route]) -> RouteTree:
    """The tree of the routes. Raises ValueError, which begins with the number of the wrong route."""
    top = RoutePolicy(route="")
    return RouteTree(tuple(_node(str(number), each, (), top, True) for number, each in enumerate(routes, start=1)))


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


def _node(number: str, route: Route, receivers: tuple[str, ...], above: RoutePolicy, continues: bool) -> RouteNode:
    try:
        matchers = (*_asked(route.match), *(each for text in route.matchers for each in parse_matchers(text)))
    except ValueError as err:
        raise ValueError(f"route {number}: {err}") from err
    receivers = receivers if route.receivers is None else route.receivers
    if not receivers and not route.routes:
        raise ValueError(f"route {number}: receivers is empty, so that it notifies nobody")
    updates = above.updates if route.updates is None else route.updates
    policy = replace(above, route=number, updates=updates)
    return RouteNode(
        number=number,
        matchers=matchers,
        receivers=receivers,
        continues=continues if route.continues is None else route.continues,
        policy=policy,
        children=tuple(
            _node(f"{number}.{below}", each, receivers, policy, False)
            for below, each in enumerate(route.routes, start=1)
        ),
    )


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
        if mismatch_of(node.matchers, labels) is None:
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
