"""Bytes to a document with feedparser. Runs in a worker process: it is slow, and its input is hostile.

Never opens a URL or a file, whatever the bytes contain.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urljoin

import feedparser

import firstwire.poller.feedparser_bounds  # noqa: F401 - bounds feedparser
from firstwire.core.stories.identity import names_something
from firstwire.poller.document import (
    ID_LIMIT_CHARACTERS,
    TAG_LIMIT,
    TAG_LIMIT_CHARACTERS,
    FeedDocument,
    FeedEntry,
    UnreadableFeed,
)
from firstwire.poller.feed_dates import feed_date
from firstwire.poller.languages import language_tag
from firstwire.poller.links import resolved
from firstwire.poller.plaintext import plain_line, plain_text
from firstwire.poller.schedule import ttl_seconds, update_period_seconds

SAMPLE_LIMIT_CHARACTERS = 5_000
"""Text that a language is detected from: more does not change the result."""


def read_document(
    body: bytes, *, url: str, content_type: str, entry_limit: int, detect: bool = False
) -> FeedDocument | UnreadableFeed:
    """The feed in a response's body. `url` is the base of relative links, `detect` asks for the text's language.

    Broken markup is accepted if entries were found: 5 of 7 such feeds among 200 real ones lose nothing.
    """
    if not body.strip():
        return UnreadableFeed("the answer is empty")
    # As a stream, since feedparser would open bytes that happen to be a file name
    parsed = feedparser.parse(
        io.BytesIO(body),
        response_headers={"content-type": content_type, "content-location": url},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    problem = _problem(parsed) if parsed.get("bozo") else None
    if not parsed.entries:
        if not parsed.version:
            return UnreadableFeed(_what_it_is(body))
        if problem is not None:
            return UnreadableFeed(f"broken markup before the first entry: {problem}")
    entries = tuple(_entry(raw, url) for raw in parsed.entries[:entry_limit])
    feed: Mapping[str, Any] = parsed.feed
    declared = language_tag(_text(feed, "language"))
    return FeedDocument(
        entries=entries,
        title=_line(feed, "title"),
        language=declared,
        detected_language=_detected(entries) if detect and declared is None else None,
        ttl_seconds=ttl_seconds(_text(feed, "ttl")),
        update_period_seconds=update_period_seconds(_text(feed, "sy_updateperiod"), _text(feed, "sy_updatefrequency")),
        fault=problem,
    )


def _entry(raw: Mapping[str, Any], url: str) -> FeedEntry:
    guid, link, base = (_text(raw, "id") or "")[:ID_LIMIT_CHARACTERS] or None, _link(raw), _base(raw, url)
    summary, body = _rich(raw, "summary"), _content(raw)
    # feedparser copies a lone content into the summary
    if summary == body:
        summary = ""
    published = next((name for name in ("published", "updated", "created") if f"{name}_parsed" in raw), "published")
    published_text = _text(raw, published) if published in raw else None
    source = raw["source"] if isinstance(raw.get("source"), Mapping) else {}
    return FeedEntry(
        title=plain_line(_text(raw, "title") or "", is_html=_is_html(raw, "title")),
        guid=guid,
        guid_address=_address(base, guid),
        link=None if link is None else resolved(base, link),
        link_text=link if base == url else None,
        summary=summary,
        body=body,
        author=_line(raw, "author"),
        source=_line(source, "title"),
        language=language_tag(_text(raw, "language") or _text(raw.get("title_detail") or {}, "language")),
        tags=_tags(raw),
        published_text=published_text,
        published_at=feed_date(published_text or "", raw.get(f"{published}_parsed")),
    )


def _link(raw: Mapping[str, Any]) -> str | None:
    """The link as written; None if it is a placeholder, or a guid that feedparser took for a link and that is none."""
    link = (_text(raw, "link") or "").strip()
    is_bare_guid = link == _text(raw, "id") and "/" not in link
    return None if is_bare_guid or not names_something(link) else link


def _base(raw: Mapping[str, Any], url: str) -> str:
    """The base of the entry's relative addresses: the document's URL, or what xml:base makes of it."""
    details = [raw.get("title_detail"), raw.get("summary_detail"), *(raw.get("content") or ())]
    bases = (_text(detail, "base") for detail in details if isinstance(detail, Mapping))
    return next((base for base in bases if base), url)


def _address(base: str, guid: str | None) -> str | None:
    """A guid as an absolute address."""
    if guid is None:
        return None
    try:
        return urljoin(base, guid)
    except ValueError:
        return None


def _rich(raw: Mapping[str, Any], name: str) -> str:
    return plain_text(_text(raw, name) or "", is_html=_is_html(raw, name))


def _content(raw: Mapping[str, Any]) -> str:
    """The longest of an entry's contents: the others are excerpts or other media types."""
    contents = raw.get("content")
    if not isinstance(contents, Sequence):
        return ""
    texts = (
        plain_text(str(content.get("value") or ""), is_html=content.get("type") != "text/plain")
        for content in contents
        if isinstance(content, Mapping)
    )
    return max(texts, key=len, default="")


def _tags(raw: Mapping[str, Any]) -> tuple[str, ...]:
    terms = raw.get("tags")
    if not isinstance(terms, Sequence):
        return ()
    lines = (plain_line(str(tag.get("term") or tag.get("label") or "")) for tag in terms if isinstance(tag, Mapping))
    return tuple(dict.fromkeys(line[:TAG_LIMIT_CHARACTERS] for line in lines if line))[:TAG_LIMIT]


def _line(raw: Mapping[str, Any], name: str) -> str | None:
    return plain_line(_text(raw, name) or "") or None


def _text(raw: Mapping[str, Any], name: str) -> str | None:
    value = raw.get(name)
    return value if isinstance(value, str) else None


def _is_html(raw: Mapping[str, Any], name: str) -> bool:
    detail = raw.get(f"{name}_detail")
    return not (isinstance(detail, Mapping) and detail.get("type") == "text/plain")


def _detected(entries: Sequence[FeedEntry]) -> str | None:
    sample = "\n".join(f"{entry.title}\n{entry.summary or entry.body}" for entry in entries)[:SAMPLE_LIMIT_CHARACTERS]
    if not sample.strip():
        return None
    # The detector's model takes half a second to load, and most feeds declare their language
    from firstwire.files.language_model import detect_language

    return language_tag(detect_language(sample))


def _problem(parsed: Mapping[str, Any]) -> str | None:
    """The fault that feedparser found, on one line; None if the markup is not at fault."""
    error = parsed.get("bozo_exception")
    if isinstance(error, feedparser.NonXMLContentType | feedparser.CharacterEncodingOverride):
        return None
    return plain_line(f"{type(error).__name__}: {error}", is_html=False)[:200]


def _what_it_is(body: bytes) -> str:
    start = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")) or b"<html" in start:
        return "a web page, not a feed"
    return f"not a feed: it begins with {body[:40]!r}"
