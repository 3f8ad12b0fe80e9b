"""Names that act: alone or in rows, "A, B and C"; not possessors, adjectives or names after a preposition."""

from __future__ import annotations

import msgspec

from firstwire.core.entities.sentence import Sentence
from firstwire.core.events.noun_phrases import LOOSE_ADJECTIVES, actors_of, office_end
from firstwire.core.text.closed_words import (
    ACTING_HEADS,
    CONJUNCTIONS,
    DETERMINERS,
    POSSESSIVES,
    PREPOSITIONS,
    is_adverb,
)
from firstwire.core.text.word_lists import word_set
from schemas.record import Entity

_LEAD_IN = 12
"""Words before the first comma of a circumstance, "At a summit in Doha, …"."""

_MANY = word_set("countries nations states governments others")
"""Nouns that end a row in place of a name: "A, B and several Arab nations"."""


_BODIES_OF_NATIONS = word_set(
    "lawmakers legislators mps parliament parliamentarians government authorities cabinet rulers senators"
)
"""Bodies that act for the nation or capital named with them."""


class ActorSpan(msgspec.Struct, frozen=True):
    """Actors with the range of their words. `negative`: the subject is "no country"."""

    actors: tuple[Entity, ...]
    first: int
    last: int
    negative: bool = False


def row_ending(sentence: Sentence, last: int) -> ActorSpan:
    """All names of a row, given its last one."""
    first = last
    while (before := _name_in_row(sentence, first, in_row=first != last)) is not None:
        first = before
    end = office_end(sentence, last) or last
    return ActorSpan(unique(actors_between(sentence, first, last)), first, end)


def row_from(sentence: Sentence, first: int, end: int) -> ActorSpan:
    """All names of a row, given its first one."""
    last = first
    while (following := next_in_row(sentence, last, end)) is not None:
        last = following
    return row_ending(sentence, last)


def next_in_row(sentence: Sentence, at: int, end: int) -> int | None:
    """The next name of "A, B and C"; None at the end of the row."""
    position = at + 1
    joined = False
    while position < end and (sentence.low(position) in CONJUNCTIONS or sentence.low(position) == ","):
        joined = True
        position += 1
    while position < end and sentence.low(position) in DETERMINERS | LOOSE_ADJECTIVES:
        position += 1
    mention = sentence.mention(position) if joined and position < end else None
    if mention is None or sentence.words[position].bound:
        return None
    conjoined = any(sentence.low(place) in CONJUNCTIONS for place in range(at + 1, position))
    if not conjoined and not _row_goes_on(sentence, position):
        return None
    if mention.role == "demonym" and office_end(sentence, position) is None:
        return None
    return position


def _name_in_row(sentence: Sentence, at: int, *, in_row: bool) -> int | None:
    position = at - 1
    while position >= 0 and _is_before_name(sentence.low(position)):
        position -= 1
    comma = sentence.low(position) == ","
    if _separates_clauses(sentence, position):
        return None
    if comma and not (in_row or _row_goes_on(sentence, at) or _is_headline_row(sentence, position)):
        return None
    if not comma and sentence.low(position) not in CONJUNCTIONS:
        return None
    found = _name_before(sentence, position)
    return found if found is not None and not sentence.words[found].bound else None


def _name_before(sentence: Sentence, position: int) -> int | None:
    """The name that a comma or "and" joins to what follows."""
    while sentence.low(position) in CONJUNCTIONS or sentence.low(position) == ",":
        position -= 1
    for place in range(position, max(-1, position - 4), -1):
        if sentence.mention(place) is not None:
            return place
        if sentence.low(place) not in ACTING_HEADS:
            return None
    return None


def _row_goes_on(sentence: Sentence, at: int) -> bool:
    """Whether a name after a comma continues "A, B and C" and does not begin a clause."""
    after = (office_end(sentence, at) or at) + 1
    if sentence.low(after) not in CONJUNCTIONS and sentence.low(after) != ",":
        return False
    places = range(after + 1, after + 5)
    return any(sentence.mention(place) is not None or sentence.low(place) in _MANY for place in places)


def _is_headline_row(sentence: Sentence, comma: int) -> bool:
    """ "Iran, Russia restore ties": names and commas from the beginning."""
    while comma > 0 and sentence.low(comma) == "," and sentence.mention(comma - 1) is not None:
        comma -= 2
    return comma == -1 or sentence.low(comma) == ":"


def _separates_clauses(sentence: Sentence, at: int) -> bool:
    """Whether a comma or "and" separates clauses: "In Doha, Kenya and Iran …", "with Iran, and Kenya …"."""
    low = sentence.low(at)
    if low in CONJUNCTIONS and sentence.low(at - 1) == ",":  # a row would have another name and comma
        return sentence.mention(at - 2) is not None and sentence.low(at - 3) in PREPOSITIONS
    if low != "," or sentence.low(0) not in PREPOSITIONS - {"of"} or at > _LEAD_IN:
        return False
    if "," in {sentence.low(place) for place in range(at)}:
        return False
    end = at + 1
    while sentence.mention(end) is not None or sentence.low(end) in CONJUNCTIONS | DETERMINERS | {","}:
        end += 1
    return sentence.low(end - 1) != ","


def _is_before_name(word: str) -> bool:
    """Whether a word may occur between "and" and the next name: "the internationally recognized government of"."""
    return word in DETERMINERS | LOOSE_ADJECTIVES | ACTING_HEADS | {"of", "recognized", "recognised"} or is_adverb(word)


def actors_between(sentence: Sentence, first: int, last: int) -> list[Entity]:
    return [entity for place in range(first, last + 1) for entity in actors_of(sentence, place)]


def unique(entities: list[Entity]) -> tuple[Entity, ...]:
    return tuple({entity.id: entity for entity in entities}.values())


def can_act(sentence: Sentence, at: int) -> bool:
    """Whether the name at a position may be a subject: not after a preposition, not an adjective or possessor."""
    word = sentence.words[at]
    if word.mention is None or word.bound:
        return False
    owner = sentence.low(at + 1) in {"'s", "'"}
    if (word.mention.role == "demonym" or owner) and office_end(sentence, at) is None:
        return False
    return not _is_oblique(sentence, at)


def _is_oblique(sentence: Sentence, at: int) -> bool:
    position = at - 1
    for _ in range(6):
        low = sentence.low(position)
        if (low == "," and not _row_goes_on(sentence, at)) or _separates_clauses(sentence, position):
            return False
        if low in CONJUNCTIONS or low == ",":
            owner = _name_before(sentence, position)
            return _is_oblique(sentence, owner) if owner is not None else False
        if low in PREPOSITIONS:
            before = sentence.low(position - 1)
            if low == "in" and before in _BODIES_OF_NATIONS and sentence.mention(position - 2) is None:
                return False  # "lawmakers in Kyiv"
            return not (low == "of" and before in ACTING_HEADS) and not (low == "like" and before == ",")
        if low in POSSESSIVES and low not in DETERMINERS:
            return False
        if not (low in DETERMINERS or low in LOOSE_ADJECTIVES or (low in ACTING_HEADS and position > 0)):
            return False
        position -= 1
    return False
