"""Receivers that fail in every way, and a notifier that is killed again and again: nothing is lost, little repeated."""

from __future__ import annotations

import asyncio
import random
import sys
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path

from msgspec.structs import replace

from firstwire.broker.topics import DEAD_LETTERS
from firstwire.notifier.delivery_history import asked_again, read_deliveries, request_redrives
from schemas import DeadLetter
from schemas.codec import decode
from tests.fakes.receivers import FlakyWebhook, Seen
from tests.support.kafka import records
from tests.support.notifying import NOTIFIER_PROCESS, Notifying, numbered, written_settings
from tests.support.processes import started

ALERTS, KILLS, RECEIVERS = 150, 5, 3


def ids(requests: list[Seen]) -> Counter[str]:
    """How often each alert was accepted; notices are left out."""
    return Counter(seen.headers["webhook-id"] for seen in requests if seen.json["type"].startswith("alert."))


async def test_nothing_is_lost_and_a_kill_repeats_one_message_at_most(house: Notifying, tmp_path: Path) -> None:
    house.section = replace(house.section, timeout="1s", give_up_after="6s")
    moments = random.Random(7)
    async with AsyncExitStack() as stack:
        sinks = {
            f"sink{number}": await stack.enter_async_context(FlakyWebhook(number, 0.2)) for number in range(RECEIVERS)
        }
        urls = {name: sink.url for name, sink in sinks.items()}
        section = house.section
        file = written_settings(
            house.folder, house.prefix, urls, timeout=section.timeout, give_up_after=section.give_up_after
        )
        step = ALERTS // KILLS + 1
        for kill in range(KILLS):
            with started([sys.executable, "-c", NOTIFIER_PROCESS, str(file), house.bootstrap], log=tmp_path / "log"):
                await house.raise_alerts([numbered(n) for n in range(kill * step, min(kill * step + step, ALERTS))])
                seen = sum(len(sink.requests) for sink in sinks.values())
                await wait_for_requests(sinks, seen + moments.randrange(1, 60))
            for sink in sinks.values():
                sink.forget_pause()  # the reply that asked for it may not be on record
        for sink in sinks.values():
            sink.mended = True
        async with house.notifying(**urls):
            while again := asked_again(await read_deliveries(*house.place), ()):
                await request_redrives(*house.place, again)
                await asyncio.sleep(0.5)
        letters = [decode(record.value, DeadLetter) for record in await records(*house.place, DEAD_LETTERS)]
        for name, sink in sinks.items():
            accepted = ids(sink.accepted)
            assert len(accepted) == ALERTS, f"{name} lost {ALERTS - len(accepted)}"
            assert sum(accepted.values()) - ALERTS <= KILLS, f"{name} got {accepted.most_common(3)}"
            assert sink.too_early == 0
    assert {letter.stage for letter in letters} <= {"deliver"}
    assert all(letter.error for letter in letters)
    ended = await house.deliveries()
    assert {each.state for each in ended.values()} <= {"delivered", "superseded"}


async def wait_for_requests(sinks: dict[str, FlakyWebhook], count: int) -> None:
    """Wait until so many requests arrived in all, or nothing comes any more because every receiver is parked."""
    deadline = asyncio.get_running_loop().time() + 8
    while sum(len(sink.requests) for sink in sinks.values()) < count:
        if asyncio.get_running_loop().time() > deadline:
            return
        await asyncio.sleep(0.01)
