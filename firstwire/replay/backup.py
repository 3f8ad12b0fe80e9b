"""A backup: every record of every topic as it is, and how far each consumer group has read, as of one moment.

Written as archives are: zst files of JSON Lines with hashes, and a manifest that comes last. Restored, all goes on
from that moment: nothing is judged or told again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.structs import OffsetAndMetadata

from firstwire import __version__
from firstwire.broker.admin import open_admin
from firstwire.broker.reader import Range, Received, open_reader
from firstwire.broker.takedowns import HOLD_TEXT, article_of, read_takedowns
from firstwire.broker.topics import ARTICLES, TOPICS, topic_name
from firstwire.errors import ConfigError, TransientError
from firstwire.files.atomic import make_folder, write_whole
from firstwire.files.compressed import LineWriter
from firstwire.replay.archive import MANIFEST, hash_of
from firstwire.replay.saved_topics import BackupManifest, SavedPosition, SavedTopic, file_of, saved_record

STILL_LIMIT_SECONDS = 120.0
"""How long a moment is waited for in which no stage commits. In news such moments are many in a second."""
STILL_PAUSE_SECONDS = 0.05

ORDER = tuple(topic.name for topic in TOPICS if topic.name != ARTICLES)
"""Ends are asked for in this order, and of articles last: the state of a feed is never newer than its articles."""

Committed = Mapping[str, Mapping[TopicPartition, OffsetAndMetadata]]


@dataclass(frozen=True)
class Moment:
    """What there was at one moment: the ends of all topics, and what every group had committed, which is the same at
    their beginning and their end: since outputs and offsets are written together, no transaction is cut."""

    ranges: Mapping[str, Range]
    committed: Committed


async def back_up(bootstrap_servers: str, prefix: str, folder: Path) -> BackupManifest:
    """Write a backup of all topics of a prefix, while everything may run; articles that were taken down are not in it.

    Raises ConfigError if the folder holds one already or cannot be written, TransientError if Kafka fails, or if there
    was no still moment in two minutes.
    """
    if (folder / MANIFEST).exists():
        raise ConfigError("there is a backup or an archive already; choose another folder", place=str(folder))
    moment = await _still_moment(bootstrap_servers, prefix)
    counted = _Counted(moment.committed)
    hidden = await read_takedowns(bootstrap_servers, prefix)
    topics = [
        await _saved(bootstrap_servers, prefix, name, moment.ranges[name], folder, counted, hidden)
        for name in (ARTICLES, *ORDER)
    ]
    manifest = BackupManifest(
        written_by=f"firstwire {__version__}",
        prefix=prefix,
        partitions=len(moment.ranges[ARTICLES].ends),
        topics=tuple(topics),
        positions=tuple(counted.positions(prefix)),
    )
    make_folder(folder)
    text = msgspec.json.format(msgspec.json.encode(manifest), indent=2).decode()
    write_whole(folder / MANIFEST, text + "\n")
    return manifest


async def _still_moment(bootstrap_servers: str, prefix: str) -> Moment:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + STILL_LIMIT_SECONDS
    async with open_admin(bootstrap_servers, "cannot ask Kafka") as admin:
        before = await _committed(admin, prefix)
        while True:
            ranges = {name: await _range(bootstrap_servers, topic_name(prefix, name)) for name in (*ORDER, ARTICLES)}
            after = await _committed(admin, prefix)
            if before == after:
                return Moment(ranges, after)
            if loop.time() > deadline:
                raise TransientError(
                    f"no moment without a commit in {STILL_LIMIT_SECONDS:.0f} s; stop the workers, or try again when "
                    "there is less to do",
                    place=bootstrap_servers,
                )
            before = after
            await asyncio.sleep(STILL_PAUSE_SECONDS)


async def _committed(admin: AIOKafkaAdminClient, prefix: str) -> Committed:
    """What all groups of a prefix have committed on its topics."""
    ours = {topic_name(prefix, topic.name) for topic in TOPICS}
    groups = sorted(group for group, *_ in await admin.list_consumer_groups() if group.startswith(f"{prefix}-"))
    found = {group: await admin.list_consumer_group_offsets(group) for group in groups}
    return {
        group: {tp: at for tp, at in offsets.items() if tp.topic in ours and at.offset >= 0}
        for group, offsets in found.items()
    }


async def _range(bootstrap_servers: str, topic: str) -> Range:
    async with open_reader(bootstrap_servers, topic) as reader:
        return await reader.range_of()


class _Counted:
    """Counts the records before every committed offset: that is the offset where they are restored."""

    def __init__(self, committed: Committed) -> None:
        self._records = {(group, tp): 0 for group, offsets in committed.items() for tp in offsets}
        self._committed = committed
        self._of_place: dict[tuple[str, int], list[tuple[str, TopicPartition, int]]] = {}
        for group, offsets in committed.items():
            for tp, at in offsets.items():
                self._of_place.setdefault((tp.topic, tp.partition), []).append((group, tp, at.offset))

    def add(self, record: Received) -> None:
        for group, tp, offset in self._of_place.get((record.topic, record.partition), ()):
            if record.offset < offset:
                self._records[group, tp] += 1

    def positions(self, prefix: str) -> Iterator[SavedPosition]:
        for (group, tp), records in sorted(self._records.items()):
            yield SavedPosition(
                group=group.removeprefix(f"{prefix}-"),
                topic=tp.topic.removeprefix(f"{prefix}-"),
                partition=tp.partition,
                records=records,
                metadata=self._committed[group][tp].metadata or "",
            )


async def _saved(
    bootstrap_servers: str,
    prefix: str,
    name: str,
    bounds: Range,
    folder: Path,
    counted: _Counted,
    hidden: Collection[str],
) -> SavedTopic:
    file = file_of(folder, name)
    lines = LineWriter(file)
    records = 0
    try:
        async with open_reader(bootstrap_servers, topic_name(prefix, name)) as reader:
            async for record in reader.read(bounds):
                if hidden and name in HOLD_TEXT and article_of(record.value) in hidden:
                    continue
                counted.add(record)
                lines.write(msgspec.json.encode(saved_record(record)))
                records += 1
    except BaseException:
        lines.abandon()
        raise
    lines.close()
    return SavedTopic(name=name, records=records, sha256=hash_of(file))
