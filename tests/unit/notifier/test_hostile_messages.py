"""The long form of the checks of messages: it finds what is broken, and some alerts of it are checked here."""

from __future__ import annotations

from pathlib import Path

import pytest

from firstwire.notifier.receiver_types import receiver_types
from firstwire.notifier.replies import Request
from tests.bench.hostile_messages import checked, main


def test_hostile_alerts_break_no_message(tmp_path: Path) -> None:
    found = checked(range(6), 1, tmp_path)
    assert found.broken == []
    assert set(found.messages) == set(receiver_types())


def test_a_message_that_is_broken_is_told_with_its_seed(tmp_path: Path) -> None:
    def refuse(kind: str, request: Request) -> None:
        assert kind != "ntfy", "too long"

    found = checked([4], 7, tmp_path, refuse)
    assert found.broken == ["ntfy, alert 4 of seed 7: AssertionError: too long\nassert 'ntfy' != 'ntfy'"]


def test_it_prints_its_seed_and_ends_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["2", "--seed", "3"]) == 0
    assert capsys.readouterr().out.startswith("seed 3: 2 hostile alerts, ")
