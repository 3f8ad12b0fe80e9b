"""A backup of what runs, restored where there is nothing: stages and notifier go on, and do nothing again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from firstwire.broker.commit_notes import Noted, Tally
from firstwire.broker.producer import Message
from firstwire.broker.retention import input_settings
from firstwire.broker.topics import (
    ALERTS,
    ARTICLES,
    DEAD_LETTERS,
    DEDUPLICATE_STATE,
    DELIVERIES,
    RULES,
    STORIES,
    create_missing_topics,
    topic_name,
)
from firstwire.commands.options import now
from firstwire.config import KafkaSection
from firstwire.errors import ConfigError
from firstwire.replay.backup import back_up
from firstwire.replay.restore import read_backup, restore
from firstwire.replay.saved_topics import SavedPosition
from schemas.times import shifted, to_milliseconds
from tests.fakes.receivers import ScriptedWebhook
from tests.fakes.stages import PassOn
from tests.support.kafka import publish, records, send_all
from tests.support.notifying import Notifying, alert_ids, all_delivered, numbered
from tests.support.waiting import until
from tests.support.workers import configuration, running

KEPT = (ARTICLES, STORIES, DEDUPLICATE_STATE, ALERTS, DELIVERIES, RULES, DEAD_LETTERS)


async def contents(bootstrap: str, prefix: str) -> dict[str, list[tuple[object, ...]]]:
    """What every topic holds, by partition and in order, without the offsets."""
    found = {}
    for topic in KEPT:
        read = sorted(await records(bootstrap, prefix, topic), key=lambda each: (each.partition, each.offset))
        found[topic] = [(each.partition, each.timestamp_ms, each.key, each.value, each.headers) for each in read]
    return found


async def worked(bootstrap: str, prefix: str, folder: Path, stories: int) -> PassOn:
    """A stage that was at work until there were so many stories."""
    stage = PassOn(prefix)

    async def all_out() -> bool:
        return len(await records(bootstrap, prefix, STORIES)) == stories

    async with running(bootstrap, configuration(prefix, folder), [stage]):
        await until(all_out, f"{stories} records on stories")
    return stage


def total(positions: tuple[SavedPosition, ...], group: str) -> Tally:
    return Tally.sum(Noted.read(each.metadata).tally for each in positions if each.group == group)


async def test_what_is_restored_goes_on_and_does_nothing_again(
    kafka_bootstrap: str, kafka_prefix: str, house: Notifying, tmp_path: Path
) -> None:
    empty, folder = f"{kafka_prefix}x", tmp_path / "saved"
    articles = [f'{{"number": {number}}}'.encode() for number in range(40)]
    await publish(kafka_bootstrap, topic_name(kafka_prefix, ARTICLES), articles)
    await publish(kafka_bootstrap, topic_name(kafka_prefix, DEAD_LETTERS), [b"no JSON\n", b"\xff\x00", None, b""])
    await worked(kafka_bootstrap, kafka_prefix, tmp_path, 40)
    async with ScriptedWebhook() as hook:
        async with house.notifying(hook=hook.url):
            await house.raise_alerts([numbered(1), numbered(2)])
            await house.settled(all_delivered(2))
            manifest = await back_up(kafka_bootstrap, kafka_prefix, folder)
        before = await contents(kafka_bootstrap, kafka_prefix)
        assert manifest == read_backup(folder)
        assert total(manifest.positions, "deduplicate").read == 40

        kafka = KafkaSection(topic_prefix=empty, partitions=manifest.partitions)
        await create_missing_topics(kafka_bootstrap, kafka)
        await restore(kafka_bootstrap, empty, folder, manifest, now=now())
        assert await contents(kafka_bootstrap, empty) == before

        # One that is known, and a new one
        await publish(kafka_bootstrap, topic_name(empty, ARTICLES), [articles[0], b'{"number": 99}'], keys=1)
        stage = await worked(kafka_bootstrap, empty, tmp_path, 41)
        assert sorted(stage.judged) == sorted([articles[0], b'{"number": 99}'])
        house.prefix = empty
        async with house.notifying(hook=hook.url):
            await house.raise_alerts([numbered(3)])
            await house.settled(all_delivered(3))
        assert sorted(alert_ids(hook.requests)) == [f"{number:018x}" for number in (1, 2, 3)]
    again = await back_up(kafka_bootstrap, empty, tmp_path / "again")
    counted = total(again.positions, "deduplicate")
    assert (counted.read, counted.written[topic_name(empty, STORIES)]) == (42, 41)


async def test_what_no_stage_has_read_yet_is_restored_only_if_it_is_kept_until_one_has(
    kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path
) -> None:
    """Kafka keeps stories for 30 days from when their article was fetched: what is older would be gone at once."""
    empty, folder, restored_at = f"{kafka_prefix}x", tmp_path / "saved", now()
    topic = topic_name(kafka_prefix, STORIES)
    times = [to_milliseconds(shifted(restored_at, timedelta(days=-days))) for days in (45, 35, 25)]
    await send_all(kafka_bootstrap, [Message(topic, "k", b"{}", timestamp_ms=at_ms, partition=1) for at_ms in times])
    saved = await back_up(kafka_bootstrap, kafka_prefix, folder)
    await create_missing_topics(kafka_bootstrap, KafkaSection(topic_prefix=empty, partitions=saved.partitions))

    async def restored(read: int, *, extend_retention: bool = False) -> int:
        position = SavedPosition(group="analyze", topic=STORIES, partition=1, records=read, metadata="")
        manifest = msgspec.structs.replace(saved, positions=(position,))
        return await restore(
            kafka_bootstrap, empty, folder, manifest, now=restored_at, extend_retention=extend_retention
        )

    refused = (
        rf"{folder}: what its stages have not read yet begins on .*, and Kafka keeps {empty}-stories for 30 days.*: "
        "it could remove some before the next stage has read them. Give --extend-retention, to keep all for 66 days"
    )
    with pytest.raises(ConfigError, match=refused):
        await restored(1)
    assert await records(kafka_bootstrap, empty, STORIES) == []
    assert await restored(1, extend_retention=True) == 66
    assert [each.timestamp_ms for each in await records(kafka_bootstrap, empty, STORIES)] == times
    kept = await input_settings(kafka_bootstrap, empty)
    assert {topic for topic, each in kept.items() if each.retention_ms != 66 * 24 * 3600 * 1000} == {
        topic_name(empty, ARTICLES)
    }


async def test_what_every_stage_has_read_may_expire_as_before(
    kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path
) -> None:
    empty, folder = f"{kafka_prefix}x", tmp_path / "saved"
    long_ago = to_milliseconds(shifted(now(), timedelta(days=-45)))
    topic = topic_name(kafka_prefix, STORIES)
    await send_all(kafka_bootstrap, [Message(topic, "k", b"{}", timestamp_ms=long_ago, partition=1)])
    saved = await back_up(kafka_bootstrap, kafka_prefix, folder)
    position = SavedPosition(group="analyze", topic=STORIES, partition=1, records=1, metadata="")
    manifest = msgspec.structs.replace(saved, positions=(position,))
    await create_missing_topics(kafka_bootstrap, KafkaSection(topic_prefix=empty, partitions=saved.partitions))
    assert await restore(kafka_bootstrap, empty, folder, manifest, now=now()) == 0


async def test_nothing_is_written_over_and_nothing_damaged_is_restored(
    kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path
) -> None:
    folder = tmp_path / "saved"
    await publish(kafka_bootstrap, topic_name(kafka_prefix, ARTICLES), [b"{}"])
    manifest = await back_up(kafka_bootstrap, kafka_prefix, folder)
    with pytest.raises(ConfigError, match="there is a backup or an archive already"):
        await back_up(kafka_bootstrap, kafka_prefix, folder)
    with pytest.raises(ConfigError, match=f"{kafka_prefix}-articles is not empty"):
        await restore(kafka_bootstrap, kafka_prefix, folder, manifest, now=now())
    other = KafkaSection(topic_prefix=f"{kafka_prefix}x", partitions=manifest.partitions + 1)
    await create_missing_topics(kafka_bootstrap, other)
    with pytest.raises(ConfigError, match="has 2 partitions and the topics have 3"):
        await restore(kafka_bootstrap, other.topic_prefix, folder, manifest, now=now())
    file = folder / "topics" / "articles.jsonl.zst"
    file.write_bytes(file.read_bytes() + b"x")
    with pytest.raises(ConfigError, match=f"{file}: was changed or damaged"):
        read_backup(folder)
    (folder / "manifest.json").unlink()
    with pytest.raises(ConfigError, match="no backup, or one that did not end"):
        read_backup(folder)
