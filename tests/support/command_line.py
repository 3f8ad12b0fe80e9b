"""Runs `firstwire replay` as a user does, in a process of its own, and reads what it wrote."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson

from tests.support.shared_data import ROOT

FILES = ("stories", "events", "matches", "alerts", "outcomes", "verdicts")


def firstwire(
    *arguments: str | Path, cwd: Path, environment: dict[str, str] | None = None, typed_in: str = ""
) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command, to which somebody types."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("FIRSTWIRE_")}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "firstwire.commands.cli", *map(str, arguments)],
        cwd=cwd,
        env={**inherited, "PYTHONPATH": str(ROOT), **(environment or {})},
        input=typed_in.encode(),
        capture_output=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


async def typed(*arguments: str | Path, cwd: Path | None = None) -> tuple[int, str, str]:
    """The same for a test with servers of its own, which go on answering."""
    return await asyncio.to_thread(firstwire, *arguments, cwd=cwd or Path.cwd())


def lines_of(*articles: dict[str, Any] | bytes) -> bytes:
    """Articles as JSON Lines; what is bytes already stands as it is."""
    return b"".join((one if isinstance(one, bytes) else orjson.dumps(one)) + b"\n" for one in articles)


def replayed(
    folder: Path, content: bytes, *options: str | Path, environment: dict[str, str] | None = None
) -> tuple[dict[str, list[dict[str, Any]]], str]:
    """What a replay of a file's content wrote, by file, and its standard error."""
    articles = folder / "articles.jsonl"
    articles.write_bytes(content)
    output = folder / "output"
    code, out, err = firstwire(
        "replay", "--articles", articles, "--output", output, *options, cwd=folder, environment=environment
    )
    assert (code, out) == (0, ""), err
    return written(output), err


def written(output: Path) -> dict[str, list[dict[str, Any]]]:
    return {
        name: [orjson.loads(line) for line in (output / f"{name}.jsonl").read_bytes().splitlines()] for name in FILES
    }


def live(alerts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The alerts that somebody is told of: those of rules in shadow are recorded only."""
    return [alert for alert in alerts if not alert["shadow"]]
