"""A Chromium, and a console without Kafka that shows the demonstration's data."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.chromium import Page, open_browser
from tests.support.console import ServedConsole, serving_demo


@pytest.fixture
async def console(tmp_path: Path) -> AsyncIterator[ServedConsole]:
    async with serving_demo(tmp_path) as served:
        yield served


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async with open_browser() as browser:
        yield await browser.page()
