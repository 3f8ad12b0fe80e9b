"""Rule files: YAML to a rulebook, with file, line and column in every error. No rule is ever skipped in silence."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from firstwire.core.events.entities import Gazetteer
from firstwire.core.headlines import PHRASES
from firstwire.core.rules import ANY, EventRule, Rulebook, RuleId
from firstwire.errors import ConfigError
from firstwire.yaml_files import load, nearest, yaml_paths
from schemas.alert import Severity
from schemas.event import Status
from schemas.record import EntityKind

OneOrMore = str | tuple[str, ...]


class EventRuleLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An event rule as it is written: a single action or target may stand without a list."""

    id: RuleId
    action: OneOrMore
    version: Annotated[int, msgspec.Meta(ge=1)] = 1
    target: OneOrMore = ANY
    actor_kind: tuple[EntityKind | Literal["*"], ...] | EntityKind | Literal["*"] = ("nation",)
    status: tuple[Status | Literal["*"], ...] | Status | Literal["*"] = ("asserted",)
    novelty: Literal["first", "any"] = "any"
    severity: Severity = "info"
    tags: tuple[str, ...] = ()


class RuleFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    events: tuple[EventRuleLine, ...] = ()


def load_rules(paths: Sequence[Path], gazetteer: Gazetteer) -> Rulebook:
    """The rules of files and directories as one set.

    Raises ConfigError with its place for broken YAML, unknown keys, an id used twice, an unknown target entity.
    """
    places: dict[str, str] = {}
    rules: list[EventRule] = []
    for path in yaml_paths(paths):
        document = load(path, RuleFile)
        for number, line in enumerate(document.value.events):
            place = document.place("events", number, "id")
            if line.id in places:
                raise ConfigError(f"rule {line.id!r} stands already at {places[line.id]}", place=place)
            places[line.id] = place
            rule = _rule(line)
            for field in ("action", "target", "actor_kind", "status"):
                if not getattr(rule, field):
                    raise ConfigError(f"{field} is empty: nothing could match", place=document.place("events", number))
            for action in rule.action:
                _refuse_misspelt(action, document.place("events", number, "action"))
            for target in rule.target:
                if target != ANY and target not in gazetteer:
                    known = [entity.id for entity in gazetteer]
                    raise ConfigError(
                        f"no entity {target!r}{nearest(target, known)}",
                        place=document.place("events", number, "target"),
                    )
            rules.append(rule)
    return Rulebook(events=tuple(rules))


def _rule(line: EventRuleLine) -> EventRule:
    return EventRule(
        id=line.id,
        version=line.version,
        action=_several(line.action),
        target=_several(line.target),
        actor_kind=_several(line.actor_kind),  # type: ignore[arg-type]
        status=_several(line.status),  # type: ignore[arg-type]
        novelty=line.novelty,
        severity=line.severity,
        tags=line.tags,
    )


def _refuse_misspelt(action: str, place: str) -> None:
    """An action may be any verb phrase; one that is nearly a listed action would wait for ever."""
    if action != ANY and action not in PHRASES and get_close_matches(action, PHRASES, n=1, cutoff=0.8):
        raise ConfigError(f"no action {action!r}{nearest(action, list(PHRASES))}", place=place)


def _several(value: OneOrMore) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value
