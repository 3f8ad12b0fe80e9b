"""Loads the knowledge of the stages from the files that people write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import seeds as shipped
from firstwire.core.firsts.ledger import Seeds
from firstwire.core.firsts.vouching import VOUCHED_DAYS
from firstwire.core.pipeline import Knowledge
from firstwire.files.entities import load_entities
from firstwire.files.groups import load_groups
from firstwire.files.ledger import load_ledger
from firstwire.files.lemmas import load_lemmas
from firstwire.files.reading_models import load_reading
from firstwire.files.rules import WrittenRule, rulebook_of, written_rules
from firstwire.files.story_models import load_story_knowledge

Paths = Sequence[Path]
"""Files and directories, used together."""

_SHIPPED_GROUPS = Path(shipped.__path__[0]).resolve() / "groups.yaml"


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
    gazetteer = load_entities(entities)
    known_groups = load_groups(groups, gazetteer, shipped=_SHIPPED_GROUPS)
    written = written_rules(rules, gazetteer, known_groups)
    seeds = replace(load_ledger(ledger, gazetteer), groups=known_groups, vouched_days=vouched_days)
    knowledge = Knowledge(
        gazetteer=gazetteer,
        rules=rulebook_of(written),
        stories=load_story_knowledge(),
        lemmas=load_lemmas(),
        reading=load_reading(),
    )
    return knowledge, written, seeds
