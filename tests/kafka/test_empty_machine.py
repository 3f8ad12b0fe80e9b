"""A backup on an empty machine, and the topics of an earlier version: all is as it was, and nobody is told again."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from firstwire.broker.embedded import broker_folder, running_broker
from firstwire.broker.producer import Message, open_producer
from firstwire.broker.topics import (
    ALERTS,
    ARTICLES,
    EVENTS,
    MATCHES,
    OUTCOMES,
    STORIES,
    TOPICS,
    VERDICTS,
    topic_name,
)
from firstwire.demo.origin import DemoOrigin
from firstwire.demo.receivers import SlackServer, WebhookServer
from firstwire.demo.sample import read_sample
from firstwire.errors import EXIT_OK
from firstwire.replay.restore import restore
from firstwire.replay.saved_topics import BackupManifest, SavedPosition, SavedRecord, SavedTopic, file_of
from schemas.alert import Verdict
from schemas.article import Article
from schemas.codec import decode, encode
from schemas.outcome import Outcome
from schemas.times import format_timestamp, to_milliseconds
from tests.recorded.__main__ import RULES
from tests.support.command_line import typed
from tests.support.configuration import write_configuration
from tests.support.kafka import records
from tests.support.processes import exit_code, firstwire
from tests.support.recorded import POISON, VERSIONS, recorded
from tests.support.waiting import until

LISTS = (
    ("alerts", "list", "--shadow"),
    ("alerts", "list"),
    ("deliveries", "list"),
    ("rules", "list"),
    ("ledger", "show"),
    ("silences", "list"),
    ("feedback", "list"),
)
GROUPS = {
    "deduplicate": ARTICLES,
    "analyze": STORIES,
    "alert-events": EVENTS,
    "alert-matches": MATCHES,
    "notifier": ALERTS,
}
EMBEDDED = {"FIRSTWIRE_KAFKA_BOOTSTRAP_SERVERS": "embedded"}
"""Whatever Kafka is given to the other tests."""
PATIENCE_SECONDS = 180.0
"""A whole daemon starts on a busy machine."""
RULES_THAT_COVER_IT = {"quiet", "taliban", "anything", "first-to-recognize"}


async def lists(folder: Path) -> dict[str, Any]:
    """What commands say of all that people care about."""
    found = {}
    for command in LISTS:
        code, out, err = await typed(*command, "--json", cwd=folder)
        assert code == EXIT_OK, err
        found[" ".join(command)] = json.loads(out)
    return found


def written(folder: Path, origin: DemoOrigin, slack: SlackServer, webhook: WebhookServer) -> Path:
    folder.mkdir()
    return write_configuration(
        folder,
        partitions=2,
        feeds=origin.urls,
        rules=["seeds/demo/rules.yaml"],
        slack=slack.url,
        webhook=webhook.url,
        match={"kind": "first"},
        web="",
        more='[ledger]\npaths = ["seeds/demo/ledger.yaml"]\n',
    )


async def count(folder: Path, topic: str) -> int:
    address = running_broker(broker_folder(folder))
    return 0 if address is None else len(await records(address, "firstwire", topic))


@pytest.mark.slow
async def test_an_empty_machine_goes_on_where_the_old_one_was(tmp_path: Path) -> None:
    sample = read_sample()
    (updated,) = [article.guid for article in sample.articles if article.update is not None]
    old, new, saved = tmp_path / "old", tmp_path / "new", tmp_path / "saved"
    async with (
        DemoOrigin(sample, now=lambda: datetime.now(UTC)) as origin,
        SlackServer() as slack,
        WebhookServer() as webhook,
    ):

        async def both_told() -> bool:
            return bool(slack.requests and webhook.requests)

        with firstwire(
            "run", "--config", str(written(old, origin, slack, webhook)), log=tmp_path / "old.log", **EMBEDDED
        ) as run:
            await until(both_told, "both are told", PATIENCE_SECONDS)

            async def is_judged() -> bool:
                return await count(old, OUTCOMES) == len(sample.articles)

            await until(is_judged, "all is judged", PATIENCE_SECONDS)
            (alert,) = json.loads((await typed("alerts", "list", "--json", cwd=old))[1])
            for command in (
                ("silences", "add", "tag=cricket", "--for", "7d", "--author", "ana"),
                ("feedback", "give", alert["alert_id"], "right", "--author", "ana"),
                ("ledger", "add", "recognize", "malta", "kosovo", "2008-08-22", "--source", "the archive"),
            ):
                code, _, err = await typed(*command, cwd=old)
                assert code == EXIT_OK, err

            async def is_in_ledger() -> bool:
                shown = await typed("ledger", "show", "recognize", "kosovo", "--json", cwd=old)
                return "malta" in shown[1]

            await until(is_in_ledger, "the correction is in the ledger", PATIENCE_SECONDS)
            before = await lists(old)
            code, _, err = await typed("backup", str(saved), cwd=old)
            assert code == EXIT_OK, err
            articles = await count(old, ARTICLES)
            run.terminate()
            assert await exit_code(run) == EXIT_OK
        told = len(slack.requests), len(webhook.requests)

        file = written(new, origin, slack, webhook)
        code, _, err = await typed("restore", str(saved), cwd=new)
        assert code == EXIT_OK, err
        with firstwire("run", "--config", str(file), log=tmp_path / "new.log", **EMBEDDED) as run:
            await origin.publish_update(updated)

            async def is_updated() -> bool:
                return await count(new, OUTCOMES) == len(sample.articles) + 1

            await until(is_updated, "the news since then is judged", PATIENCE_SECONDS)
            after = await lists(new)
            assert await count(new, ARTICLES) == articles + 1, "no feed was read from its beginning"
            run.terminate()
            assert await exit_code(run) == EXIT_OK
        assert (len(slack.requests), len(webhook.requests)) == told
    for alerts in ("alerts list", "alerts list --shadow"):  # the update may have grown an alert
        assert [each["alert_id"] for each in after.pop(alerts)] == [each["alert_id"] for each in before.pop(alerts)]
    assert after == before


def backup_of(version: str, folder: Path, prefix: str) -> BackupManifest:
    """A recording as a backup in which everything was judged and told: what an upgrade finds."""
    kept = {topic.name: [each for each in recorded(version) if each.topic == topic.name] for topic in TOPICS}
    saved = []
    for name, messages in kept.items():
        file = file_of(folder, name)
        file.parent.mkdir(parents=True, exist_ok=True)
        lines = []
        for each in messages:
            value = msgspec.UNSET if each.value is None else msgspec.Raw(each.value)
            lines.append(msgspec.json.encode(SavedRecord(each.partition, each.timestamp_ms, each.key, value)))
        file.write_bytes(b"\n".join(lines))
        saved.append(SavedTopic(name=name, records=len(lines), sha256=""))
    positions = [
        SavedPosition(group=group, topic=topic, partition=partition, records=number, metadata="")
        for group, topic in GROUPS.items()
        for partition, number in Counter(each.partition for each in kept[topic]).items()
    ]
    return BackupManifest(
        written_by=version, prefix=prefix, partitions=2, topics=tuple(saved), positions=tuple(positions)
    )


@pytest.mark.slow
@pytest.mark.parametrize("version", VERSIONS[-2:])
async def test_an_upgrade_raises_nothing_and_tells_nobody_again(
    kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path, version: str
) -> None:
    places = kafka_bootstrap, kafka_prefix
    now = format_timestamp(datetime.now(UTC))
    await restore(*places, tmp_path / "saved", backup_of(version, tmp_path / "saved", kafka_prefix), now=now)
    known = {record.key for record in await records(*places, ALERTS)}
    repeated = next(each for each in recorded(version) if each.topic == ARTICLES and each.value not in (None, POISON))
    assert repeated.value is not None
    joining = Article(
        article_id="after-the-upgrade",
        title="Honduras recognizes Kosovo",
        body="Honduras formally recognized Kosovo, its foreign ministry said in Tegucigalpa.",
        language="en",
        source="Wire Z",
        published_at="2025-09-01T09:00:00.000Z",
        fetched_at=now,
    )
    (tmp_path / "rules.yaml").write_text(RULES, encoding="utf-8")
    async with SlackServer() as slack, WebhookServer() as webhook:
        file = write_configuration(
            tmp_path,
            bootstrap=kafka_bootstrap,
            prefix=kafka_prefix,
            partitions=2,
            feeds=(),
            rules=[str(tmp_path / "rules.yaml")],
            slack=slack.url,
            webhook=webhook.url,
            match={},
            web="",
        )
        with firstwire("run", "--config", str(file), log=tmp_path / "run.log") as run:
            async with open_producer(kafka_bootstrap) as producer:
                for key, value in ((repeated.key, repeated.value), ("en", encode(joining))):
                    topic = topic_name(kafka_prefix, ARTICLES)
                    await producer.send(Message(topic, key, value, timestamp_ms=to_milliseconds(now)))

            async def verdicts() -> dict[str, Verdict]:
                """By rule, those on the article that came after the upgrade."""
                found = [decode(each.value, Verdict) for each in await records(*places, VERDICTS)]
                return {each.rule_id: each for each in found if each.article_id == joining.article_id}

            async def is_judged() -> bool:
                return set(await verdicts()) == RULES_THAT_COVER_IT

            async def is_known() -> bool:
                outcomes = [decode(each.value, Outcome) for each in await records(*places, OUTCOMES)]
                again = decode(repeated.value, Article).article_id
                return [each.outcome for each in outcomes if each.article_id == again][-1] == "duplicate"

            async def is_told() -> bool:
                return bool(slack.requests and webhook.requests)

            await until(is_judged, "what came after the upgrade is judged", PATIENCE_SECONDS)
            await until(is_told, "the watch's new story is told", PATIENCE_SECONDS)
            await until(is_known, "what came again is a duplicate", PATIENCE_SECONDS)
            run.terminate()
            assert await exit_code(run) == EXIT_OK
        act, story = (await verdicts())["anything"], (await verdicts())["taliban"]
        assert (act.verdict, act.alert_id in known) == ("joined", True), "the act is that of an old alert"
        assert (story.verdict, story.alert_id in known) == ("raised", False), "and its story is new, a year later"
        assert {record.key for record in await records(*places, ALERTS)} == known | {story.alert_id}
        told = [each.json["data"]["alert"]["alert_id"] for each in webhook.requests]
        assert (told, len(slack.requests)) == ([story.alert_id], 1)
