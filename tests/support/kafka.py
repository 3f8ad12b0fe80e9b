"""A Kafka to test against: an embedded broker, what is put on its topics, what stands there."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path

from aiokafka.admin import NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from firstwire.broker.admin import open_admin
from firstwire.broker.embedded import EmbeddedBroker
from firstwire.broker.producer import Message, open_producer
from firstwire.broker.progress import read_progress
from firstwire.broker.reader import Received, read_all
from firstwire.broker.topics import (
    ARTICLES,
    FOREVER_MS,
    TOPICS,
    Topic,
    create_missing_topics,
    create_topics,
    topic_name,
)
from firstwire.broker.transaction import TransactionalProducer
from firstwire.config import KafkaSection
from firstwire.errors import TransientError
from schemas.article import Article
from schemas.codec import encode
from schemas.times import to_milliseconds

TOGETHER = 5_000
"""Records that are sent before any is waited for."""


@asynccontextmanager
async def embedded_broker(folder: Path | None = None) -> AsyncIterator[EmbeddedBroker]:
    """A broker of its own, gone at the end; without a folder its data are gone too."""
    with tempfile.TemporaryDirectory() as temporary:
        broker = EmbeddedBroker(folder or Path(temporary))
        await broker.start()
        try:
            yield broker
        finally:
            await broker.stop()


@asynccontextmanager
async def transactional_producer(bootstrap: str, transactional_id: str) -> AsyncIterator[TransactionalProducer]:
    producer = TransactionalProducer(bootstrap, transactional_id)
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


async def create_lasting_topics(bootstrap: str, prefix: str, partitions: int) -> None:
    """All topics, of which none expires: the records of tests are older than `stories` or `outcomes` are kept.

    Kafka removes such records half a minute after its start and every five minutes, so a test would rarely miss them.
    """
    kafka = KafkaSection(topic_prefix=prefix, partitions=partitions)
    await create_missing_topics(bootstrap, kafka)
    lasting = Topic("", "delete", FOREVER_MS).settings(kafka.replication_factor)
    expiring = [topic_name(prefix, topic.name) for topic in TOPICS if topic.retention_ms != FOREVER_MS]
    async with open_admin(bootstrap, "cannot keep what is on topics") as admin:
        await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, name, lasting) for name in expiring])


async def send_all(bootstrap: str, messages: Iterable[Message]) -> None:
    """Messages, a few thousand at a time."""
    left = iter(messages)
    async with open_producer(bootstrap) as producer:
        while together := list(islice(left, TOGETHER)):
            await producer.send_all(together)


async def publish(
    bootstrap: str, topic: str, values: Iterable[bytes | None], *, keys: int = 4, partitions: int | None = None
) -> None:
    """Values under keys in turn; with `partitions` also on these in turn."""
    await send_all(
        bootstrap,
        (
            Message(topic, f"k{number % keys}", value, partition=None if partitions is None else number % partitions)
            for number, value in enumerate(values)
        ),
    )


async def create_topic(bootstrap: str, name: str) -> None:
    """A topic of one partition that the program itself does not make."""
    async with open_admin(bootstrap, "cannot create the topic") as admin:
        await create_topics(admin, [NewTopic(name, 1, 1)])


async def records(bootstrap: str, prefix: str, topic: str) -> list[Received]:
    """What a `read_committed` reader finds on a topic."""
    return [record async for record in read_all(bootstrap, topic_name(prefix, topic))]


async def tell(bootstrap: str, prefix: str, articles: list[Article]) -> None:
    """On two partitions, as the poller does: with the time of fetching as Kafka's."""
    async with open_producer(bootstrap) as producer:
        await producer.send_all(
            Message(
                topic_name(prefix, ARTICLES),
                one.language,
                encode(one),
                timestamp_ms=to_milliseconds(one.fetched_at),
                partition=0 if one.language == "en" else 1,
            )
            for one in articles
        )


async def nothing_waits(bootstrap: str, prefix: str) -> bool:
    """Whether every stage has read all of its input; not known while a busy broker does not answer."""
    try:
        found = await read_progress(bootstrap, prefix)
    except TransientError:
        return False
    return not any(stage.lag for stage in found.stages)
