"""The sample's articles as a file of articles, to try replays and backtests with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import orjson

from firstwire.demo.sample import Sample, SampleArticle, read_sample
from firstwire.files.atomic import write_whole
from firstwire.poller.plaintext import plain_line, plain_text
from schemas.times import format_timestamp

FETCHED_AFTER = timedelta(minutes=5)
"""After its publication, as if its feed were visited every few minutes."""


def write_sample_lines(file: Path) -> int:
    """Write every article of the sample, revisions too, in the order of fetching; how many. Raises ConfigError."""
    lines = sample_lines(read_sample())
    write_whole(file, "".join(line + "\n" for line in lines))
    return len(lines)


def sample_lines(sample: Sample) -> list[str]:
    """The articles as JSON Lines, texts plain, in the order of fetching."""
    outlets = {feed.name: (feed.title, feed.language) for feed in sample.feeds}
    found = [(revision, *outlets[article.feed]) for article in sample.articles for revision in _revisions(article)]
    values = [_value(article, outlet, language) for article, outlet, language in found]
    values.sort(key=lambda value: (value["fetched_at"], value["id"]))
    return [orjson.dumps(value).decode() for value in values]


def _revisions(article: SampleArticle) -> Iterator[SampleArticle]:
    yield article
    if article.update is not None:
        yield article.revised()


def _value(article: SampleArticle, outlet: str, language: str | None) -> dict[str, str | list[str]]:
    fetched = (article.updated or article.published) + FETCHED_AFTER
    value = {
        "id": article.guid,
        "title": plain_line(article.title),
        "summary": plain_text(article.summary or ""),
        "body": plain_text(article.body or ""),
        "language": article.language or language or "",
        "source": article.source or outlet,
        "url": article.link,
        "author": article.author or "",
        "published_at": format_timestamp(article.published),
        "fetched_at": format_timestamp(fetched),
    }
    return {**{key: text for key, text in value.items() if text}, "tags": list(article.categories)}
