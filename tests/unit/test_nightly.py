"""The nightly verify: when it is due, and that the supervisor starts it once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog

from firstwire import config
from firstwire.daemon import Supervisor
from firstwire.nightly import due_between
from tests.support.waiting import until


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "before", "now", "is_due"),
    [
        ("03:30", "2026-11-30T03:29:59", "2026-11-30T03:30:00", True),
        ("03:30", "2026-11-30T03:30:00", "2026-11-30T03:30:02", False),
        ("03:30", "2026-11-30T03:28:00", "2026-11-30T03:29:59", False),
        ("23:59", "2026-11-30T23:58:59", "2026-12-01T00:00:01", True),  # a slow look over midnight
        ("03:30", "2026-11-30T04:00:00", "2026-11-30T04:00:02", False),  # it was missed before the start
        ("", "2026-11-30T03:29:59", "2026-11-30T03:30:00", False),
    ],
)
def test_it_is_due_once_when_its_time_comes(at: str, before: str, now: str, is_due: bool) -> None:
    assert due_between(at, moment(before), moment(now)) == is_due


@pytest.mark.parametrize(
    ("code", "event"), [(0, "verified"), (1, "verify_found_differences"), (78, "verify_failed"), (-9, "verify_failed")]
)
async def test_the_supervisor_starts_it_and_says_what_came_of_it(tmp_path: Path, code: int, event: str) -> None:
    file = tmp_path / "firstwire.toml"
    file.write_text('[verify]\nat = "03:30"\n')
    now = [moment("2026-11-30T03:29:58")]
    ending = f"exit {code}" if code >= 0 else f"kill {code} $$"
    command = ("sh", "-c", f'echo "$@" >> {tmp_path}/typed; {ending}', "sh")
    supervisor = Supervisor(config.load(file, {}), asyncio.Event(), clock=lambda: now[0], verify_command=command)
    with structlog.testing.capture_logs() as logs:
        supervisor.look_at_verify()
        now[0] = moment("2026-11-30T03:30:00")

        async def has_ended() -> bool:
            supervisor.look_at_verify()
            now[0] += timedelta(seconds=2)
            return bool(logs[-1]["event"] != "verify_started")

        await until(has_ended, "it has ended")
    assert [each["event"] for each in logs] == ["verify_started", event]
    assert logs[-1]["exit_code"] == code
    assert (tmp_path / "typed").read_text() == f"--config {file}\n"
