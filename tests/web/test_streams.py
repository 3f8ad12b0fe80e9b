"""Live streams: what is not told while the console still reads its topics is not missed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiohttp

from firstwire.web.board import SeenAlert
from schemas import Feedback
from tests.support.alerts import first_alert, receipt
from tests.support.console import serving_console


async def test_a_stream_begins_when_everything_is_read_and_a_page_from_before_reads_its_list_again(
    tmp_path: Path,
) -> None:
    async with serving_console(tmp_path) as served, aiohttp.ClientSession() as client:
        served.console.following.ready.clear()
        async with client.get(f"{served.url}/") as early:
            assert 'data-at=""' in await early.text()
        opening = asyncio.create_task(client.get(f"{served.url}/api/v1/alerts/events"))
        done, _ = await asyncio.wait({opening}, timeout=0.2)
        assert not done
        served.console.following.ready.set()
        async with await opening as stream, asyncio.timeout(30):
            assert (await stream.content.readline()).startswith(b"retry:")
            served.console.streams.tell(SeenAlert(first_alert(alert_id="a1"), receipt()))
            while b"a1" not in await stream.content.readline():
                pass
        async with client.get(f"{served.url}/") as later:
            assert f'data-at="{served.console.streams.at}"' in await later.text()


async def test_what_people_say_after_a_stream_began_counts_for_its_filter(tmp_path: Path) -> None:
    async with serving_console(tmp_path) as served, aiohttp.ClientSession() as client:
        address = f"{served.url}/api/v1/alerts/events?feedback=false_alarm"
        async with client.get(address) as stream, asyncio.timeout(30):
            assert (await stream.content.readline()).startswith(b"retry:")
            said = Feedback(alert_id="a1", author="ann", verdict="false_alarm", made_at="2025-07-04T00:00:00.000Z")
            served.console.board.feedback["a1"] = {"ann": said}
            served.console.streams.tell(SeenAlert(first_alert(alert_id="a0"), receipt()))
            served.console.streams.tell(SeenAlert(first_alert(alert_id="a1", revision=2), receipt()))
            lines = [await stream.content.readline() for _ in range(5)]
    assert b"id: a1.2\n" in lines and b"id: a0.1\n" not in lines
