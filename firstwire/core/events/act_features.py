"""What the learned reading looks at: words, how they depend on each other, and where each name stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from firstwire.core.entities.gazetteer import Mention
from firstwire.core.entities.sentence import Sentence, Word
from firstwire.core.text.rarities import stem_of
from firstwire.core.text.word_lists import word_set
from schemas.record import Entity

_EDGES = word_set("dobj nsubj nsubjpass pobj amod compound xcomp ccomp advcl neg aux attr oprd acl")
"""Relations between two words that are features; a name's relation to its head always is."""
_BODIES = frozenset({"nation", "organization"})
_NAMES = {"nation": "#nation", "organization": "#organization", "leader": "#leader"}
_PARTICLE_REACH = 6
_PATH_AT_MOST = 4
BEGIN, END = "^", "$"
"""Before the first word of a sentence, and behind the last."""
LEAD_SENTENCES = 2
"""Sentences of the body that mostly tell the news, after title and summary."""


class Candidate(msgspec.Struct, frozen=True):
    """A name that may be a party. `at` is the position of its last word."""

    at: int
    entity: Entity
    leader: Entity | None
    """Who acts for `entity`, if the text names him."""
    features: tuple[str, ...]
    is_here: bool = True
    """Whether the sentence names it: not if "it" means a name of the sentence before."""


def word_features(sentence: Sentence) -> dict[str, float]:
    """Words and pairs of words: what can be known of a sentence before it is parsed."""
    return _of_words(_stems([plain_word(word) for word in sentence.words]))


def _stems(plain: Sequence[str]) -> list[str]:
    return [word if word[0] == "#" else stem_of(word, "en") for word in plain]


def _of_words(stems: Sequence[str]) -> dict[str, float]:
    found = dict.fromkeys([f"w:{stem}" for stem in stems], 1.0)
    for one, other in zip([BEGIN, *stems], [*stems, END], strict=True):
        found[f"b:{one} {other}"] = 1.0
    return found


def count_of_bodies(sentence: Sentence) -> int:
    """How many nations and organizations a sentence names."""
    entities = [word.mention.entity for word in sentence.words if word.mention is not None]
    return len({each.id for each in entities if each.kind in _BODIES})


def names_before(before: Sentence | None, known: set[str]) -> Iterator[tuple[int, Word, Entity, Entity | None]]:
    """The listed names of the sentence before, which "it" may mean, by their order, with the party and its leader:
    those that are not `known`, to which they are added."""
    named = [word for word in before.words if word.mention is not None] if before is not None else []
    for order, word in enumerate(named):
        assert word.mention is not None
        entity, leader = party_of(word.mention)
        if entity.id not in known:
            known.add(entity.id)
            yield order, word, entity, leader


def party_of(mention: Mention) -> tuple[Entity, Entity | None]:
    """Whom a name stands for, and the leader who acts for it, if he is named."""
    if mention.entity.kind == "leader" and mention.nation is not None:
        return mention.nation, mention.entity
    return mention.entity, None


def plain_word(word: Word) -> str:
    mention: Mention | None = word.mention
    if mention is None:
        return "#number" if word.low.isdigit() else word.low or "#invisible"
    if mention.role == "demonym":
        return "#demonym"
    return "#capital" if mention.role == "capital" else _NAMES.get(mention.entity.kind, "#other")
