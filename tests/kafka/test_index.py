"""The index live: what is judged can be found at once, a restart goes on, and a deleted index comes back the same."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from agents.app import stages
from firstwire import config
from firstwire.broker.producer import Message
from firstwire.broker.topics import ARTICLES, OUTCOMES, STORIES, topic_name
from firstwire.core.firsts.ledger import Seeds
from firstwire.core.rules.rulebook import Rulebook
from firstwire.core.watches.watch import watch_of
from firstwire.errors import TransientError
from firstwire.index.database import remove
from firstwire.index.reading import IndexReader
from firstwire.index.results import AlertFilter
from firstwire.index.search import search
from firstwire.index.service import IndexFiller
from firstwire.index.writing import Applied
from schemas.article import Article
from schemas.codec import encode
from tests.support.command_line import typed
from tests.support.configuration import write_configuration
from tests.support.indexing import story
from tests.support.kafka import publish, records, transactional_producer
from tests.support.knowledge import knowledge_of, shipped_gazetteer
from tests.support.records import article
from tests.support.waiting import until
from tests.support.workers import running

TITLES = ("Moldova frees three jailed men", "Moldova closes village schools", "Rain in Ghana", "Ghana opens a port")
LATER = "Moldova opens an airport"
QUERY = "@moldova OR (ghana AND rain)"


def told(number: int, title: str) -> Article:
    return article(f"article-{number}", title=title, body="", hours=number, source=f"Outlet {number}")


async def test_the_index_is_in_step_with_the_topics(kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path) -> None:
    file = write_configuration(tmp_path, bootstrap=kafka_bootstrap, prefix=kafka_prefix, more="[index]\ndays = 36500\n")
    configuration = config.load(file, {})
    gazetteer = shipped_gazetteer()
    rules = Rulebook(watches=(watch_of("moldova", "@moldova", gazetteer),))
    filler = IndexFiller(configuration, kafka_bootstrap, lambda: gazetteer)
    reader = IndexReader(filler.place)

    def answers() -> list[Any]:
        page = search(reader, gazetteer, QUERY)
        found = [reader.article(f"article-{number}") for number in range(len(TITLES) + 1)]
        alerts = reader.alerts(AlertFilter({"rule": ("moldova",)}))
        return [page, found, alerts.alerts, reader.stories(since="2025-07-01T00:00:00.000Z")]

    async def has(articles: int, alerts: int) -> bool:
        """So many of both; alerts are raised after the outcomes are written."""
        state = None
        if filler.place.file.exists():
            with suppress(TransientError):  # it is being made
                state = reader.state()
        outcomes = await records(kafka_bootstrap, kafka_prefix, OUTCOMES)
        found = (articles, alerts, 0, articles)
        return state is not None and (state.articles, state.alerts, state.behind, len(outcomes)) == found

    async with running(kafka_bootstrap, configuration, stages(configuration, knowledge_of(rules), Seeds(), 2)):
        async with filling(filler) as applied:
            await publish_articles(kafka_bootstrap, kafka_prefix, [told(*each) for each in enumerate(TITLES)])
            await until(lambda: has(4, 2), "all articles in the index")
            assert [hit.story.title for hit in search(reader, gazetteer, QUERY).hits] == list(reversed(TITLES[:3]))
            assert sorted(each for one in applied for each in one.alerts) == sorted(
                one.alert.alert_id for one in reader.alerts().alerts
            )
            assert reader.alerts().total == 2
            assert not await IndexFiller(configuration, kafka_bootstrap, lambda: gazetteer).catch_up()

        await publish_articles(kafka_bootstrap, kafka_prefix, [told(4, LATER)])
        await abort_a_story(kafka_bootstrap, kafka_prefix)
        async with filling(filler) as applied:
            await until(lambda: has(5, 3), "the article of the time between in the index")
            assert sum(one.articles for one in applied) == 1
            before = answers()
            assert reader.alerts().total == 3

            remove(filler.place)
            await until(lambda: has(5, 3), "the index again")
            assert answers() == before

    code, out, err = await typed("search", QUERY, "--json", "--config", file, cwd=tmp_path)
    assert (code, err) == (0, "")
    assert [each["title"] for each in json.loads(out)] == [LATER, *reversed(TITLES[:3])]
    alert_id = reader.alerts().alerts[0].alert.alert_id
    code, out, err = await typed("alerts", "show", alert_id[:8], "--config", file, cwd=tmp_path)
    assert (code, err) == (0, "")
    assert LATER in out and "verdict  article-4: raised" in out


@asynccontextmanager
async def filling(filler: IndexFiller) -> AsyncIterator[list[Applied]]:
    applied: list[Applied] = []
    filler.on_applied = applied.append
    stop = asyncio.Event()
    task = asyncio.create_task(filler.run(stop))
    try:
        yield applied
    finally:
        stop.set()
        await task


async def publish_articles(bootstrap: str, prefix: str, articles: list[Article]) -> None:
    await publish(bootstrap, topic_name(prefix, ARTICLES), [encode(one) for one in articles], keys=1)


async def abort_a_story(bootstrap: str, prefix: str) -> None:
    async with transactional_producer(bootstrap, f"{prefix}-aborting") as producer:
        with suppress(InterruptedError):
            async with producer.transaction() as out:
                await out.send(Message(topic_name(prefix, STORIES), "s", encode(story("never", "Moldova sinks"))))
                raise InterruptedError
