"""Google's news sitemaps. Runs in a worker process. Opens nothing and raises nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from firstwire.poller.document import FeedDocument, FeedEntry, UnreadableFeed, kept_tags
from firstwire.poller.feed_dates import feed_date
from firstwire.poller.languages import language_tag
from firstwire.poller.links import resolved
from firstwire.poller.newest import newest_places
from firstwire.poller.plaintext import plain_line

NEWS = "http://www.google.com/schemas/sitemap-news/0.9"

_ROOT = re.compile(
    r"(?:\s|<\?.*?\?>|<!--.*?-->|<!doctype[^\[>]*>)*<(?:\w+:)?(urlset|sitemapindex)\b", re.IGNORECASE | re.DOTALL
)
PIECE_CHARACTERS = 64 * 1024


@dataclass(frozen=True, slots=True)
class _Listed:
    """One `url` of a sitemap that is news."""

    link: str
    title: str
    date: str
    outlet: str
    language: str
    keywords: str


def read_sitemap(markup: str, *, url: str, entry_limit: int) -> FeedDocument | UnreadableFeed | None:
    """The news in a sitemap, without its XML declaration; None if it is none."""
    root = _ROOT.match(markup[:PIECE_CHARACTERS])
    if root is None or "<!ENTITY" in markup:
        return None
    if root[1].lower() == "sitemapindex":
        return UnreadableFeed("a list of sitemaps, not one with news")
    listed: list[_Listed] = []
    fault = _fill(listed, _with_namespace(markup, root))
    if not listed:
        return UnreadableFeed("a sitemap without news" if fault is None else f"broken before the first entry: {fault}")
    outlets = {each.outlet for each in listed}
    languages = {each.language for each in listed}
    moments = [feed_date(each.date) for each in listed]
    return FeedDocument(
        entries=tuple(_entry(listed[at], moments[at], url) for at in newest_places(moments, entry_limit)),
        format="news sitemap",
        title=outlets.pop() or None if len(outlets) == 1 else None,
        language=language_tag(languages.pop()) if len(languages) == 1 else None,
        fault=fault,
    )


def _fill(listed: list[_Listed], markup: str) -> str | None:
    """Add all that can be read; why not all could."""
    parser: XMLPullParser[Any] = XMLPullParser(["end"])
    fault = None
    try:
        for start in range(0, len(markup), PIECE_CHARACTERS):
            parser.feed(markup[start : start + PIECE_CHARACTERS])
            listed += _read(parser)
        parser.close()
    except ParseError as err:
        fault = f"ParseError: {err}"
    with suppress(ParseError):
        listed += _read(parser)
    return fault


def _read(parser: XMLPullParser[Any]) -> Iterator[_Listed]:
    for *_, element in parser.read_events():
        if isinstance(element, Element) and _name(element) == "url":
            texts = {_name(each): (each.text or "").strip() for each in element.iter()}
            if texts.get("title"):
                yield _Listed(
                    texts.get("loc", ""),
                    plain_line(texts["title"]),
                    texts.get("publication_date") or texts.get("lastmod", ""),
                    plain_line(texts.get("name", "")),
                    texts.get("language", ""),
                    texts.get("keywords", ""),
                )
            element.clear()


def _entry(listed: _Listed, moment: datetime | None, url: str) -> FeedEntry:
    return FeedEntry(
        title=listed.title,
        link=resolved(url, listed.link),
        link_text=listed.link or None,
        source=listed.outlet or None,
        language=language_tag(listed.language),
        tags=kept_tags(plain_line(word) for word in listed.keywords.split(",")),
        published_text=listed.date or None,
        published_at=moment,
    )


def _with_namespace(markup: str, root: re.Match[str]) -> str:
    """The markup with the declaration of the prefix that some sitemaps use without one."""
    if "xmlns:news" in markup[:PIECE_CHARACTERS]:
        return markup
    return f'{markup[: root.end()]} xmlns:news="{NEWS}"{markup[root.end() :]}'


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()
