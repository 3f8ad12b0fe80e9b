"""What tests of replays share: the ledger, and an archive of a file's own articles."""

from __future__ import annotations

import pytest

from firstwire.core.firsts.ledger import Seeds
from firstwire.core.pipeline import Knowledge
from firstwire.replay.sources import ArchiveSource, FileSource
from tests.support.knowledge import shipped_ledger
from tests.support.replays import archived


@pytest.fixture(scope="module")
def ledger() -> Seeds:
    return shipped_ledger()


@pytest.fixture(scope="module")
def kept(file: FileSource, knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> ArchiveSource:
    """An archive of the articles of `file`, read with `knowledge`: both are the test file's own."""
    return archived(file, tmp_path_factory.mktemp("archive"), knowledge)
