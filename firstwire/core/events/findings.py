"""Acts and claims found in sentences, before those of one article are merged into events."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from firstwire.core.entities.sentence import Sentence
from firstwire.core.text.closed_words import NATION_HEADS, ordinal_of
from schemas.event import Polarity, Status
from schemas.record import Certainty, Entity, EntityKind, Span

CLAUSES, LEARNED = "clauses", "learned"
"""The readings, in `readers`."""


class Grade(msgspec.Struct, frozen=True):
    """The certainty of a reading, and what decided it."""

    certainty: Certainty
    reason: str


class FoundAct(msgspec.Struct, frozen=True, kw_only=True):
    """One act in one sentence. `verb` is the position of the word that names it."""

    action: str
    actors: tuple[Entity, ...]
    targets: tuple[Entity, ...]
    status: Status
    cue: str
    sentence: Sentence
    verb: int
    first: int
    last: int
    act_date: str | None
    ordinal: int | None = None
    ordinal_scope: str | None = None
    claims_first: bool = False
    ordinal_kind: EntityKind | None = None
    ordinal_since: str | None = None
    grade: Grade = Grade("unsure", "one reading alone")
    readers: tuple[str, ...]
    told_now: float | None = None
    """How likely the act is news and not history, by its sentence; None where no model says it."""
    told_now_in_place: float | None = None
    """The same by the sentence's place in its article, under its headline."""
    named_at: tuple[int, ...] = ()
    """The positions of words that name the actors, if no list has them."""

    @property
    def actor_ids(self) -> frozenset[str]:
        return frozenset(each.id for each in self.actors)

    @property
    def target_ids(self) -> frozenset[str]:
        return frozenset(each.id for each in self.targets)

    @property
    def party_ids(self) -> frozenset[str]:
        return self.actor_ids | self.target_ids

    @property
    def polarity(self) -> Polarity:
        return "negated" if self.status == "negated" else "affirmed"

    @property
    def evidence(self) -> tuple[Span, ...]:
        """The evidence: in a title the words of actor, act, target and rank; elsewhere the whole clause."""
        if self.sentence.field != "title":
            return (self.sentence.span(self.first, self.last),)
        spans: list[Span] = []
        places = sorted({self.verb, *self.named_at, *self._named(), *self._ranking()})
        for place in places:
            if spans and place - 1 in places:
                begun = next(at for at in range(place, -1, -1) if at - 1 not in places)
                spans[-1] = self.sentence.span(begun, place)
            else:
                spans.append(self.sentence.span(place, place))
        return tuple(spans)

    def _named(self) -> Iterator[int]:
        """The positions of actors and targets in the clause."""
        wanted = self.party_ids
        for place in range(self.first, min(self.last + 1, len(self.sentence.words))):
            mention = self.sentence.mention(place)
            if mention is not None and wanted & {mention.entity.id, mention.nation.id if mention.nation else ""}:
                yield place

    def _ranking(self) -> Iterator[int]:
        """The ordinal with its noun: "first nation", "only Arab country"."""
        for place in range(self.first, min(self.last + 1, len(self.sentence.words))):
            low = self.sentence.low(place)
            if self.ordinal is None or not (ordinal_of(low) == self.ordinal or low == "only"):
                continue
            yield place
            following = range(place + 1, min(place + 4, self.last + 1))
            noun = next((at for at in following if self.sentence.low(at) in NATION_HEADS), place)
            yield from range(place + 1, noun + 1)


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """A claim of rank as found: the ranked actors, the rank, and where the act is told."""

    actors: tuple[Entity, ...]
    ordinal: int
    scope: str | None
    kind: EntityKind | None
    since: str | None
    claims_first: bool
    status: Status
    cue: str
    at: int
    """The ordinal; the beginning, where no word ranks."""
    noun: int | None
    """The ranked noun."""
    verb: int | None
    """What they are first to do; None if it is told elsewhere or in no words of its own."""
    clause: int | None
    """The verb of the clause that ranks them."""
    positions: tuple[int, ...]
    """Of the words that name them."""
    first: int
    last: int
    grade: Grade
    readers: tuple[str, ...]
