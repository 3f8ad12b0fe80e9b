"""Lists: whole, in order and without repetition, from the board and the index together."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest

from firstwire.index.reading import IndexReader
from firstwire.web.board import SeenAlert
from schemas.alert import Alert, Times
from tests.support.alerts import first_alert, receipt
from tests.support.console import ServedConsole, serving_console
from tests.support.indexing import place_in


def raised(number: int) -> Alert:
    """Three alerts of every minute."""
    at = f"2025-07-03T{number // 180:02}:{number // 3 % 60:02}:00.000Z"
    return first_alert(alert_id=f"{number * 7919 % 1_000:032x}", times=Times(published_at=at, fetched_at=at))


ALERTS = [raised(number) for number in range(130)]


async def listed(served: ServedConsole, address: str) -> tuple[list[str], str | None]:
    """The ids, and the address of the next part."""
    async with aiohttp.ClientSession() as client, client.get(served.url + address) as found:
        assert found.status == 200, await found.text()
        following = found.links.get("next", {}).get("url")
        return [one["alert_id"] for one in await found.json()], None if following is None else str(following.relative())


@pytest.mark.parametrize("indexed", [None, 0, 40, 130])
async def test_parts_are_as_long_as_was_asked_for_and_whole_however_far_the_index_is(
    tmp_path: Path, indexed: int | None
) -> None:
    async with serving_console(tmp_path, records=ALERTS[: indexed or 0]) as served:
        if indexed is None:
            served.console.reader = IndexReader(place_in(tmp_path / "none"))
        for alert in ALERTS:
            served.console.board.alerts[alert.alert_id] = SeenAlert(alert, receipt())
        ids, following = await listed(served, "/api/v1/alerts?limit=50")
        newest = sorted(ALERTS, key=lambda one: one.alert_id)
        newest.sort(key=lambda one: one.times.fetched_at, reverse=True)
        assert ids == [one.alert_id for one in newest[:50]]
        while following is not None:
            more, following = await listed(served, following)
            assert len(more) <= 50
            ids += more
        assert ids == [one.alert_id for one in newest]


async def test_deliveries_of_no_time_are_refused(tmp_path: Path) -> None:
    async with (
        serving_console(tmp_path) as served,
        aiohttp.ClientSession() as client,
        client.get(f"{served.url}/api/v1/deliveries?since=yesterday") as found,
    ):
        assert found.status == 400
