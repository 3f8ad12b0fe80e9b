"""The Kafka primitives on a real broker: ranges, confirmed sends, transactions, fencing."""

from __future__ import annotations

import msgspec
import pytest
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from firstwire.broker.admin import open_admin
from firstwire.broker.embedded import answers
from firstwire.broker.producer import Message, open_producer
from firstwire.broker.reader import open_reader, read_all
from firstwire.broker.topics import ALERTS, ARTICLES, EVENTS, FOREVER_MS, TOPICS, create_missing_topics, topic_name
from firstwire.broker.transaction import FencedError
from firstwire.config import KafkaSection
from firstwire.errors import ConfigError, PoisonError, TransientError
from tests.support.kafka import send_all, transactional_producer
from tests.support.waiting import until


async def values(bootstrap: str, topic: str) -> list[bytes | None]:
    return sorted([record.value async for record in read_all(bootstrap, topic)], key=lambda value: value or b"")


async def test_topics_are_created_once_and_the_second_time_nothing_is_missing(
    kafka_bootstrap: str, kafka_prefix: str
) -> None:
    assert await create_missing_topics(kafka_bootstrap, KafkaSection(topic_prefix=kafka_prefix, partitions=2)) == []


async def test_nothing_expires_that_tests_send_however_old_it_is(kafka_bootstrap: str, kafka_prefix: str) -> None:
    by_time = [topic_name(kafka_prefix, topic.name) for topic in TOPICS if topic.cleanup == "delete"]
    asked = [ConfigResource(ConfigResourceType.TOPIC, name, {"retention.ms": ""}) for name in by_time]
    async with open_admin(kafka_bootstrap, "cannot ask for settings") as admin:

        async def all_stay() -> bool:
            described = await admin.describe_configs(asked)
            kept_ms = {name: value for answer in described for *_, name, ((_, value, *_),) in answer.resources}
            return kept_ms == dict.fromkeys(by_time, str(FOREVER_MS))

        await until(all_stay, "a broker knows a setting shortly after it was made", patience=10)


async def test_a_start_needs_any_of_the_addresses_and_not_the_first(kafka_bootstrap: str) -> None:
    assert await answers(f"127.0.0.1:1, {kafka_bootstrap}")
    assert not await answers("127.0.0.1:1,127.0.0.1:2")


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


async def test_many_records_stand_where_as_many_sends_put_them_and_in_their_order(
    kafka_bootstrap: str, kafka_prefix: str
) -> None:
    topic, other = topic_name(kafka_prefix, ALERTS), topic_name(kafka_prefix, EVENTS)
    stamps = (("fetched_at", b"x"),)
    large = b"x" * 100_000  # so that a partition gets several batches
    messages = [Message(topic, f"key {number % 40}", b"%d " % number + large, stamps, 7_000) for number in range(60)]
    async with transactional_producer(kafka_bootstrap, f"{kafka_prefix}-x") as producer:
        async with producer.transaction() as out:
            await out.send_all([*messages, Message(other, "a", None, partition=1), Message(other, "a", b"b")])
        together = [record async for record in read_all(kafka_bootstrap, topic)]
        async with producer.transaction() as out:
            for message in messages:
                await out.send(message)
    both = [record async for record in read_all(kafka_bootstrap, topic)]
    assert len(both) == 2 * len(together) == 120
    for number in {record.partition for record in both}:
        placed = [msgspec.structs.replace(one, offset=0) for one in both if one.partition == number]
        assert placed[: len(placed) // 2] == placed[len(placed) // 2 :]
    assert {(one.headers, one.timestamp_ms) for one in together} == {(stamps, 7_000)}
    assert [one.value async for one in read_all(kafka_bootstrap, other) if one.partition == 1][:1] == [None]


async def test_of_many_records_one_too_large_is_poison_and_none_is_written(
    kafka_bootstrap: str, kafka_prefix: str
) -> None:
    topic = topic_name(kafka_prefix, ALERTS)
    async with transactional_producer(kafka_bootstrap, f"{kafka_prefix}-x") as producer:
        with pytest.raises(PoisonError):
            async with producer.transaction() as out:
                await out.send_all([Message(topic, "a", b"small"), Message(topic, "a", b"x" * 2_000_000)])
        with pytest.raises(PoisonError):  # refused by the broker: the client's own limit is a little lower
            async with producer.transaction() as out:
                await out.send_all([Message(topic, "a", b"small"), Message(topic, "b", b"x" * 1_048_570)])
    assert await values(kafka_bootstrap, topic) == []


@pytest.mark.parametrize("sends_many", [False, True], ids=["one", "many"])
async def test_a_newer_owner_fences_the_older_one(kafka_bootstrap: str, kafka_prefix: str, sends_many: bool) -> None:
    topic = topic_name(kafka_prefix, ALERTS)
    async with (
        transactional_producer(kafka_bootstrap, f"{kafka_prefix}-x") as older,
        transactional_producer(kafka_bootstrap, f"{kafka_prefix}-x") as newer,
    ):
        with pytest.raises(FencedError):
            async with older.transaction() as out:
                old = Message(topic, "a", b"old")
                await (out.send_all([old]) if sends_many else out.send(old))
        async with newer.transaction() as out:
            await out.send(Message(topic, "a", b"new"))
    assert await values(kafka_bootstrap, topic) == [b"new"]


async def test_a_record_over_the_brokers_limit_is_poison_and_not_a_crash(
    kafka_bootstrap: str, kafka_prefix: str
) -> None:
    async with open_producer(kafka_bootstrap) as producer:
        with pytest.raises(PoisonError, match="large"):
            await producer.send(Message(topic_name(kafka_prefix, ARTICLES), "en", b"x" * 2_000_000))


async def test_a_time_too_far_in_the_future_is_named_as_the_reason(kafka_bootstrap: str, kafka_prefix: str) -> None:
    in_2100 = Message(topic_name(kafka_prefix, ARTICLES), "k", b"{}", timestamp_ms=4_102_444_800_000)
    async with open_producer(kafka_bootstrap) as producer:
        with pytest.raises(
            TransientError, match=r"not confirmed: the time of a record is further in .* clocks right\?"
        ):
            await producer.send(in_2100)


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
