"""Writes the results of a replay: one JSON Lines file per kind, byte-identical for the same input."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec
import orjson

from firstwire.errors import ConfigError
from firstwire.replay.run import Replayed
from schemas.record import Record

NAMES = ("stories", "events", "matches", "alerts", "outcomes", "verdicts")


def write_replayed(found: Replayed, folder: Path) -> None:
    """Write the six files, each atomically. Raises ConfigError if the folder cannot be written."""
    kinds: dict[str, Iterable[Record]] = {
        "stories": found.stories,
        "events": found.events,
        "matches": found.matches,
        "alerts": found.alerts.values(),
        "outcomes": found.outcomes,
        "verdicts": found.verdicts,
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in NAMES:
            unfinished = folder / f".{name}.jsonl.part"
            with unfinished.open("wb") as file:
                file.writelines(orjson.dumps(msgspec.to_builtins(record)) + b"\n" for record in kinds[name])
            unfinished.rename(folder / f"{name}.jsonl")
    except OSError as err:
        raise ConfigError(f"cannot write there: {err.strerror}", place=str(folder)) from err
