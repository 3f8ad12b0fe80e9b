"""What adding, pausing or resuming a feed means: a decision, or nothing, and what to say of it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from firstwire.config import Secret
from firstwire.core.text.durations import written_duration
from firstwire.errors import ConfigError
from firstwire.poller.feed_list import FeedList, added, paused, resumed
from firstwire.poller.links import redacted, same_feed_key
from firstwire.poller.subscriptions import Subscription, effective_subscriptions, merged
from schemas.subscription import SubscriptionChange

SETTINGS = {
    "name": "title",
    "tag": "tags",
    "language": "language",
    "interval": "interval_seconds",
    "longest-interval": "longest_interval_seconds",
    "ignore-http-cache": "ignore_http_cache",
    "full-text": "full_text",
    "header": "headers",
    "login": "login",
}
"""The settings of a feed as commands name them, and the fields of a decision."""


@dataclass(frozen=True)
class Addition:
    """The decision to be recorded, None if there is none, and what to say of it."""

    change: SubscriptionChange | None
    told: str
    after: Subscription | None = None
    """The feed as it is polled then; None if that is not said."""


def addition(
    known: FeedList,
    address: str,
    at: str,
    settings: Mapping[str, object],
    *,
    unset: tuple[str, ...] = (),
    is_found: bool = False,
    note: str = "",
) -> Addition:
    """The decision to poll the feed at `address`. `unset`: settings that are to be as if nobody had set them.

    One that is only found, and that nobody has named, is never changed if it is subscribed already, only said to be
    paused if it is.
    Raises ConfigError if settings were given that would be lost.
    """
    key = same_feed_key(address)
    before = known.known_as(address)
    if before is not None and (is_found or same_feed_key(before.url) != key):
        moved = _moved(before, address)
        told = f"already subscribed: {redacted(before.url)}{moved or note}"
        if unset or any(value is not None for value in settings.values()):
            raise ConfigError(f"{told}; its settings are changed if you add {redacted(before.url)}")
        if before.is_paused:
            return Addition(None, f"{told}; it is paused, and stays so until you resume {redacted(before.url)}")
        return Addition(None, f"{told}; nothing is changed", before)
    change = added(address, at, known.changes.get(key), unset=tuple(SETTINGS[name] for name in unset), **settings)
    after = _after(known, key, change)
    if before is None:
        return Addition(change, f"added {redacted(address)}{note}", after)
    differences = "; ".join(_differences(before, after)) or "already subscribed, with these settings; it is visited now"
    return Addition(change, f"{redacted(before.url)}: {differences}", after)


def visited_every(subscription: Subscription, usual_interval: str) -> str:
    """How often a feed is visited."""
    chosen = subscription.options.interval_seconds
    interval = usual_interval if chosen is None else written_duration(chosen)
    return f"visited every {interval}, more rarely if its publisher asks"


@dataclass(frozen=True)
class ImportedFeeds:
    """The decisions that a list leads to, what they change of subscribed feeds, and how many feeds are what."""

    changes: tuple[SubscriptionChange, ...]
    changed: tuple[str, ...]
    counts: str
    left_paused: tuple[str, ...] = ()
    """Those that the list wants polled, and that stay paused."""


def imported(known: FeedList, listed: Sequence[Subscription], at: str) -> ImportedFeeds:
    """The decisions to poll the feeds of a list. One that is subscribed keeps its name, its state and its tags, with
    those of the list; a name is taken if nobody has given it one.
    """
    feeds = merged(listed)
    changes: list[SubscriptionChange] = []
    changed: list[str] = []
    left_paused: list[str] = []
    for each in feeds:
        before = known.known_as(each.url)
        settings = {name: value for name, value in msgspec.structs.asdict(each.options).items() if value is not None}
        if before is None:
            change = added(each.url, at, None, title=each.title, tags=each.tags or None, **settings)
            changes.append(paused(each.url, at, change) if each.is_paused else change)
            continue
        key = same_feed_key(before.url)
        if before.is_paused and not each.is_paused:
            left_paused.append(f"{redacted(before.url)}{_moved(before, each.url)}")
        tags = tuple(dict.fromkeys((*before.tags, *each.tags)))
        title = None if before.title else each.title
        given = settings | {"title": title, "tags": None if tags == before.tags else tags}
        change = added(before.url, at, known.changes.get(key), **given)
        change = paused(before.url, at, change) if before.is_paused else change
        differences = "; ".join(_differences(before, _after(known, key, change)))
        if differences:
            changes.append(change)
            changed.append(f"{redacted(before.url)}: {differences}")
    new = len(changes) - len(changed)
    twice = len(listed) - len(feeds)
    counts = f"{new} added, {len(changed)} changed, {len(feeds) - len(changes)} subscribed already"
    counts = f"{counts}, {twice} listed twice" if twice else counts
    return ImportedFeeds(tuple(changes), tuple(changed), counts, tuple(left_paused))


def pause(known: FeedList, meant: Subscription, at: str) -> Addition:
    """The decision to poll a feed no more until it is resumed."""
    if meant.is_paused:
        return Addition(None, f"{redacted(meant.url)} is paused already")
    change = paused(meant.url, at, known.changes.get(same_feed_key(meant.url)))
    return Addition(change, f"paused {redacted(meant.url)}")


def resumption(known: FeedList, meant: Subscription, at: str) -> Addition:
    """The decision to poll a feed again that is paused."""
    if not meant.is_paused:
        return Addition(None, f"{redacted(meant.url)} is not paused")
    change = resumed(meant.url, at, known.changes.get(same_feed_key(meant.url)))
    return Addition(change, f"resumed {redacted(meant.url)}; it is visited now")


def _after(known: FeedList, key: str, change: SubscriptionChange) -> Subscription:
    """A feed as it is polled once a decision is recorded."""
    of_file = [each for each in known.of_files if same_feed_key(each.url) == key]
    return effective_subscriptions(of_file, {key: change})[key]


def _moved(feed: Subscription, address: str) -> str:
    """That a feed has moved to an address, if it is another."""
    return "" if same_feed_key(feed.url) == same_feed_key(address) else f", which has moved to {redacted(address)}"


def _differences(before: Subscription, after: Subscription) -> Iterator[str]:
    """`interval 15m → 5m`, `tags none → wires`: what a change of settings changes."""
    if before.is_paused and not after.is_paused:
        yield "resumed"
    old, new = _told(before), _told(after)
    for name in old:
        if old[name] != new[name]:
            yield f"{name} {old[name]} → {new[name]}"
        elif name in ("headers", "login") and getattr(before.options, name) != getattr(after.options, name):
            yield f"other {name}"


def _told(subscription: Subscription) -> dict[str, str]:
    """The settings as a person reads them; values of headers are perhaps secret."""
    options = msgspec.structs.asdict(subscription.options)

    def span(name: str) -> str:
        return "not set" if options[name] is None else written_duration(options[name])

    return {
        "name": f"“{subscription.title}”" if subscription.title else "not set",
        "tags": ", ".join(subscription.tags) or "none",
        "language": options["language"] or "not set",
        "interval": span("interval_seconds"),
        "longest interval": span("longest_interval_seconds"),
        "ignore HTTP cache": "yes" if options["ignore_http_cache"] else "no",
        "full text": "yes" if options["full_text"] else "no",
        "headers": ", ".join(sorted(options["headers"] or ())) or "none",
        "login": _place(options["login"]),
    }


def _place(secret: Secret | None) -> str:
    return "none" if secret is None else secret.env or secret.file or "set"
