"""What a configuration says without effect: routes that match nothing, receivers and rules that none joins. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from firstwire.config import Route, RouteMatch, Settings, nearest
from firstwire.core.rules.rulebook import Rulebook
from firstwire.notifier.routes import asked_of
from schemas.alert import FEED_HEALTH_RULE, AlertKind, Severity
from schemas.rules import RuleState


@dataclass(frozen=True)
class RoutingFault:
    """What would silently notify nobody. An `error` cannot be meant; a `warning` may be."""

    level: Literal["error", "warning"]
    message: str


@dataclass(frozen=True)
class _Source:
    """What alerts a rule raises, as far as a route can ask for it."""

    rule_id: str
    kind: AlertKind
    severity: Severity
    state: RuleState


def unrouted_receivers(settings: Settings) -> tuple[str, ...]:
    """The names of receivers that no route leads to, and that are not told of trouble either."""
    routed = {name for route in settings.routes for name in route.receivers} | {*settings.notifier.trouble_receivers}
    return tuple(receiver.name for receiver in settings.receivers if receiver.name not in routed)


def routing_faults(settings: Settings, rules: Rulebook, entities: Collection[str]) -> tuple[RoutingFault, ...]:
    """All faults of the routes, given the rules of the files and the ids of all known entities."""
    if not settings.receivers:
        return ()
    if not settings.routes:
        return (RoutingFault("error", "there are receivers but no [[routes]]: nobody is notified"),)
    sources = _sources(rules)
    tags = {*entities, *(tag for watch in rules.watches for tag in watch.tags)}
    tags.update(tag for rule in rules.events for tag in rule.tags)
    return (
        *(
            RoutingFault("warning", f"no route leads to the receiver {name!r}: it is notified of nothing")
            for name in unrouted_receivers(settings)
        ),
        *(
            fault
            for number, route in enumerate(settings.routes, start=1)
            for fault in _faults_of(number, route.match, sources, tags)
        ),
        *_unheard(settings.routes, sources),
    )


def _faults_of(
    number: int, match: RouteMatch, sources: Sequence[_Source], tags: Collection[str]
) -> Iterator[RoutingFault]:
    rule_ids = [source.rule_id for source in sources]
    if match.rule_id is not None and match.rule_id not in rule_ids:
        said = f"route {number}: no rule {match.rule_id!r}{nearest(match.rule_id, rule_ids)}"
        yield RoutingFault("error", said)
        return
    if match.tag is not None and match.tag not in tags:
        close = nearest(match.tag, tags, at_most=6)
        yield RoutingFault("error", f"route {number}: no entity and no rule gives the tag {match.tag!r}{close}")
    fitting = [source for source in sources if _fits(match, source)]
    if not fitting:
        asked = " and ".join(f"{name} {wanted!r}" for name, wanted in asked_of(match).items())
        yield RoutingFault("error", f"route {number} can match nothing: no rule raises alerts of {asked}")
    elif all(source.state == "shadow" for source in fitting):
        names = ", ".join(source.rule_id for source in fitting[:3]) + (", …" if len(fitting) > 3 else "")
        yield RoutingFault(
            "warning", f"route {number} matches only rules in shadow ({names}), of which nobody is notified"
        )


def _unheard(routes: Sequence[Route], sources: Sequence[_Source]) -> Iterator[RoutingFault]:
    for source in sources:
        if (
            source.state == "live"
            and source.kind != "system"
            and not any(_fits(route.match, source) for route in routes)
        ):
            yield RoutingFault("warning", f"no route takes alerts of the rule {source.rule_id!r}: nobody is notified")


def _sources(rules: Rulebook) -> tuple[_Source, ...]:
    events = (
        _Source(rule.id, "first" if rule.novelty == "first" else "event", rule.severity, rule.state)
        for rule in rules.events
    )
    watches = (_Source(watch.id, "watch", watch.severity, watch.state) for watch in rules.watches)
    return (*events, *watches, _Source(FEED_HEALTH_RULE, "system", "warning", "live"))


def _fits(match: RouteMatch, source: _Source) -> bool:
    return all(getattr(source, name) == wanted for name, wanted in asked_of(match).items())
