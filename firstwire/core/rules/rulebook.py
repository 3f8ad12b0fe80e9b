"""Event rules, and rulebooks of watches and event rules."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal, Protocol

import msgspec

from firstwire.core.text.folding import fold_text
from firstwire.core.watches.matcher import Matcher
from firstwire.core.watches.names import may_ask_for_names
from firstwire.core.watches.watch import MAX_AGE_SECONDS, Watch
from schemas.alert import Severity
from schemas.event import Status
from schemas.record import EntityKind
from schemas.rules import RuleState

ANY = "*"

RuleId = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=100)]


class Corroboration(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many independent origins a rule asks for: of sure readings, and of readings of any kind."""

    sure: Annotated[int, msgspec.Meta(ge=1, le=100)] = 1
    unsure: Annotated[int, msgspec.Meta(ge=1, le=100)] = 2


class EventRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule that matches events. `*` matches any value; an empty choice is not allowed.

    `novelty: first` alerts only on a claimed first, or (unless the action is `*`) on an act without an earlier one on a
    page that is vouched for; its alerts have kind `first`. `novelty: any` alerts on every actor; its alerts have kind
    `event`.
    """

    id: RuleId
    action: tuple[str, ...]
    version: Annotated[int, msgspec.Meta(ge=1)] = 1
    target: tuple[str, ...] = (ANY,)
    actor: tuple[str, ...] = (ANY,)
    """Ids of entities or of groups, such as `g7`, whose members on the day of the act count."""
    actor_kind: tuple[EntityKind | Literal["*"], ...] = ("nation",)
    """Kinds of actors that raise an alert each. A leader who acts for a nation adds the nation to the actors."""
    language: tuple[str, ...] = (ANY,)
    """Languages of the articles; `en` includes `en-US`."""
    source: tuple[str, ...] = (ANY,)
    """Outlets of the articles, folded: compared without case and accents."""
    status: tuple[Status | Literal["*"], ...] = ("asserted",)
    novelty: Literal["first", "any"] = "any"
    corroboration: Corroboration = Corroboration()
    max_age_seconds: float | None = MAX_AGE_SECONDS
    """None: articles of any age."""
    severity: Severity = "info"
    tags: tuple[str, ...] = ()
    state: RuleState = "live"

    def covers(self, action: str, target: str | None) -> bool:
        """Whether the rule applies to events of an action and target."""
        any_action = ANY in self.action and action
        return bool(any_action or action in self.action) and (ANY in self.target or target in self.target)

    def reads(self, language: str, source: str | None) -> bool:
        """Whether the rule takes articles of a language and outlet."""
        primary = language.partition("-")[0].lower()
        is_language = ANY in self.language or language.lower() in self.language or primary in self.language
        return is_language and (ANY in self.source or fold_text(source or "") in self.source)

    @property
    def is_about_any_action(self) -> bool:
        return ANY in self.action


class Rulebook(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A rule set. `release`: its number on the topic `rules`; 0 if read from files."""

    watches: tuple[Watch, ...] = ()
    events: tuple[EventRule, ...] = ()
    release: int = 0

    @cached_property
    def matcher(self) -> Matcher:
        """The matcher of all watches; built on first use, about 20 µs per watch."""
        return Matcher(self.watches)

    @cached_property
    def asks_for_names(self) -> bool:
        """Whether any watch may depend on the entities found in a text."""
        return any(may_ask_for_names(watch.text) for watch in self.watches)

    @cached_property
    def by_id(self) -> dict[str, Watch | EventRule]:
        """Every rule by its id."""
        rules: list[Watch | EventRule] = [*self.watches, *self.events]
        return {rule.id: rule for rule in rules}

    def at(self, moment: str) -> Rulebook:
        """The same rulebook at any time, as `Rules` requires."""
        return self

    def event_rule(self, rule_id: str) -> EventRule | None:
        return next((rule for rule in self.events if rule.id == rule_id), None)


class Rules(Protocol):
    """A source of rules: a rulebook that always applies, or a history."""

    def at(self, moment: str) -> Rulebook:
        """The rules for an article fetched at `moment`."""
