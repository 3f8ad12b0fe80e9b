"""What is published of the first document of a feed: not a year of old news. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from schemas.article import Article
from schemas.times import parse_timestamp

UNDATED = 3
"""Articles without a date that are published, the newest by their place in the feed."""


def published_at_first(articles: Sequence[Article], now: datetime, age_seconds: float | None) -> tuple[Article, ...]:
    """The articles to publish of a first document, given oldest first: those up to an age; all if it is None."""
    if age_seconds is None:
        return tuple(articles)
    since = now - timedelta(seconds=age_seconds)
    undated = [article.article_id for article in articles if article.published_at is None][-UNDATED:]
    return tuple(
        article
        for article in articles
        if (
            article.article_id in undated
            if article.published_at is None
            else parse_timestamp(article.published_at) >= since
        )
    )
