"""Files that are written atomically: to a temporary file beside their path, then moved; and their folders."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from firstwire.errors import ConfigError


def write_whole(path: Path, text: str, *, line_end: str = "\n") -> None:
    """Write or replace a file in UTF-8. Raises ConfigError, and keeps the old file, if it cannot be written."""
    unfinished = path.with_name(f".{path.name}.part")
    with said_unwritable(path):
        unfinished.write_text(text, encoding="utf-8", newline=line_end)
        unfinished.replace(path)


@contextmanager
def said_unwritable(path: Path) -> Iterator[None]:
    """Raise ConfigError with the path for what cannot be written there: no room, no permission."""
    try:
        yield
    except OSError as err:
        raise ConfigError(f"cannot write it: {err.strerror}", place=str(path)) from err


def make_folder(folder: Path) -> None:
    """Make a folder unless it is there. Raises ConfigError if it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as err:
        raise ConfigError(f"cannot write there: {err.strerror}", place=str(folder)) from err
