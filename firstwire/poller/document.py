"""A parsed feed document: its metadata and entries, all text already plain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from firstwire.poller.languages import NOTHING_SEEN, SeenLanguage

TAG_LIMIT = 64
TAG_LIMIT_CHARACTERS = 200
ID_LIMIT_CHARACTERS = 4_096
"""What a reader of any format keeps of an entry."""

TITLE_LIMIT_CHARACTERS = 500
REASON_LIMIT_CHARACTERS = 500
"""What is remembered of a feed: its title, and why a visit failed. A channel title of 950 kB has been seen."""


def kept_tags(lines: Iterable[str]) -> tuple[str, ...]:
    """The tags kept of an entry: each once, without empty ones, up to the limits."""
    return tuple(dict.fromkeys(line[:TAG_LIMIT_CHARACTERS] for line in lines if line))[:TAG_LIMIT]


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry of a feed. Text is plain; `guid`, `link_text` and `published_text` are as the feed has them."""

    title: str
    guid: str | None = None
    guid_address: str | None = None
    """The guid made absolute, as the first version of the program took it if it was a link; see `former_ids`."""
    link: str | None = None
    """Absolute; None if the entry has no web address."""
    link_text: str | None = None
    """None if it is relative to an address that the document names, by xml:base."""
    summary: str = ""
    body: str = ""
    author: str | None = None
    source: str | None = None
    """The outlet, if the feed names another than its own."""
    language: str | None = None
    """As the feed declares it for this entry."""
    seen: SeenLanguage = NOTHING_SEEN
    tags: tuple[str, ...] = ()
    published_text: str | None = None
    published_at: datetime | None = None
    """None if it is missing or cannot be read with certainty."""


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """A feed's document. Entries are in its order, at most as many as the reader's limit."""

    entries: tuple[FeedEntry, ...]
    format: str = ""
    """Its name and version: `RSS 2.0`."""
    encoding: str = ""
    title: str | None = None
    language: str | None = None
    """As the feed declares it: BCP 47 in lower case."""
    seen: SeenLanguage = NOTHING_SEEN
    """What the texts of all entries say of the language."""
    ttl_seconds: float | None = None
    update_period_seconds: float | None = None
    skip_hours: tuple[int, ...] = ()
    """Hours, GMT, without visits."""
    skip_days: tuple[int, ...] = ()
    """Days, GMT, Monday being 0."""
    hubs: tuple[str, ...] = ()
    topic: str | None = None
    """The hubs that it names, and the address under which they know it."""
    garbled: str | None = None
    """An excerpt of text that was decoded wrongly."""
    fault: str | None = None
    """A fault in the markup of a document with entries: it may be incomplete."""


@dataclass(frozen=True, slots=True)
class UnreadableFeed:
    """Why no feed could be read from the bytes."""

    reason: str
    is_limit: bool = False
    """Only our limits are in the way."""
    is_page: bool = False
    """It is a web page, which may name feeds."""
