"""Bytes to a document, whatever format they are in. Runs in a worker process: it is slow, and its input is hostile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from firstwire.poller.document import FeedDocument, FeedEntry, UnreadableFeed
from firstwire.poller.encoding import decoded
from firstwire.poller.json_feed import read_json
from firstwire.poller.languages import SeenLanguage, seen_language
from firstwire.poller.markup import repaired
from firstwire.poller.mojibake import garbled_excerpt
from firstwire.poller.news_sitemap import read_sitemap
from firstwire.poller.xml_feed import read_xml

ENTRY_SAMPLE_CHARACTERS = 300
SAMPLED_ENTRIES = 300
"""Text that an entry's language is seen from, and entries of which it is: 0.2 ms each. For others the feed's counts."""

SAMPLE_LIMIT_CHARACTERS = 2_000
"""The same for a document: more does not change the result."""


def read_document(body: bytes, *, url: str, content_type: str, entry_limit: int) -> FeedDocument | UnreadableFeed:
    """The feed in a response's body. `url` is the base of relative links."""
    if not body.strip():
        return UnreadableFeed("the answer is empty")
    found = decoded(body, content_type)
    text, encoding = found.text, found.encoding
    del found
    beginning = text[:1024].lower()
    if text.lstrip().startswith("{"):
        document = read_json(text, url=url, entry_limit=entry_limit)
    else:
        # Under the same name, so that a large document is not held twice
        text = repaired(text)
        document = read_sitemap(text, url=url, entry_limit=entry_limit)
        if document is None:
            document = read_xml(text, url=url, entry_limit=entry_limit)
    if document is None:
        return _no_feed(body, beginning, content_type)
    if isinstance(document, UnreadableFeed):
        return document
    return replace(
        document,
        encoding=encoding,
        entries=(*map(_with_language, document.entries[:SAMPLED_ENTRIES]), *document.entries[SAMPLED_ENTRIES:]),
        seen=_seen(document.entries),
        garbled=garbled_excerpt(text for entry in document.entries for text in (entry.title, entry.summary)),
    )


def _with_language(entry: FeedEntry) -> FeedEntry:
    return replace(entry, seen=seen_language(_sample(entry)))


def _seen(entries: Sequence[FeedEntry]) -> SeenLanguage:
    """What all entries say together, none of them too loudly."""
    text, left = [], SAMPLE_LIMIT_CHARACTERS
    for sample in map(_sample, entries):
        if left <= 0:
            break
        text.append(sample)
        left -= len(sample)
    return seen_language("\n".join(text))


def _sample(entry: FeedEntry) -> str:
    return f"{entry.title}\n{entry.summary or entry.body}"[:ENTRY_SAMPLE_CHARACTERS]


def _no_feed(body: bytes, beginning: str, content_type: str) -> UnreadableFeed:
    if "<!doctype html" in beginning or "<html" in beginning:
        return UnreadableFeed("a web page, not a feed", is_page=True)
    is_page = "html" in content_type.partition(";")[0].lower()
    return UnreadableFeed(f"not a feed: it begins with {body[:40]!r}", is_page=is_page)
