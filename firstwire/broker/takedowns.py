"""Articles that were taken down: recorded on a topic of their own, which every reader of texts honors.

Single records cannot be removed from topics that are kept by time; a backup leaves the articles out.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from firstwire.broker.producer import Message, open_producer
from firstwire.broker.reader import read_all
from firstwire.broker.topics import ARTICLES, EVENTS, MATCHES, STORIES, TAKEDOWNS, topic_name
from firstwire.errors import ConfigError
from schemas.codec import DecodeError, decode, encode
from schemas.takedown import Takedown

HOLD_TEXT = frozenset({ARTICLES, STORIES, EVENTS, MATCHES})
"""Topics, without their prefix, whose records hold the text of one article, or parts of it."""


class _AboutArticle(msgspec.Struct):
    """What tells of which article a record is, without reading all of it."""

    article_id: str = ""


async def read_takedowns(bootstrap_servers: str, prefix: str) -> Mapping[str, Takedown]:
    """All takedowns by article id; none where the topic does not exist yet."""
    found: dict[str, Takedown] = {}
    try:
        async for record in read_all(bootstrap_servers, topic_name(prefix, TAKEDOWNS)):
            if record.value is None:
                found.pop(record.key, None)
                continue
            try:
                found[record.key] = decode(record.value, Takedown)
            except DecodeError:
                continue  # a stray record
    except ConfigError:
        return {}
    return found


async def write_takedown(bootstrap_servers: str, prefix: str, takedown: Takedown) -> None:
    """Record it. Raises TransientError if Kafka does not take it."""
    async with open_producer(bootstrap_servers) as producer:
        await producer.send(Message(topic_name(prefix, TAKEDOWNS), takedown.article_id, encode(takedown)))


def article_of(value: bytes | None) -> str:
    """The id of the article that a record of `HOLD_TEXT` is about, by its value; empty if it does not say."""
    try:
        return msgspec.json.decode(value or b"{}", type=_AboutArticle).article_id
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
