"""Puts a backup onto empty topics, and every group where it was: everything goes on from there."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from pathlib import Path

import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from aiokafka.structs import OffsetAndMetadata

from firstwire.broker.closing import closed
from firstwire.broker.producer import open_producer
from firstwire.broker.reader import read_all
from firstwire.broker.topics import partition_count, topic_name
from firstwire.errors import ConfigError, TransientError
from firstwire.replay.archive import MANIFEST, hash_of
from firstwire.replay.saved_topics import BackupManifest, file_of, messages_in

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


async def restore(bootstrap_servers: str, prefix: str, folder: Path, manifest: BackupManifest) -> None:
    """Put a backup's records onto the topics of a prefix, which exist and are empty, and every group where it was.

    Raises ConfigError if a topic is not empty or has another number of partitions, before anything is written.
    """
    await _check_empty(bootstrap_servers, prefix, manifest)
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
