"""A feed that a hub pushes, on a real Kafka: soon, once, and also after a restart of the poller."""

from __future__ import annotations

import asyncio

from firstwire.broker.topics import ARTICLES
from schemas.article import Article
from schemas.codec import decode
from tests.bench.pushed_feeds import TOPIC, configuration, confirmed, measured, named_by
from tests.fakes.hub import FakeHub
from tests.fakes.origin import FakeOrigin, feed, item
from tests.support.kafka import records
from tests.support.poller_service import poller_service
from tests.support.pushing import free_port


async def titles(bootstrap: str, prefix: str) -> list[str]:
    return [decode(record.value, Article).title for record in await records(bootstrap, prefix, ARTICLES)]


async def test_news_are_safe_within_two_seconds_of_their_publication(kafka_bootstrap: str, kafka_prefix: str) -> None:
    took = await measured(kafka_bootstrap, kafka_prefix, 20)
    assert max(took) <= 2.0
    assert await titles(kafka_bootstrap, kafka_prefix) == [f"News {number}" for number in range(21)]


async def test_a_poller_that_is_started_anew_takes_what_is_pushed_and_asks_no_hub(
    kafka_bootstrap: str, kafka_prefix: str
) -> None:
    async with FakeOrigin() as origin, FakeHub(origin) as hub:
        settings = configuration(kafka_prefix, named_by(origin, hub), f"127.0.0.1:{free_port()}")
        async with poller_service(settings, kafka_bootstrap):
            before = await confirmed(kafka_bootstrap, kafka_prefix, hub)
        async with poller_service(settings, kafka_bootstrap):
            status = [0]
            while status != [204]:  # 503 until the poller has its feeds
                assert status[0] in (0, 503)
                await asyncio.sleep(0.02)
                try:
                    status = await hub.publish(TOPIC, feed(item("News 1", guid="1")).body)
                except OSError:  # it does not listen yet
                    continue
        after = await confirmed(kafka_bootstrap, kafka_prefix, hub)
    assert len(hub.requests) == len(origin.requests) == 1
    assert before.push is not None
    assert after.push is not None
    assert (after.push.secret, after.push.callback) == (before.push.secret, before.push.callback)
    assert await titles(kafka_bootstrap, kafka_prefix) == ["News 0", "News 1"]
