"""Articles that are pushed instead of polled: lines of JSON, checked like a file's, published like a feed's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import msgspec
import orjson

from firstwire.core.stories.identity import language_key
from firstwire.core.text.language import UNDETERMINED
from firstwire.files.articles import UnreadableLine, article_of, lies_in_future
from firstwire.poller.languages import language_tag
from firstwire.poller.links import web_address_fault
from schemas.article import Article
from schemas.times import format_timestamp

TAKEN_TOGETHER = 500
"""So many lines are published at a time: what a caller is told is safe by then."""


class ArticlePublisher(Protocol):
    """Where articles go; see `Outbox`."""

    async def publish(self, articles: Sequence[Article], keys: Mapping[str, str]) -> bool:
        """Whether all are safe, each with the key of its id; False if stopped before."""
        ...


READ_BYTES = 256 * 1024


@dataclass(frozen=True)
class Pushed:
    """What became of some lines."""

    taken: int
    """Articles that are safe in Kafka; one too large for it is there as a dead letter."""
    refused: tuple[UnreadableLine, ...]
    is_whole: bool
    """False if stopped before all were safe: then it is unknown of these `taken` how many are."""


async def push(lines: Iterable[tuple[int, bytes]], publisher: ArticlePublisher, now: datetime) -> Pushed:
    """Publish the articles of numbered lines, in their order. One without `fetched_at` was fetched now."""
    read = [_article(line, number, now) for number, line in lines]
    articles = [each for each in read if isinstance(each, Article)]
    refused = tuple(each for each in read if isinstance(each, UnreadableLine))
    keys = {article.article_id: language_key(article.language) for article in articles}
    is_whole = await publisher.publish(articles, keys)
    return Pushed(len(articles), refused, is_whole)


def lines_at_hand(read: Callable[[int], bytes]) -> Iterator[list[tuple[int, bytes]]]:
    """The numbered lines of a stream, those together that are there: a wire may write one now and then.

    `read` returns at most so many bytes, as soon as there are some, and none at the end. Empty lines are left out.
    """
    number, rest = 0, b""
    while chunk := read(READ_BYTES):
        *whole, rest = (rest + chunk).split(b"\n")
        together = []
        for number, line in enumerate(whole, start=number + 1):  # noqa: B020 - numbers go on where they ended
            if line.strip():
                together.append((number, line))
        for at in range(0, len(together), TAKEN_TOGETHER):
            yield together[at : at + TAKEN_TOGETHER]
    if rest.strip():
        yield [(number + 1, rest)]


def _article(line: bytes, number: int, now: datetime) -> Article | UnreadableLine:
    read = article_of(line, number)
    if isinstance(read, UnreadableLine):
        return read
    if not orjson.loads(line).get("fetched_at"):
        read = msgspec.structs.replace(read, fetched_at=format_timestamp(now))
    fault = _fault(read, now)
    return read if fault is None else UnreadableLine(number, read.article_id, fault)


def _fault(article: Article, now: datetime) -> str | None:
    """Why an article is not taken from outside, though a file may hold it; None if it is."""
    fault = web_address_fault(article.url) if article.url is not None else None
    if fault is not None:
        return f"url: {fault}"
    if language_tag(article.language) is None and article.language != UNDETERMINED:
        return f"language is no tag such as en or pt-br: {article.language[:40]!r}"
    if lies_in_future(article.fetched_at, format_timestamp(now)):
        return f"fetched_at is in the future: {article.fetched_at}"
    return None
