"""How far each stage of the worker is, and what it has counted: from what is committed, whoever runs it and where."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from aiokafka.structs import OffsetAndMetadata

from firstwire.broker.closing import closed
from firstwire.broker.commit_notes import Noted, Tally
from firstwire.broker.first_answer import living_address
from firstwire.broker.limits import ANSWER_LIMIT_MS
from firstwire.broker.topics import STAGES, STORIES, TOPICS, topic_name
from firstwire.errors import TransientError

ANSWER_SECONDS = 10.0
"""Idle it takes 0.1 s; on a machine that is busy with 30 processes 5 s were too few."""
LOOK_SECONDS = 1
"""How long it is looked whether a record lies behind a committed offset: the end of a transaction is none."""
FETCHED_BYTES = 64 * 1024
"""Of a partition: one record is enough to know that some wait."""


@dataclass(frozen=True)
class TopicSize:
    """How many records a topic holds: of a topic with transactions their ends count as well."""

    name: str
    partitions: int
    records: int


@dataclass(frozen=True)
class CommittedStage:
    """One stage, over all partitions of its input."""

    name: str
    input: str
    """Its topic."""
    lag: int
    """Records that wait for it; if there are any, with the ends of the transactions between them."""
    tally: Tally
    """What it has counted up to its offsets."""


@dataclass(frozen=True)
class Progress:
    """All topics, and all stages in the order of an article's way."""

    prefix: str
    topics: tuple[TopicSize, ...]
    stages: tuple[CommittedStage, ...]

    @property
    def articles_in(self) -> int:
        """Articles that the first stage has read."""
        return self._tally("deduplicate").read

    @property
    def outcomes(self) -> dict[str, int]:
        """The articles that have come to their end, by outcome, the most frequent first."""
        found = Counter[str]()
        for stage in self.stages:
            found.update(stage.tally.outcomes)
        return dict(found.most_common())

    @property
    def under_way(self) -> int:
        """Articles between the first and the second stage, that have no outcome yet."""
        first, second = self._tally("deduplicate"), self._tally("analyze")
        return first.written.get(topic_name(self.prefix, STORIES), 0) - second.read

    @property
    def unaccounted(self) -> int:
        """Articles in − Σ outcomes − those under way: anything but 0 is a fault, whatever was restarted meanwhile."""
        return self.articles_in - sum(self.outcomes.values()) - self.under_way

    @property
    def matches(self) -> int:
        return self._tally("analyze").matches

    @property
    def verdicts_on_matches(self) -> dict[str, int]:
        return dict(Counter(self._tally("alert-matches").verdicts).most_common())

    def _tally(self, stage: str) -> Tally:
        return next((one.tally for one in self.stages if one.name == stage), Tally())


Notes = Mapping[TopicPartition, tuple[int | None, Noted]]
"""By partition of a stage's input: its committed offset, None if there is none, and what is noted with it."""
Offsets = Mapping[TopicPartition, int]


async def read_progress(bootstrap_servers: str, prefix: str) -> Progress:
    """How far the stages are now. Raises TransientError if Kafka does not answer."""
    address = await living_address(bootstrap_servers)
    admin = AIOKafkaAdminClient(bootstrap_servers=address, request_timeout_ms=ANSWER_LIMIT_MS)
    consumer = AIOKafkaConsumer(
        bootstrap_servers=address,
        request_timeout_ms=ANSWER_LIMIT_MS,
        group_id=None,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=FETCHED_BYTES,
    )
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            await asyncio.gather(admin.start(), consumer.start())
            return await _progress(admin, consumer, prefix)
    except (KafkaError, TimeoutError) as err:
        raise TransientError(f"cannot ask how far the stages are: {err!r}", place=bootstrap_servers) from err
    finally:
        await asyncio.gather(closed(admin.close()), closed(consumer.stop()))


async def _progress(admin: AIOKafkaAdminClient, consumer: AIOKafkaConsumer, prefix: str) -> Progress:
    names = {topic_name(prefix, topic.name): topic.name for topic in TOPICS}
    described = await admin.describe_topics(list(names))
    partitions = [
        TopicPartition(topic["topic"], each["partition"]) for topic in described for each in topic["partitions"]
    ]
    groups = {group for group, *_ in await admin.list_consumer_groups()}
    noted: dict[str, Notes] = {}
    for stage in reversed(STAGES):  # later ones first: what one has read, the one before it has written
        mine = [tp for tp in partitions if names[tp.topic] == STAGES[stage]]
        group = topic_name(prefix, stage)
        # One that never committed may have no coordinator
        found = await admin.list_consumer_group_offsets(group) if group in groups else {}
        noted[stage] = _notes(found, mine)
    begins, ends = await consumer.beginning_offsets(partitions), await consumer.end_offsets(partitions)
    places = {tp: begins[tp] if at is None else at for notes in noted.values() for tp, (at, _) in notes.items()}
    waiting = await _waiting(consumer, {tp: at for tp, at in places.items() if at < ends[tp]}, ends)
    sizes: dict[str, list[int]] = {}
    for tp in partitions:
        sizes.setdefault(names[tp.topic], []).append(ends[tp] - begins[tp])
    return Progress(
        prefix,
        tuple(TopicSize(name, len(sizes[name]), sum(sizes[name])) for name in names.values() if name in sizes),
        tuple(
            CommittedStage(
                name,
                topic,
                sum(waiting.get(tp, 0) for tp in noted[name]),
                Tally.sum(note.tally for _, note in noted[name].values()),
            )
            for name, topic in STAGES.items()
        ),
    )


def _notes(found: Mapping[TopicPartition, OffsetAndMetadata], partitions: Sequence[TopicPartition]) -> Notes:
    held = {tp: found[tp] for tp in partitions if tp in found and found[tp].offset >= 0}
    return {
        tp: (held[tp].offset, Noted.read(held[tp].metadata or "")) if tp in held else (None, Noted())
        for tp in partitions
    }


async def _waiting(consumer: AIOKafkaConsumer, places: Offsets, ends: Offsets) -> dict[TopicPartition, int]:
    """By partition: how much waits between a committed offset and the end; 0 if there is no record between them."""
    if not places:
        return {}
    consumer.assign(list(places))
    for tp, at in places.items():
        await consumer.position(tp)  # its own reset would race with the seek
        consumer.seek(tp, at)
    waiting = {tp: ends[tp] - at for tp, at in places.items()}
    unknown = set(places)
    deadline = asyncio.get_running_loop().time() + LOOK_SECONDS
    while unknown and asyncio.get_running_loop().time() < deadline:
        found = await consumer.getmany(*unknown, timeout_ms=LOOK_SECONDS * 100)
        unknown -= {tp for tp, records in found.items() if records}
        for tp in tuple(unknown):
            waiting[tp] = max(0, ends[tp] - await consumer.position(tp))  # it moves past the ends of transactions
            unknown -= {tp} if not waiting[tp] else set()
    return waiting
