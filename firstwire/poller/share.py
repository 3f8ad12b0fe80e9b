"""A poller's share of the feeds: it is a member of a Kafka consumer group over the partitions of `subscriptions`.

For the partitions that it is given it restores the states of their feeds, and follows what people decide on feeds.
Before the group's partitions move it ends its visits, so that a feed has one poller at a time. One that was paused for
longer than a session may visit feeds of others once it goes on: that costs repeats, which end as duplicates, and loses
nothing, since a state is never saved before its articles.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass, field

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError

from firstwire.broker.closing import closed
from firstwire.broker.first_answer import living_address
from firstwire.broker.limits import ANSWER_LIMIT_MS, FETCH_LIMIT_BYTES, REBALANCE_LIMIT_MS
from firstwire.broker.producer import RETRY_BACKOFF_MS
from firstwire.broker.reader import Received, open_reader, received
from firstwire.broker.topics import FEED_ENTRIES, FEED_STATES, SUBSCRIPTIONS, topic_name
from firstwire.errors import FatalError, TransientError
from firstwire.poller.feed_partitions import feed_partition
from firstwire.poller.known_feeds import newest_of_each_feed, note_change, note_state, read_change, read_entries
from firstwire.poller.links import redacted, same_feed_key
from firstwire.poller.loop import Poller
from firstwire.poller.state_records import with_entries
from firstwire.poller.stopping import stopped_within
from firstwire.poller.subscriptions import Subscription, pauses, polled_subscriptions
from schemas.feed import FeedEntries, FeedState
from schemas.subscription import SubscriptionChange

SESSION_TIMEOUT_MS = 6_000
"""How long a dead poller keeps its feeds: as short as a broker allows by default."""
HEARTBEAT_MS = 1_000
FETCH_TIMEOUT_MS = 200
HANDOVER_SECONDS = 2.0
"""How long visits may take once partitions move, before they are dropped: the other pollers wait for them."""
RETRY_SECONDS = 1.0

log = structlog.get_logger()


@dataclass
class _Held:
    """A partition of this poller's."""

    changes: dict[str, SubscriptionChange]
    next_offset: int
    """Of `subscriptions`."""
    others: dict[str, FeedState]
    """What is known of feeds that are not subscribed now."""
    polled: dict[str, Subscription] = field(default_factory=dict)
    states_end: int | None = None
    """The end of `feed-states` when the partition was about to move: if it is the same afterwards, nobody wrote."""


class FeedShare:
    """`await run(stop)` keeps the poller's feeds up to date; `await close()` leaves the group."""

    def __init__(
        self, bootstrap_servers: str, prefix: str, *, partitions: int, of_files: Iterable[Subscription], poller: Poller
    ) -> None:
        self._bootstrap_servers = bootstrap_servers
        self._group = f"{prefix}-poller"
        self._subscriptions = topic_name(prefix, SUBSCRIPTIONS)
        self._states = topic_name(prefix, FEED_STATES)
        self._entries = topic_name(prefix, FEED_ENTRIES)
        self._poller = poller
        self._of_files: defaultdict[int, list[Subscription]] = defaultdict(list)
        for subscription in of_files:
            self._of_files[feed_partition(subscription.url, partitions)].append(subscription)
        self._held: dict[int, _Held] = {}
        self._consumer: AIOKafkaConsumer | None = None
        self._stop = asyncio.Event()
        self.failure: Exception | None = None
        """Why partitions could not be taken over or given up."""

    async def run(self, stop: asyncio.Event) -> None:
        """Join the group and follow decisions on feeds until `stop` is set. Waits out outages of Kafka.

        Raises FatalError if partitions cannot be taken over or given up.
        """
        self._stop = stop
        while not stop.is_set():
            try:
                consumer = self._consumer = await self._joined()
                while not stop.is_set():
                    if self.failure is not None:
                        raise FatalError(f"cannot move feeds: {self.failure!r}", place=self._group) from self.failure
                    for tp, records in (await consumer.getmany(timeout_ms=FETCH_TIMEOUT_MS)).items():
                        self._follow(tp.partition, [received(record) for record in records])
            except (KafkaError, TransientError) as err:
                log.warning("kafka_unreachable", reason=repr(err), wait_seconds=RETRY_SECONDS)
                # Outside the group the feeds may be somebody else's
                await self.revoked()
                await self.close()
                await stopped_within(self._stop, RETRY_SECONDS)

    async def close(self) -> None:
        """Leave the group, so that the others need not wait for a session to end."""
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            await closed(consumer.stop())

    async def revoked(self) -> None:
        """Partitions are about to move: end the visits, and note what was written last."""
        await self._poller.pause(HANDOVER_SECONDS)
        ends = await self._ends_of_states(list(self._held))
        for number, held in self._held.items():
            held.states_end = ends.get(number)

    async def assigned(self, numbers: Iterable[int]) -> None:
        """These partitions are this poller's now, and no others. Tries until Kafka answers."""
        mine = set(numbers)
        ends = await self._ends_of_states(sorted(mine & self._held.keys()))
        for number, held in list(self._held.items()):
            if number not in mine or held.states_end is None or ends.get(number) != held.states_end:
                self._release(number)
        missing = sorted(mine - self._held.keys())
        while missing and not self._stop.is_set():
            try:
                await self._restore(missing)
                break
            except TransientError as err:
                log.warning("kafka_unreachable", reason=str(err), wait_seconds=RETRY_SECONDS)
                await stopped_within(self._stop, RETRY_SECONDS)
        self._poller.resume()
        feeds = sum(len(held.polled) for held in self._held.values())
        log.info("feeds_assigned", partitions=sorted(mine), feeds=feeds)

    async def _joined(self) -> AIOKafkaConsumer:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=await living_address(self._bootstrap_servers),
            group_id=self._group,
            client_id=self._group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            session_timeout_ms=SESSION_TIMEOUT_MS,
            heartbeat_interval_ms=HEARTBEAT_MS,
            rebalance_timeout_ms=REBALANCE_LIMIT_MS,
            fetch_max_bytes=FETCH_LIMIT_BYTES,
            fetch_max_wait_ms=FETCH_TIMEOUT_MS,
            request_timeout_ms=ANSWER_LIMIT_MS,
            retry_backoff_ms=RETRY_BACKOFF_MS,
        )
        consumer.subscribe([self._subscriptions], listener=_Moves(self))
        try:
            await consumer.start()
        except BaseException:
            await closed(consumer.stop())
            raise
        return consumer

    async def _restore(self, numbers: list[int]) -> None:
        """Read what is known of the feeds of partitions, and begin to visit them."""
        changes, next_offsets = await self._read_changes(numbers)
        states = await self._read_states(numbers)
        for number in numbers:
            held = _Held(changes[number], next_offsets[number], newest_of_each_feed(states[number].values()))
            self._held[number] = held
            held.polled = polled_subscriptions(self._of_files[number], held.changes)
            for key, subscription in held.polled.items():
                self._poller.subscribe(subscription, held.others.pop(key, None))

    async def _read_changes(
        self, numbers: list[int]
    ) -> tuple[dict[int, dict[str, SubscriptionChange]], dict[int, int]]:
        changes: dict[int, dict[str, SubscriptionChange]] = {number: {} for number in numbers}
        async with open_reader(self._bootstrap_servers, self._subscriptions) as reader:
            bounds = await reader.range_of(numbers)
            async for record in reader.read(bounds):
                note_change(changes[record.partition], record)
        return changes, dict(bounds.ends)

    async def _read_states(self, numbers: list[int]) -> dict[int, dict[str, FeedState]]:
        entries: dict[str, FeedEntries | None] = {}
        async with open_reader(self._bootstrap_servers, self._entries) as reader:
            async for record in reader.read(await reader.range_of(numbers)):
                entries[record.key] = read_entries(record)
        states: dict[int, dict[str, FeedState]] = {number: {} for number in numbers}
        async with open_reader(self._bootstrap_servers, self._states) as reader:
            async for record in reader.read(await reader.range_of(numbers)):
                note_state(states[record.partition], record)
        return {
            number: {key: with_entries(state, entries.get(key)) for key, state in found.items()}
            for number, found in states.items()
        }

    def _release(self, number: int) -> None:
        for subscription in self._held.pop(number).polled.values():
            self._poller.unsubscribe(subscription.url)

    def _follow(self, number: int, records: list[Received]) -> None:
        """Act on decisions. After an assignment the client reads the topic from its beginning: known ones are left."""
        held = self._held.get(number)
        for record in records:
            if held is None or record.offset < held.next_offset:
                continue
            held.next_offset = record.offset + 1
            change = read_change(record)
            if change is not None:
                self._apply(number, held, change)

    def _apply(self, number: int, held: _Held, change: SubscriptionChange) -> None:
        key = same_feed_key(change.url)
        held.changes[key] = change
        of_file = [each for each in self._of_files[number] if same_feed_key(each.url) == key]
        before, after = held.polled.pop(key, None), polled_subscriptions(of_file, {key: change}).get(key)
        if before is not None and (after is None or after.url != before.url):
            held.others[key] = self._poller.unsubscribe(before.url)
        if after is not None:
            held.polled[key] = after
            self._poller.subscribe(after, held.others.pop(key, None))
        done = "feed_added" if after is not None else "feed_paused" if pauses(change) else "feed_removed"
        log.info(done, url=redacted(change.url))

    async def _ends_of_states(self, numbers: list[int]) -> dict[int, int]:
        """The ends of partitions of `feed-states`; none of them if the broker does not answer."""
        if not numbers:
            return {}
        try:
            async with open_reader(self._bootstrap_servers, self._states) as reader:
                return dict((await reader.range_of(numbers)).ends)
        except TransientError:
            return {}


class _Moves(ConsumerRebalanceListener):  # type: ignore[misc]
    """Passes on aiokafka's calls; an error must end the process, which aiokafka would only log."""

    def __init__(self, share: FeedShare) -> None:
        self._share = share

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        await self._guarded(self._share.revoked())

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        await self._guarded(self._share.assigned([tp.partition for tp in assigned]))

    async def _guarded(self, moving: Awaitable[None]) -> None:
        try:
            await moving
        except Exception as err:
            self._share.failure = err
