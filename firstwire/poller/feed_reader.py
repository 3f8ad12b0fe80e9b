"""Bytes to a document, whatever format they are in. Runs in a worker process: it is slow, and its input is hostile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from firstwire.poller.document import FeedDocument, FeedEntry, UnreadableFeed
from firstwire.poller.encoding import decoded
from firstwire.poller.json_feed import read_json
from firstwire.poller.languages import language_tag
from firstwire.poller.markup import repaired
from firstwire.poller.mojibake import garbled_excerpt
from firstwire.poller.news_sitemap import read_sitemap
from firstwire.poller.xml_feed import read_xml

SAMPLE_LIMIT_CHARACTERS = 5_000
"""Text that a language is detected from: more does not change the result."""


def read_document(
    body: bytes, *, url: str, content_type: str, entry_limit: int, detect: bool = False
) -> FeedDocument | UnreadableFeed:
    """The feed in a response's body. `url` is the base of relative links, `detect` asks for the text's language."""
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
        return UnreadableFeed(_what_it_is(body, beginning))
    if isinstance(document, UnreadableFeed):
        return document
    return replace(
        document,
        encoding=encoding,
        detected_language=_detected(document.entries) if detect and document.language is None else None,
        garbled=garbled_excerpt(text for entry in document.entries for text in (entry.title, entry.summary)),
    )


def _detected(entries: Sequence[FeedEntry]) -> str | None:
    sample = "\n".join(f"{entry.title}\n{entry.summary or entry.body}" for entry in entries)[:SAMPLE_LIMIT_CHARACTERS]
    if not sample.strip():
        return None
    # The detector's model takes half a second to load, and most feeds declare their language
    from firstwire.files.language_model import detect_language

    return language_tag(detect_language(sample))


def _what_it_is(body: bytes, beginning: str) -> str:
    if "<!doctype html" in beginning or "<html" in beginning:
        return "a web page, not a feed"
    return f"not a feed: it begins with {body[:40]!r}"
