"""News that a hub pushes: `python -m tests.bench.pushed_feeds` prints how soon they are safe in Kafka.

Publisher, hub, poller and broker are real, on this machine. The time is from when the publisher tells the hub until the
hub has its answer, which it gets when the article is acknowledged.
"""

from __future__ import annotations

import asyncio
import sys
import time

from firstwire.broker.topics import FEED_STATES, create_missing_topics
from firstwire.config import Configuration, KafkaSection, PollerSection, Settings, WebSubSection
from schemas.codec import decode
from schemas.feed import FeedState
from tests.fakes.hub import FakeHub
from tests.fakes.origin import FakeOrigin, feed, item
from tests.support.kafka import embedded_broker, records
from tests.support.poller_service import poller_service
from tests.support.pushing import free_port
from tests.support.waiting import found_once

TOPIC = "https://news.example/feed.xml"


def configuration(prefix: str, url: str, listen: str) -> Configuration:
    """A poller that visits its feed once in the test, and has it pushed."""
    settings = Settings(
        kafka=KafkaSection(topic_prefix=prefix),
        poller=PollerSection(
            subscriptions=(url,), interval="1h", first_poll="all", allow_private_addresses=("127.0.0.1/32",)
        ),
        websub=WebSubSection(callback_url=f"http://{listen}/websub", listen=listen),
    )
    return Configuration(settings=settings, file=None, origins={})


def named_by(origin: FakeOrigin, hub: FakeHub) -> str:
    """The address of a feed that names the hub."""
    links = f'<{hub.url}>; rel="hub", <{TOPIC}>; rel="self"'
    return origin.says("/feed", feed(item("News 0", guid="0"), Link=links, ETag='"1"'))


async def confirmed(bootstrap_servers: str, prefix: str, hub: FakeHub) -> FeedState:
    """The state of the feed, once it says that the hub pushes it."""

    async def saved() -> list[FeedState]:
        states = [decode(each.value, FeedState) for each in await records(bootstrap_servers, prefix, FEED_STATES)]
        return [each for each in states if each.push is not None and each.push.lease_until is not None]

    await hub.confirmed()
    return (await found_once(saved, bool, "a hub that has confirmed"))[-1]


async def measured(bootstrap_servers: str, prefix: str, pushes: int) -> list[float]:
    """Seconds from each publication until its article was safe."""
    found = []
    async with FakeOrigin() as origin, FakeHub(origin) as hub:
        url, listen = named_by(origin, hub), f"127.0.0.1:{free_port()}"
        async with poller_service(configuration(prefix, url, listen), bootstrap_servers):
            await confirmed(bootstrap_servers, prefix, hub)
            for number in range(1, pushes + 1):
                body = feed(item(f"News {number}", guid=f"{number}", description="Some words. " * 100)).body
                began = time.monotonic()
                assert await hub.publish(TOPIC, body) == [204]
                found.append(time.monotonic() - began)
    return found


async def _main(pushes: int) -> None:
    async with embedded_broker() as broker:
        await create_missing_topics(broker.bootstrap_servers, KafkaSection(topic_prefix="pushed", partitions=4))
        took = sorted(await measured(broker.bootstrap_servers, "pushed", pushes))
    print(f"{pushes} pushes: {took[len(took) // 2]:.3f} s at the median, {took[-1]:.3f} s at most")


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]) if len(sys.argv) > 1 else 50))
