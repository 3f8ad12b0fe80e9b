"""The ledger as it is seeded, with the entities and groups that it names: all that its commands need to know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import seeds as shipped
from firstwire.core.entities.gazetteer import Gazetteer
from firstwire.core.firsts.ledger import Seeds
from firstwire.files.entities import load_entities
from firstwire.files.groups import load_groups
from firstwire.files.ledger import load_ledger

_SHIPPED_GROUPS = Path(shipped.__path__[0]).resolve() / "groups.yaml"


def load_seeds(
    *, entities: Sequence[Path], ledger: Sequence[Path], groups: Sequence[Path], vouched_days: int
) -> tuple[Gazetteer, Seeds]:
    """Raises ConfigError with file, line and column of an error."""
    gazetteer = load_entities(entities)
    known_groups = load_groups(groups, gazetteer, shipped=_SHIPPED_GROUPS)
    return gazetteer, replace(load_ledger(ledger, gazetteer), groups=known_groups, vouched_days=vouched_days)
