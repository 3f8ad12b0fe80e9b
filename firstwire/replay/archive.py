"""An archive: a folder with a zstd file of JSON Lines for each day and kind of record, and a manifest with hashes.

Written once, manifest last: without one the export did not end. Needs no Kafka.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from hashlib import file_digest
from pathlib import Path
from types import TracebackType
from typing import Annotated, Literal, TypeVar

import msgspec

from firstwire import __version__
from firstwire.errors import ConfigError
from firstwire.files.atomic import make_folder, write_whole
from firstwire.files.compressed import LineWriter, read_lines
from schemas.article import Article, Story
from schemas.codec import DecodeError, decode, encode
from schemas.event import Event
from schemas.ledger import LedgerCorrection, LedgerVouching
from schemas.record import Record, Timestamp
from schemas.rules import RuleVersion
from schemas.times import SINCE_EVER

R = TypeVar("R", bound=Record)

ArchivedKind = Literal["articles", "stories", "events", "rules", "corrections", "vouchings"]
KINDS: Mapping[ArchivedKind, type[Record]] = {
    "articles": Article,
    "stories": Story,
    "events": Event,
    "rules": RuleVersion,
    "corrections": LedgerCorrection,
    "vouchings": LedgerVouching,
}
MANIFEST = "manifest.json"
WHOLE_TIME = "all"
"""Instead of a day: rules and corrections are few, and all of them are needed whatever the day."""


class ArchivedFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file of an archive."""

    name: str
    kind: ArchivedKind
    day: Annotated[str, msgspec.Meta(pattern=r"^(\d{4}-\d{2}-\d{2}|all)$")]
    records: int
    sha256: str
    """Of the file as it is, compressed; hexadecimal."""
    first_at: Timestamp
    """The earliest `fetched_at` of its records, and the latest."""
    last_at: Timestamp


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What an archive holds, in the order in which it was judged."""

    format: Literal["firstwire-archive"] = "firstwire-archive"
    version: Annotated[int, msgspec.Meta(ge=1, le=1)] = 1
    written_by: str
    files: tuple[ArchivedFile, ...]


class ArchiveWriter:
    """Writes an archive. Records of a kind are given in the order in which they were judged."""

    def __init__(self, folder: Path) -> None:
        self.counts: Counter[ArchivedKind] = Counter()
        """How many records of each kind were added."""
        self._folder = folder
        self._open: dict[ArchivedKind, _OpenFile] = {}
        self._files: list[ArchivedFile] = []

    def __enter__(self) -> ArchiveWriter:
        """Raises ConfigError if the folder is an archive already, or cannot be made."""
        if (self._folder / MANIFEST).exists():
            raise ConfigError("there is an archive already; choose another folder", place=str(self._folder))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._finish()
        else:
            for each in self._open.values():
                each.lines.abandon()

    def add(self, kind: ArchivedKind, record: Record, at: str, day: str | None = None) -> None:
        """Add a record that was fetched `at`; to the file of its day, or of a later one that has begun already.

        So the order of records is kept, whatever their times.
        """
        day = day or at[:10]
        current = self._open.get(kind)
        if current is None or (day > current.day and day != WHOLE_TIME):
            if current is not None:
                self._files.append(current.closed())
            current = self._open[kind] = _OpenFile(self._folder, kind, day)
        current.add(encode(record), at)
        self.counts[kind] += 1

    def _finish(self) -> None:
        self._files += [each.closed() for each in self._open.values()]
        write_manifest(self._folder, self._files)


class Archive:
    """An archive to read. Every file is checked against its hash when it is first read."""

    def __init__(self, folder: Path) -> None:
        """Raises ConfigError if there is no archive, or one of a later version."""
        self.folder = folder
        self.manifest = _manifest(folder)

    def files(self, kind: ArchivedKind, since: str | None = None, until: str | None = None) -> list[ArchivedFile]:
        """The files of a kind, but those that hold nothing in [since, until)."""
        return [
            file
            for file in self.manifest.files
            if file.kind == kind
            and (since is None or file.last_at >= since)
            and (until is None or file.first_at < until)
        ]

    def extent(self, kind: ArchivedKind) -> tuple[str, str] | None:
        """When the first record of a kind was fetched, and the last; None if there is none."""
        files = self.files(kind)
        if not files:
            return None
        return min(file.first_at for file in files), max(file.last_at for file in files)

    def check(self) -> None:
        """Raise ConfigError if any file is missing or differs from its hash."""
        for file in self.manifest.files:
            _check_hash(self.folder / name_of(file.kind, file.day), file)

    def read(
        self, kind: ArchivedKind, wanted: type[R], since: str | None = None, until: str | None = None
    ) -> Iterator[R]:
        """The records of a kind, those in files that hold none in [since, until) left out.

        Raises ConfigError for a file that is missing, differs from its hash, or holds anything else.
        """
        for file in self.files(kind, since, until):
            yield from self._records(file, wanted)

    def _records(self, file: ArchivedFile, wanted: type[R]) -> Iterator[R]:
        path = self.folder / name_of(file.kind, file.day)
        _check_hash(path, file)
        for number, line in read_lines(path, "the archive"):
            try:
                yield decode(line, wanted)
            except DecodeError as err:
                raise ConfigError(str(err), place=f"{path}:{number}") from err


class _OpenFile:
    def __init__(self, folder: Path, kind: ArchivedKind, day: str) -> None:
        self.day = day
        self._kind: ArchivedKind = kind
        self._path = folder / name_of(kind, day)
        self.lines = LineWriter(self._path)
        self._records = 0
        self._first_at = self._last_at = ""

    def add(self, line: bytes, at: str) -> None:
        self.lines.write(line)
        self._records += 1
        self._first_at = min(self._first_at or at, at)
        self._last_at = max(self._last_at, at)

    def closed(self) -> ArchivedFile:
        self.lines.close()
        return ArchivedFile(
            name=name_of(self._kind, self.day),
            kind=self._kind,
            day=self.day,
            records=self._records,
            sha256=hash_of(self._path),
            first_at=self._first_at or SINCE_EVER,
            last_at=self._last_at or SINCE_EVER,
        )


def write_manifest(folder: Path, files: Iterable[ArchivedFile]) -> None:
    """Write the manifest of an archive, whole or not at all."""
    kinds = list(KINDS)
    ordered = tuple(sorted(files, key=lambda file: (kinds.index(file.kind), file.day)))
    manifest = Manifest(written_by=f"firstwire {__version__}", files=ordered)
    text = msgspec.json.format(msgspec.json.encode(manifest), indent=2).decode()
    make_folder(folder)
    write_whole(folder / MANIFEST, text + "\n")


def name_of(kind: ArchivedKind, day: str) -> str:
    """The name of a file in its folder. Never taken from a manifest, which might name a file elsewhere."""
    return f"{kind}/{day}.jsonl.zst"


def _manifest(folder: Path) -> Manifest:
    path = folder / MANIFEST
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except FileNotFoundError as err:
        reason = f"no archive: it has no {MANIFEST}, or its export did not end; make one with: firstwire archive export"
        raise ConfigError(reason, place=str(folder)) from err
    except NotADirectoryError as err:
        raise ConfigError("no archive but a file; one of articles is given by --articles", place=str(folder)) from err
    except OSError as err:
        raise ConfigError(f"cannot read it: {err.strerror}", place=str(path)) from err
    except (msgspec.DecodeError, msgspec.ValidationError) as err:
        raise ConfigError(f"not a manifest of this version: {err}", place=str(path)) from err


def _check_hash(path: Path, file: ArchivedFile) -> None:
    found = hash_of(path)
    if found != file.sha256:
        raise ConfigError(
            f"was changed or damaged: its SHA-256 is {found[:12]}…, the manifest has {file.sha256[:12]}…; "
            f"restore it, export it again, or leave {file.day} out with --from and --to",
            place=str(path),
        )


def hash_of(path: Path) -> str:
    """The SHA-256 of a file, hexadecimal. Raises ConfigError if it cannot be read."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError as err:
        raise ConfigError(f"cannot read it: {err.strerror}", place=str(path)) from err
