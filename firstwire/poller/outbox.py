"""Sends articles and feed states to Kafka until they are acknowledged. Waits out outages; skips nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime

import structlog

from firstwire.broker.dead_letters import dead_letter
from firstwire.broker.producer import ConfirmedProducer, Message
from firstwire.broker.topics import ALERTS, ARTICLES, DEAD_LETTERS, topic_name
from firstwire.errors import PoisonError, TransientError
from firstwire.poller.state_records import state_messages
from firstwire.poller.stopping import stopped_within
from schemas.alert import Alert
from schemas.article import Article
from schemas.codec import ARTICLE_LIMIT_BYTES, DecodeError, RecordTooLargeError, encode
from schemas.feed import FeedState
from schemas.outcome import Place
from schemas.times import format_timestamp, to_milliseconds

POLLER_STAGE = "poller"
FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 4.0
"""Between two tries to reach Kafka, which one visit makes for all: news may be this late once it is back."""
OUTBOX_STOP_SECONDS = 1.0

log = structlog.get_logger()


class Outbox:
    """Sends until Kafka has acknowledged, or `stop` is set. Close it at the end."""

    def __init__(
        self,
        bootstrap_servers: str,
        topic_prefix: str,
        *,
        partitions: int,
        stop: asyncio.Event,
        now: Callable[[], datetime],
    ) -> None:
        self._bootstrap_servers = bootstrap_servers
        self._articles = topic_name(topic_prefix, ARTICLES)
        self._prefix = topic_prefix
        self._partitions = partitions
        self._alerts = topic_name(topic_prefix, ALERTS)
        self._dead_letters = topic_name(topic_prefix, DEAD_LETTERS)
        self._stop = stop
        self._now = now
        self._producer: ConfirmedProducer | None = None
        self._renewing = asyncio.Lock()

    async def publish(self, articles: Sequence[Article], keys: Mapping[str, str]) -> bool:
        """Send articles in order, or as a dead letter if they are too large. False if stopped before all were safe.

        `keys` are those in Kafka, by article id.
        """
        if not articles:
            return True
        messages = [self._message_of(article, keys[article.article_id]) for article in articles]
        try:
            return await self._until_safe(messages)
        except PoisonError:
            # One of them is refused for its size: send each alone, so that the others pass
            for article, message in zip(articles, messages, strict=True):
                try:
                    if not await self._until_safe([message]):
                        return False
                except PoisonError as err:
                    if not await self._until_safe(
                        [self._dead_letter(article, keys[article.article_id], str(err), message.value)]
                    ):
                        return False
            return True

    async def save(self, state: FeedState, before: FeedState | None) -> bool:
        """Save a feed's state, of which `before` is saved already. False if stopped before it was safe."""
        return await self._until_safe([*state_messages(self._prefix, state, before, self._partitions)])

    async def tell(self, alert: Alert) -> bool:
        """Send an alert of the poller's own. False if stopped before it was safe."""
        headers = [("alerted_at", alert.times.fetched_at.encode())]
        message = Message(topic=self._alerts, key=alert.alert_id, value=encode(alert), headers=headers)
        return await self._until_safe([message])

    async def close(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await _stopped(producer)

    def _message_of(self, article: Article, key: str) -> Message:
        try:
            value = encode(article, limit_bytes=ARTICLE_LIMIT_BYTES)
        except (RecordTooLargeError, DecodeError) as err:
            return self._dead_letter(article, key, str(err), _unlimited(article))
        return Message(
            topic=self._articles,
            key=key,
            value=value,
            timestamp_ms=to_milliseconds(article.fetched_at),
        )

    def _dead_letter(self, article: Article, key: str, error: str, value: bytes | None) -> Message:
        log.error("article_not_published", url=article.feed, article_id=article.article_id, reason=error)
        letter = dead_letter(
            stage=POLLER_STAGE,
            # It was never in the topic, so it has no offset there
            place=Place(topic=self._articles, partition=-1, offset=-1),
            error=f"{article.feed}: article {article.article_id} ({article.url or article.title[:200]}): {error}",
            key=key,
            value=value,
            happened_at=format_timestamp(self._now()),
        )
        return Message(topic=self._dead_letters, key=f"{POLLER_STAGE}/{article.article_id}", value=encode(letter))

    async def _until_safe(self, messages: Sequence[Message]) -> bool:
        while not self._stop.is_set():
            producer = self._producer
            if producer is not None:
                try:
                    await producer.send_all(messages)
                    return True
                except TransientError as err:
                    log.warning("kafka_unacknowledged", reason=str(err))
            await self._renew(producer)
        return False

    async def _renew(self, broken: ConfirmedProducer | None) -> None:
        """Replace a producer that failed, as soon as Kafka can be reached, unless stopped or already replaced.

        After a lost batch its sequence numbers no longer match.
        """
        async with self._renewing:
            wait_seconds = FIRST_WAIT_SECONDS
            while self._producer is broken and not self._stop.is_set():
                fresh = ConfirmedProducer(self._bootstrap_servers, client_id="firstwire-poller")
                try:
                    await fresh.start()
                except TransientError as err:
                    log.warning("kafka_unreachable", reason=str(err), wait_seconds=wait_seconds)
                    await stopped_within(self._stop, wait_seconds)
                    wait_seconds = min(2 * wait_seconds, LONGEST_WAIT_SECONDS)
                    continue
                self._producer = fresh
                if broken is not None:
                    await _stopped(broken)


async def _stopped(producer: ConfirmedProducer) -> None:
    """Stop a producer; one that waits for a dead broker is abandoned, since it has nothing left to send."""
    with suppress(TimeoutError):
        async with asyncio.timeout(OUTBOX_STOP_SECONDS):
            await producer.stop()


def _unlimited(article: Article) -> bytes | None:
    try:
        return encode(article, limit_bytes=1 << 40)
    except DecodeError:
        return None
