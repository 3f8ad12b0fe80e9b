"""Lists: whole, in order and without repetition, from the board and the index together."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import aiohttp
import msgspec
import pytest

from firstwire.index.reading import IndexReader
from firstwire.web.board import SeenAlert
from schemas.alert import Alert, Times
from schemas.rules import RuleVersion
from schemas.times import EPOCH
from tests.support.alerts import first_alert, receipt
from tests.support.console import ServedConsole, serving_console
from tests.support.indexing import place_in, story


def raised(number: int) -> Alert:
    """Three alerts of every minute."""
    at = f"2025-07-03T{number // 180:02}:{number // 3 % 60:02}:00.000Z"
    return first_alert(alert_id=f"{number * 7919 % 1_000:032x}", times=Times(published_at=at, fetched_at=at))


ALERTS = [raised(number) for number in range(130)]


async def listed(served: ServedConsole, address: str) -> tuple[list[str], str | None, int]:
    """The ids, the address of the next part, and how many there are in all."""
    async with aiohttp.ClientSession() as client, client.get(served.url + address) as found:
        assert found.status == 200, await found.text()
        following = found.links.get("next", {}).get("url")
        ids = [one["alert_id"] for one in await found.json()]
        total = int(found.headers["X-Total-Count"])
        return ids, None if following is None else str(following.relative()), total


async def listed_whole(served: ServedConsole, query: str = "") -> list[list[str]]:
    """The ids of each part, all of which say the same number of all."""
    parts, totals = list[list[str]](), set[int]()
    following: str | None = f"/api/v1/alerts?limit=50{query}"
    while following is not None:
        ids, following, total = await listed(served, following)
        parts.append(ids)
        totals.add(total)
    assert totals == {sum(map(len, parts))}
    return parts


def in_order(alerts: Iterable[Alert]) -> list[str]:
    newest = sorted(alerts, key=lambda one: one.alert_id)
    newest.sort(key=lambda one: one.times.fetched_at, reverse=True)
    return [one.alert_id for one in newest]


def put(served: ServedConsole, *alerts: Alert) -> None:
    for alert in alerts:
        served.console.board.alerts[alert.alert_id] = SeenAlert(alert, receipt())


@pytest.mark.parametrize("indexed", [None, 0, 40, 130])
async def test_parts_are_as_long_as_was_asked_for_and_whole_however_far_the_index_is(
    tmp_path: Path, indexed: int | None
) -> None:
    async with serving_console(tmp_path, records=ALERTS[: indexed or 0]) as served:
        if indexed is None:
            served.console.reader = IndexReader(place_in(tmp_path / "none"))
        put(served, *ALERTS)
        parts = await listed_whole(served)
    assert [len(ids) for ids in parts] == [50, 50, 30]
    assert [one for ids in parts for one in ids] == in_order(ALERTS)


async def test_alerts_that_only_the_board_or_only_the_index_has_are_counted_once_each(tmp_path: Path) -> None:
    async with serving_console(tmp_path, records=ALERTS[:80]) as served:
        put(served, *ALERTS[50:])
        parts = await listed_whole(served)
    assert [one for ids in parts for one in ids] == in_order(ALERTS)


@pytest.mark.parametrize("is_on_board", [True, False], ids=["on the board", "in the index"])
@pytest.mark.parametrize("moved", [10, 60, 127])
async def test_an_alert_whose_first_article_was_found_later_is_listed_where_its_newest_revision_is(
    tmp_path: Path, moved: int, is_on_board: bool
) -> None:
    """Its place is the time at which its first article was fetched, and another one may have been fetched earlier."""
    earlier = msgspec.structs.replace(ALERTS[moved], revision=2, times=ALERTS[5].times)
    others = [one for one in ALERTS if one is not ALERTS[moved]]
    of_index, of_board = (ALERTS[moved], earlier) if is_on_board else (earlier, ALERTS[moved])
    async with serving_console(tmp_path, records=[*others, of_index]) as served:
        put(served, of_board)
        parts = await listed_whole(served)
    assert [len(ids) for ids in parts] == [50, 50, 30]
    assert [one for ids in parts for one in ids] == in_order([*others, earlier])


async def test_an_alert_is_asked_for_by_its_newest_revision(tmp_path: Path) -> None:
    async with serving_console(tmp_path, records=ALERTS) as served:
        put(served, *(msgspec.structs.replace(one, revision=2, state="retracted") for one in ALERTS[100:110]))
        (retracted,) = await listed_whole(served, "&state=retracted")
        others = await listed_whole(served, "&state=raised")
    assert retracted == in_order(ALERTS[100:110])
    assert [one for ids in others for one in ids] == in_order([*ALERTS[:100], *ALERTS[110:]])


async def test_deliveries_of_no_time_are_refused(tmp_path: Path) -> None:
    async with (
        serving_console(tmp_path) as served,
        aiohttp.ClientSession() as client,
        client.get(f"{served.url}/api/v1/deliveries?since=yesterday") as found,
    ):
        assert found.status == 400


async def test_a_search_that_finds_nothing_says_which_words_look_like_operators(tmp_path: Path) -> None:
    async with serving_console(tmp_path, records=[story("a", "Rain")]) as served, aiohttp.ClientSession() as client:
        async with client.get(f"{served.url}/api/v1/search?q=rain+or+ships") as found:
            assert await found.json() == []
            assert found.headers["X-Hint"] == "`or` is a word here; operators are upper case: OR"
        async with client.get(f"{served.url}/search?q=rain+or+ships") as found:
            assert "`or` is a word here; operators are upper case: OR" in await found.text()
        async with client.get(f"{served.url}/api/v1/search?q=rain") as found:
            assert "X-Hint" not in found.headers


async def test_an_article_has_the_watches_that_do_not_match_it(tmp_path: Path) -> None:
    watch = RuleVersion(
        rule_id="rain-and-snow",
        rule_version=1,
        kind="watch",
        release=1,
        effective_at=EPOCH,
        published_at=EPOCH,
        definition={"id": "rain-and-snow", "query": "rain AND snow"},
    )
    records = [story("article-1", "Rain")]
    async with (
        serving_console(tmp_path, records=records, rules=[watch]) as served,
        aiohttp.ClientSession() as client,
    ):
        async with client.get(f"{served.url}/api/v1/articles/article-1") as found:
            silent = (await found.json())["silent_watches"]
            assert silent == {
                "nearest": [
                    {
                        "rule_id": "rain-and-snow",
                        "has": ['"rain"'],
                        "lacks": ["snow"],
                        "excluded_by": [],
                        "is_shadow": False,
                    }
                ],
                "others": 0,
            }
        async with client.get(f"{served.url}/articles/article-1") as found:
            assert "</a>: has &#34;rain&#34;; lacks snow" in await found.text()
