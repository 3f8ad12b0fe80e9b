"""What models look at in a sentence: its words, and whom its names stand for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from firstwire.core.entities.gazetteer import Mention
from firstwire.core.entities.sentence import Sentence, Word
from firstwire.core.text.rarities import stem_of
from schemas.record import Entity

_NAMES = {"nation": "#nation", "organization": "#organization", "leader": "#leader"}
BEGIN, END = "^", "$"
"""Before the first word of a sentence, and behind the last."""
LEAD_SENTENCES = 2
"""Sentences of the body that mostly tell the news, after title and summary."""


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
        return "#number" if word.low.isdecimal() else word.low or "#invisible"
    if mention.role == "demonym":
        return "#demonym"
    return "#capital" if mention.role == "capital" else _NAMES.get(mention.entity.kind, "#other")
