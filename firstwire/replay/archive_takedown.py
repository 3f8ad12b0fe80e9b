"""Writes the files of an archive anew without articles that were taken down."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import msgspec

from firstwire.broker.takedowns import article_of
from firstwire.files.compressed import LineWriter, read_lines
from firstwire.replay.archive import Archive, ArchivedFile, hash_of, name_of, write_manifest

HOLD_TEXT = ("articles", "stories", "events")


def take_down(folder: Path, articles: Collection[str]) -> int:
    """Remove every record of these articles from an archive; their number. All other lines stay as they are.

    A file that held nothing else is removed. Raises ConfigError for a damaged archive, or if it cannot be written; then
    nothing has changed.
    """
    archive = Archive(folder)
    archive.check()
    changed: dict[str, ArchivedFile] = {}
    for file in archive.manifest.files:
        if file.kind in HOLD_TEXT and (left := _written_anew(folder, file, articles)) is not None:
            changed[file.name] = left
    for left in changed.values():
        path = folder / name_of(left.kind, left.day)
        if left.records:
            _anew(path).replace(path)
        else:
            path.unlink()
    if changed:
        files = [changed.get(file.name, file) for file in archive.manifest.files]
        write_manifest(folder, [file for file in files if file.records])
    return sum(file.records - changed[file.name].records for file in archive.manifest.files if file.name in changed)


class _Fetched(msgspec.Struct):
    """What tells when the article of a record was fetched, without reading all of it."""

    fetched_at: str = ""
    context: _Fetched | None = None
    """Of an event."""


def _written_anew(folder: Path, file: ArchivedFile, articles: Collection[str]) -> ArchivedFile | None:
    """Write a file without these articles beside it, unless nothing is left; None if it has none of them."""
    path = folder / name_of(file.kind, file.day)
    lines = [line.rstrip(b"\n") for _, line in read_lines(path, "the archive")]
    kept = [line for line in lines if article_of(line) not in articles]
    if len(kept) == len(lines):
        return None
    if not kept:
        return msgspec.structs.replace(file, records=0)
    writer = LineWriter(_anew(path))
    for line in kept:
        writer.write(line)
    writer.close()
    times = [_fetched_at(line) for line in kept]
    return msgspec.structs.replace(
        file, records=len(kept), sha256=hash_of(_anew(path)), first_at=min(times), last_at=max(times)
    )


def _fetched_at(line: bytes) -> str:
    found = msgspec.json.decode(line, type=_Fetched)
    return found.fetched_at if found.context is None else found.context.fetched_at


def _anew(path: Path) -> Path:
    return path.with_name(f".{path.name}.anew")
