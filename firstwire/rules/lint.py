"""Lint of a rule set: what is wrong with each rule, and which rules are equal."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

from firstwire.core.alerts.headlines import PHRASES
from firstwire.core.entities.gazetteer import Gazetteer
from firstwire.core.rules.rulebook import ANY, EventRule
from firstwire.core.watches.breadth import languages_of
from firstwire.core.watches.canonical import canonical_text
from firstwire.core.watches.lint import Level, flaws_of
from firstwire.core.watches.printer import print_query
from firstwire.core.watches.query import values_in
from firstwire.core.watches.watch import Watch
from firstwire.files.rules import WrittenRule
from firstwire.files.word_frequencies import RARITIES, load_word_frequencies
from firstwire.rules.languages import unknown_language

LISTS = ("action", "target", "actor", "actor_kind", "language", "source", "status")
_ACTION = re.compile(r"[\w-]+")
"""The form of unlisted actions, in lower case; words are joined by hyphens."""


@dataclass(frozen=True)
class LintFinding:
    """One thing to fix: where, in which rule, and what to do."""

    place: str
    rule_id: str
    kind: str
    level: Level
    message: str


def findings_of(written: Sequence[WrittenRule], gazetteer: Gazetteer) -> list[LintFinding]:
    """The findings without an archive, rule by rule in the order of the files."""
    kinds: set[str] = {entity.kind for entity in gazetteer}
    found: list[LintFinding] = []
    asked: dict[Hashable, WrittenRule] = {}
    for each in written:
        rule = each.rule
        key: Hashable
        if isinstance(rule, EventRule):
            found += _of_events(each, rule, kinds)
            key = (*(frozenset(getattr(rule, name)) for name in LISTS), *_measure(rule))
        else:
            for language in languages_of(rule.query.root):
                load_word_frequencies(language)
            found += [
                LintFinding(each.place_within(flaw.at[0], "query"), rule.id, flaw.kind, flaw.level, flaw.message)
                for flaw in flaws_of(rule.query, RARITIES)
            ]
            found += _of_languages(each, rule)
            key = (canonical_text(rule.query.root), rule.tell)  # one desk may want the news, another all of it
        first = asked.setdefault(key, each)
        if first is not each:
            found.append(_doubled(each, first))
    return found


def _of_languages(each: WrittenRule, rule: Watch) -> Iterator[LintFinding]:
    for value in values_in(rule.query.root, "lang"):
        message = unknown_language(value.pattern)
        if message is not None:
            yield LintFinding(each.place_within(value.at[0], "query"), rule.id, "unknown language", "warning", message)


def _measure(rule: EventRule) -> tuple[Hashable, ...]:
    """What two rules about the same acts may differ in."""
    return (rule.novelty, rule.corroboration.sure, rule.corroboration.unsure, rule.max_age_seconds)


def _doubled(each: WrittenRule, first: WrittenRule) -> LintFinding:
    one, other = each.rule, first.rule
    if isinstance(one, EventRule) or isinstance(other, EventRule):
        how = ""
    else:
        is_same = print_query(one.query.root) == print_query(other.query.root)
        how = "" if is_same else " in another order"
    message = f"is equal to {first.line.id}{how} ({first.place('id')}); remove one"
    return LintFinding(each.place("id"), each.line.id, "duplicate", "warning", message)


def _of_events(each: WrittenRule, rule: EventRule, kinds: set[str]) -> Iterator[LintFinding]:
    for name in LISTS:
        values: tuple[str, ...] = getattr(rule, name)
        if ANY in values and len(set(values)) > 1:
            others = ", ".join(f"`{value}`" for value in dict.fromkeys(values) if value != ANY)
            message = f"{name}: `*` includes {others}; remove one or the other"
            yield LintFinding(each.place(name), rule.id, "never adds", "warning", message)
        for value in sorted({value for value in values if values.count(value) > 1}):
            message = f"{name}: duplicate `{value}`; remove one"
            yield LintFinding(each.place(name), rule.id, "never adds", "warning", message)
    impossible = [action for action in rule.action if action not in PHRASES and not _can_be_detected(action)]
    for action in impossible:
        written_so = re.sub(r"[\s_]+", "-", action.strip().lower())
        is_sure = "_" not in action and len(impossible) == len(rule.action)  # a text may hold an underscore
        level: Level = "error" if is_sure else "warning"
        message = f"detection gives no act the id `{action}`; unlisted acts are verb phrases like `{written_so}`"
        yield LintFinding(each.place("action"), rule.id, "never true", level, message)
    for language in rule.language:
        reason = unknown_language(language) if language != ANY else None
        if reason is not None:
            yield LintFinding(each.place("language"), rule.id, "unknown language", "warning", reason)
    if ANY not in rule.actor_kind and not kinds.intersection(rule.actor_kind):
        message = f"no entity is of kind {' or '.join(rule.actor_kind)}, so no event can match; add one to the entities"
        yield LintFinding(each.place("actor_kind"), rule.id, "never true", "error", message)


def _can_be_detected(action: str) -> bool:
    if action == ANY:
        return True
    return _ACTION.fullmatch(action) is not None and action == action.lower() and "_" not in action
