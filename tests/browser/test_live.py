"""Every page of a live daemon on the demonstration's feeds, in a real Chromium."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.chromium import Page
from tests.support.live_daemon import addresses_of, live_demo
from tests.support.page_check import complaints_of


@pytest.mark.timeout(600)
async def test_every_page_of_a_live_daemon_opens_and_asks_nobody_else(page: Page, tmp_path: Path) -> None:
    async with live_demo(tmp_path) as daemon:
        assert await complaints_of(page, daemon.url, await addresses_of(daemon)) == {}
        found = await daemon.get("/system")
        assert found["latency"]["count"] == 2 and found["articles"]["unaccounted"] == 0
        await page.open(f"{daemon.url}/system")
        assert "in = Σ outcomes" in await page.run("document.querySelector('main').textContent")
        assert await page.run("document.querySelector('main .warn') === null")
