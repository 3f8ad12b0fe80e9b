"""A backup of what runs, restored where there is nothing: stages and notifier go on, and do nothing again."""

from __future__ import annotations

from pathlib import Path

import pytest

from firstwire.broker.commit_notes import Noted, Tally
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
from firstwire.config import KafkaSection
from firstwire.errors import ConfigError
from firstwire.replay.backup import back_up
from firstwire.replay.restore import read_backup, restore
from firstwire.replay.saved_topics import SavedPosition
from tests.fakes.receivers import ScriptedWebhook
from tests.fakes.stages import PassOn
from tests.support.kafka import publish, records
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
        await restore(kafka_bootstrap, empty, folder, manifest)
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


async def test_nothing_is_written_over_and_nothing_damaged_is_restored(
    kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path
) -> None:
    folder = tmp_path / "saved"
    await publish(kafka_bootstrap, topic_name(kafka_prefix, ARTICLES), [b"{}"])
    manifest = await back_up(kafka_bootstrap, kafka_prefix, folder)
    with pytest.raises(ConfigError, match="there is a backup or an archive already"):
        await back_up(kafka_bootstrap, kafka_prefix, folder)
    with pytest.raises(ConfigError, match=f"{kafka_prefix}-articles is not empty"):
        await restore(kafka_bootstrap, kafka_prefix, folder, manifest)
    other = KafkaSection(topic_prefix=f"{kafka_prefix}x", partitions=manifest.partitions + 1)
    await create_missing_topics(kafka_bootstrap, other)
    with pytest.raises(ConfigError, match="has 2 partitions and the topics have 3"):
        await restore(kafka_bootstrap, other.topic_prefix, folder, manifest)
    file = folder / "topics" / "articles.jsonl.zst"
    file.write_bytes(file.read_bytes() + b"x")
    with pytest.raises(ConfigError, match=f"{file}: was changed or damaged"):
        read_backup(folder)
    (folder / "manifest.json").unlink()
    with pytest.raises(ConfigError, match="no backup, or one that did not end"):
        read_backup(folder)
