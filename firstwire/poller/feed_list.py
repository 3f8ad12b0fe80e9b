"""All feeds with what Kafka knows of them, and decisions on them: for commands and pages, not for the poller itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from firstwire.broker.producer import Message, open_producer
from firstwire.broker.reader import read_all
from firstwire.broker.topics import FEED_STATES, SUBSCRIPTIONS, create_missing_topics, partition_count, topic_name
from firstwire.config import KafkaSection
from firstwire.core.text.nearest import nearest
from firstwire.errors import ConfigError
from firstwire.poller.feed_partitions import feed_partition
from firstwire.poller.known_feeds import newest_of_each_feed, note_change, note_state
from firstwire.poller.links import redacted, same_feed_key
from firstwire.poller.subscriptions import Subscription, effective_subscriptions, pauses, removed_subscriptions
from schemas.codec import encode
from schemas.feed import FeedState
from schemas.subscription import SubscriptionChange


@dataclass(frozen=True)
class FeedList:
    """What is subscribed, what was decided, and what is known, all by `same_feed_key`."""

    of_files: tuple[Subscription, ...]
    changes: Mapping[str, SubscriptionChange] = field(default_factory=dict)
    states: Mapping[str, FeedState] = field(default_factory=dict)

    @property
    def subscribed(self) -> Mapping[str, Subscription]:
        """What is subscribed, paused or not, in the order of the files, then of the decisions."""
        return effective_subscriptions(self.of_files, self.changes)

    @property
    def listed(self) -> Mapping[str, Subscription]:
        """What is subscribed, then the feeds of files that somebody removed."""
        return {**self.subscribed, **removed_subscriptions(self.of_files, self.changes)}

    def state_of(self, subscription: Subscription) -> FeedState:
        """What is known of a feed; that of a new one if nothing is."""
        return self.states.get(same_feed_key(subscription.url)) or FeedState(url=subscription.url)

    def known_as(self, url: str) -> Subscription | None:
        """The subscribed feed of this address, or the one that has moved there for good, rather a polled one."""
        key, subscribed = same_feed_key(url), self.subscribed
        if key in subscribed:
            return subscribed[key]
        addresses = ((each, self.state_of(each).address) for each in subscribed.values())
        moved = [each for each, address in addresses if address and same_feed_key(address) == key]
        return min(moved, key=lambda each: each.is_paused, default=None)

    def meant(self, url: str) -> Subscription:
        """The subscribed feed of this address, also a new one, or the one that lists show under it, without secrets.

        Raises ConfigError if there is none, or if several are shown so.
        """
        return self.known_as(url) or self._shown_as(url, self.subscribed)

    def resumable(self, url: str) -> Subscription:
        """As `meant`, also of the feeds of files that somebody removed."""
        listed = self.listed
        return listed.get(same_feed_key(url)) or self.known_as(url) or self._shown_as(url, listed)

    def _shown_as(self, url: str, feeds: Mapping[str, Subscription]) -> Subscription:
        shown = [each for each in feeds.values() if redacted(each.url) == url]
        if len(shown) > 1:
            raise ConfigError(f"several feeds are shown as {url!r}; give the whole address")
        if not shown:
            close = nearest(redacted(url), [redacted(each.url) for each in feeds.values()], at_most=0)
            raise ConfigError(f"no feed {redacted(url)!r}{close}")
        return shown[0]


async def read_feed_list(bootstrap_servers: str, kafka: KafkaSection, of_files: Iterable[Subscription]) -> FeedList:
    """The list as it is now. Topics that an earlier version did not have are created."""
    await create_missing_topics(bootstrap_servers, kafka)
    changes: dict[str, SubscriptionChange] = {}
    async for record in read_all(bootstrap_servers, topic_name(kafka.topic_prefix, SUBSCRIPTIONS)):
        note_change(changes, record)
    states: dict[str, FeedState] = {}
    async for record in read_all(bootstrap_servers, topic_name(kafka.topic_prefix, FEED_STATES)):
        note_state(states, record)
    return FeedList(tuple(of_files), changes, newest_of_each_feed(states.values()))


async def publish_changes(bootstrap_servers: str, prefix: str, changes: Sequence[SubscriptionChange]) -> None:
    """Record decisions on feeds. Running pollers act on them within a second."""
    partitions = await partition_count(bootstrap_servers, prefix)
    topic = topic_name(prefix, SUBSCRIPTIONS)
    async with open_producer(bootstrap_servers) as producer:
        await producer.send_all(
            Message(
                topic=topic,
                key=change.url,
                value=encode(change),
                partition=feed_partition(change.url, partitions),
            )
            for change in changes
        )


def added(
    url: str, at: str, before: SubscriptionChange | None, *, unset: Iterable[str] = (), **settings: object
) -> SubscriptionChange:
    """The decision to poll a feed. Settings that are not given stay as an earlier decision to poll it has them, but
    those that are `unset`.
    """
    given = dict.fromkeys(unset) | {name: value for name, value in settings.items() if value is not None}
    if before is not None and _is_kept(before):
        return msgspec.structs.replace(before, url=url, decision="add", is_paused=False, decided_at=at, **given)
    return SubscriptionChange(url=url, decision="add", decided_at=at, **given)  # type: ignore[arg-type]


def removed(url: str, at: str) -> SubscriptionChange:
    """The decision to poll a feed no more."""
    return SubscriptionChange(url=url, decision="remove", decided_at=at)


def paused(url: str, at: str, before: SubscriptionChange | None) -> SubscriptionChange:
    """The decision to poll a feed no more for a while: it keeps the settings of an earlier decision for `resumed`."""
    change = removed(url, at) if before is None or not _is_kept(before) else before
    return msgspec.structs.replace(change, url=url, decision="remove", decided_at=at, is_paused=True)


def resumed(url: str, at: str, before: SubscriptionChange | None) -> SubscriptionChange:
    """The decision to poll a feed again that is paused, with the settings that were kept."""
    return added(url, at, before)


def _is_kept(before: SubscriptionChange) -> bool:
    """Whether the settings of a decision hold for later ones: not those from before a feed was removed."""
    return before.decision == "add" or pauses(before)
