"""`firstwire takedown` on a real Kafka: no reader shows the article any more, and a backup is without it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from firstwire.broker.producer import Message
from firstwire.broker.takedowns import read_takedowns
from firstwire.broker.topics import ARTICLES, OUTCOMES, STORIES, TAKEDOWNS, topic_name
from firstwire.files.compressed import read_lines
from firstwire.replay.backup import back_up
from firstwire.replay.saved_topics import file_of
from firstwire.replay.span import ReplaySpan
from firstwire.replay.topic import TopicSource
from schemas import Outcome
from schemas.article import Article
from schemas.codec import encode
from schemas.record import Record
from schemas.times import to_milliseconds
from tests.support.command_line import firstwire
from tests.support.indexing import story
from tests.support.kafka import send_all
from tests.support.knowledge import shipped_lemmas
from tests.support.records import article, at

IDS = ("secret-1", "other-1")


async def test_an_article_that_is_taken_down_is_nowhere_to_be_read(
    kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path
) -> None:
    places = kafka_bootstrap, kafka_prefix
    sent: tuple[tuple[str, list[Record]], ...] = (
        (ARTICLES, [article(each, title=f"Ships of {each}", body="") for each in IDS]),
        (STORIES, [story(each, f"Ships of {each}") for each in IDS]),
        (OUTCOMES, [Outcome(article_id=each, outcome="no_match", reason="no rule covers it") for each in IDS]),
    )
    for name, records in sent:
        topic, at_ms = topic_name(kafka_prefix, name), to_milliseconds(at(0))
        await send_all(kafka_bootstrap, [Message(topic, "en", encode(each), timestamp_ms=at_ms) for each in records])
    environment = {"KAFKA_BOOTSTRAP_SERVERS": kafka_bootstrap, "KAFKA_TOPIC_PREFIX": kafka_prefix}

    async def typed(*arguments: str) -> tuple[int, str, str]:
        given = {f"FIRSTWIRE_{name}": value for name, value in environment.items()}
        given["FIRSTWIRE_KAFKA_PARTITIONS"] = "2"
        return await asyncio.to_thread(firstwire, *arguments, cwd=tmp_path, environment=given)

    assert (await typed("takedown", "nobody"))[0] == 78
    for _ in range(2):  # a second time changes nothing
        code, out, err = await typed("takedown", "secret", "--author", "ana", "--reason", "a court")
        assert (code, out) == (0, "taken down: secret-1\n"), err
    (taken,) = (await read_takedowns(*places)).values()
    assert (taken.article_id, taken.author, taken.reason) == ("secret-1", "ana", "a court")

    _, explained, _ = await typed("explain", "secret-1")
    assert f"taken down {taken.made_at} by ana: a court" in explained
    assert "Ships" not in explained
    _, stories, _ = await typed("stories", "--at", at(1), "--json")
    assert [each["title"] for each in json.loads(stories)] == ["Ships of other-1"]
    for hidden, count in ((False, 1), (True, 2)):
        source = TopicSource(*places, shipped_lemmas(), with_taken_down=hidden)
        assert len([each async for each in source.articles(ReplaySpan()) if isinstance(each.record, Article)]) == count
        assert len([each async for each in source.stories(ReplaySpan())]) == count

    manifest = await back_up(*places, tmp_path / "saved")
    for saved in manifest.topics:
        content = b"\n".join(line for _, line in read_lines(file_of(tmp_path / "saved", saved.name), "the backup"))
        assert b"Ships of secret" not in content
        assert saved.records == {ARTICLES: 1, STORIES: 1, OUTCOMES: 2, TAKEDOWNS: 1}.get(saved.name, 0)
