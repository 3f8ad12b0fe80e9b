"""`story-state`: clustering's memory of one story, a small record of hashed words without its text."""

from __future__ import annotations

from typing import Annotated

import msgspec

from schemas.record import Record, Timestamp


class StoryMemory(Record, frozen=True, kw_only=True, tag="story-memory"):
    """A story as the average of its articles."""

    story_id: str
    language: str
    """A story has one language: the key of `articles`."""
    articles: Annotated[int, msgspec.Meta(ge=1)]
    center: bytes
    """Terms in ascending order, each with its mean weight in the articles: four bytes, of which the last six bits are
    the word's rarity and the seventh marks a pair, and a half-precision number, little-endian."""
    titles: tuple[bytes, ...] = ()
    """The first few titles as hashed words in order, four bytes each: who did what to whom."""
    marks: tuple[str, ...] = ()
    """Words that distinguish it from similar stories (`package 12`, `month february`), from its first article."""
    first_at: Timestamp
    last_at: Timestamp
    """Event time (`fetched_at`) of the newest article; expiry counts from it."""
