"""Who acts: the subject of a verb, found to its left, with the nation behind a leader, a ministry or a capital."""

from __future__ import annotations

from firstwire.core.events.name_rows import Subject, actors_between, can_act, next_in_row, row_ending, unique
from firstwire.core.events.noun_phrases import LOOSE_ADJECTIVES, actors_of, office_end
from firstwire.core.events.sentence import Sentence
from firstwire.core.events.vocabulary import (
    ACTING_HEADS,
    AUXILIARIES,
    CLAUSE_OPENERS,
    CONJUNCTIONS,
    DETERMINERS,
    PREPOSITIONS,
    PRONOUNS,
    RELATIVES,
    is_adverb,
)
from firstwire.core.text.word_lists import word_set

_OWN_GOVERNMENT = word_set("government country nation state administration kingdom republic")


_NO_ONE = frozenset({"no", "none", "nobody", "neither", "nor"})


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
            while (following := next_in_row(sentence, last, end)) is not None:
                last = following
            return row_ending(sentence, last)
    return None


def _is_common_noun(sentence: Sentence, at: int) -> bool:
    """A lower-case word that is neither grammar nor office: somebody else may be the subject."""
    low = sentence.low(at)
    return (
        sentence.mention(at) is None
        and sentence.words[at].text[:1].islower()
        and low not in ACTING_HEADS | DETERMINERS | PREPOSITIONS | CONJUNCTIONS | AUXILIARIES | LOOSE_ADJECTIVES
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
            while (following := next_in_row(sentence, last, len(sentence.words))) is not None:
                if _begins_clause(sentence, following):
                    break
                last = following
            return Subject(unique(actors_between(sentence, position, last)), position, last)
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
                return Subject(unique(actors_of(sentence, position)), position, position)
        return None
    return leading_subject(sentence, opener)


def _is_name(sentence: Sentence, at: int) -> bool:
    return sentence.mention(at) is not None or sentence.low(at) in ACTING_HEADS | {"countries", "states", "nations"}
