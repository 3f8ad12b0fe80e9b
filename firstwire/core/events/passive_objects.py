"""The object of a recognition in the passive: the subject, "the Taliban government was recognized by"."""

from __future__ import annotations

from firstwire.core.entities.sentence import Sentence
from firstwire.core.events.objects import Object
from firstwire.core.text.closed_words import (
    AUXILIARIES,
    CLAUSE_OPENERS,
    CONJUNCTIONS,
    DETERMINERS,
    STATEHOOD,
    is_adverb,
)


def object_before(sentence: Sentence, end: int) -> Object | None:
    """The subject of a passive verb: "the Taliban government was recognized by"."""
    for at in range(end, max(-1, end - 10), -1):
        word = sentence.words[at]
        if word.low in CLAUSE_OPENERS and at < end:
            return None
        if word.mention is not None and not word.bound:
            tail = sentence.low(at + 1)
            if word.mention.role == "demonym" or tail in {"'s", "'"}:
                if not any(sentence.low(place) in STATEHOOD for place in range(at + 1, end + 1)):
                    return None
            elif at < end and tail not in STATEHOOD | AUXILIARIES | {","} and not is_adverb(tail):
                return None
            first = _row_before(sentence, at)
            named = [sentence.mention(place) for place in range(first, at + 1)]
            return Object(tuple(each.entity for each in named if each is not None), first, end)
    return None


def _row_before(sentence: Sentence, at: int) -> int:
    """The first name of "A, B and C", given the last, if the row is all of the clause so far."""
    first = at
    while sentence.low(first - 1) in CONJUNCTIONS | {","} and sentence.mention(first - 2) is not None:
        first -= 2
    begins = first == 0 or sentence.low(first - 1) in CLAUSE_OPENERS | DETERMINERS
    return first if begins and any(sentence.low(place) in CONJUNCTIONS for place in range(first, at)) else at
