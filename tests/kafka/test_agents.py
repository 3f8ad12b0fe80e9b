"""The shell around judgement on a real broker: transactions, guard, poison, suspects, fencing, watchdog."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from structlog.testing import capture_logs

from agents.guard import ATTEMPTS_LIMIT
from firstwire.broker.admin import open_admin
from firstwire.broker.producer import Message
from firstwire.broker.reader import Received
from firstwire.broker.topics import ARTICLES, DEAD_LETTERS, MATCHES, STORIES, topic_name
from firstwire.errors import EXIT_FATAL, PoisonError
from schemas.codec import decode
from schemas.outcome import DeadLetter
from tests.fakes.stages import PassOn
from tests.support.exits import Exits
from tests.support.kafka import publish, records, send_all, transactional_producer
from tests.support.waiting import until
from tests.support.workers import configuration, running


def numbered(count: int, start: int = 0) -> list[bytes]:
    return [f"article {number}".encode() for number in range(start, start + count)]


async def values(bootstrap: str, prefix: str, topic: str) -> list[bytes]:
    return sorted(record.value or b"" for record in await records(bootstrap, prefix, topic))


async def test_every_record_comes_out_once_also_over_restarts(
    kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path
) -> None:
    topic = topic_name(kafka_prefix, ARTICLES)
    settings = configuration(kafka_prefix, tmp_path)
    await publish(kafka_bootstrap, topic, numbered(700))
    for _ in range(3):
        async with running(kafka_bootstrap, settings, [PassOn(kafka_prefix)]):
            await publish(kafka_bootstrap, topic, numbered(300) + numbered(300, start=10_000))

            async def all_out() -> bool:
                return len(await records(kafka_bootstrap, kafka_prefix, STORIES)) >= 1000

            await until(all_out, "1000 records on stories")
    assert await values(kafka_bootstrap, kafka_prefix, STORIES) == sorted(numbered(700) + numbered(300, start=10_000))


async def test_poison_ends_as_a_dead_letter_and_the_rest_goes_on(
    kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path
) -> None:
    def fail(record: Received) -> None:
        if record.value == b"article 5":
            raise PoisonError("the title is missing")

    await publish(kafka_bootstrap, topic_name(kafka_prefix, ARTICLES), numbered(20))
    async with running(kafka_bootstrap, configuration(kafka_prefix, tmp_path), [PassOn(kafka_prefix, fail)]):

        async def others_out() -> bool:
            return len(await records(kafka_bootstrap, kafka_prefix, STORIES)) == 19

        await until(others_out, "19 records on stories")
    (letter,) = [decode(r.value, DeadLetter) for r in await records(kafka_bootstrap, kafka_prefix, DEAD_LETTERS)]
    assert letter.error == "the title is missing"
    assert letter.value_bytes == len(b"article 5")


async def test_an_agent_that_raises_leaves_with_70_and_is_poison_the_third_time(
    kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path
) -> None:
    def fail(record: Received) -> None:
        if record.value == b"article 7":
            raise ZeroDivisionError("a mistake of ours")

    settings = configuration(kafka_prefix, tmp_path)
    await publish(kafka_bootstrap, topic_name(kafka_prefix, ARTICLES), numbered(20), keys=1)
    for _ in range(ATTEMPTS_LIMIT):
        exits = Exits()
        async with running(kafka_bootstrap, settings, [PassOn(kafka_prefix, fail)], exits):
            await asyncio.wait_for(exits.happened.wait(), 30)
        assert exits.codes[0] == EXIT_FATAL
        assert b"article 8" not in await values(kafka_bootstrap, kafka_prefix, STORIES)
    async with running(kafka_bootstrap, settings, [PassOn(kafka_prefix, fail)]):

        async def rest_out() -> bool:
            return len(await records(kafka_bootstrap, kafka_prefix, STORIES)) == 19

        await until(rest_out, "19 records on stories")
    (letter,) = [decode(r.value, DeadLetter) for r in await records(kafka_bootstrap, kafka_prefix, DEAD_LETTERS)]
    assert letter.attempts == ATTEMPTS_LIMIT
    assert letter.place.offset == 7


async def test_a_worker_whose_partition_was_taken_over_leaves_and_writes_nothing(
    kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path
) -> None:
    exits = Exits()
    topic = topic_name(kafka_prefix, ARTICLES)
    async with running(kafka_bootstrap, configuration(kafka_prefix, tmp_path), [PassOn(kafka_prefix)], exits) as app:
        await publish(kafka_bootstrap, topic, numbered(10))

        async def first_out() -> bool:
            return len(await records(kafka_bootstrap, kafka_prefix, STORIES)) == 10

        await until(first_out, "10 records on stories")
        for partition in range(2):
            async with transactional_producer(kafka_bootstrap, f"{app.sources[0].group}-{partition}"):
                pass  # to begin is to fence
        await publish(kafka_bootstrap, topic, numbered(10, start=100))
        await asyncio.wait_for(exits.happened.wait(), 30)
    assert exits.codes[0] == EXIT_FATAL
    assert await values(kafka_bootstrap, kafka_prefix, STORIES) == sorted(numbered(10))


async def test_two_workers_share_the_partitions_and_double_nothing(
    kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path
) -> None:
    topic = topic_name(kafka_prefix, ARTICLES)
    first = configuration(kafka_prefix, tmp_path, "worker-0")
    second = configuration(kafka_prefix, tmp_path, "worker-1")
    async with running(kafka_bootstrap, first, [PassOn(kafka_prefix)]) as app:
        await publish(kafka_bootstrap, topic, numbered(500))
        async with running(kafka_bootstrap, second, [PassOn(kafka_prefix)]) as other:

            async def both_own() -> bool:
                return len(app.sources[0]._open) == 1 and len(other.sources[0]._open) == 1

            await publish(kafka_bootstrap, topic, numbered(500, start=500))
            await until(both_own, "each worker owns a partition")
            await publish(kafka_bootstrap, topic, numbered(500, start=1000))

            async def all_out() -> bool:
                return len(await records(kafka_bootstrap, kafka_prefix, STORIES)) >= 1500

            await until(all_out, "1500 records on stories")
    assert await values(kafka_bootstrap, kafka_prefix, STORIES) == sorted(numbered(1500))


async def test_the_watchdog_ends_a_worker_whose_commits_stand_still(
    kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exits = Exits()
    stuck = asyncio.Event()

    async def never(*args: object) -> None:
        await stuck.wait()

    settings = configuration(kafka_prefix, tmp_path, stall_after="2s")
    async with running(kafka_bootstrap, settings, [PassOn(kafka_prefix)], exits):
        monkeypatch.setattr("agents.batch.Batch._write", never)
        await publish(kafka_bootstrap, topic_name(kafka_prefix, ARTICLES), numbered(10))
        await asyncio.wait_for(exits.happened.wait(), 30)
        stuck.set()
    assert exits.codes[0] == EXIT_FATAL


async def test_an_idle_worker_on_a_topic_with_transaction_markers_is_not_taken_for_stalled(
    kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path
) -> None:
    exits = Exits()
    settings = configuration(kafka_prefix, tmp_path, stall_after="1s")
    reader = PassOn(kafka_prefix, remember=False, name="second", input=STORIES, is_transactional_input=True)
    reader.judge = lambda state, record, stamp: __import__("agents.stage").stage.Judged()  # type: ignore[method-assign]
    async with running(kafka_bootstrap, settings, [PassOn(kafka_prefix), reader], exits) as app:
        await publish(kafka_bootstrap, topic_name(kafka_prefix, ARTICLES), numbered(50))

        async def caught_up() -> bool:
            return all([await source.lag() == 0 for source in app.sources]) and bool(app.sources[1].committed_batches)

        await until(caught_up, "no source is behind")
        for source in app.sources:
            since = source.progress_at

            async def looked_at(source=source, since=since) -> bool:  # type: ignore[no-untyped-def]
                return source.progress_at > since + 2.0

            await until(looked_at, "the watchdog sees an idle source as well for twice its limit")
    assert exits.codes == []


async def test_an_output_that_the_broker_refuses_is_poison_of_its_record_alone(
    kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path
) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_bootstrap)
    await admin.start()
    try:
        stories = ConfigResource(ConfigResourceType.TOPIC, topic_name(kafka_prefix, STORIES))
        stories.configs = {"max.message.bytes": "2000"}
        await admin.alter_configs([stories])
    finally:
        await admin.close()
    large = b"large " * 1000
    await publish(kafka_bootstrap, topic_name(kafka_prefix, ARTICLES), [*numbered(9), large, *numbered(9, 100)], keys=1)
    exits = Exits()
    async with running(
        kafka_bootstrap, configuration(kafka_prefix, tmp_path), [PassOn(kafka_prefix, remember=False)], exits
    ):

        async def others_out() -> bool:
            return len(await records(kafka_bootstrap, kafka_prefix, STORIES)) == 18

        await until(others_out, "the 18 others on stories")
    assert exits.codes == []
    (letter,) = [decode(r.value, DeadLetter) for r in await records(kafka_bootstrap, kafka_prefix, DEAD_LETTERS)]
    assert "large" in letter.error
    assert letter.place.offset == 9


@pytest.mark.parametrize("is_transactional", [False, True])
async def test_what_was_removed_before_it_was_read_is_reported_and_a_marker_is_not(
    kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path, is_transactional: bool
) -> None:
    """Retention goes by the times of articles: of old ones it may remove what a stage has not read."""
    topic = topic_name(kafka_prefix, MATCHES)
    stage = PassOn(kafka_prefix, input=MATCHES, is_transactional_input=is_transactional)
    marker = 1 if is_transactional else 0

    async def written(*numbers: int) -> None:
        messages = [Message(topic, "a", f"match {number}".encode(), partition=0) for number in numbers]
        if not is_transactional:
            await send_all(kafka_bootstrap, messages)
            return
        async with (
            transactional_producer(kafka_bootstrap, f"{kafka_prefix}-x") as producer,
            producer.transaction() as out,
        ):
            await out.send_all(messages)

    async def removed_before(offset: int) -> None:
        async with open_admin(kafka_bootstrap, "cannot remove") as admin:
            await admin.delete_records({TopicPartition(topic, 0): RecordsToDelete(before_offset=offset)})

    async def losses(last: int) -> list[int]:
        """What a worker reports as lost, by the offset that it expected, once it has judged a record."""
        with capture_logs() as logs:
            async with running(kafka_bootstrap, configuration(kafka_prefix, tmp_path), [stage]) as app:

                async def all_judged() -> bool:
                    return f"match {last}".encode() in stage.judged and not any(each.is_busy() for each in app.sources)

                await until(all_judged, "the last record is judged")
        return [each["expected"] for each in logs if each["event"] == "records_lost_to_retention"]

    await written(0, 1, 2)
    await removed_before(2)
    assert await losses(2) == [0]  # nothing was ever committed
    await written(3)
    await removed_before(3 + marker)  # at the most a marker
    assert await losses(3) == []
    await written(4, 5)
    await removed_before(5 + 2 * marker)
    assert await losses(5) == [4 + marker]
    assert stage.judged == [b"match 2", b"match 3", b"match 5"]
