"""Names in noun phrases: the office next to a name, and the nation that it acts for."""

from __future__ import annotations

from firstwire.core.entities.sentence import Sentence
from firstwire.core.text.closed_words import (
    ACTING_HEADS,
    AUXILIARIES,
    CLAUSE_OPENERS,
    PERSONS_IN_OFFICE,
    PREPOSITIONS,
)
from firstwire.core.text.word_lists import word_set
from schemas.record import Entity

LOOSE_ADJECTIVES = word_set(
    """
    new former neighbouring neighboring tiny fellow ally oil-rich communist both newly
    """
)


_NP_LENGTH = 7


def office_end(sentence: Sentence, at: int) -> int | None:
    """The last word of "Turkish foreign minister …": a name followed by an office or leader. None without one."""
    found: int | None = None
    unknown = 0
    for position in range(at + 1, min(len(sentence.words), at + _NP_LENGTH)):
        word = sentence.words[position]
        if word.mention is not None:
            return position if word.mention.role == "leader" and position - at <= 5 else found
        if word.low in ACTING_HEADS:
            found = position
        elif word.low in {"'s", "'"}:
            continue
        elif word.is_punctuation or word.low in PREPOSITIONS or word.low in AUXILIARIES or word.low in CLAUSE_OPENERS:
            break
        elif not word.text[:1].isupper():
            unknown += 1
            if found is not None or unknown > 1:
                break
    return found


def actors_of(sentence: Sentence, at: int) -> list[Entity]:
    """The entity at a position, and the nation that it acts for."""
    mention = sentence.mention(at)
    if mention is None:
        return []
    nation = mention.nation or (_nation_of_office(sentence, at) if mention.role == "leader" else None)
    return [mention.entity] if nation is None else [mention.entity, nation]


def _nation_of_office(sentence: Sentence, at: int) -> Entity | None:
    """The nation of "Kenyan President X", "Kenya's X": the text takes precedence over known terms of office."""
    for place in range(at - 1, max(-1, at - 5), -1):
        mention = sentence.mention(place)
        if mention is not None:
            retired = sentence.low(place - 1) in {"former", "ex", "late"} or place == at - 1
            return None if retired or mention.entity.kind != "nation" else mention.entity
        if sentence.low(place) not in (ACTING_HEADS | {"'s", "'"}) - {"former"}:
            return None
    return None


def is_holder_of_office(sentence: Sentence, at: int) -> bool:
    """Whether a nation's name belongs to an office holder: "the Turkish president"."""
    end = office_end(sentence, at)
    return end is not None and any(sentence.low(place) in PERSONS_IN_OFFICE for place in range(at + 1, end + 1))
