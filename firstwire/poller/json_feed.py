"""JSON Feed 1.0 and 1.1 (jsonfeed.org). Runs in a worker process. Opens nothing and raises nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from firstwire.core.stories.identity import names_something
from firstwire.poller.document import ID_LIMIT_CHARACTERS, FeedDocument, FeedEntry, UnreadableFeed, kept_tags
from firstwire.poller.feed_dates import DateHints, first_date, is_day_first
from firstwire.poller.hub_links import hub_links
from firstwire.poller.languages import language_tag
from firstwire.poller.links import joined, resolved
from firstwire.poller.newest import newest_places
from firstwire.poller.plaintext import encodable, plain_line, plain_text

VERSION = "jsonfeed.org/version/1"
SHORT_LIMIT_CHARACTERS = 4_096
HUB_TYPES = ("websub", "pubsubhubbub")


def read_json(text: str, *, url: str, entry_limit: int) -> FeedDocument | UnreadableFeed | None:
    """The feed in a JSON document; None if it is none. `url` is the base of relative links."""
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as err:
        return UnreadableFeed(f"not valid JSON: {str(err)[:200]}") if VERSION in text[:2_000] else None
    if not isinstance(feed, dict) or VERSION not in _text(feed, "version"):
        return None
    items = [item for item in _list(feed, "items") if isinstance(item, dict)]
    language = language_tag(_text(feed, "language")[:SHORT_LIMIT_CHARACTERS])
    hints = DateHints(language, is_day_first(date for item in items for date in _dates(item)))
    moments = [first_date(_dates(item), hints) for item in items]
    authors = _authors(feed)
    links = hub_links(_links(feed), url)
    return FeedDocument(
        entries=tuple(
            _entry(items[place], moments[place], authors, url) for place in newest_places(moments, entry_limit)
        ),
        format=f"JSON Feed {_text(feed, 'version').rpartition('/')[2][:10]}",
        title=plain_line(_text(feed, "title")) or None,
        language=language,
        hubs=links.hubs,
        topic=links.topic,
        fault=None if isinstance(feed.get("items"), list) else "it has no list of items",
    )


def _entry(item: Mapping[str, Any], moment: datetime | None, feed_authors: str | None, url: str) -> FeedEntry:
    guid = _text(item, "id")[:ID_LIMIT_CHARACTERS] or None
    link = next((each for each in (_text(item, "url"), _text(item, "external_url")) if names_something(each)), None)
    html, plain = _text(item, "content_html"), _text(item, "content_text")
    body = plain_text(html) or plain_text(plain, is_html=False)
    summary = plain_text(_text(item, "summary"), is_html=False)
    return FeedEntry(
        title=plain_line(_text(item, "title"), is_html=False),
        guid=guid,
        guid_address=None if guid is None else joined(url, guid),
        link=None if link is None else resolved(url, link),
        link_text=link,
        summary="" if summary == body else summary,
        body=body,
        author=_authors(item) or feed_authors,
        language=language_tag(_text(item, "language")[:SHORT_LIMIT_CHARACTERS]),
        tags=_tags(item),
        published_text=next(_dates(item), None),
        published_at=moment,
    )


def _dates(item: Mapping[str, Any]) -> Iterator[str]:
    texts = (_text(item, name)[:SHORT_LIMIT_CHARACTERS] for name in ("date_published", "date_modified"))
    return (text for text in texts if text)


def _authors(of: Mapping[str, Any]) -> str | None:
    """The names of `authors`, or of version 1.0's `author`."""
    listed = [author for author in [*_list(of, "authors"), of.get("author")] if isinstance(author, dict)]
    names = (plain_line(_text(author, "name")[:SHORT_LIMIT_CHARACTERS], is_html=False) for author in listed)
    return ", ".join(dict.fromkeys(name for name in names if name)) or None


def _links(feed: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for hub in _list(feed, "hubs"):
        if isinstance(hub, dict) and _text(hub, "type")[:SHORT_LIMIT_CHARACTERS].lower() in HUB_TYPES:
            yield "hub", _text(hub, "url")
    yield "self", _text(feed, "feed_url")


def _tags(item: Mapping[str, Any]) -> tuple[str, ...]:
    lines = (plain_line(tag[:SHORT_LIMIT_CHARACTERS]) for tag in _list(item, "tags") if isinstance(tag, str))
    return kept_tags(lines)


def _list(of: Mapping[str, Any], name: str) -> Sequence[Any]:
    value = of.get(name)
    return value if isinstance(value, list) else ()


def _text(of: Mapping[str, Any], name: str) -> str:
    """A text; the number that some feeds have for an id; empty for anything else."""
    value = of.get(name)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return encodable(value) if isinstance(value, str) else ""
