"""The rules that a replay judges by: of a file, of one release, or those in force at the time of each article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from firstwire.core.firsts.groups import Groups
from firstwire.core.pipeline import Knowledge
from firstwire.core.rules.history import RuleHistory
from firstwire.core.rules.rulebook import Rulebook, Rules
from firstwire.errors import ConfigError
from firstwire.files.rules import WrittenRule, rulebook_of, written_rules
from firstwire.replay.sources import ReplaySource
from firstwire.rules.releases import Compiler, history_of

IN_FORCE = "live"
_RELEASE = "release:"


@dataclass(frozen=True)
class ChosenRules:
    """Rules, and how they are called."""

    name: str
    rules: Rules
    newest: Rulebook
    """The rules after the last change."""


async def rules_on_record(
    source: ReplaySource, knowledge: Knowledge, written: Sequence[WrittenRule], groups: Groups
) -> RuleHistory | None:
    """The rules in force at the time of each article; None if there are none on record."""
    versions = await source.versions()
    return history_of(versions, Compiler(knowledge.gazetteer, written, groups)) if versions else None


async def chosen_rules(text: str, source: ReplaySource, knowledge: Knowledge, groups: Groups) -> ChosenRules:
    """Of `live`: the rules in force at each article's time. Of `release:4`: those of that release, at all times.

    Else a rule file or a folder. Raises ConfigError for a release that is not on record, and for a broken file.
    """
    is_release = text.startswith(_RELEASE) and text.removeprefix(_RELEASE).isdecimal()
    if text != IN_FORCE and not is_release:
        book = rulebook_of(written_rules([Path(text)], knowledge.gazetteer, groups))
        return ChosenRules(text, book, book)
    versions = await source.versions()
    if not versions:
        raise ConfigError(f"no rules are on record there, so that {text!r} is unknown; give a file", place=source.name)
    compiler = Compiler(knowledge.gazetteer, groups=groups)
    if text == IN_FORCE:
        history = history_of(versions, compiler)
        return ChosenRules("the rules in force", history, history.newest)
    number = int(text.removeprefix(_RELEASE))
    known = sorted({version.release for version in versions})
    if number not in known:
        there = f"{known[0]} to {known[-1]}" if len(known) > 1 else f"only {known[0]}"
        raise ConfigError(f"no release {number} is on record; there is {there}", place=source.name)
    book = history_of((version for version in versions if version.release <= number), compiler).newest
    return ChosenRules(f"release {number}", book, book)


def rules_in_both(old: Rules, new: Rules) -> Rulebook:
    """The rules that are the same in both, if neither changes with time; else none."""
    if not (isinstance(old, Rulebook) and isinstance(new, Rulebook)):
        return Rulebook()
    return Rulebook(
        watches=tuple(rule for rule in old.watches if new.by_id.get(rule.id) == rule),
        events=tuple(rule for rule in old.events if new.by_id.get(rule.id) == rule),
    )


def without(rules: Rules, left_out: Rulebook) -> Rules:
    """The rules but some of them; a history, from which none are left out, as it is."""
    if not isinstance(rules, Rulebook):
        return rules
    return Rulebook(
        watches=tuple(rule for rule in rules.watches if rule.id not in left_out.by_id),
        events=tuple(rule for rule in rules.events if rule.id not in left_out.by_id),
        release=rules.release,
    )
