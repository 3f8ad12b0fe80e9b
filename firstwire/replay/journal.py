"""What a replay that is not done has read, in a file beside its results: after an interruption it is not read again.

Deduplication and judging are done anew from the first article on, which takes a fraction of the time, so that a replay
that was interrupted gives the bytes of one that was not. The file is written in pieces; half a piece is dropped.
"""

from __future__ import annotations

import fcntl
import os
import struct
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from firstwire.errors import ConfigError
from firstwire.files.atomic import make_folder, said_unwritable
from firstwire.files.compressed import packed, unpacked
from firstwire.replay.identity import ReplayIdentity
from firstwire.replay.readings import StoryReading

NAME = ".unfinished"
PIECE_READINGS = 256
PIECE_SECONDS = 2.0
"""A piece is written when it has so many readings, or when so much time has passed: that is what a kill loses."""

FIRST_LINE_LIMIT_BYTES = 1_000_000
"""What is longer is no journal. The offsets of a thousand partitions take a fiftieth."""

_HEAD = struct.Struct("<II")
"""Of a piece: its length in bytes, and their CRC-32."""


class _Kept(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A reading, and the story that it is of."""

    digest: bytes
    reading: StoryReading


_PIECE = msgspec.msgpack.Decoder(list[_Kept])
_FIRST_LINE = msgspec.json.Decoder(ReplayIdentity)


class Journal:
    """The file of one replay, locked while it is open. It stays until `delete_journal`."""

    def __init__(self, folder: Path, identity: ReplayIdentity, *, restart: bool = False) -> None:
        self._path = folder / NAME
        self._identity = identity
        self._restart = restart
        self._new: list[_Kept] = []
        self._written_at = time.monotonic()
        self._first_line_bytes = 0
        self.known = 0
        """Readings of before that were used."""

    def __enter__(self) -> Self:
        """Raises ConfigError if another replay writes there, if what is there is of another one, or if there is no
        room.
        """
        make_folder(self._path.parent)
        with said_unwritable(self._path):
            self._file = os.fdopen(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644), "r+b")
        try:
            self._lock()
            self._begin()
        except BaseException:
            self._close()
            raise
        self._first_line_bytes = self._file.tell()
        self._left = self._kept()
        return self

    @property
    def has_readings(self) -> bool:
        """Whether the file holds anything that was read: until something is added, by an interrupted run."""
        return os.fstat(self._file.fileno()).st_size > self._first_line_bytes

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what was read; of a run that read nothing nothing stays but the token of its topics."""
        try:
            if not isinstance(error, ConfigError):
                self._write()
            if not (self.has_readings or self._identity.token):
                self._path.unlink(missing_ok=True)
        finally:
            self._close()

    def next_of_before(self, digest: bytes) -> StoryReading | None:
        """What was read before of the next story; None if that was not reached. Raises ConfigError for another one."""
        kept = next(self._left, None)
        if kept is None:
            return None
        if kept.digest != digest:
            raise ConfigError(
                f"the records are not those of before: article {self.known + 1:,} differs from the one that the "
                "interrupted run read. Use the same ones, or begin anew with --restart",
                place=str(self._path),
            )
        self.known += 1
        return kept.reading

    def add(self, digest: bytes, reading: StoryReading) -> None:
        """Keep what was read of the next story."""
        self._new.append(_Kept(digest, reading))
        if len(self._new) >= PIECE_READINGS or time.monotonic() - self._written_at >= PIECE_SECONDS:
            self._write()

    def _close(self) -> None:
        with suppress(OSError):  # what was not written for want of room is not written now either
            self._file.close()

    def _lock(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as err:
            raise ConfigError("another replay writes there now", place=str(self._path.parent)) from err

    def _begin(self) -> None:
        """Find the end of the first line, or write it; of another run too, if nothing is kept that it has read."""
        line = self._file.readline(FIRST_LINE_LIMIT_BYTES)
        holds_readings = os.fstat(self._file.fileno()).st_size > len(line)
        if line.endswith(b"\n") and holds_readings and not self._restart:
            self._refuse_another(line)
            return
        with said_unwritable(self._path):
            self._file.seek(0)
            self._file.truncate()
            self._file.write(msgspec.json.encode(self._identity) + b"\n")
            self._file.flush()

    def _refuse_another(self, line: bytes) -> None:
        try:
            before = _FIRST_LINE.decode(line)
        except (msgspec.DecodeError, msgspec.ValidationError):
            before = None
        why = "by another version" if before is None else self._identity.difference_from(before)
        if why:
            raise ConfigError(
                f"a run was interrupted there {why}. Finish it as it was begun, begin anew with --restart, or choose "
                "another folder",
                place=str(self._path.parent),
            )

    def _kept(self) -> Iterator[_Kept]:
        """What is in the file, piece by piece, until one that is not whole; behind it is written from then on."""
        while True:
            start = self._file.tell()
            head = self._file.read(_HEAD.size)
            piece = self._piece(head) if len(head) == _HEAD.size else None
            if piece is None:
                self._file.seek(start)
                self._file.truncate()
                return
            yield from piece

    def _piece(self, head: bytes) -> list[_Kept] | None:
        length, checksum = _HEAD.unpack(head)
        if not length:  # zeros, as a loss of power leaves them
            return None
        data = self._file.read(length)
        if len(data) < length or zlib.crc32(data) != checksum:
            return None
        return _PIECE.decode(unpacked(data))

    def _write(self) -> None:
        self._written_at = time.monotonic()
        if not self._new:
            return
        new, self._new = self._new, []  # before it is written, so that no interruption writes it twice
        data = packed(msgspec.msgpack.encode(new))
        with said_unwritable(self._path):
            self._file.write(_HEAD.pack(len(data), zlib.crc32(data)) + data)
            self._file.flush()


def begun_before(folder: Path) -> ReplayIdentity | None:
    """The replay that was interrupted there; None if there is none, or another version of the program began it."""
    try:
        with (folder / NAME).open("rb") as file:
            return _FIRST_LINE.decode(file.readline(FIRST_LINE_LIMIT_BYTES))
    except (OSError, msgspec.DecodeError, msgspec.ValidationError):
        return None


def delete_journal(folder: Path) -> None:
    """The results are whole: what was read for them is needed no more."""
    (folder / NAME).unlink(missing_ok=True)
