"""What tests of files share: the entities that the files name."""

from __future__ import annotations

import pytest

from firstwire.core.entities.gazetteer import Gazetteer
from tests.support.knowledge import shipped_gazetteer


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return shipped_gazetteer()
