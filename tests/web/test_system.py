"""What *System* says of the parts that the console can do without."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import aiohttp

from firstwire.last_verify import keep_result
from tests.support.console import serving_console
from tests.support.indexing import place_in, story
from tests.support.verifying import last_result


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


async def test_the_last_verify_is_shown_by_night_or_by_hand(tmp_path: Path) -> None:
    async with serving_console(tmp_path) as served:
        folder = served.console.configuration.data_dir
        assert "It has not run with this data folder yet" in await text_of(f"{served.url}/system")
        keep_result(folder, last_result(nightly=True, unexplained=2))
        shown = await text_of(f"{served.url}/system")
        assert "by night, from stories: 1,000 articles judged again, 42 alerts compared, 2 unexplained." in shown
        assert "2 unexplained</span>" in shown
        keep_result(folder, last_result(nightly=False, ended_at="2025-07-03T15:00:00.000Z"))
        shown = await text_of(f"{served.url}/system")
        assert "by hand, from stories: 1,000 articles judged again, 40 alerts compared, all as raised live." in shown
