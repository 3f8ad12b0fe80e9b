"""Who acts: the subject of a verb, found to its left, with the nation behind a leader, a ministry or a capital."""

from __future__ import annotations

import msgspec

from firstwire.core.events.sentence import Sentence
from firstwire.core.events.vocabulary import (
    ACTING_HEADS,
    AUXILIARIES,
    CLAUSE_OPENERS,
    CONJUNCTIONS,
    DETERMINERS,
    PERSONS_IN_OFFICE,
    POSSESSIVES,
    PREPOSITIONS,
    PRONOUNS,
    RELATIVES,
    is_adverb,
)
from firstwire.core.text.word_lists import word_set
from schemas.record import Entity

_OWN_GOVERNMENT = word_set("government country nation state administration kingdom republic")
_NO_ONE = frozenset({"no", "none", "nobody", "neither", "nor"})
_LOOSE_ADJECTIVES = word_set(
    """
    new former neighbouring neighboring tiny fellow ally oil-rich communist both newly
    """
)
_NP_LENGTH = 7


class Subject(msgspec.Struct, frozen=True):
    """Actors with the words that name them. `negative`: it is "no country" that acts."""

    actors: tuple[Entity, ...]
    first: int
    last: int
    negative: bool = False


def nearest_subject(sentence: Sentence, verb: int) -> Subject | None:
    """The subject of a finite verb: the nearest name to its left, in its own clause, that can be one."""
    at = _before_insertion(sentence, _chain_start(sentence, verb))
    if sentence.low(at - 1) in {"and", "but", "or"} and not _is_name(sentence, at - 2):
        return leading_subject(sentence, at - 1)
    position = at - 1
    while position >= 0:
        word = sentence.words[position]
        if word.low in _NO_ONE:
            return Subject((), position, verb, negative=True)
        if word.low in PRONOUNS or (word.low in _OWN_GOVERNMENT and sentence.low(position - 1) in DETERMINERS):
            return leading_subject(sentence, position)
        if word.low in CLAUSE_OPENERS:
            return _beyond(sentence, position)
        if can_act(sentence, position):
            return row_ending(sentence, position)
        position -= 1
    return None


def leading_subject(sentence: Sentence, end: int) -> Subject | None:
    """The first name before a place that can be a subject: of participles, pronouns and second verbs."""
    unknown = 0
    for position in range(end):
        if _is_common_noun(sentence, position):
            unknown += 1
        elif sentence.low(position) in {",", "that", ":", "says", "said"}:
            unknown = 0
        if unknown > 1:
            continue
        if can_act(sentence, position):
            last = position
            while (following := _next_in_row(sentence, last, end)) is not None:
                last = following
            return row_ending(sentence, last)
    return None


def _is_common_noun(sentence: Sentence, at: int) -> bool:
    """A lower-case word that is neither grammar nor office: somebody else may be the subject."""
    low = sentence.low(at)
    return (
        sentence.mention(at) is None
        and sentence.words[at].text[:1].islower()
        and low not in ACTING_HEADS | DETERMINERS | PREPOSITIONS | CONJUNCTIONS | AUXILIARIES | _LOOSE_ADJECTIVES
        and not is_adverb(low)
    )


def agent_after(sentence: Sentence, start: int) -> Subject | None:
    """The names after "by" or "from"."""
    position = start
    while position < min(len(sentence.words), start + 8):
        word = sentence.words[position]
        if word.mention is not None and not word.bound:
            if word.mention.role == "demonym" and office_end(sentence, position) is None:
                return None
            last = position
            while (following := _next_in_row(sentence, last, len(sentence.words))) is not None:
                if _begins_clause(sentence, following):
                    break
                last = following
            return Subject(_unique(_actors_between(sentence, position, last)), position, last)
        if word.is_punctuation or word.low in PREPOSITIONS - {"of"} or word.low == "each":
            return None
        position += 1
    return None


def _begins_clause(sentence: Sentence, at: int) -> bool:
    """ "…, and the Emirates downgrade": the name is the subject of what follows."""
    end = office_end(sentence, at) or at
    after = sentence.low(end + 1)
    if not after or sentence.words[end + 1].is_punctuation:
        return False
    return not (
        after in PREPOSITIONS
        or after in CONJUNCTIONS
        or after in CLAUSE_OPENERS
        or after in {"'s", "'", "respectively"}
        or is_adverb(after)
        or after.endswith("ing")
    )


def can_act(sentence: Sentence, at: int) -> bool:
    """Whether the name at a place may be a subject: not after a preposition, not a mere adjective or owner."""
    word = sentence.words[at]
    if word.mention is None or word.bound:
        return False
    owner = sentence.low(at + 1) in {"'s", "'"}
    if (word.mention.role == "demonym" or owner) and office_end(sentence, at) is None:
        return False
    return not _is_oblique(sentence, at)


def office_end(sentence: Sentence, at: int) -> int | None:
    """The last word of "Turkish foreign minister …": a name with an office or a leader after it. None without one."""
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
    """The entity at a place, with whom it acts for."""
    mention = sentence.mention(at)
    if mention is None:
        return []
    return [mention.entity] if mention.nation is None else [mention.entity, mention.nation]


def is_holder_of_office(sentence: Sentence, at: int) -> bool:
    """Whether a nation's name is that of a person in office: "the Turkish president"."""
    end = office_end(sentence, at)
    return end is not None and any(sentence.low(place) in PERSONS_IN_OFFICE for place in range(at + 1, end + 1))


def _chain_start(sentence: Sentence, verb: int) -> int:
    at = verb
    while at > 0 and (
        sentence.low(at - 1) in AUXILIARIES or sentence.low(at - 1) == "to" or is_adverb(sentence.low(at - 1))
    ):
        at -= 1
    return at


def _before_insertion(sentence: Sentence, at: int) -> int:
    """Left of ", after talks in Kabul," and ", the president of X,"."""
    if sentence.low(at - 1) != ",":
        return at
    for position in range(at - 2, max(-1, at - 25), -1):
        if sentence.low(position) == ",":
            opener = sentence.low(position + 1)
            if opener in CLAUSE_OPENERS | PREPOSITIONS | DETERMINERS or opener.endswith("ing"):
                return position
            return at - 1
    return at - 1


def _beyond(sentence: Sentence, opener: int) -> Subject | None:
    """The subject of a clause that names none: what a relative pronoun refers to, else that of the main clause."""
    if sentence.low(opener) in RELATIVES:
        for position in range(opener - 2, max(-1, opener - 9), -1):
            if sentence.low(position) == ",":
                break
            if can_act(sentence, position):
                return row_ending(sentence, position)
        for position in range(opener - 1, max(-1, opener - 5), -1):
            word = sentence.words[position]
            if word.low in _NO_ONE:
                return Subject((), position, opener, negative=True)
            if word.mention is not None and not word.bound:
                return Subject(_unique(actors_of(sentence, position)), position, position)
        return None
    return leading_subject(sentence, opener)


def _is_name(sentence: Sentence, at: int) -> bool:
    return sentence.mention(at) is not None or sentence.low(at) in ACTING_HEADS | {"countries", "states", "nations"}


def _is_oblique(sentence: Sentence, at: int) -> bool:
    position = at - 1
    for _ in range(6):
        low = sentence.low(position)
        if low == "," and not _row_goes_on(sentence, at):
            return False
        if low in CONJUNCTIONS or low == ",":
            owner = _name_before(sentence, position)
            return _is_oblique(sentence, owner) if owner is not None else False
        if low in PREPOSITIONS:
            before = sentence.low(position - 1)
            return not (low == "of" and before in ACTING_HEADS) and not (low == "like" and before == ",")
        if low in POSSESSIVES and low not in DETERMINERS:
            return False
        if not (low in DETERMINERS or low in _LOOSE_ADJECTIVES or (low in ACTING_HEADS and position > 0)):
            return False
        position -= 1
    return False


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


def _next_in_row(sentence: Sentence, at: int, end: int) -> int | None:
    """The next name of "A, B and C", if the row goes on."""
    position = at + 1
    joined = False
    while position < end and (sentence.low(position) in CONJUNCTIONS or sentence.low(position) == ","):
        joined = True
        position += 1
    while position < end and sentence.low(position) in DETERMINERS | _LOOSE_ADJECTIVES:
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


def _row_goes_on(sentence: Sentence, at: int) -> bool:
    """Whether a name that follows a comma is one of "A, B and C", not the beginning of a clause."""
    after = (office_end(sentence, at) or at) + 1
    if sentence.low(after) not in CONJUNCTIONS and sentence.low(after) != ",":
        return False
    return any(sentence.mention(place) is not None for place in range(after + 1, after + 5))


def _is_headline_row(sentence: Sentence, comma: int) -> bool:
    """ "Iran, Russia restore ties": names and commas since the beginning."""
    while comma > 0 and sentence.low(comma) == "," and sentence.mention(comma - 1) is not None:
        comma -= 2
    return comma == -1 or sentence.low(comma) == ":"


def row_ending(sentence: Sentence, last: int) -> Subject:
    """All names of a row, given its last one."""
    first = last
    while (before := _name_in_row(sentence, first, in_row=first != last)) is not None:
        first = before
    end = office_end(sentence, last) or last
    return Subject(_unique(_actors_between(sentence, first, last)), first, end)


def _name_in_row(sentence: Sentence, at: int, *, in_row: bool) -> int | None:
    position = at - 1
    while position >= 0 and _is_before_name(sentence.low(position)):
        position -= 1
    comma = sentence.low(position) == ","
    if comma and not (in_row or _row_goes_on(sentence, at) or _is_headline_row(sentence, position)):
        return None
    if not comma and sentence.low(position) not in CONJUNCTIONS:
        return None
    found = _name_before(sentence, position)
    return found if found is not None and not sentence.words[found].bound else None


def _is_before_name(word: str) -> bool:
    """What may stand between "and" and the next name: "the internationally recognized government of"."""
    return word in DETERMINERS | _LOOSE_ADJECTIVES | ACTING_HEADS | {"of", "recognized", "recognised"} or is_adverb(
        word
    )


def _actors_between(sentence: Sentence, first: int, last: int) -> list[Entity]:
    return [entity for place in range(first, last + 1) for entity in actors_of(sentence, place)]


def _unique(entities: list[Entity]) -> tuple[Entity, ...]:
    return tuple({entity.id: entity for entity in entities}.values())
