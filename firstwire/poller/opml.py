"""OPML: lists of feeds that people keep, read with the line of every fault, and written so that reading gives the same.

Settings of single feeds are attributes of a namespace of our own, as OPML 2.0 provides for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

import msgspec

from firstwire.core.text.durations import seconds, written_duration
from firstwire.errors import ConfigError
from firstwire.poller.encoding import decoded
from firstwire.poller.feed_options import FeedOptions
from firstwire.poller.languages import language_tag
from firstwire.poller.markup import repaired

NAMESPACE = "https://github.com/firstwire/firstwire/opml"
PREFIX = "firstwire"
DEPTH_LIMIT = 100
"""Folders in folders; a list that a person keeps has two or three."""

_BARE_AMPERSAND = re.compile(r"&(?!(?:[a-zA-Z][a-zA-Z0-9]{0,31}|#[0-9]+|#[xX][0-9a-fA-F]+);)")

_OUTLINE = re.compile(r"<outline\s[^<>]{0,10000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r'([\w:.-]{1,60}\s*=\s*)"(.*?)"(?=\s+[\w:.-]{1,60}\s*=\s*"|\s*/?>)', re.DOTALL)
"""An attribute whose value ends where another one or the end of the tag follows."""


class ListedFeed(msgspec.Struct, frozen=True, kw_only=True):
    """A feed of a list. `line` is where it stands."""

    url: str
    title: str | None = None
    is_own_title: bool = False
    """The title is what the feed calls itself: nobody has given it that name."""
    tags: tuple[str, ...] = ()
    """The folders around it, the outermost first, then its categories."""
    options: FeedOptions = FeedOptions()
    is_paused: bool = False
    line: int = 0


def read_opml(content: bytes, place: str) -> tuple[ListedFeed, ...]:
    """The feeds of a list, in order. Raises ConfigError, with line and column, for a list that is broken or cut off."""
    text = decoded(content, "").text
    if not text.strip():
        raise ConfigError("not an OPML file: it is empty", place=place)
    fixed = _BARE_AMPERSAND.sub("&amp;", repaired(text))
    lines_removed = text.count("\n") - fixed.count("\n")
    try:
        feeds = _read(fixed, place, lines_removed)
    except ConfigError:
        quoted = _OUTLINE.sub(_with_quotes_escaped, fixed)
        if quoted == fixed:
            raise
        feeds = _read(quoted, place, lines_removed)
    if not feeds:
        raise ConfigError("the OPML file contains no feed", place=place)
    return feeds


def write_opml(feeds: Iterable[ListedFeed], title: str = "Feeds") -> str:
    """A list of feeds. Feeds of the same folders stand together, in the order given."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<opml version="2.0" xmlns:{PREFIX}={quoteattr(NAMESPACE)}>',
        f"  <head><title>{escape(title)}</title></head>",
        "  <body>",
        *_written(list(feeds), 0),
        "  </body>",
        "</opml>",
    ]
    return "\n".join(lines) + "\n"


def _read(text: str, place: str, lines_removed: int) -> tuple[ListedFeed, ...]:
    reader = _Reader(place, lines_removed)
    reader.read(text)
    return tuple(reader.feeds)


def _with_quotes_escaped(outline: re.Match[str]) -> str:
    """The tag with quotes in names of outlets, which some programs write as they are."""
    return _ATTRIBUTE.sub(lambda found: f'{found[1]}"{found[2].replace(chr(34), "&quot;")}"', outline[0])


@dataclass
class _Reader:
    place: str
    lines_removed: int
    feeds: list[ListedFeed] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    has_root: bool = False

    def read(self, text: str) -> None:
        parser = self._parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        try:
            parser.Parse(text, True)
        except expat.ExpatError as err:
            line = err.lineno + self.lines_removed
            reason = expat.ErrorString(err.code)
            raise ConfigError(f"not valid XML: {reason}", place=f"{self.place}:{line}:{err.offset + 1}") from err

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self.has_root:
            if name.lower() != "opml":
                raise ConfigError(f"not an OPML file: it begins with <{name[:40]}>", place=self._where())
            self.has_root = True
        if name.lower() != "outline":
            return
        if len(self.folders) >= DEPTH_LIMIT:
            raise ConfigError(f"more than {DEPTH_LIMIT} folders in each other", place=self._where())
        given = {key.lower(): value.strip() for key, value in attributes.items()}
        title = given.get("text") or given.get("title") or ""
        url = given.get("xmlurl", "")
        if not url:
            self.folders.append(title)
            return
        self.folders.append("")
        self.feeds.append(
            ListedFeed(
                url=url,
                title=title if title and title != url else None,
                tags=tuple(dict.fromkeys(filter(None, (*self.folders, *_categories(given.get("category", "")))))),
                options=self._options(given),
                is_own_title=given.get(f"{PREFIX}:owntitle") == "true",
                is_paused=given.get(f"{PREFIX}:paused") == "true",
                line=self._parser.CurrentLineNumber + self.lines_removed,
            )
        )

    def _end(self, name: str) -> None:
        if name.lower() == "outline":
            self.folders.pop()

    def _options(self, given: dict[str, str]) -> FeedOptions:
        return FeedOptions(
            interval_seconds=self._seconds(given.get(f"{PREFIX}:interval")),
            longest_interval_seconds=self._seconds(given.get(f"{PREFIX}:longestinterval")),
            ignore_http_cache=given.get(f"{PREFIX}:ignorehttpcache") == "true" or None,
            full_text=given.get(f"{PREFIX}:fulltext") == "true" or None,
            language=language_tag(given.get(f"{PREFIX}:language")),
        )

    def _seconds(self, text: str | None) -> float | None:
        try:
            return None if text is None else seconds(text)
        except ValueError as err:
            raise ConfigError(str(err), place=self._where()) from err

    def _where(self) -> str:
        line, column = self._parser.CurrentLineNumber + self.lines_removed, self._parser.CurrentColumnNumber + 1
        return f"{self.place}:{line}:{column}"


def _categories(text: str) -> Iterator[str]:
    """The names in an attribute `category`: `/News/World,Asia`."""
    return (name.strip() for path in text.split(",") for name in path.split("/"))


def _written(feeds: Sequence[ListedFeed], depth: int) -> Iterator[str]:
    """The outlines of feeds, whose first tags are the folders that are open."""
    indent = "  " * (depth + 2)
    folders: dict[str, list[ListedFeed]] = {}
    for feed in feeds:
        if len(feed.tags) > depth:
            folders.setdefault(feed.tags[depth], []).append(feed)
        else:
            yield f"{indent}<outline {' '.join(_attributes(feed))}/>"
    for name, inside in folders.items():
        yield f"{indent}<outline text={_quoted(name)}>"
        yield from _written(inside, depth + 1)
        yield f"{indent}</outline>"


def _attributes(feed: ListedFeed) -> Iterator[str]:
    yield f'type="rss" text={_quoted(feed.title or feed.url)} xmlUrl={_quoted(feed.url)}'
    options = feed.options
    for name, span in (("interval", options.interval_seconds), ("longestInterval", options.longest_interval_seconds)):
        if span is not None:
            yield f'{PREFIX}:{name}="{written_duration(span)}"'
    if options.ignore_http_cache:
        yield f'{PREFIX}:ignoreHttpCache="true"'
    if options.full_text:
        yield f'{PREFIX}:fullText="true"'
    if feed.is_own_title and feed.title:
        yield f'{PREFIX}:ownTitle="true"'
    if feed.is_paused:
        yield f'{PREFIX}:paused="true"'
    if options.language is not None:
        yield f"{PREFIX}:language={_quoted(options.language)}"


def _quoted(text: str) -> str:
    """An attribute's value. Line ends within would be read as spaces."""
    return quoteattr(text, {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
