"""A feed document as read: its own words about itself, and its entries, all text already plain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

TAG_LIMIT = 64
TAG_LIMIT_CHARACTERS = 200
ID_LIMIT_CHARACTERS = 4_096
"""What a reader of any format keeps of an entry."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry as the feed has it. Text is plain; `guid` and `published_text` are the feed's own characters."""

    title: str
    guid: str | None = None
    link: str | None = None
    """Absolute; None if the feed gives no web address."""
    summary: str = ""
    body: str = ""
    author: str | None = None
    source: str | None = None
    """Who wrote it, where the feed says that it is another outlet."""
    language: str | None = None
    tags: tuple[str, ...] = ()
    published_text: str | None = None
    published_at: datetime | None = None
    """None if the feed gives none, or none that is a date."""


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """A feed's document. Entries stand in its order, at most as many as the reader was told to take."""

    entries: tuple[FeedEntry, ...]
    title: str | None = None
    language: str | None = None
    """Declared by the feed: BCP 47 in lower case."""
    detected_language: str | None = None
    """Found in the text, only where none is declared and the reader was asked to look."""
    ttl_seconds: float | None = None
    update_period_seconds: float | None = None
    fault: str | None = None
    """What is wrong with the markup although entries were found: the document may be incomplete."""


@dataclass(frozen=True, slots=True)
class UnreadableFeed:
    """No feed could be read from the bytes, and why."""

    reason: str
