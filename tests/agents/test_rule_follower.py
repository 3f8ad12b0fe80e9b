"""The rules are followed through outages, whatever the client makes of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

import pytest

from agents import rule_follower
from agents.rule_follower import LiveRules
from agents.wiring import Wiring, wall_clock
from firstwire.broker.follower import Look
from firstwire.errors import TransientError
from firstwire.rules.releases import Compiler
from tests.support.exits import Exits


class Interrupted:
    """A follower that fails, then is canceled from within, then knows everything."""

    topic = "rules"

    def __init__(self, *where: str) -> None:
        self._failures: list[BaseException] = [TransientError("away"), asyncio.CancelledError()]
        self.starts = 0

    async def start(self) -> None:
        self.starts += 1

    async def look(self, clock: Callable[[], str]) -> Look:
        if self._failures:
            raise self._failures.pop(0)
        return Look([], "2025-07-03T12:00:00.000Z")


async def test_rules_are_followed_again_after_an_outage_that_cancels_the_clients_own_futures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rule_follower, "Follower", Interrupted)
    monkeypatch.setattr(rule_follower, "AGAIN_SECONDS", 0.001)
    live = LiveRules("host:1", "test", cast("Compiler", None), (), Wiring(clock=wall_clock, leave=Exits().leave))
    await asyncio.wait_for(live.on_start(), 5)
    assert live.at("2025-07-03T11:00:00.000Z") is not None
    assert cast("Interrupted", live._follower).starts == 3
