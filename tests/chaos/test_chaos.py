"""The short storm: twenty kills over three thousand articles. The long one is `make chaos`."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.chaos.storm import Storm


@pytest.mark.timeout(420)
async def test_twenty_kills_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    seed = random.randrange(1_000_000)
    report = await Storm(tmp_path, seed, kills=20, articles=3000).run()
    print("\n".join(report.lines()))
    assert report.account is not None
    assert report.account.counts["articles"] >= 3000
    assert report.account.alerts
    assert report.account.faults == [], f"seed {seed}"
