"""A page of the ledger says which of its positions are vouched for."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest

from tests.support.console import serving_console

NOT_VOUCHED = "Positions are not vouched for: earlier acts may be missing."


@pytest.mark.parametrize(
    ("address", "rank", "is_vouched"),
    [("/ledger/recognize/kosovo", "≥1", False), ("/ledger/recognize/taliban", "1", True)],
)
async def test_positions_of_an_unvouched_page_are_shown_as_such(
    tmp_path: Path, address: str, rank: str, is_vouched: bool
) -> None:
    async with (
        serving_console(tmp_path) as served,
        aiohttp.ClientSession() as client,
        client.get(served.url + address) as found,
    ):
        text = await found.text()
        assert found.status == 200, text
    assert f'<span class="rank">{rank}</span>' in text
    assert (NOT_VOUCHED in text, "≥" in text) == (not is_vouched, not is_vouched)
