"""The supervisor without its processes: what it says of a disk that fills."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import structlog

from firstwire import config
from firstwire.commands.run import summed_up
from firstwire.daemon import DISK, FULL_BYTES, Supervisor


def test_a_full_disk_is_named_once_and_so_is_its_end(tmp_path: Path) -> None:
    left = [FULL_BYTES - 1]
    settings = tmp_path / "firstwire.toml"
    settings.write_text("")
    supervisor = Supervisor(config.load(settings, os.environ), asyncio.Event(), space_left=lambda folder: left[0])
    with structlog.testing.capture_logs() as logs:
        assert supervisor.look_at_disk()
        assert supervisor.look_at_disk()
        assert supervisor.reporter.readiness.lacking.keys() == {DISK}
        left[0] = FULL_BYTES
        assert not supervisor.look_at_disk()
        assert not supervisor.look_at_disk()
    assert supervisor.reporter.readiness.lacking == {}
    assert [(each["event"], each["free_bytes"]) for each in logs] == [
        ("disk_full", FULL_BYTES - 1),
        ("disk_has_room", FULL_BYTES),
    ]


def test_once_everything_runs_it_is_said_where_the_console_is_and_what_is_watched(tmp_path: Path) -> None:
    file = tmp_path / "firstwire.toml"
    file.write_text('[poller]\nsubscriptions = ["https://a.example/rss"]\n[rules]\npaths = ["mine.yaml"]\n')
    (tmp_path / "mine.yaml").write_text("watches: [{id: a, query: moon}, {id: b, query: sun}]\n")
    told = summed_up(config.load(file, {}))
    assert told == {"console": "http://127.0.0.1:8470/", "feeds": 1, "rules": 2}
    (tmp_path / "mine.yaml").unlink()
    assert "rules" not in summed_up(config.load(file, {}))
