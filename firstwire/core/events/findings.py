"""What reading a sentence finds: an act, before findings of one article are merged into events."""

from __future__ import annotations

import msgspec

from firstwire.core.events.sentence import Sentence
from schemas.event import Polarity, Status
from schemas.record import Entity, Span


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One act in one sentence. `verb` is the word that names it."""

    action: str
    actors: tuple[Entity, ...]
    targets: tuple[Entity, ...]
    status: Status
    cue: str
    sentence: Sentence
    verb: int
    first: int
    last: int
    act_date: str
    ordinal: int | None = None
    ordinal_scope: str | None = None
    claims_first: bool = False

    @property
    def polarity(self) -> Polarity:
        return "negated" if self.status == "negated" else "affirmed"

    @property
    def evidence(self) -> Span:
        return self.sentence.span(self.first, self.last)


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """An ordinal claim as found: who is said to be the first, and of what."""

    actors: tuple[Entity, ...]
    ordinal: int
    scope: str | None
    claims_first: bool
    status: Status
    cue: str
    act: str
    """The verb phrase of the act, hyphenated; empty for "to do so"."""
    act_verb: int
    """The word that begins the act; the number of words where it is not said."""
    first: int
    last: int
