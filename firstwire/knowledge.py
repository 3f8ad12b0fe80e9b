"""Loads what judgement knows, from the files that the configuration names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from firstwire.catalog import load_entities
from firstwire.config import SHIPPED, Configuration
from firstwire.core.events.entities import Gazetteer
from firstwire.core.firsts import Seeds
from firstwire.core.pipeline import Knowledge
from firstwire.group_files import load_groups
from firstwire.ledger_files import load_ledger
from firstwire.rule_files import WrittenRule, rulebook_of, written_rules


def load_knowledge(
    configuration: Configuration, *, rules: Path | None = None, ledger: Path | None = None
) -> tuple[Knowledge, Seeds]:
    """Entities, rules and the ledger's seeds with groups. ConfigError names file, line and column of what is wrong.

    `rules` and `ledger` take the place of the configured files, which are then not read.
    """
    gazetteer, written, seeds = load_written(configuration, rules=rules, ledger=ledger)
    return Knowledge(gazetteer=gazetteer, rules=rulebook_of(written)), seeds


def load_written(
    configuration: Configuration, *, rules: Path | None = None, ledger: Path | None = None
) -> tuple[Gazetteer, list[WrittenRule], Seeds]:
    """The same with the rules as they are written."""
    settings = configuration.settings
    gazetteer = load_entities([configuration.path(path) for path in settings.entities.paths])
    rule_paths = [rules] if rules is not None else [configuration.path(path) for path in settings.rules.paths]
    ledger_paths = [ledger] if ledger is not None else [configuration.path(path) for path in settings.ledger.paths]
    group_paths = [configuration.path(path) for path in settings.groups.paths]
    groups = load_groups(group_paths, gazetteer, shipped=SHIPPED / "seeds" / "groups.yaml")
    return gazetteer, written_rules(rule_paths, gazetteer), replace(load_ledger(ledger_paths, gazetteer), groups=groups)
