"""What a desk looks for in the morning is where it looks: the answer first, and the way back beside what was done."""

from __future__ import annotations

from pathlib import Path

import aiohttp

from schemas import Silence
from tests.support.alerts import first_alert
from tests.support.console import received, serving_console

SILENCE = Silence(
    silence_id="s1",
    matchers=('alert="alert00001"',),
    starts_at="2025-07-03T00:00:00.000Z",
    ends_at="9999-01-01T00:00:00.000Z",
    author="desk",
    comment="",
    made_at="2025-07-03T00:00:00.000Z",
    kind="snooze",
)


async def test_a_muted_alert_is_unmuted_where_it_was_muted(tmp_path: Path) -> None:
    alert = first_alert(alert_id="alert00001")
    async with serving_console(tmp_path, records=[alert]) as served, aiohttp.ClientSession() as client:
        before = await (await client.get(f"{served.url}/alerts/alert00001")).text()
        served.console.board.apply("silences", received("silences", "s1", SILENCE))
        after = await (await client.get(f"{served.url}/alerts/alert00001")).text()
    assert "Unmute" not in before
    assert '<form method="post" action="/silences/s1/expire">' in after and "<button>Unmute</button>" in after
    assert 'name="then" value="/alerts/alert00001"' in after


async def test_what_would_become_of_a_text_is_said_before_how(tmp_path: Path) -> None:
    async with serving_console(tmp_path) as served, aiohttp.ClientSession() as client:
        token = (await (await client.get(f"{served.url}/api/v1/session")).json())["csrf"]
        fields = {"text": "Kenya may recognize Somaliland, minister says.", "csrf": token}
        page = await (await client.post(f"{served.url}/why", data=fields)).text()
    answer, details = page.index("What would become of it"), page.index("What was found in it")
    assert answer < page.index("first-to-recognize", answer) < details
