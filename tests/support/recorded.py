"""The recorded topics: every record as one version of the program wrote it, live, over a real Kafka."""

from __future__ import annotations

import json
import lzma
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "recorded"
POISON = b'{"schema":"article","article_id":"poison"}'
"""Sent to every recorded run, to end as a dead letter."""
VERSIONS = tuple(sorted(file.name.removesuffix(".jsonl.xz") for file in FOLDER.glob("*.jsonl.xz")))


@dataclass(frozen=True)
class RecordedMessage:
    """One message; `topic` is its name without the prefix."""

    topic: str
    partition: int
    key: str
    value: bytes | None
    timestamp_ms: int


@cache
def recorded(version: str) -> tuple[RecordedMessage, ...]:
    """All messages of a recording, topic by topic, in the order of their partitions' offsets."""
    with lzma.open(FOLDER / f"{version}.jsonl.xz", "rt", encoding="utf-8") as lines:
        return tuple(_message(json.loads(line)) for line in lines)


def _message(line: dict[str, object]) -> RecordedMessage:
    value = line["value"]
    return RecordedMessage(
        topic=str(line["topic"]),
        partition=int(str(line["partition"])),
        key=str(line["key"]),
        value=value.encode() if isinstance(value, str) else None,
        timestamp_ms=int(str(line["timestamp_ms"])),
    )
