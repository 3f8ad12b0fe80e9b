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

    Raises ConfigError for a damaged archive, or if it cannot be written; then nothing has changed.
    """
    archive = Archive(folder)
    archive.check()
    removed: dict[str, int] = {}
    for file in archive.manifest.files:
        if file.kind in HOLD_TEXT and (count := _written_anew(folder, file, articles)):
            removed[file.name] = count
    files = []
    for file in archive.manifest.files:
        if file.name in removed:
            path = folder / name_of(file.kind, file.day)
            _anew(path).replace(path)
            file = msgspec.structs.replace(file, records=file.records - removed[file.name], sha256=hash_of(path))
        files.append(file)
    if removed:
        write_manifest(folder, files)
    return sum(removed.values())


def _written_anew(folder: Path, file: ArchivedFile, articles: Collection[str]) -> int:
    """Write a file without these articles beside it, if it has any; how many records are not in it."""
    path = folder / name_of(file.kind, file.day)
    lines = [line.rstrip(b"\n") for _, line in read_lines(path, "the archive")]
    kept = [line for line in lines if article_of(line) not in articles]
    if len(kept) < len(lines):
        writer = LineWriter(_anew(path))
        for line in kept:
            writer.write(line)
        writer.close()
    return len(lines) - len(kept)


def _anew(path: Path) -> Path:
    return path.with_name(f".{path.name}.anew")
