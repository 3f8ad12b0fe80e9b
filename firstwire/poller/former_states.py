"""Fills `feed-states` and `feed-entries` from the topic `feeds`, in which earlier versions kept the states of feeds."""

from __future__ import annotations

from collections.abc import Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from firstwire.broker.closing import closed
from firstwire.broker.first_answer import living_address
from firstwire.broker.limits import ANSWER_LIMIT_MS
from firstwire.broker.producer import open_producer
from firstwire.broker.reader import open_reader, read_all
from firstwire.broker.topics import FEED_STATES, FORMER_FEED_STATES, topic_name
from firstwire.errors import TransientError
from firstwire.poller.known_feeds import note_state, read_state
from firstwire.poller.links import same_feed_key
from firstwire.poller.state_records import state_messages
from schemas.feed import FeedState

TOGETHER = 200
"""States sent before any is waited for."""


async def copy_former_states(bootstrap_servers: str, prefix: str, partitions: int) -> int:
    """Copy what earlier versions wrote since the last time, and return how many states that were.

    The offset up to which the topic was copied is committed afterwards, so that a copy that was interrupted is made
    again. Raises TransientError if the broker does not answer.
    """
    former = TopicPartition(topic_name(prefix, FORMER_FEED_STATES), 0)
    consumer = AIOKafkaConsumer(
        bootstrap_servers=await living_address(bootstrap_servers),
        group_id=f"{prefix}-former-feed-states",
        enable_auto_commit=False,
        request_timeout_ms=ANSWER_LIMIT_MS,
    )
    try:
        await consumer.start()
        if former.topic not in await consumer.topics():
            return 0
        consumer.assign([former])
        begin: int = (await consumer.beginning_offsets([former]))[former]
        end: int = (await consumer.end_offsets([former]))[former]
        begin = max(begin, await consumer.committed(former) or 0)
        if begin >= end:
            return 0
        states = await _former_states(bootstrap_servers, former.topic, begin, end)
        await _copy(bootstrap_servers, prefix, states, partitions)
        await consumer.commit({former: end})
        return len(states)
    except KafkaError as err:
        raise TransientError(f"cannot copy {former.topic}: {err!r}", place=bootstrap_servers) from err
    finally:
        await closed(consumer.stop())


async def _former_states(bootstrap_servers: str, topic: str, begin: int, end: int) -> dict[str, FeedState]:
    states: dict[str, FeedState] = {}
    async with open_reader(bootstrap_servers, topic) as reader:
        async for record in reader.read(reader.bounds(0, begin, end)):
            note_state(states, record)
    return states


async def _copy(bootstrap_servers: str, prefix: str, states: Mapping[str, FeedState], partitions: int) -> None:
    """Write those states that are not older than what is there."""
    known: dict[str, str] = {}
    async for record in read_all(bootstrap_servers, topic_name(prefix, FEED_STATES)):
        there = read_state(record)
        known[same_feed_key(record.key)] = "" if there is None else there.checked_at or ""
    messages = [
        message
        for url, state in states.items()
        if (state.checked_at or "") >= known.get(same_feed_key(url), "")
        for message in state_messages(prefix, state, None, partitions)
    ]
    async with open_producer(bootstrap_servers) as producer:
        for start in range(0, len(messages), TOGETHER):
            await producer.send_all(messages[start : start + TOGETHER])
