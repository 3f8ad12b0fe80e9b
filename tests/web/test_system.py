"""What *System* says of the parts that the console can do without."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import aiohttp

from tests.support.console import serving_console
from tests.support.indexing import place_in, story


async def text_of(url: str) -> str:
    async with aiohttp.ClientSession() as client, client.get(url) as found:
        assert found.status in (200, 503), await found.text()
        return await found.text()


async def test_a_damaged_index_is_told_and_the_console_goes_on(tmp_path: Path) -> None:
    async with serving_console(tmp_path, records=[story("a1")]) as served:
        assert "1 article since" in await text_of(f"{served.url}/system")
        db = sqlite3.connect(place_in(tmp_path).file)
        db.execute("UPDATE texts SET record = x'00'")
        db.commit()
        db.close()
        assert "The index was damaged (a record cannot be unpacked" in await text_of(f"{served.url}/stories?span=9999d")
        shown = await text_of(f"{served.url}/system")
        assert "It is being opened or made anew" in shown
