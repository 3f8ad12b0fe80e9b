"""A backup: every record of every topic as it is, and how far each consumer group has read, as of one moment.

Written as archives are: zst files of JSON Lines with hashes, and a manifest that comes last. Restored, all goes on
from that moment: nothing is judged or told again.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from aiokafka.structs import OffsetAndMetadata

from firstwire import __version__
from firstwire.broker.closing import closed
from firstwire.broker.producer import Message, open_producer
from firstwire.broker.reader import Range, Received, open_reader, read_all
from firstwire.broker.topics import ARTICLES, TOPICS, partition_count, topic_name
from firstwire.errors import ConfigError, TransientError
from firstwire.files.atomic import make_folder, write_whole
from firstwire.files.compressed import LineWriter, read_lines
from firstwire.replay.archive import MANIFEST, hash_of

STILL_LIMIT_SECONDS = 120.0
"""How long a moment is waited for in which no stage commits. In news such moments are many in a second."""
STILL_PAUSE_SECONDS = 0.05
SENT_TOGETHER = 2_000

ORDER = tuple(topic.name for topic in TOPICS if topic.name != ARTICLES)
"""Ends are asked for in this order, and of articles last: the state of a feed is never newer than its articles."""


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


Committed = Mapping[str, Mapping[TopicPartition, OffsetAndMetadata]]


@dataclass(frozen=True)
class Moment:
    """What there was at one moment: the ends of all topics, and what every group had committed, which is the same at
    their beginning and their end: since outputs and offsets are written together, no transaction is cut."""

    ranges: Mapping[str, Range]
    committed: Committed


async def back_up(bootstrap_servers: str, prefix: str, folder: Path) -> BackupManifest:
    """Write a backup of all topics of a prefix, while everything may run.

    Raises ConfigError if the folder holds one already or cannot be written, TransientError if Kafka fails, or if there
    was no still moment in two minutes.
    """
    if (folder / MANIFEST).exists():
        raise ConfigError("there is a backup or an archive already; choose another folder", place=str(folder))
    moment = await _still_moment(bootstrap_servers, prefix)
    counted = _Counted(moment.committed)
    topics = [
        await _saved(bootstrap_servers, prefix, name, moment.ranges[name], folder, counted)
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


def read_backup(folder: Path) -> BackupManifest:
    """What a folder holds, every file of it checked. Raises ConfigError if it is no whole backup."""
    path = folder / MANIFEST
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=BackupManifest)
    except OSError as err:
        raise ConfigError(f"no backup, or one that did not end: {MANIFEST}: {err.strerror}", place=str(folder)) from err
    except msgspec.DecodeError as err:
        raise ConfigError(f"not the manifest of a backup of this version: {err}", place=str(path)) from err
    for topic in manifest.topics:
        file = _file_of(folder, topic.name)
        if hash_of(file) != topic.sha256:
            raise ConfigError("was changed or damaged: its SHA-256 is not that of the manifest", place=str(file))
    return manifest


async def restore(bootstrap_servers: str, prefix: str, folder: Path, manifest: BackupManifest) -> None:
    """Put a backup's records onto the topics of a prefix, which exist and are empty, and every group where it was.

    Raises ConfigError if a topic is not empty or has another number of partitions, before anything is written.
    """
    await _check_empty(bootstrap_servers, prefix, manifest)
    async with open_producer(bootstrap_servers) as producer:
        for topic in manifest.topics:
            messages = _messages(_file_of(folder, topic.name), topic_name(prefix, topic.name))
            while together := list(islice(messages, SENT_TOGETHER)):
                await producer.send_all(together)
    ends = {topic.name: await _ends(bootstrap_servers, topic_name(prefix, topic.name)) for topic in manifest.topics}
    for group in sorted({position.group for position in manifest.positions}):
        offsets = {}
        for position in manifest.positions:
            if position.group == group and position.records <= ends[position.topic][position.partition]:
                place = TopicPartition(topic_name(prefix, position.topic), position.partition)
                metadata = position.metadata.replace(f'"{manifest.prefix}-', f'"{prefix}-')
                offsets[place] = OffsetAndMetadata(position.records, metadata)
        await _commit(bootstrap_servers, f"{prefix}-{group}", offsets)


async def _still_moment(bootstrap_servers: str, prefix: str) -> Moment:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + STILL_LIMIT_SECONDS
    async with _admin(bootstrap_servers) as admin:
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


async def _ends(bootstrap_servers: str, topic: str) -> Mapping[int, int]:
    return (await _range(bootstrap_servers, topic)).ends


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
    bootstrap_servers: str, prefix: str, name: str, bounds: Range, folder: Path, counted: _Counted
) -> SavedTopic:
    file = _file_of(folder, name)
    lines = LineWriter(file)
    records = 0
    try:
        async with open_reader(bootstrap_servers, topic_name(prefix, name)) as reader:
            async for record in reader.read(bounds):
                counted.add(record)
                lines.write(msgspec.json.encode(_saved_record(record)))
                records += 1
    except BaseException:
        lines.abandon()
        raise
    lines.close()
    return SavedTopic(name=name, records=records, sha256=hash_of(file))


def _saved_record(record: Received) -> SavedRecord:
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


def _messages(file: Path, topic: str) -> Iterator[Message]:
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


async def _check_empty(bootstrap_servers: str, prefix: str, manifest: BackupManifest) -> None:
    partitions = await partition_count(bootstrap_servers, prefix)
    if partitions != manifest.partitions:
        raise ConfigError(
            f"the backup has {manifest.partitions} partitions and the topics have {partitions}: set kafka.partitions = "
            f"{manifest.partitions}, and restore to topics that do not exist yet",
            place=bootstrap_servers,
        )
    for topic in manifest.topics:
        async for _ in read_all(bootstrap_servers, topic_name(prefix, topic.name)):
            raise ConfigError(
                f"{topic_name(prefix, topic.name)} is not empty; restore to an empty Kafka, or under another "
                "kafka.topic_prefix",
                place=bootstrap_servers,
            )


async def _commit(bootstrap_servers: str, group: str, offsets: Mapping[TopicPartition, OffsetAndMetadata]) -> None:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap_servers, group_id=group, enable_auto_commit=False)
    try:
        await consumer.start()
        consumer.assign(list(offsets))
        await consumer.commit(dict(offsets))
    except KafkaError as err:
        raise TransientError(f"cannot commit for {group}: {err!r}", place=bootstrap_servers) from err
    finally:
        await closed(consumer.stop())


@asynccontextmanager
async def _admin(bootstrap_servers: str) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    try:
        await admin.start()
        yield admin
    except KafkaError as err:
        raise TransientError(f"cannot ask Kafka: {err!r}", place=bootstrap_servers) from err
    finally:
        await closed(admin.close())


def _file_of(folder: Path, name: str) -> Path:
    return folder / "topics" / f"{name}.jsonl.zst"


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
