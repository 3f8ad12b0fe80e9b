"""Rules as they stand in a file, for tests of what looks at them."""

from __future__ import annotations

from pathlib import Path

from firstwire.catalog import load_entities
from firstwire.config import SHIPPED
from firstwire.core.firsts import Seeds
from firstwire.ledger_files import load_ledger
from firstwire.rule_files import WrittenRule, written_rules

GAZETTEER = load_entities([SHIPPED / "seeds/entities.yaml"])
NO_LEDGER = Seeds()


def shipped_ledger() -> Seeds:
    return load_ledger([SHIPPED / "seeds/firsts.yaml"], GAZETTEER)


def rules_of(folder: Path, text: str, name: str = "rules.yaml") -> list[WrittenRule]:
    """The rules of a file with this text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return written_rules([path], GAZETTEER)
