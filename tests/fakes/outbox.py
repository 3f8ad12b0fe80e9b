"""An outbox that keeps what is published and saved, encoded as for Kafka."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from schemas.alert import Alert
from schemas.article import Article
from schemas.codec import decode, encode
from schemas.feed import FeedState


class MemoryOutbox:
    """The door of `firstwire.poller.outbox.Outbox`. A record that Kafka would refuse raises as there."""

    def __init__(self) -> None:
        self.articles: list[Article] = []
        self.keys: list[str] = []
        """Of the articles, in their order."""
        self.alerts: list[Alert] = []
        self.saved: list[FeedState] = []
        self._news = asyncio.Condition()

    @property
    def states(self) -> dict[str, FeedState]:
        """The last state of each feed."""
        return {state.url: state for state in self.saved}

    async def publish(self, articles: Sequence[Article], keys: Mapping[str, str]) -> bool:
        self.keys += [keys[article.article_id] for article in articles]
        self.articles += [decode(encode(article), Article) for article in articles]
        return True

    async def save(self, state: FeedState, before: FeedState | None) -> bool:
        async with self._news:
            self.saved.append(decode(encode(state), FeedState))
            self._news.notify_all()
        return True

    async def tell(self, alert: Alert) -> bool:
        self.alerts.append(decode(encode(alert), Alert))
        return True

    async def close(self) -> None:
        return None

    async def saved_once(self, url: str, count: int = 1, seconds: float = 20.0) -> FeedState:
        """The state of a feed once it was saved so many times."""
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(lambda: sum(state.url == url for state in self.saved) >= count)
        return self.states[url]
