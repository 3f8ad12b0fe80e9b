"""The format of a backup: a manifest, and for each topic a zst file of JSON Lines, a record each."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from firstwire.broker.producer import Message
from firstwire.broker.reader import Received
from firstwire.errors import ConfigError
from firstwire.files.compressed import read_lines


class SavedRecord(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One line of a file: a record as it is in Kafka, without its offset."""

    partition: int
    at: int
    """Kafka's timestamp, in milliseconds since 1970."""
    key: str
    value: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    """Without it, it is a tombstone, unless there are `bytes`."""
    bytes: str | None = None
    """A value that is no JSON, in base64."""
    headers: tuple[tuple[str, str], ...] = ()
    """Their values in base64."""


class SavedTopic(msgspec.Struct, frozen=True, kw_only=True):
    """The file of one topic."""

    name: Annotated[str, msgspec.Meta(pattern=r"^[a-z-]+$")]
    """Without the prefix."""
    records: int
    sha256: str


class SavedPosition(msgspec.Struct, frozen=True, kw_only=True):
    """How far a group has read a partition: `records` of it. Topic and group are without the prefix."""

    group: str
    topic: str
    partition: int
    records: int
    metadata: str


class BackupManifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds."""

    format: Literal["firstwire-backup"] = "firstwire-backup"
    version: Annotated[int, msgspec.Meta(ge=1, le=1)] = 1
    written_by: str
    prefix: str
    partitions: int
    topics: tuple[SavedTopic, ...]
    positions: tuple[SavedPosition, ...]


def saved_record(record: Received) -> SavedRecord:
    """A record as it is written."""
    value: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    other = None
    if record.value is not None and _is_json_line(record.value):
        value = msgspec.Raw(record.value)
    elif record.value is not None:
        other = _base64(record.value)
    headers = tuple((name, _base64(content)) for name, content in record.headers)
    return SavedRecord(record.partition, record.timestamp_ms, record.key, value, other, headers)


def _is_json_line(content: bytes) -> bool:
    """Whether it can stand in a line of JSON as it is."""
    try:
        msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return b"\n" not in content


def messages_in(file: Path, topic: str) -> Iterator[Message]:
    """The records of a file, to be sent to a topic. Raises ConfigError for a line that is none."""
    for number, line in read_lines(file, "the backup"):
        try:
            saved = msgspec.json.decode(line, type=SavedRecord)
        except msgspec.DecodeError as err:
            raise ConfigError(str(err), place=f"{file}:{number}") from err
        value = None if saved.value is msgspec.UNSET else bytes(saved.value)
        if saved.bytes is not None:
            value = base64.b64decode(saved.bytes)
        headers = tuple((name, base64.b64decode(content)) for name, content in saved.headers)
        yield Message(topic, saved.key, value, headers, saved.at, saved.partition)


def file_of(folder: Path, name: str) -> Path:
    """The file of a topic, whose name is without the prefix."""
    return folder / "topics" / f"{name}.jsonl.zst"


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
