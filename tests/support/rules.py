"""Rules as they stand in a file, for tests of what looks at them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from firstwire.core.entities.gazetteer import Gazetteer
from firstwire.core.firsts.ledger import Seeds
from firstwire.core.rules.rulebook import Rulebook
from firstwire.files.rules import WrittenRule, rulebook_of, written_rules
from tests.support.knowledge import shipped_knowledge

KNOWLEDGE = shipped_knowledge()[0]
GAZETTEER = KNOWLEDGE.gazetteer
NO_LEDGER = Seeds()


def rules_of(folder: Path, text: str, name: str = "rules.yaml") -> list[WrittenRule]:
    """The rules of a file with this text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return written_rules([path], GAZETTEER)


def rulebook_in(folder: Path, text: str) -> Rulebook:
    """The rules of a file with this text, as one set."""
    return rulebook_of(rules_of(folder, text))


def load_rules(paths: Sequence[Path], gazetteer: Gazetteer) -> Rulebook:
    """The rules of files and directories as one set. Raises as `written_rules` does."""
    return rulebook_of(written_rules(paths, gazetteer))
