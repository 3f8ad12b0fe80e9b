"""Why not?: an address without its scheme means its page; the words of a headline lead to Search."""

from __future__ import annotations

import html
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.support.console import ServedConsole, serving_console
from tests.support.indexing import story


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[ServedConsole]:
    records = [story("a1", "Ships leave the port", url="https://news.example/ships")]
    async with serving_console(tmp_path, records=records) as console:
        yield console


@pytest.mark.parametrize("wanted", ["news.example/ships", "//news.example/ships", "http://news.example/ships", "a1"])
async def test_an_address_means_its_page_with_or_without_a_scheme(served: ServedConsole, wanted: str) -> None:
    asked = {"article": wanted}
    async with (
        aiohttp.ClientSession() as client,
        client.get(f"{served.url}/why", params=asked, allow_redirects=False) as found,
    ):
        assert (found.status, found.headers.get("Location")) == (303, "/articles/a1")


async def test_the_words_of_a_headline_are_searched_for(served: ServedConsole) -> None:
    asked, query = {"article": "Ships leave: the PORT, or not?"}, {"q": "title:(ships leave the port)"}
    async with (
        aiohttp.ClientSession() as client,
        client.get(f"{served.url}/why", params=asked) as found,
        client.get(f"{served.url}/api/v1/search", params=query) as hits,
    ):
        page = html.unescape(await found.text())
        assert [each["article_id"] for each in await hits.json()] == ["a1"]
    assert "/search?q=title%3A%28ships%20leave%20the%20port%20or%20not%29" in page
