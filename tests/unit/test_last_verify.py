"""What verify found last: the newest result is shown, and metrics are of the nightly one."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from prometheus_client import generate_latest

from firstwire import config
from firstwire.daemon import Supervisor
from firstwire.errors import ConfigError
from firstwire.last_verify import keep_result, last_verify
from tests.support.verifying import last_result

BY_NIGHT = last_result(nightly=True, unexplained=2, ended_at="2026-11-30T03:31:00.000Z")
BY_HAND = last_result(nightly=False, ended_at="2026-11-30T09:00:00.000Z")


def test_the_newest_is_the_last(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    assert last_verify(folder) is None
    keep_result(folder, BY_HAND)
    keep_result(folder, BY_NIGHT)
    assert last_verify(folder) == BY_HAND
    (folder / "verify-by-hand.json").write_text("{")
    assert last_verify(folder) == BY_NIGHT


def test_a_folder_that_cannot_be_written_to_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file")
    with pytest.raises(ConfigError, match="cannot write there"):
        keep_result(tmp_path / "var", BY_HAND)


def test_metrics_are_of_the_nightly_one_whatever_was_looked_at_by_hand(tmp_path: Path) -> None:
    file = tmp_path / "firstwire.toml"
    file.write_text("")
    supervisor = Supervisor(config.load(file, {}), asyncio.Event())

    def shown() -> str:
        return generate_latest(supervisor.reporter.registry).decode()

    keep_result(supervisor.configuration.data_dir, BY_HAND)
    assert "firstwire_verify_alerts{" not in shown()
    keep_result(supervisor.configuration.data_dir, BY_NIGHT)
    for line in (
        'firstwire_verify_alerts{result="same"} 40.0',
        'firstwire_verify_alerts{result="rule"} 0.0',
        'firstwire_verify_alerts{result="unexplained"} 2.0',
        "firstwire_verify_last_success_timestamp_seconds 1.79600946e+09",
        "firstwire_verify_duration_seconds 12.5",
    ):
        assert line in shown().splitlines()
