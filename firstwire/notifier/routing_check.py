"""What a configuration says without effect: routes that match nothing, receivers and rules that none joins. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from firstwire.config import Settings, route_tree
from firstwire.core.routes.labels import Labels
from firstwire.core.routes.matchers import LabelMatcher
from firstwire.core.routes.tree import RouteNode
from firstwire.core.rules.rulebook import Rulebook
from firstwire.core.text.nearest import nearest
from firstwire.rules.languages import unknown_language
from schemas.alert import FEED_HEALTH_RULE, AlertKind, Severity
from schemas.rules import RuleState

NEVER_OF: Mapping[str, tuple[str, ...]] = {
    "event": ("story",),
    "first": ("story",),
    "system": ("certainty", "status", "story"),
    "watch": ("certainty", "status"),
}
"""Labels that alerts of each kind have no value of."""

NAMED_AT_MOST = 20
NO_ROUTES = "there are receivers but no [[routes]]: nobody is notified"


@dataclass(frozen=True)
class RoutingFault:
    """What would silently notify nobody. An `error` cannot be meant; a `warning` may be."""

    level: Literal["error", "warning"]
    message: str


@dataclass(frozen=True)
class _RuleLabels:
    """What is known of a rule's alerts before it raises any: the labels that the rule decides, and those it has not.

    `given` are tags of all its alerts, which have others besides.
    """

    rule_id: str
    labels: Labels
    given: Labels
    state: RuleState

    def decides(self, matcher: LabelMatcher) -> bool:
        """Whether it is known if the matcher holds."""
        return matcher.label in self.labels

    def meets(self, matcher: LabelMatcher) -> bool:
        """Whether the matcher holds for all alerts of the rule."""
        if self.decides(matcher):
            return matcher.holds(self.labels)
        return matcher.operator == "=" and matcher.value in self.given.get(matcher.label, ())


def unrouted_receivers(settings: Settings) -> tuple[str, ...]:
    """The names of receivers that no route leads to, and that are not told of trouble either."""
    routed = {name for node in route_tree(settings).all_nodes() for name in node.receivers}
    routed |= {*settings.notifier.trouble_receivers}
    return tuple(receiver.name for receiver in settings.receivers if receiver.name not in routed)


def receivers_of_rule(
    settings: Settings, rule_id: str, kind: AlertKind, severity: Severity, tags: Sequence[str] = ()
) -> Mapping[str, str]:
    """The receivers that the routes lead a rule's alerts to, each with what the routes ask besides; empty: nothing."""
    found: dict[str, list[str]] = {}
    for names, asked in _led_to(route_tree(settings).nodes, _source(rule_id, kind, severity, tags), ()):
        for name in names:
            found.setdefault(name, []).append(" and ".join(asked))
    return {name: "" if "" in asked else " or ".join(dict.fromkeys(asked)) for name, asked in found.items()}


def _led_to(
    nodes: Sequence[RouteNode], source: _RuleLabels, above: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The receivers of each route that may take the alerts of a rule, and what it asks that the rule leaves open."""
    for node in nodes:
        if not _may_fit(node, source):
            continue
        asked = (*above, *(str(each) for each in node.matchers if not source.meets(each)))
        below = list(_led_to(node.children, source, asked))
        yield from below
        if not any(conditions == asked for _, conditions in below):
            yield node.receivers, asked
        if asked == above and not node.continues:
            return


def routing_faults(settings: Settings, rules: Rulebook, entities: Collection[str]) -> tuple[RoutingFault, ...]:
    """All faults of the routes, given the rules of the files and the ids of all known entities."""
    if not settings.receivers:
        return ()
    if not settings.routes:
        return (RoutingFault("error", NO_ROUTES),)
    sources = _sources(rules)
    tags = {*entities, *(tag for watch in rules.watches for tag in watch.tags)}
    tags.update(tag for rule in rules.events for tag in rule.tags)
    nodes = route_tree(settings).nodes
    return (
        *(
            RoutingFault("warning", f"no route leads to the receiver {name!r}: it is notified of nothing")
            for name in unrouted_receivers(settings)
        ),
        *_faults_beside(nodes, sources, sources, tags),
        *(
            RoutingFault("warning", f"no route takes alerts of the rule {rule_id!r}: nobody is notified")
            for rule_id in unheard_rules(settings, rules)
        ),
    )


def unheard_rules(settings: Settings, rules: Rulebook) -> tuple[str, ...]:
    """The ids of the live rules of whose alerts nobody can be notified. None without receivers: that is meant."""
    if not settings.receivers:
        return ()
    nodes = route_tree(settings).nodes
    return tuple(
        source.rule_id
        for source in _sources(rules)
        if source.state == "live"
        and source.rule_id != FEED_HEALTH_RULE
        and not any(names for names, _ in _led_to(nodes, source, ()))
    )


def untold(settings: Settings, rules: Rulebook) -> str | None:
    """What `unheard_rules` means, in one sentence; None if somebody is notified of all."""
    unheard = unheard_rules(settings, rules)
    if not unheard or not settings.routes:
        return NO_ROUTES if unheard else None
    more = f" and {len(unheard) - NAMED_AT_MOST:,} more" if len(unheard) > NAMED_AT_MOST else ""
    what = "rule" if len(unheard) == 1 else "rules"
    return f"no route takes alerts of the {what} {', '.join(unheard[:NAMED_AT_MOST])}{more}: nobody is notified"


def _faults_beside(
    nodes: Sequence[RouteNode], asked: Sequence[_RuleLabels], rules: Sequence[_RuleLabels], tags: Collection[str]
) -> Iterator[RoutingFault]:
    """The faults of routes beside each other, of whose alerts only those of `asked` get there."""
    left = asked
    for node in nodes:
        fitting = [source for source in left if _may_fit(node, source)]
        unknown_rules = list(_unknown_rules(node, rules))
        yield from unknown_rules
        yield from _unknown_tags(node, tags)
        yield from _unknown_languages(node)
        if not unknown_rules:
            yield from _unmatched(node, fitting, asked)
        yield from _faults_beside(node.children, fitting, rules, tags) if fitting else ()
        if not node.continues:
            left = [source for source in left if not _surely_fits(node, source)]


def _unmatched(node: RouteNode, fitting: Sequence[_RuleLabels], asked: Sequence[_RuleLabels]) -> Iterator[RoutingFault]:
    if not fitting and any(_may_fit(node, each) for each in asked):
        said = f"route {node.number} is never asked: routes before it take all that it could, and do not continue"
        yield RoutingFault("error", said)
    elif not fitting:
        decided = [each for each in node.matchers if any(source.decides(each) for source in asked)]
        said = " and ".join(map(_asked, decided))
        yield RoutingFault("error", f"route {node.number} can match nothing: no rule raises alerts of {said}")
    elif all(source.state == "shadow" for source in fitting):
        names = ", ".join(source.rule_id for source in fitting[:3]) + (", …" if len(fitting) > 3 else "")
        said = f"route {node.number} matches only rules in shadow ({names}), of which nobody is notified"
        yield RoutingFault("warning", said)


def _unknown_rules(node: RouteNode, rules: Sequence[_RuleLabels]) -> Iterator[RoutingFault]:
    rule_ids = [source.rule_id for source in rules]
    for matcher in _naming(node, "rule"):
        if matcher.value not in rule_ids:
            said = f"route {node.number}: no rule {matcher.value!r}{nearest(matcher.value, rule_ids)}"
            yield RoutingFault("error", said)


def _unknown_tags(node: RouteNode, tags: Collection[str]) -> Iterator[RoutingFault]:
    for matcher in _naming(node, "tag", "entity"):
        if matcher.value not in tags:
            close = nearest(matcher.value, tags, at_most=6)
            what = "no entity and no rule gives the tag" if matcher.label == "tag" else "there is no entity"
            yield RoutingFault("error", f"route {node.number}: {what} {matcher.value!r}{close}")


def _unknown_languages(node: RouteNode) -> Iterator[RoutingFault]:
    for matcher in _naming(node, "language"):
        lower = matcher.value.lower()
        said = unknown_language(lower)
        if said is None and lower != matcher.value:
            said = f"write `{lower}`, languages are in lower case"
        if said is not None:
            yield RoutingFault("error", f"route {node.number}: language {matcher.value!r}: {said}")


def _naming(node: RouteNode, *labels: str) -> list[LabelMatcher]:
    """The matchers that name one value of such a label."""
    return [each for each in node.matchers if each.label in labels and each.operator in ("=", "!=") and each.value]


def _sources(rules: Rulebook) -> tuple[_RuleLabels, ...]:
    return (
        *(
            _source(rule.id, "first" if rule.novelty == "first" else "event", rule.severity, rule.tags, rule.state)
            for rule in rules.events
        ),
        *(_source(watch.id, "watch", watch.severity, watch.tags, watch.state) for watch in rules.watches),
        _source(FEED_HEALTH_RULE, "system", "warning"),
    )


def _source(
    rule_id: str, kind: AlertKind, severity: Severity, tags: Sequence[str] = (), state: RuleState = "live"
) -> _RuleLabels:
    given = {"tag": tuple(tags), **({"entity": tuple(tags)} if kind == "watch" else {})}
    labels = {"rule": (rule_id,), "kind": (kind,), "severity": (severity,), **dict.fromkeys(NEVER_OF[kind], ())}
    return _RuleLabels(rule_id, labels, given, state)


def _may_fit(node: RouteNode, source: _RuleLabels) -> bool:
    """Whether what is known of the rule's alerts lets them match."""
    return all(each.holds(source.labels) for each in node.matchers if source.decides(each))


def _surely_fits(node: RouteNode, source: _RuleLabels) -> bool:
    return all(map(source.meets, node.matchers))


def _asked(matcher: LabelMatcher) -> str:
    name = "rule_id" if matcher.label == "rule" else matcher.label
    return f"{name} {matcher.value!r}" if matcher.operator == "=" else str(matcher)
