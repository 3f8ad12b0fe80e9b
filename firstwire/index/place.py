"""The files of an index: where they are, when the index was made anew, and what is kept of one that was damaged."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog

from schemas.codec import DecodeError
from schemas.times import format_timestamp

log = structlog.get_logger()

FILE = "index.sqlite"
ASIDE = "index.sqlite.damaged"
"""The last damaged file, for whoever wants to know what happened to the disk; one at most is kept."""
REASON = "damaged.txt"
REASON_LIMIT = 500
"""Characters: SQLite's own words, or those of a decoder."""


class DamagedContentError(Exception):
    """SQLite reads the file, but what a row holds is not what was written."""


@dataclass(frozen=True)
class IndexPlace:
    """Where an index is, and of what. One whose `contents` are others is made anew."""

    folder: Path
    contents: str
    """Of which topics, and read with which names: see `contents_of`."""

    @property
    def file(self) -> Path:
        return self.folder / FILE


@dataclass(frozen=True)
class IndexDamage:
    """That an index was found damaged, put aside and made anew."""

    noticed_at: str
    reason: str


def is_damaged(err: BaseException) -> bool:
    """Whether an error says that the file is not as it was written: every record in it could be read when it came."""
    if isinstance(err, sqlite3.Error):
        return getattr(err, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    return isinstance(err, DamagedContentError | DecodeError)


def put_aside(place: IndexPlace, reason: BaseException, of: tuple[int, int] | None = None) -> bool:
    """Rename a damaged file, so that it is made anew, and keep the reason; False if it is not `of` any more.

    Whoever fills the index notices that the file is gone. Raises OSError.
    """
    if of is not None and of != file_id(place):
        return False
    text = f"{reason}"[:REASON_LIMIT]
    place.file.replace(place.folder / ASIDE)
    (place.folder / REASON).write_text(text, encoding="utf-8", errors="replace")
    log.error("index_damaged", file=str(place.file), kept_as=str(place.folder / ASIDE), reason=text)
    return True


def last_damage(place: IndexPlace) -> IndexDamage | None:
    """The last damage that was noticed; None if there was none."""
    try:
        written_at = (place.folder / REASON).stat().st_mtime
        reason = (place.folder / REASON).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return IndexDamage(format_timestamp(datetime.fromtimestamp(written_at, UTC)), reason)


def remove(place: IndexPlace) -> None:
    """Delete the files of an index."""
    for ending in ("", "-wal", "-shm"):
        place.file.with_name(place.file.name + ending).unlink(missing_ok=True)


def file_id(place: IndexPlace) -> tuple[int, int] | None:
    """What changes when the file is made anew; None if there is none."""
    try:
        status = place.file.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
