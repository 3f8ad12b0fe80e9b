"""The Kafka primitives on a real broker: ranges, confirmed sends, transactions, fencing."""

from __future__ import annotations

import pytest

from firstwire.broker.producer import Message
from firstwire.broker.reader import open_reader, read_all
from firstwire.broker.topics import ALERTS, ARTICLES, create_missing_topics, topic_name
from firstwire.broker.transaction import FencedError
from firstwire.config import KafkaSection
from firstwire.errors import ConfigError, PoisonError
from tests.support.kafka import confirmed_producer, send_all, transactional_producer


async def values(bootstrap: str, topic: str) -> list[bytes | None]:
    return sorted([record.value async for record in read_all(bootstrap, topic)], key=lambda value: value or b"")


async def test_topics_are_created_once_and_the_second_time_nothing_is_missing(
    kafka_bootstrap: str, kafka_prefix: str
) -> None:
    assert await create_missing_topics(kafka_bootstrap, KafkaSection(topic_prefix=kafka_prefix, partitions=2)) == []


async def test_a_topic_that_does_not_exist_says_what_to_type(kafka_bootstrap: str) -> None:
    with pytest.raises(ConfigError, match="firstwire topics init"):
        await values(kafka_bootstrap, "nobody-made-this")


async def test_an_aborted_transaction_is_never_seen(kafka_bootstrap: str, kafka_prefix: str) -> None:
    topic = topic_name(kafka_prefix, ALERTS)
    async with transactional_producer(kafka_bootstrap, f"{kafka_prefix}-x") as producer:
        async with producer.transaction() as out:
            await out.send(Message(topic, "a", b"kept"))
        with pytest.raises(ZeroDivisionError):
            async with producer.transaction() as out:
                await out.send(Message(topic, "a", b"dropped"))
                raise ZeroDivisionError
    assert await values(kafka_bootstrap, topic) == [b"kept"]


async def test_a_newer_owner_fences_the_older_one(kafka_bootstrap: str, kafka_prefix: str) -> None:
    topic = topic_name(kafka_prefix, ALERTS)
    async with (
        transactional_producer(kafka_bootstrap, f"{kafka_prefix}-x") as older,
        transactional_producer(kafka_bootstrap, f"{kafka_prefix}-x") as newer,
    ):
        with pytest.raises(FencedError):
            async with older.transaction() as out:
                await out.send(Message(topic, "a", b"old"))
        async with newer.transaction() as out:
            await out.send(Message(topic, "a", b"new"))
    assert await values(kafka_bootstrap, topic) == [b"new"]


async def test_a_record_over_the_brokers_limit_is_poison_and_not_a_crash(
    kafka_bootstrap: str, kafka_prefix: str
) -> None:
    async with confirmed_producer(kafka_bootstrap) as producer:
        with pytest.raises(PoisonError, match="large"):
            await producer.send(Message(topic_name(kafka_prefix, ARTICLES), "en", b"x" * 2_000_000))


async def test_a_range_is_cut_by_the_time_of_the_records(kafka_bootstrap: str, kafka_prefix: str) -> None:
    topic = topic_name(kafka_prefix, ARTICLES)
    begin_ms = 1_700_000_000_000
    await send_all(
        kafka_bootstrap,
        [Message(topic, "en", str(second).encode(), timestamp_ms=begin_ms + second * 1000) for second in range(10)],
    )
    async with open_reader(kafka_bootstrap, topic) as reader:
        bounds = await reader.range_of(from_ms=1_700_000_003_000, to_ms=1_700_000_006_000)
        assert [record.value async for record in reader.read(bounds)] == [b"3", b"4", b"5"]
