"""Groups: which alerts belong into one message, by what a route groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from firstwire.core.routes.tree import RoutePolicy
from schemas import Alert

_SEPARATOR = "\x1f"


def subject_of(alert: Alert) -> str:
    """The happening, whatever the rule: the story of a watch, else who did what to whom in which era."""
    subject = alert.subject
    if subject.story is not None:
        return subject.story
    parts = (subject.action, subject.actor, subject.target, subject.era, str(subject.episode))
    return _SEPARATOR.join(part or "" for part in parts)


GROUPERS: Mapping[str, Callable[[Alert], str]] = MappingProxyType(
    {
        "alert": lambda alert: alert.alert_id,
        "kind": lambda alert: alert.kind,
        "rule": lambda alert: alert.rule_id,
        "severity": lambda alert: alert.severity,
        "story": lambda alert: alert.subject.story or subject_of(alert),
        "subject": subject_of,
        # What has no target stands alone rather than with all others that have none
        "target": lambda alert: alert.subject.target or subject_of(alert),
    }
)


def group_of(alert: Alert, policy: RoutePolicy) -> str:
    """The key of the group at one receiver. A digest takes everything of its route."""
    names = () if policy.is_digest else policy.group_by
    return _SEPARATOR.join((policy.route, *(GROUPERS[name](alert) for name in names)))


def route_of(group: str) -> str:
    """The number of the route of a group."""
    return group.partition(_SEPARATOR)[0]
