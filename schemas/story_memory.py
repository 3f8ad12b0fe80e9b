"""`story-state`: what clustering remembers of one story, a small record of hashed words and never its text."""

from __future__ import annotations

from typing import Annotated

import msgspec

from schemas.record import Record, Timestamp


class StoryMemory(Record, frozen=True, kw_only=True, tag="story-memory"):
    """A story as its first article told it (the seed) and as its articles tell it on average (the center)."""

    story_id: str
    language: str
    """Stories are told in one language; see `articles`, whose key it is."""
    articles: Annotated[int, msgspec.Meta(ge=1)]
    seed: bytes
    """Hashed terms of the first article in ascending order, each with its weight: four and two bytes, little-endian."""
    center: bytes
    """The same of all articles: the mean weight, the lightest terms dropped."""
    names: bytes
    """Hashed names, four bytes each: of persons and places, as the early articles give them."""
    titles: tuple[bytes, ...] = ()
    """The first few titles as hashed words in their order, four bytes each: who did what to whom."""
    marks: tuple[str, ...] = ()
    """What tells it from others of its kind (`package 12`, `month february`), as first said."""
    first_at: Timestamp
    last_at: Timestamp
    """Event time (`fetched_at`) of the newest article; what expiry counts from."""
