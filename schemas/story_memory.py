"""`story-state`: what clustering remembers of one story, a small record of hashed words and never its text."""

from __future__ import annotations

from typing import Annotated

import msgspec

from schemas.record import Record, Timestamp


class StoryMemory(Record, frozen=True, kw_only=True, tag="story-memory"):
    """A story as its articles tell it on average."""

    story_id: str
    language: str
    """Stories are told in one language; see `articles`, whose key it is."""
    articles: Annotated[int, msgspec.Meta(ge=1)]
    center: bytes
    """Terms in ascending order, each with its mean weight in the articles: four bytes, of which the last six bits are
    the word's rarity and the seventh says that it is a pair, and a half-precision number, little-endian."""
    titles: tuple[bytes, ...] = ()
    """The first few titles as hashed words in their order, four bytes each: who did what to whom."""
    marks: tuple[str, ...] = ()
    """What tells it from others of its kind (`package 12`, `month february`), as first said."""
    first_at: Timestamp
    last_at: Timestamp
    """Event time (`fetched_at`) of the newest article; what expiry counts from."""
