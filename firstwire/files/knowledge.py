"""Loads the knowledge of the stages from the files that people write."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from firstwire.core.firsts.ledger import Seeds
from firstwire.core.firsts.vouching import VOUCHED_DAYS
from firstwire.core.pipeline import Knowledge
from firstwire.files.lemmas import load_lemmas
from firstwire.files.reading_models import load_reading
from firstwire.files.rules import WrittenRule, rulebook_of, written_rules
from firstwire.files.seeds import load_seeds
from firstwire.files.story_models import load_story_knowledge

Paths = Sequence[Path]
"""Files and directories, used together."""


def load_knowledge(
    *, entities: Paths, rules: Paths, ledger: Paths, groups: Paths, vouched_days: int = VOUCHED_DAYS
) -> tuple[Knowledge, Seeds]:
    """Entities, rules and the ledger's seeds with groups. Raises ConfigError with file, line and column of an error.

    `Configuration.knowledge_settings` gives the arguments.
    """
    knowledge, _, seeds = load_written(
        entities=entities, rules=rules, ledger=ledger, groups=groups, vouched_days=vouched_days
    )
    return knowledge, seeds


def load_written(
    *, entities: Paths, rules: Paths, ledger: Paths, groups: Paths, vouched_days: int = VOUCHED_DAYS
) -> tuple[Knowledge, list[WrittenRule], Seeds]:
    """The same, with the rules as written."""
    gazetteer, seeds = load_seeds(entities=entities, ledger=ledger, groups=groups, vouched_days=vouched_days)
    written = written_rules(rules, gazetteer, seeds.groups)
    knowledge = Knowledge(
        gazetteer=gazetteer,
        rules=rulebook_of(written),
        stories=load_story_knowledge(),
        lemmas=load_lemmas(),
        reading=load_reading(),
    )
    return knowledge, written, seeds
