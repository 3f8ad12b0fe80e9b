"""First hop: the same articles through a bare Faust agent and through our shell, each in a process of its own."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from random import Random
from string import ascii_lowercase

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from firstwire.broker.topics import ARTICLES, STORIES, create_missing_topics, topic_name
from firstwire.config import KafkaSection
from schemas.article import Article
from schemas.codec import encode
from schemas.times import from_milliseconds
from tests.support.kafka import publish
from tests.support.processes import exit_code, started

PARTITIONS = 4
PATIENCE_SECONDS = 180.0
WARM_UP = 2_000
"""Records through before the clock starts: joining the group is not what is measured."""

BEGIN_MS = 1_751_551_331_000


def articles(count: int) -> list[bytes]:
    """Distinct articles of about 600 bytes, as a wire sends them: no two share a run of words."""
    random = Random(7)
    words = ["".join(random.choices(ascii_lowercase, k=random.randint(2, 9))) for _ in range(5_000)]
    return [
        encode(
            Article(
                article_id=f"{number:032x}",
                title=f"Council hears report {number}",
                summary=" ".join(random.choices(words, k=45)),
                language="en",
                source="Bench Wire",
                published_at=from_milliseconds(BEGIN_MS + number),
                fetched_at=from_milliseconds(BEGIN_MS + number),
            )
        )
        for number in range(count)
    ]


async def rate(
    bootstrap: str, module: str, arguments: list[str], source: str, target: str, values: list[bytes]
) -> float:
    """Records a second from the first counted record on the target to the last."""
    with (
        tempfile.TemporaryDirectory() as folder,
        started(
            [sys.executable, "-m", module, bootstrap, *arguments], log=Path(folder) / "log", TMPDIR=folder
        ) as process,
    ):
        await publish(bootstrap, source, values[:WARM_UP], keys=len(values), partitions=PARTITIONS)
        await _until(bootstrap, target, WARM_UP)
        before = await _end(bootstrap, target)
        await publish(bootstrap, source, values[WARM_UP:], keys=len(values), partitions=PARTITIONS)
        began = time.monotonic()
        await _until(bootstrap, target, len(values), before)
        rate = (len(values) - WARM_UP) / (time.monotonic() - began)
        process.terminate()  # in order, so that the group forgets it before the next one joins
        await exit_code(process)
        return rate


async def race(bootstrap: str, kind: str, round_number: int, values: list[bytes]) -> float:
    """One run of one contestant on topics of its own: `bare`, or a kind of `ours`."""
    prefix = f"{kind}{round_number}"
    await create_missing_topics(bootstrap, KafkaSection(topic_prefix=prefix, partitions=PARTITIONS))
    source, target = topic_name(prefix, ARTICLES), topic_name(prefix, STORIES)
    if kind == "bare":
        await _make_topics(bootstrap, [f"bare-{source}-__assignor-__leader"])
        return await rate(bootstrap, "tests.bench.bare", [source, target], source, target, values)
    return await rate(bootstrap, "tests.bench.ours", [prefix, kind], source, target, values)


async def _make_topics(bootstrap: str, names: list[str]) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        await admin.start()
        await admin.create_topics([NewTopic(name, 1, 1) for name in names])
    finally:
        await admin.close()


async def _end(bootstrap: str, topic: str) -> int:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, isolation_level="read_committed")
    try:
        await consumer.start()
        ends = await consumer.end_offsets([TopicPartition(topic, number) for number in range(PARTITIONS)])
    finally:
        await consumer.stop()
    return sum(ends.values())


async def _until(bootstrap: str, topic: str, count: int, before: int = 0) -> None:
    """Until a `read_committed` reader has seen so many records of the topic (markers are no records)."""
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=bootstrap, isolation_level="read_committed", auto_offset_reset="earliest"
    )
    seen, deadline = 0, time.monotonic() + PATIENCE_SECONDS
    try:
        await consumer.start()
        while seen < count:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{seen} of {count} records on {topic} in {PATIENCE_SECONDS:.0f} s")
            found = await consumer.getmany(timeout_ms=100)
            seen += sum(len(records) for records in found.values())
    finally:
        await consumer.stop()
