"""A change of the ledger is shown at once, when its worker has applied it."""

from __future__ import annotations

from pathlib import Path

import pytest

from firstwire.web.pages import ledger
from schemas.ledger import LedgerPage
from tests.support.console import received, serving_console
from tests.support.records import RUSSIA, by_hand


async def test_a_change_is_waited_for_and_seen_on_its_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "LOOKS", 2)
    sent = by_hand(RUSSIA, "did", "2025-07-02", hours=1)
    async with serving_console(tmp_path) as served:
        assert not await ledger._is_applied(served.console, sent)
        page = LedgerPage(action=sent.action, target=sent.target, corrections=(sent.correction,))
        served.console.board.apply("ledger", received("ledger", "recognize:taliban", page))
        assert await ledger._is_applied(served.console, sent)
