"""`story-state`: clustering's memory of one story, sketches of its articles without their text."""

from __future__ import annotations

from typing import Annotated

import msgspec

from schemas.record import Record, Timestamp


class StoryMemory(Record, frozen=True, kw_only=True, tag="story-memory"):
    """A story as sketches of some of its articles. A record of before `members` has none: only copies find it."""

    story_id: str
    language: str
    """A story has one language: the key of `articles`."""
    articles: Annotated[int, msgspec.Meta(ge=1)]
    members: tuple[bytes, ...] = ()
    """Sketches of its first article and of the newest others."""
    terms: bytes = b""
    """Its rarest words as terms in ascending order: four bytes each, little-endian, of which the last six bits are the
    word's rarity."""
    meaning: bytes = b""
    """What its articles say, as a direction of 64 signed bytes: see `core/stories/meanings.py`. Empty where no second
    look is taken, and in records of earlier versions."""
    first_at: Timestamp
    last_at: Timestamp
    """Event time (`fetched_at`) of the newest article; expiry counts from it."""
