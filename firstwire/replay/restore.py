"""Puts a backup onto empty topics, and every group where it was: everything goes on from there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import islice
from pathlib import Path

import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from aiokafka.structs import OffsetAndMetadata

from firstwire.broker.closing import closed
from firstwire.broker.first_answer import living_address
from firstwire.broker.limits import PATIENT_LIMIT_MS
from firstwire.broker.producer import open_producer
from firstwire.broker.reader import read_all
from firstwire.broker.retention import keep_until_read
from firstwire.broker.topics import STAGES, partition_count, topic_name
from firstwire.errors import ConfigError, TransientError
from firstwire.replay.archive import MANIFEST, hash_of
from firstwire.replay.saved_topics import BackupManifest, file_of, messages_in
from schemas.times import to_milliseconds

SENT_TOGETHER = 2_000


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
        file = file_of(folder, topic.name)
        if hash_of(file) != topic.sha256:
            raise ConfigError("was changed or damaged: its SHA-256 is not that of the manifest", place=str(file))
    return manifest


async def restore(
    bootstrap_servers: str,
    prefix: str,
    folder: Path,
    manifest: BackupManifest,
    *,
    now: str,
    extend_retention: bool = False,
) -> int:
    """Put a backup's records onto the topics of a prefix, which exist and are empty, and every group where it was.

    Returns for how many days the inputs of the stages are kept from now on, 0 if for as long as before. Raises
    ConfigError, before anything is written, if a topic is not empty or has another number of partitions, and if what a
    stage had not read yet is so old that Kafka could remove it before, unless `extend_retention`.
    """
    await _check_empty(bootstrap_servers, prefix, manifest)
    kept_days, unread_at_ms = 0, _unread_at_ms(folder, manifest)
    if unread_at_ms is not None:
        kept_days = await keep_until_read(
            bootstrap_servers,
            prefix,
            unread_at_ms,
            to_milliseconds(now),
            what="what its stages have not read yet begins",
            place=str(folder),
            extend=extend_retention,
        )
    async with open_producer(bootstrap_servers) as producer:
        for topic in manifest.topics:
            messages = messages_in(file_of(folder, topic.name), topic_name(prefix, topic.name))
            while together := list(islice(messages, SENT_TOGETHER)):
                await producer.send_all(together)
    for group in sorted({position.group for position in manifest.positions}):
        positions = [position for position in manifest.positions if position.group == group]
        offsets = {
            TopicPartition(topic_name(prefix, each.topic), each.partition): OffsetAndMetadata(
                # What is counted by topic is counted under the new prefix from now on
                each.records,
                each.metadata.replace(f'"{manifest.prefix}-', f'"{prefix}-'),
            )
            for each in positions
        }
        await _commit(bootstrap_servers, f"{prefix}-{group}", offsets)
    return kept_days


def _unread_at_ms(folder: Path, manifest: BackupManifest) -> int | None:
    """The earliest time of what a stage had not read yet of its input, as Kafka counts it; None if all was read."""
    held = {topic.name: topic.records for topic in manifest.topics}
    earliest: int | None = None
    for stage, topic in STAGES.items():
        read = {at.partition: at.records for at in manifest.positions if (at.group, at.topic) == (stage, topic)}
        if held.get(topic, 0) == sum(read.values()):
            continue
        passed: Counter[int] = Counter()
        for message in messages_in(file_of(folder, topic), topic):
            assert message.partition is not None and message.timestamp_ms is not None  # a backup has both
            if passed[message.partition] >= read.get(message.partition, 0):
                earliest = min(message.timestamp_ms, message.timestamp_ms if earliest is None else earliest)
            passed[message.partition] += 1
    return earliest


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
    consumer = AIOKafkaConsumer(
        bootstrap_servers=await living_address(bootstrap_servers),
        group_id=group,
        enable_auto_commit=False,
        request_timeout_ms=PATIENT_LIMIT_MS,
    )
    try:
        await consumer.start()
        consumer.assign(list(offsets))
        await consumer.commit(dict(offsets))
    except KafkaError as err:
        raise TransientError(f"cannot commit for {group}: {err!r}", place=bootstrap_servers) from err
    finally:
        await closed(consumer.stop())
