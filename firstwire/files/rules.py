"""Rule files: YAML to a rulebook, with file, line and column in every error. No rule is ever skipped silently."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from firstwire.core.alerts.headlines import PHRASES, is_misspelled
from firstwire.core.entities.gazetteer import Gazetteer
from firstwire.core.entities.meant_entity import nearest_entity
from firstwire.core.firsts.groups import Groups
from firstwire.core.rules.rulebook import ANY, Corroboration, EventRule, Rulebook, RuleId
from firstwire.core.text.durations import seconds
from firstwire.core.text.folding import fold_text
from firstwire.core.text.nearest import nearest
from firstwire.core.watches.garbage import collector_paused
from firstwire.core.watches.refusal import QueryError
from firstwire.core.watches.shapes import Checker
from firstwire.core.watches.watch import MAX_AGE_SECONDS, Watch
from firstwire.errors import ConfigError
from firstwire.files.yaml import WrittenFile, load, yaml_paths
from schemas.alert import Severity
from schemas.event import Status
from schemas.record import EntityKind
from schemas.rules import RuleKind, RuleState, Tell

OneOrMore = str | tuple[str, ...]
MAX_AGE = "3d"
NO_GROUPS = Groups()
OFF = "off"
Place = Callable[..., str]
"""Finds `file:line:column` of the rule, or of a key of it. Only called for errors: it may be slow."""


class ExampleArticle(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An example with more than a title. Omitted fields are as in an article that lacks them."""

    title: str
    summary: str = ""
    body: str = ""
    language: str = ""
    source: str = ""
    author: str = ""
    url: str = ""
    tags: tuple[str, ...] = ()
    published_at: str = ""


Example = str | ExampleArticle
"""A plain text is the title of an article."""


class ExampleLines(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Articles that a rule must find and must not find, for `firstwire rules test`."""

    match: tuple[Example, ...] = ()
    no_match: tuple[Example, ...] = ()


class EventRuleLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An event rule as written: a single action or target needs no list."""

    id: RuleId
    action: OneOrMore
    version: Annotated[int, msgspec.Meta(ge=1)] = 1
    target: OneOrMore = ANY
    actor: OneOrMore = ANY
    actor_kind: tuple[EntityKind | Literal["*"], ...] | EntityKind | Literal["*"] = ("nation",)
    status: tuple[Status | Literal["*"], ...] | Status | Literal["*"] = ("asserted",)
    language: OneOrMore = ANY
    source: OneOrMore = ANY
    novelty: Literal["first", "any"] = "any"
    corroboration: Corroboration = Corroboration()
    max_age: str = MAX_AGE
    severity: Severity = "info"
    tags: tuple[str, ...] = ()
    state: RuleState = "live"
    examples: ExampleLines = ExampleLines()


class WatchLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A watch as written."""

    id: RuleId
    query: str
    version: Annotated[int, msgspec.Meta(ge=1)] = 1
    tags: tuple[str, ...] = ()
    severity: Severity = "info"
    tell: Tell = "developments"
    max_age: str = MAX_AGE
    state: RuleState = "live"
    examples: ExampleLines = ExampleLines()


class RuleFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    watches: tuple[WatchLine, ...] = ()
    events: tuple[EventRuleLine, ...] = ()


class WrittenRule(msgspec.Struct, frozen=True):
    """A rule with the lines it was made from, and their place: a section of a file and the number there."""

    line: WatchLine | EventRuleLine
    rule: Watch | EventRule
    document: WrittenFile[RuleFile]
    section: Literal["watches", "events"]
    number: int

    def place(self, *keys: str | int) -> str:
        """`file:line:column` of the rule, or of a key of it."""
        return self.document.place(self.section, self.number, *keys)

    def place_within(self, at: int, *keys: str | int) -> str:
        """The place of a character of one of the rule's texts."""
        return self.document.place_within(at, self.section, self.number, *keys)

    @property
    def kind(self) -> RuleKind:
        return "watch" if isinstance(self.line, WatchLine) else "event"


def rulebook_of(written: Sequence[WrittenRule]) -> Rulebook:
    """The rules in the order of the files."""
    rules = [each.rule for each in written]
    return Rulebook(
        watches=tuple(rule for rule in rules if isinstance(rule, Watch)),
        events=tuple(rule for rule in rules if isinstance(rule, EventRule)),
    )


@collector_paused()
def written_rules(paths: Sequence[Path], gazetteer: Gazetteer, groups: Groups = NO_GROUPS) -> list[WrittenRule]:
    """The rules of files and directories.

    Raises ConfigError with a place for broken YAML, unknown keys, duplicate ids, unknown entities and groups, and for
    a rule that can never match.
    """
    maker = RuleMaker(gazetteer, groups)
    found: list[WrittenRule] = []
    known: dict[str, int] = {}
    for path in yaml_paths(paths):
        document = load(path, RuleFile)
        for section, number, line in _lines(document.value):
            place = partial(document.place, section, number)
            first = known.setdefault(line.id, len(found))
            if first != len(found):
                raise ConfigError(f"rule {line.id!r} exists already, at {found[first].place('id')}", place=place("id"))
            found.append(WrittenRule(line, maker.rule_of(line, place), document, section, number))
    return found


def rule_count(paths: Sequence[Path]) -> int:
    """How many rules files and directories have. Raises ConfigError for broken YAML and unknown keys."""
    return sum(1 for path in yaml_paths(paths) for _ in _lines(load(path, RuleFile).value))


def _lines(file: RuleFile) -> Iterator[tuple[Literal["watches", "events"], int, WatchLine | EventRuleLine]]:
    """Every rule of a file with its section and index there."""
    for number, watch in enumerate(file.watches):
        yield "watches", number, watch
    for number, event in enumerate(file.events):
        yield "events", number, event


@dataclass(frozen=True)
class StatePlace:
    """Where a file sets the state of a rule: characters `start` to `end` of its text."""

    path: Path
    start: int
    end: int
    place: str


def places_of_states(paths: Sequence[Path]) -> dict[str, StatePlace]:
    """The places of states by rule id, for rules that set one."""
    found = {}
    for path in yaml_paths(paths):
        document = load(path, RuleFile)
        for section, number, line in _lines(document.value):
            span = document.span(section, number, "state")
            if span is not None:
                found[line.id] = StatePlace(path, *span, document.place(section, number, "state"))
    return found


class RuleMaker:
    """Makes rules from their lines; what it knows of the shapes of queries serves all of them."""

    def __init__(self, gazetteer: Gazetteer, groups: Groups = NO_GROUPS) -> None:
        self._gazetteer = gazetteer
        self._groups = groups
        self._queries = Checker(gazetteer)

    def rule_of(self, line: WatchLine | EventRuleLine, place: Callable[..., str]) -> Watch | EventRule:
        """The rule of a line; `place(key)` returns the place of a key. Raises ConfigError."""
        max_age_seconds = MAX_AGE_SECONDS if line.max_age == MAX_AGE else _max_age(line.max_age, place)
        if isinstance(line, WatchLine):
            return self._watch(line, max_age_seconds, place)
        rule = _rule(line, max_age_seconds)
        _refuse_impossible(rule, self._gazetteer, self._groups, place)
        return rule

    def _watch(self, line: WatchLine, max_age_seconds: float | None, place: Callable[..., str]) -> Watch:
        try:
            self._queries.check(line.query)
        except QueryError as err:
            raise ConfigError(f"query of watch {line.id!r}: {err}", place=place("query")) from err
        return Watch(
            id=line.id,
            text=line.query,
            version=line.version,
            tags=line.tags,
            severity=line.severity,
            max_age_seconds=max_age_seconds,
            tell=line.tell,
            state=line.state,
        )


def _refuse_impossible(rule: EventRule, gazetteer: Gazetteer, groups: Groups, place: Callable[..., str]) -> None:
    """Raise ConfigError for an event rule that can never match."""
    for field in ("action", "target", "actor", "actor_kind", "language", "source", "status"):
        if not getattr(rule, field):
            raise ConfigError(f"{field} is empty: nothing could match", place=place())
    for action in rule.action:
        _refuse_misspelled(action, partial(place, "action"))
    for target in rule.target:
        if target != ANY and target not in gazetteer:
            raise ConfigError(f"no entity {target!r}{nearest_entity(target, gazetteer)}", place=place("target"))
    if rule.corroboration.unsure < rule.corroboration.sure:
        raise ConfigError("asks for fewer unsure origins than sure ones", place=place("corroboration"))
    for actor in rule.actor:
        _refuse_impossible_actor(rule, actor, gazetteer, groups, partial(place, "actor"))


def _refuse_impossible_actor(rule: EventRule, actor: str, gazetteer: Gazetteer, groups: Groups, place: Place) -> None:
    """Raise ConfigError for an actor that is nobody, of another kind than the rule's, or the rule's only target."""
    if actor == ANY:
        return
    entity = gazetteer.entity(actor)
    group = groups.by_id.get(actor)
    if entity is None and group is None:
        raise ConfigError(
            f"no entity and no group {actor!r}{nearest_entity(actor, gazetteer, groups.by_id)}", place=place()
        )
    members = [found for each in group.members if (found := gazetteer.entity(each))] if group is not None else []
    possible = [each for each in (entity, *members) if each is not None]
    if ANY not in rule.actor_kind and not any(each.kind in rule.actor_kind for each in possible):
        kinds = ", ".join(sorted({each.kind for each in possible}))
        wanted = ", ".join(rule.actor_kind)
        raise ConfigError(f"{actor!r} is of kind {kinds}, but actor_kind asks for {wanted}: no match", place=place())
    if group is None and rule.target == (actor,):
        raise ConfigError(f"{actor!r} is the only target too: nobody acts on itself", place=place())


def _max_age(text: str, place: Callable[..., str]) -> float | None:
    """Seconds; None if it is switched off."""
    if text == OFF:
        return None
    try:
        return seconds(text)
    except ValueError as err:
        raise ConfigError(f'max_age: {err}; or "off"', place=place("max_age")) from err


def _rule(line: EventRuleLine, max_age_seconds: float | None) -> EventRule:
    return EventRule(
        id=line.id,
        version=line.version,
        action=_several(line.action),
        target=_several(line.target),
        actor=_several(line.actor),
        actor_kind=_several(line.actor_kind),  # type: ignore[arg-type]
        status=_several(line.status),  # type: ignore[arg-type]
        language=tuple(language.lower() for language in _several(line.language)),
        source=tuple(map(fold_text, _several(line.source))),
        novelty=line.novelty,
        corroboration=line.corroboration,
        max_age_seconds=max_age_seconds,
        severity=line.severity,
        tags=line.tags,
        state=line.state,
    )


def _refuse_misspelled(action: str, place: Place) -> None:
    """Raise ConfigError for an action that is nearly a listed one: it would never match."""
    if action != ANY and is_misspelled(action):
        raise ConfigError(f"no action {action!r}{nearest(action, list(PHRASES))}", place=place())


def _several(value: OneOrMore) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value
