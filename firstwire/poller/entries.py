"""Entries to articles: ids, dates, languages and outlets. Pure; the oldest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from firstwire.core.stories.identity import content_hash
from firstwire.poller.document import FeedEntry
from firstwire.poller.entry_ids import identified, shown_urls
from firstwire.poller.languages import judged_language
from firstwire.poller.links import redacted
from schemas.article import Article
from schemas.times import format_timestamp

KNOWN = "en"
"""Any language: the content of articles with a known one is compared without it."""


@dataclass(frozen=True)
class FeedFacts:
    """What articles take from their feed. `fetched_at` is aware."""

    url: str
    """The address under which the feed was first subscribed, wherever it redirects."""
    outlet: str
    language: str | None
    """Its language; None if it is undetermined yet."""
    fetched_at: datetime
    declared_language: str | None = None
    has_set_language: bool = False
    """A person has set its language, so that it is that of every entry."""
    tags: tuple[str, ...] = ()
    """The folders of its subscription."""
    known: Mapping[str, str] = field(default_factory=dict)
    """Article id → content hash of the entries in the feed's last document."""
    shared: tuple[str, ...] = ()
    """Article ids that would name several entries."""


@dataclass(frozen=True)
class DocumentArticles:
    """The articles of a document, and the ids that would name several of the feed's entries."""

    articles: tuple[Article, ...]
    hashes: Mapping[str, str]
    """Article id → content hash, without the feed's tags: filing a feed under another folder changes no article."""
    written: Mapping[str, str]
    """The same whatever the language."""
    shared: tuple[str, ...]


def articles_of(entries: Sequence[FeedEntry], feed: FeedFacts) -> DocumentArticles:
    """One article for each entry, oldest first, each article id once.

    Entries of one date keep the order of a feed that lists the newest first, entries without a date their place in it.
    If entries share an article id, the newest is used.
    """
    identification = identified(entries, feed.url, feed.shared)
    urls = shown_urls(entries)
    articles: dict[str, Article] = {}
    hashes: dict[str, str] = {}
    all_written: dict[str, str] = {}
    for at in _oldest_first(entries, feed):
        identity = identification.identities[at]
        article = _article(entries[at], identity.own_id, urls[at], feed)
        content = content_hash(article)
        written = content_hash(msgspec.structs.replace(article, language=KNOWN))
        article_id = identity.kept(feed.known, {content, written})
        for found in (articles, hashes, all_written):
            found.pop(article_id, None)
        tags = tuple(dict.fromkeys((*article.publisher_tags, *feed.tags)))
        articles[article_id] = msgspec.structs.replace(article, article_id=article_id, publisher_tags=tags)
        hashes[article_id], all_written[article_id] = content, written
    return DocumentArticles(tuple(articles.values()), hashes, all_written, identification.shared)


def article_of(entry: FeedEntry, feed: FeedFacts) -> Article:
    """The article of the only entry of a document."""
    (article,) = articles_of([entry], feed).articles
    return article


def _article(entry: FeedEntry, article_id: str, url: str | None, feed: FeedFacts) -> Article:
    published_at = _published_at(entry, feed)
    return Article(
        article_id=article_id,
        title=entry.title,
        summary=entry.summary,
        body=entry.body,
        language=_language(entry, feed),
        declared_language=entry.language or feed.declared_language,
        seen_language=entry.seen.language,
        source=entry.source or feed.outlet,
        url=url,
        author=entry.author,
        feed=redacted(feed.url),
        publisher_tags=entry.tags,
        published_at=None if published_at is None else format_timestamp(published_at),
        fetched_at=format_timestamp(feed.fetched_at),
        entry_id=entry.guid,
    )


def _language(entry: FeedEntry, feed: FeedFacts) -> str:
    if feed.has_set_language and feed.language is not None:
        return feed.language
    return judged_language(entry.seen, entry.language, feed.declared_language, feed.language)


def _oldest_first(entries: Sequence[FeedEntry], feed: FeedFacts) -> list[int]:
    order = list(range(len(entries)))[::-1]
    dates = [_published_at(entries[at], feed) for at in order]
    dated = [(date, at) for date, at in zip(dates, order, strict=True) if date is not None]
    sorted_dated = iter(sorted(dated, key=lambda pair: pair[0]))
    return [at if date is None else next(sorted_dated)[1] for date, at in zip(dates, order, strict=True)]


def _published_at(entry: FeedEntry, feed: FeedFacts) -> datetime | None:
    """A date in the future is replaced with the time of fetching."""
    return None if entry.published_at is None else min(entry.published_at, feed.fetched_at)
