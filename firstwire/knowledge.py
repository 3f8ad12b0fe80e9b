"""Loads what judgement knows, from the files that the configuration names."""

from __future__ import annotations

from firstwire.catalog import load_entities
from firstwire.config import Configuration
from firstwire.core.firsts import Seeds
from firstwire.core.pipeline import Knowledge
from firstwire.ledger_files import load_ledger
from firstwire.rule_files import load_rules


def load_knowledge(configuration: Configuration) -> tuple[Knowledge, Seeds]:
    """Entities, rules and the ledger's seeds. ConfigError names file, line and column of what is wrong."""
    settings = configuration.settings
    gazetteer = load_entities([configuration.path(path) for path in settings.entities.paths])
    rulebook = load_rules([configuration.path(path) for path in settings.rules.paths], gazetteer)
    seeds = load_ledger([configuration.path(path) for path in settings.ledger.paths], gazetteer)
    return Knowledge(gazetteer=gazetteer, rulebook=rulebook), seeds
