"""A silence is made as the last thing that may fail: who is told that it failed makes it again."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from click.testing import CliRunner

from firstwire.commands import silences
from firstwire.config import Configuration
from firstwire.errors import TransientError


def test_rules_that_cannot_be_read_leave_no_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Any] = []

    async def write(*given: Any) -> None:
        written.append(given)

    async def read(*_: Any) -> None:
        raise TransientError("Kafka is gone")

    def on_kafka(_: Configuration, ask: Any) -> Any:
        return asyncio.run(ask("127.0.0.1:1"))

    monkeypatch.setattr("firstwire.notifier.said.write_silence", write)
    monkeypatch.setattr("firstwire.rules.releases.read_versions", read)
    monkeypatch.setattr(silences, "on_kafka", on_kafka)
    found = CliRunner().invoke(silences.silences, ["add", "tag=cricket", "--for", "2h"])
    assert isinstance(found.exception, TransientError)
    assert not written
