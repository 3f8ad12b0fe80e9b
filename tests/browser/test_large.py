"""A live daemon with 10,000 alerts and 50,000 articles in its index: every page opens, and soon."""

from __future__ import annotations

import statistics
import time
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.support.chromium import Page
from tests.support.large_index import fill_large
from tests.support.live_daemon import LiveDaemon, addresses_of, live_demo
from tests.support.page_check import complaints_of

ALERTS, ARTICLES = 10_000, 50_000
ASKED = 7
NOW_SECONDS = 0.5
"""The goal for *Now* on an idle machine; here it must hold at the median."""
SEARCH_SECONDS = 1.0
SEARCHES = ("harvest", "bank AND strike", '"peace talks" OR @moldova', "rail*", "=Peru AND trade", "border NEAR/3 army")


@pytest.mark.timeout(900)  # half a minute alone, and ten where much else runs
async def test_every_page_opens_soon_with_much_to_show(page: Page, tmp_path: Path) -> None:
    async with live_demo(tmp_path, partial(fill_large, articles=ARTICLES, alerts=ALERTS)) as daemon:
        index = (await daemon.get("/system"))["index"]
        assert index["articles"] >= ARTICLES and index["alerts"] >= ALERTS
        addresses = [*await addresses_of(daemon), "/?severity=critical&entity=peru", "/stories?span=7d&offset=30"]
        addresses += [f"/search?q={quote(query)}" for query in SEARCHES]
        assert await complaints_of(page, daemon.url, addresses) == {}
        await page.look_like(width=360, dark=True)
        assert await complaints_of(page, daemon.url, addresses[:3]) == {}

        now = await seconds_to_open(page, f"{daemon.url}/")
        print(f"Now with {index['alerts']:,} alerts: {now * 1000:.0f} ms")
        assert now <= NOW_SECONDS
        for query in SEARCHES:
            took = await seconds_to_answer(daemon, f"/search?q={quote(query)}")
            print(f"search for {query} in {index['articles']:,} articles: {took * 1000:.0f} ms")
            assert took <= SEARCH_SECONDS


async def seconds_to_open(page: Page, url: str) -> float:
    """From the request until the page is loaded in the browser, the middle of several times."""
    times = []
    for _ in range(ASKED):
        began = time.perf_counter()
        await page.open(url)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


async def seconds_to_answer(daemon: LiveDaemon, path: str) -> float:
    times = []
    for _ in range(ASKED):
        began = time.perf_counter()
        async with daemon.client.get(daemon.url + path) as found:
            assert found.status == 200
            await found.read()
        times.append(time.perf_counter() - began)
    return statistics.median(times)
