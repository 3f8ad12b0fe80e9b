"""Following a topic: everything is seen once, an open transaction is noticed, an outage is lived through."""

from __future__ import annotations

from contextlib import AsyncExitStack

from agents.wiring import wall_clock
from firstwire.broker.follower import Follower
from firstwire.broker.producer import Message
from firstwire.broker.topics import RULES, create_missing_topics, topic_name
from firstwire.config import KafkaSection
from tests.support.kafka import transactional_producer
from tests.support.waiting import until


async def test_what_is_under_way_is_noticed_and_what_was_read_is_not_read_again(
    kafka_bootstrap: str, kafka_prefix: str
) -> None:
    await create_missing_topics(kafka_bootstrap, KafkaSection(topic_prefix=kafka_prefix))
    topic = topic_name(kafka_prefix, RULES)
    follower = Follower(kafka_bootstrap, topic)
    seen: list[bytes | None] = []
    known: list[str | None] = []

    async def look() -> bool:
        found = await follower.look(wall_clock)
        seen.extend(record.value for record in found.records)
        known.append(found.known_until)
        return found.known_until is not None

    await follower.start()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(follower.stop)
        producer = await stack.enter_async_context(transactional_producer(kafka_bootstrap, "follow"))
        await until(look, "the end of an empty topic")
        async with producer.transaction() as out:
            await out.send(Message(topic, "a", b"one"))
            await out.flush()
            known.clear()
            for _ in range(5):
                await look()
            assert (known, seen) == ([None] * 5, [])
        await until(look, "the end after the commit")
        assert seen == [b"one"]
        await follower.start()
        async with producer.transaction() as out:
            await out.send(Message(topic, "b", b"two"))

        async def has_two() -> bool:
            return await look() and len(seen) > 1

        await until(has_two, "the second record")
        assert seen == [b"one", b"two"]
