"""Entries to articles: ids, dates, languages and outlets. Pure; the oldest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from firstwire.core.stories.identity import article_id_of
from firstwire.core.stories.urls import canonical_url
from firstwire.poller.document import FeedEntry
from firstwire.poller.links import redacted
from schemas.article import Article
from schemas.times import format_timestamp

UNDETERMINED = "und"


@dataclass(frozen=True)
class FeedFacts:
    """What articles take from their feed. `language` is for entries without one; `fetched_at` is aware."""

    url: str
    outlet: str
    language: str
    fetched_at: datetime


def articles_of(entries: Sequence[FeedEntry], feed: FeedFacts) -> tuple[Article, ...]:
    """One article for each entry, oldest first, each article id once.

    Entries of one date keep the order of a feed that lists the newest first. If entries share an article id, the
    newest is used.
    """
    newest_last = _distinguished(entries)[::-1]
    oldest_first = sorted(newest_last, key=lambda entry: _published_at(entry, feed))
    articles: dict[str, Article] = {}
    for entry in oldest_first:
        article = article_of(entry, feed)
        articles.pop(article.article_id, None)
        articles[article.article_id] = article
    return tuple(articles.values())


def article_of(entry: FeedEntry, feed: FeedFacts) -> Article:
    """The article of one entry. A missing date, or one in the future, is replaced with the time of fetching."""
    return Article(
        article_id=article_id_of(
            feed=feed.url, guid=entry.guid, link=entry.link, title=entry.title, published=entry.published_text
        ),
        title=entry.title,
        summary=entry.summary,
        body=entry.body,
        language=entry.language or feed.language,
        source=entry.source or feed.outlet,
        url=None if entry.link is None else canonical_url(entry.link),
        author=entry.author,
        feed=redacted(feed.url),
        publisher_tags=entry.tags,
        published_at=format_timestamp(_published_at(entry, feed)),
        fetched_at=format_timestamp(feed.fetched_at),
        entry_id=entry.guid,
    )


def _published_at(entry: FeedEntry, feed: FeedFacts) -> datetime:
    return feed.fetched_at if entry.published_at is None else min(entry.published_at, feed.fetched_at)


def _distinguished(entries: Iterable[FeedEntry]) -> list[FeedEntry]:
    """The entries, without guids that several share under different links: such a guid identifies nothing.

    2 of 200 real feeds have such guids.
    """
    entries = list(entries)
    links: defaultdict[str | None, set[str]] = defaultdict(set)
    for entry in entries:
        if entry.link is not None:
            links[entry.guid].add(canonical_url(entry.link))
    return [
        replace(entry, guid=None) if entry.link is not None and len(links[entry.guid]) > 1 else entry
        for entry in entries
    ]
