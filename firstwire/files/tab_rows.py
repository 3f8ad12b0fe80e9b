"""Files of rows between tabs: three cells in a line; lines that begin with # and empty ones are for people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from firstwire.errors import ConfigError

_COMMENT = "#"
_CELLS = 3


def tab_rows(path: Path, shape: str) -> Iterator[tuple[str, tuple[str, str, str]]]:
    """The place and the cells of every row. Raises ConfigError with the line, and `shape`, where a cell is missing."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line or line.startswith(_COMMENT):
            continue
        cells = line.split("\t")
        place = f"{path}:{number}"
        if len(cells) != _CELLS or not all(cells):
            raise ConfigError(f"a row is {shape}, between tabs", place=place)
        yield place, (cells[0], cells[1], cells[2])
