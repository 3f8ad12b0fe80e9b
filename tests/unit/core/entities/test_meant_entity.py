"""An unknown id: the entity that has it as a name, else the nearest id, else none."""

from __future__ import annotations

import pytest

from firstwire.core.entities.meant_entity import meant_entity
from tests.support.knowledge import shipped_gazetteer


@pytest.mark.parametrize(
    ("entity_id", "meant"),
    [
        ("talibann", "taliban"),
        ("Taliban", "taliban"),
        ("usa", "united-states"),
        ("united_kingdom", "united-kingdom"),
        ("putin", "vladimir-putin"),
        ("roterdam", None),
        ("zzzzzz", None),
    ],
)
def test_the_entity_that_is_meant(entity_id: str, meant: str | None) -> None:
    assert meant_entity(entity_id, shipped_gazetteer()) == meant
