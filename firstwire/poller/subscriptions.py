"""The subscribed feeds: those of the configuration and its OPML files, and what people decided while the program ran.

Each feed once: two spellings of one address, as also http and https, are one feed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from firstwire.config import Configuration, FeedSettings
from firstwire.errors import ConfigError
from firstwire.poller.feed_options import FeedOptions, options_of, options_of_change
from firstwire.poller.languages import language_tag
from firstwire.poller.links import redacted, same_feed_key, web_address_fault
from firstwire.poller.opml import ListedFeed, read_opml
from schemas.feed import FeedState
from schemas.subscription import SubscriptionChange

BY_COMMAND = "command"
"""The place of a feed that only the topic names."""


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """A subscribed feed. `place` is the file or setting that lists it, else `BY_COMMAND`."""

    url: str
    title: str | None = None
    """The outlet, as a person calls it."""
    tags: tuple[str, ...] = ()
    """The folders that contain it; publisher's tags of its articles."""
    options: FeedOptions = FeedOptions()
    place: str
    decided_at: str | None = None
    """When somebody last added it, changed its settings or paused it; None if only files name it."""
    is_paused: bool = False
    """It is not polled until somebody resumes it."""
    is_removed: bool = False
    """A file lists it, but somebody removed it: it is only listed, as one that can be resumed."""


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of an OPML file that cannot be fetched as a feed, and why."""

    url: str
    reason: str
    place: str


def read_subscriptions(configuration: Configuration) -> tuple[tuple[Subscription, ...], tuple[Refused, ...]]:
    """All feeds of the settings and their OPML files, in order, and the entries of these files that cannot be fetched.

    A feed that several name has the tags of all. Raises ConfigError for a file that cannot be read or contains no
    feed, and for an invalid URL in the settings.
    """
    found: list[Subscription | Refused] = []
    for text in configuration.settings.poller.subscriptions:
        if "://" in text:
            found.append(_of_setting(text))
        else:
            found.extend(listed_subscriptions(configuration.path(text), text))
    found += [_of_table(feed) for feed in configuration.settings.feeds]
    return merged(entry for entry in found if isinstance(entry, Subscription)), tuple(
        entry for entry in found if isinstance(entry, Refused)
    )


def listed_subscriptions(path: Path, text: str) -> Iterator[Subscription | Refused]:
    """The feeds of an OPML file. Raises ConfigError if it cannot be read, is broken or contains no feed."""
    try:
        content = path.read_bytes()
    except OSError as err:
        raise ConfigError(
            f"cannot read the subscriptions {text!r}: {err.strerror}; "
            "poller.subscriptions takes OPML files and URLs that begin with http:// or https://",
            place=str(path),
        ) from err
    for feed in read_opml(content, str(path)):
        url = feed_address(feed.url)
        fault = web_address_fault(url)
        if fault is not None:
            yield Refused(url=redacted(url), reason=fault, place=f"{path}:{feed.line}")
            continue
        yield Subscription(
            url=url,
            title=None if feed.is_own_title else feed.title,
            tags=feed.tags,
            options=feed.options,
            place=str(path),
            is_paused=feed.is_paused,
        )


def effective_subscriptions(
    of_files: Iterable[Subscription], changes: Mapping[str, SubscriptionChange]
) -> dict[str, Subscription]:
    """What is subscribed, by `same_feed_key`: the feeds of files, and the last decision on each feed.

    A file's feed that was removed stays so until it is added again; one that is paused is subscribed, but not polled.
    The settings of a decision precede those of files.
    """
    found = {same_feed_key(subscription.url): subscription for subscription in of_files}
    for key, change in changes.items():
        if _removes(change):
            found.pop(key, None)
        else:
            found[key] = _decided(change, found.get(key))
    return found


def removed_subscriptions(
    of_files: Iterable[Subscription], changes: Mapping[str, SubscriptionChange]
) -> dict[str, Subscription]:
    """The feeds of files that somebody removed. A pause recorded by an earlier version may look like a removal."""
    found = {same_feed_key(subscription.url): subscription for subscription in of_files}
    return {
        key: msgspec.structs.replace(each, decided_at=changes[key].decided_at, is_paused=True, is_removed=True)
        for key, each in found.items()
        if key in changes and _removes(changes[key])
    }


def polled_subscriptions(
    of_files: Iterable[Subscription], changes: Mapping[str, SubscriptionChange]
) -> dict[str, Subscription]:
    """Those of them that are polled."""
    subscribed = effective_subscriptions(of_files, changes)
    return {key: subscription for key, subscription in subscribed.items() if not subscription.is_paused}


def pauses(change: SubscriptionChange) -> bool:
    """Whether a decision only pauses a feed. Before there was a field for that, such a one kept the settings."""
    has_settings = change.title is not None or change.tags is not None or options_of_change(change) != FeedOptions()
    return change.decision == "remove" and (change.is_paused or has_settings)


def merged(subscriptions: Iterable[Subscription]) -> tuple[Subscription, ...]:
    """Each feed once, with the tags of all entries that name it; paused if all of them are."""
    found: dict[str, Subscription] = {}
    for new in subscriptions:
        key = same_feed_key(new.url)
        old = found.get(key)
        found[key] = (
            new
            if old is None
            else msgspec.structs.replace(
                old,
                title=new.title if new.place == "[[feeds]]" and new.title else old.title or new.title,
                tags=tuple(dict.fromkeys((*old.tags, *new.tags))),
                options=new.options.over(old.options),
                is_paused=old.is_paused and new.is_paused,
            )
        )
    return tuple(found.values())


def listed(subscription: Subscription, state: FeedState) -> ListedFeed:
    """The subscription as an entry of a list: where the feed is now, with its own title if nobody has named it."""
    return ListedFeed(
        url=state.address or subscription.url,
        title=subscription.title or state.title,
        is_own_title=not subscription.title,
        tags=subscription.tags,
        options=subscription.options,
        is_paused=subscription.is_paused,
    )


def feed_address(url: str) -> str:
    """The URL without `feed://` or `feed:`, which browsers use to pass a feed's URL to a reader."""
    url = url.strip()
    if url.lower().startswith("feed://"):
        return f"https://{url[7:]}"
    return url[5:] if url.lower().startswith("feed:") else url


def _removes(change: SubscriptionChange) -> bool:
    return change.decision == "remove" and not pauses(change)


def _decided(change: SubscriptionChange, of_file: Subscription | None) -> Subscription:
    options = options_of_change(change)
    if of_file is None:
        return Subscription(
            url=change.url,
            title=change.title,
            tags=change.tags or (),
            options=options,
            place=BY_COMMAND,
            decided_at=change.decided_at,
            is_paused=pauses(change),
        )
    return msgspec.structs.replace(
        of_file,
        title=of_file.title if change.title is None else change.title,
        tags=of_file.tags if change.tags is None else change.tags,
        options=options.over(of_file.options),
        decided_at=change.decided_at,
        is_paused=pauses(change),
    )


def _of_setting(text: str, place: str = "poller.subscriptions") -> Subscription:
    url = feed_address(text)
    fault = web_address_fault(url)
    if fault is not None:
        raise ConfigError(f"{redacted(url)}: {fault}", place=place)
    return Subscription(url=url, place=place)


def _of_table(settings: FeedSettings) -> Subscription:
    subscription = _of_setting(settings.url, "feeds.url")
    if settings.language is not None and language_tag(settings.language) is None:
        raise ConfigError(f"{settings.language!r} is no language tag, such as en or pt-br", place="feeds.language")
    return msgspec.structs.replace(
        subscription, title=settings.name, tags=settings.tags, options=options_of(settings), place="[[feeds]]"
    )
