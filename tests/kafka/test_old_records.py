"""Old records on a real Kafka: ranges by time and offset, holes, order, and an archive that goes out and comes back."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import msgspec
import pytest

from agents.app import stages
from firstwire.broker import topics
from firstwire.broker.producer import Message
from firstwire.broker.reader import open_reader, read_all
from firstwire.broker.retention import input_settings
from firstwire.broker.topics import (
    ARTICLES,
    EVENTS,
    FOREVER_MS,
    MATCHES,
    OUTCOMES,
    STORIES,
    Topic,
    create_missing_topics,
    topic_name,
)
from firstwire.config import KafkaSection
from firstwire.core.rules.rulebook import EventRule
from firstwire.errors import ConfigError
from firstwire.files.rules import written_rules
from firstwire.ledger.corrections import publish as correct
from firstwire.replay.archive import Archive
from firstwire.replay.archiving import Imported, export, import_archive
from firstwire.replay.reading import StartStage, chosen_stage
from firstwire.replay.service import replay_source
from firstwire.replay.sources import ArchiveSource
from firstwire.replay.span import Bound, ReplaySpan
from firstwire.replay.topic import TopicSource, live_order, read_topic
from firstwire.rules.releases import publish, read_versions
from schemas.article import Article
from schemas.times import shifted, to_milliseconds
from tests.support.kafka import records, tell, transactional_producer
from tests.support.knowledge import knowledge_of, shipped_gazetteer, shipped_ledger, shipped_lemmas
from tests.support.records import CHINA, WINDOW, article, at, by_hand, rulebook
from tests.support.waiting import until
from tests.support.workers import configuration, running

RULES = "watches:\n- {id: embassies, query: embass*}\nevents:\n- {id: acts, action: '*', max_age: 'off'}\n"
TITLES = (
    "Russia becomes the first nation to recognize the Taliban government",
    "India opens an embassy in Kabul",
    "Cricket: Afghanistan wins the final",
)


def news(count: int = 30) -> list[Article]:
    """An article an hour, in two languages."""
    return [
        article(
            f"a{number}",
            title=TITLES[number % 3],
            body=f"Day {number}.",
            hours=number,
            language=("en", "fr")[number % 2],
        )
        for number in range(count)
    ]


def ids(found: list[object]) -> list[str]:
    return [one.article_id for one in found]  # type: ignore[attr-defined]


async def test_reading_in_order_is_the_order_of_all_records_and_holes_are_passed(
    kafka_bootstrap: str, kafka_prefix: str
) -> None:
    """Aborted transactions leave holes of records and markers; a partition without records is passed over."""
    topic = topic_name(kafka_prefix, STORIES)
    async with transactional_producer(kafka_bootstrap, f"{kafka_prefix}-holes") as producer:
        for number in range(40):
            try:
                async with producer.transaction() as out:
                    for part in range(3):
                        at_ms = 1_700_000_000_000 + (number * 7919 % 13) * 1000 + part
                        value = f"{number}-{part}".encode()
                        await out.send(Message(topic, "k", value, timestamp_ms=at_ms, partition=number % 3 % 2))
                    if number % 4 == 3:
                        raise InterruptedError
            except InterruptedError:
                continue
    everything = [record async for record in read_all(kafka_bootstrap, topic)]
    assert len(everything) == 90
    async with open_reader(kafka_bootstrap, topic) as reader:
        bounds = await reader.range_of()
        assert [one async for one in reader.read_in_order(bounds)] == live_order(everything)
        assert await reader.extent() is not None
        assert [one async for one in reader.read_in_order(reader.bounds(0, 0, 0))] == []


@pytest.mark.parametrize(
    ("since", "end", "found"),
    [
        (None, None, range(30)),
        (to_milliseconds(at(10)), None, range(10, 30)),
        (None, to_milliseconds(at(5)), range(5)),
        (to_milliseconds(at(28)), to_milliseconds(at(1000)), range(28, 30)),
        ({0: 10, 1: 12}, None, [20, 22, 24, 25, 26, 27, 28, 29]),
        ({1: 14}, {0: 1}, [0, 29]),
    ],
)
async def test_a_range_is_cut_by_time_or_by_offset(
    kafka_bootstrap: str, kafka_prefix: str, since: Bound, end: Bound, found: list[int]
) -> None:
    await tell(kafka_bootstrap, kafka_prefix, news())
    read = await read_topic(kafka_bootstrap, kafka_prefix, since, end)
    assert ids(read) == [f"a{number}" for number in found]  # type: ignore[arg-type]


async def test_a_bad_range_says_what_there_is_instead(kafka_bootstrap: str, kafka_prefix: str) -> None:
    places = kafka_bootstrap, kafka_prefix
    with pytest.raises(ConfigError, match=r"articles: there is nothing yet"):
        await read_topic(*places, 0, None)
    await tell(*places, news())
    for since, end, message in (
        (to_milliseconds(at(100)), None, r"records fetched from 2025-07-03T00:00:00.000Z to 2025-07-04T05:00:00.000Z"),
        ({2: 0}, None, r"has no partition 2; it has 0 to 1"),
        ({0: 99}, None, r"articles\[0\]@99: not on record any more, or not yet: there are offsets 0 to 15"),
    ):
        with pytest.raises(ConfigError, match=message):
            await read_topic(*places, since, end)  # type: ignore[arg-type]


async def test_a_warm_up_of_offsets_reads_what_was_fetched_before_them(kafka_bootstrap: str, kafka_prefix: str) -> None:
    await tell(kafka_bootstrap, kafka_prefix, news())
    source = TopicSource(kafka_bootstrap, kafka_prefix, shipped_lemmas())
    span = ReplaySpan({0: 10, 1: 10}, None, timedelta(hours=3))
    found = [(each.record.article_id, each.is_warm_up) async for each in source.articles(span)]
    assert found == [(f"a{number}", number < 20) for number in range(17, 30)]


@pytest.fixture
async def judged(kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path) -> AsyncIterator[TopicSource]:
    """Thirty articles, judged by a worker, and a correction by hand."""
    path = tmp_path / "rules.yaml"
    path.write_text(RULES, encoding="utf-8")
    written = written_rules([path], shipped_gazetteer())
    places = kafka_bootstrap, kafka_prefix
    await publish(*places, written, lambda: at(0))
    await tell(*places, news())
    rules = rulebook(*(each.rule for each in written if isinstance(each.rule, EventRule)))
    todo = stages(configuration(kafka_prefix, tmp_path), knowledge_of(rules), shipped_ledger(), 2)
    await correct(*places, by_hand(CHINA, date="2025-06-01"))

    async def all_ended() -> bool:
        return len(await records(*places, OUTCOMES)) == 30

    async with running(kafka_bootstrap, configuration(kafka_prefix, tmp_path), todo):
        await until(all_ended, "all articles have an outcome")
        source = TopicSource(*places, shipped_lemmas())

        async def corrected() -> bool:
            return bool(await source.corrections(ReplaySpan()))

        await until(corrected, "the correction is in the ledger")
    yield source


async def test_an_archive_goes_out_and_comes_back_and_all_sources_agree(
    judged: TopicSource, kafka_bootstrap: str, tmp_path: Path
) -> None:
    span, everything = ReplaySpan(), tmp_path / "archive"
    counts = (await export(judged, everything, span, None)).records
    assert (counts["articles"], counts["stories"], counts["rules"], counts["corrections"]) == (30, 30, 2, 1)
    kept = ArchiveSource(Archive(everything))
    rules = rulebook(EventRule(id="acts", action=("*",), max_age_seconds=None))
    knowledge, ledger = knowledge_of(rules), shipped_ledger()
    assert (await chosen_stage(judged, span, None)).stage is StartStage.STORIES
    found = [
        await replay_source(source, span, stage, knowledge, ledger, WINDOW, corrections=True)
        for source in (judged, kept)
        for stage in StartStage
    ]
    from_topic, from_archive = found[:2], found[2:]
    assert [one.verdicts for one in from_archive] == [one.verdicts for one in from_topic]
    assert [one.alerts for one in from_archive] == [one.alerts for one in from_topic]
    # Live, articles of two languages met in another order than that of their times: which of them raised an alert may
    # differ then, but not how it ends
    of_articles, of_stories = (
        {key: msgspec.structs.replace(alert, revision=0) for key, alert in one.alerts.items()} for one in from_topic
    )
    assert of_articles
    assert of_stories == of_articles

    prefix = f"t{uuid.uuid4().hex[:10]}"
    await create_missing_topics(kafka_bootstrap, KafkaSection(topic_prefix=prefix, partitions=2))
    first_at = min(one.fetched_at for one in news())
    bring = partial(import_archive, kafka_bootstrap, prefix, kept.archive, shipped_lemmas())
    with pytest.raises(ConfigError, match=rf"the article a2 is in the future, {at(2)}, and that of 27 others: nothing"):
        await bring(now=at(1.5))
    assert await records(kafka_bootstrap, prefix, topics.RULES) == []
    with pytest.raises(ConfigError, match=rf"{prefix}-stories for 30 .*--extend-retention, to keep all for 62 days"):
        await bring(now=shifted(first_at, timedelta(days=31)))
    assert await records(kafka_bootstrap, prefix, ARTICLES) == []
    put = await bring(now=shifted(first_at, timedelta(days=31)), extend_retention=True)
    assert put == Imported(30, 0, 1, 0, 1, 0, kept_days=62)
    kept_ms = {topic_name(prefix, name): 62 * 24 * 3600 * 1000 for name in (STORIES, EVENTS, MATCHES)}
    kept_ms[topic_name(prefix, ARTICLES)] = FOREVER_MS
    for topic, settings in (await input_settings(kafka_bootstrap, prefix)).items():
        assert settings == (Topic("", "delete", kept_ms[topic]).settings(1), kept_ms[topic])
    again = await bring(now=shifted(first_at, timedelta(days=32)))
    assert (again.articles, again.articles_there, again.releases, again.releases_there) == (0, 30, 0, 1)
    back = await read_topic(kafka_bootstrap, prefix, None, None)
    assert sorted(map(repr, back)) == sorted(map(repr, news()))
    stamps = {record.timestamp_ms for record in await records(kafka_bootstrap, prefix, ARTICLES)}
    assert stamps == {to_milliseconds(one.fetched_at) for one in news()}
    assert await read_versions(kafka_bootstrap, prefix) == await judged.versions()
