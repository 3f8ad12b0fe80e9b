"""A parsed sentence with what its names mean, and the acts that are read from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import msgspec

from firstwire.core.entities.sentence import Sentence
from firstwire.core.events.parties import actors_on, bodies_of
from firstwire.core.language.clauses import Clause
from firstwire.core.language.lexicon import Lexicon
from firstwire.core.language.parses import Tree
from firstwire.core.language.phrases import owner, parties, unique
from firstwire.core.language.status import ClauseStatus, status_of
from schemas.record import Entity


class ParsedAct(msgspec.Struct, frozen=True):
    action: str
    actors: tuple[Entity, ...]
    targets: tuple[Entity, ...]
    status: ClauseStatus
    at: int
    positions: tuple[int, ...] = ()
    """Of the words that name the act and its parties."""


@dataclass(frozen=True)
class ParsedSentence:
    """`before` is the sentence before, which may have the referent of "it"."""

    tree: Tree
    before: Sentence | None
    lexicon: Lexicon

    @cached_property
    def lows(self) -> tuple[str, ...]:
        return tuple(word.low for word in self.tree.sentence.words)

    def has(self, kind: str) -> bool:
        """Whether a word of the sentence begins with a stem of a class."""
        return any(self.lexicon.begins_as(low, kind) for low in self.lows)

    def is_a(self, at: int, kind: str) -> bool:
        return self.lexicon.is_a(self.tree.low(at), kind)

    def does(self, verb: int, kind: str) -> bool:
        """Whether a verb is of a class, in any form."""
        return self.lexicon.does(self.tree.low(verb), kind)

    def any_is(self, positions: Iterable[int], kind: str) -> bool:
        return any(self.is_a(each, kind) for each in positions)

    def actors_of(self, heads: Iterable[int]) -> tuple[Entity, ...]:
        """Who acts, of the phrases with these heads."""
        return unique(one for head in heads for one in parties(self.tree, head, self.lexicon, self.before))

    def side_of(self, head: int) -> list[Entity]:
        """The party that a phrase names: a nation, or the nation of what it names ("Iranian banks")."""
        found = parties(self.tree, head, self.lexicon, self.before)
        if found:
            return list(bodies_of(found)) or found
        held = owner(self.tree, head)
        return [held] if held is not None else []

    def status(self, clause: Clause) -> ClauseStatus:
        return status_of(clause, self.tree, self.lexicon)

    def places_of(self, *sides: Sequence[Entity]) -> tuple[int, ...]:
        """The positions of the names of parties."""
        wanted = {one.id for side in sides for one in side}
        return tuple(
            at
            for at, word in enumerate(self.tree.sentence.words)
            if word.mention is not None
            and wanted & {word.mention.entity.id, word.mention.nation.id if word.mention.nation is not None else ""}
        )

    def act(
        self, action: str, at: int, actors: tuple[Entity, ...], targets: tuple[Entity, ...], status: ClauseStatus
    ) -> Iterator[ParsedAct]:
        """The act, unless somebody would act on itself."""
        kept = actors_on(actors, targets)
        if kept is None:
            return
        if not kept and status.status == "asserted":
            status = ClauseStatus("historical", "nobody is named who does it")
        yield ParsedAct(action, kept, targets, status, at, self.places_of(kept, targets))
