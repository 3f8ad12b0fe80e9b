"""The subscribed feeds: from the OPML files and feed URLs of the settings, each feed once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import listparser
import msgspec

from firstwire.config import Configuration, FeedSettings
from firstwire.errors import ConfigError
from firstwire.poller.feed_options import FeedOptions, options_of
from firstwire.poller.links import redacted, same_feed_key, web_address_fault


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """A subscribed feed. `place` is the file or setting that lists it."""

    url: str
    title: str | None = None
    tags: tuple[str, ...] = ()
    """The folders that contain it."""
    options: FeedOptions = FeedOptions()
    place: str


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of an OPML file that cannot be fetched as a feed, and why."""

    url: str
    reason: str
    place: str


def read_subscriptions(configuration: Configuration) -> tuple[tuple[Subscription, ...], tuple[Refused, ...]]:
    """All feeds of the settings and their OPML files, in order, and the entries of these files that cannot be fetched.

    Two spellings of one URL, as also http and https, are one feed, with the tags of both. Raises ConfigError for a file
    that cannot be read or contains no feed, and for an invalid URL in the settings.
    """
    found: list[Subscription | Refused] = []
    for text in configuration.settings.poller.subscriptions:
        if "://" in text:
            found.append(_of_setting(text))
        else:
            found.extend(_of_file(configuration.path(text), text))
    found += [_of_table(feed) for feed in configuration.settings.feeds]
    return _merged(entry for entry in found if isinstance(entry, Subscription)), tuple(
        entry for entry in found if isinstance(entry, Refused)
    )


def _of_setting(text: str, place: str = "poller.subscriptions") -> Subscription:
    url = _without_feed_scheme(text)
    fault = web_address_fault(url)
    if fault is not None:
        raise ConfigError(f"{redacted(url)}: {fault}", place=place)
    return Subscription(url=url, place=place)


def _of_table(settings: FeedSettings) -> Subscription:
    subscription = _of_setting(settings.url, "feeds.url")
    return msgspec.structs.replace(subscription, options=options_of(settings))


def _of_file(path: Path, text: str) -> Iterator[Subscription | Refused]:
    try:
        content = path.read_bytes()
    except OSError as err:
        raise ConfigError(
            f"cannot read the subscriptions {text!r}: {err.strerror}; "
            "poller.subscriptions takes OPML files and URLs that begin with http:// or https://",
            place=str(path),
        ) from err
    result = listparser.parse(content)
    if not result.feeds:
        detail = f" ({result.bozo_exception})" if result.bozo else ""
        what = "the OPML file contains no feed" if result.version else "not an OPML file"
        raise ConfigError(f"{what}{detail}", place=str(path))
    for feed in result.feeds:
        url = _without_feed_scheme(str(feed.url))
        fault = web_address_fault(url)
        if fault is not None:
            yield Refused(url=redacted(url), reason=fault, place=str(path))
            continue
        tags = tuple(dict.fromkeys(str(tag) for tag in feed.tags))
        yield Subscription(url=url, title=feed.title or None, tags=tags, place=str(path))


def _without_feed_scheme(url: str) -> str:
    """The URL without `feed://` or `feed:`, which browsers use to pass a feed's URL to a reader."""
    url = url.strip()
    if url.lower().startswith("feed://"):
        return f"https://{url[7:]}"
    return url[5:] if url.lower().startswith("feed:") else url


def _merged(subscriptions: Iterable[Subscription]) -> tuple[Subscription, ...]:
    merged: dict[str, Subscription] = {}
    for new in subscriptions:
        key = same_feed_key(new.url)
        old = merged.get(key)
        merged[key] = (
            new
            if old is None
            else msgspec.structs.replace(
                old,
                title=old.title or new.title,
                tags=tuple(dict.fromkeys((*old.tags, *new.tags))),
                options=old.options if new.options == FeedOptions() else new.options,
            )
        )
    return tuple(merged.values())
