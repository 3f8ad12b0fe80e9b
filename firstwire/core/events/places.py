"""The location of an act, if its sentence names it: "signed in Geneva", "in Doha, Kenya and Iran …"."""

from __future__ import annotations

from firstwire.core.entities.sentence import Sentence
from firstwire.core.text.closed_words import (
    AUXILIARIES,
    CLAUSE_OPENERS,
    CONJUNCTIONS,
    DETERMINERS,
    MONTHS,
    PREPOSITIONS,
    TIME_WORDS,
    is_adverb,
)

_PLACE_REACH = 10
"""Words after the act that are searched for its location."""
_NAME_LENGTH = 3
_LINKS_IN_PLACES = frozenset({"of", "de", "el", "al", "la"})
_FOLLOWING = (
    AUXILIARIES | CLAUSE_OPENERS | CONJUNCTIONS | DETERMINERS | PREPOSITIONS | TIME_WORDS | {"last", "next", "earlier"}
)
_HALLS = frozenset({"the", "city", "capital", "town", "of", "port", "resort"})
"""Words allowed before the name: "in the capital Doha", "in the city of Jeddah"."""


def place_of(sentence: Sentence, verb: int, last: int, *, inside: bool) -> str | None:
    """The location as named in the text. `inside`: the act's own words may name it: "opens its embassy in Tehran".

    Searched after the act, then before it, at the beginning of the sentence.
    """
    start = verb + 1 if inside else last + 1
    for at in range(start, min(len(sentence.words), last + _PLACE_REACH)):
        if at > last and (sentence.words[at].is_punctuation or sentence.low(at) in CLAUSE_OPENERS):
            break
        if sentence.low(at) in {"in", "at"} and (name := _name(sentence, at + 1)) is not None:
            return name
    for at in range(min(verb, _PLACE_REACH)):
        if sentence.words[at].is_punctuation:
            break
        named = _name(sentence, at + 1) if sentence.low(at) in {"in", "at"} else None
        if named is not None and (at == 0 or sentence.low(0) in {"at", "in", "during"}):
            return named
    return None


def _name(sentence: Sentence, start: int) -> str | None:
    """The name of a location that begins at a position; None if there is none."""
    while sentence.low(start) in _HALLS or sentence.low(start + 1) in _HALLS - {"the", "of"}:
        start += 1  # "the Qatari capital Doha"
    mention = sentence.mention(start)
    if mention is not None:
        after = sentence.low(start + 1)
        is_place = mention.role == "unlisted" or (
            mention.role != "demonym" and mention.entity.kind in {"nation", "subnational"}
        )
        return mention.text if is_place and after not in {"'s", "'"} else None
    end = start
    while end < min(len(sentence.words), start + _NAME_LENGTH) and _is_name(sentence, end, end > start):
        end += 1
    while end > start and sentence.low(end - 1) in _LINKS_IN_PLACES:
        end -= 1
    if end == start or sentence.low(start) in MONTHS | TIME_WORDS or not _may_follow(sentence, end):
        return None
    return sentence.source[sentence.words[start].start : sentence.words[end - 1].end]


def _may_follow(sentence: Sentence, at: int) -> bool:
    """Whether a name may end before this word: not the possessive "'s", nor the noun of "in the European nation"."""
    low = sentence.low(at)
    if low in {"'s", "'"}:
        return False
    return not low.isalpha() or low in _FOLLOWING or is_adverb(low)


def _is_name(sentence: Sentence, at: int, goes_on: bool) -> bool:
    word = sentence.words[at]
    if word.mention is not None:
        return False
    return (word.text[:1].isupper() and not word.text.isupper()) or (goes_on and word.low in _LINKS_IN_PLACES)
