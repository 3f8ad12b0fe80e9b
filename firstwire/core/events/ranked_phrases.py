"""The parts of a claim, "first *Arab country* in the region to *open an embassy*": noun, scope and act."""

from __future__ import annotations

import re

from firstwire.core.entities.sentence import Sentence
from firstwire.core.text.closed_words import (
    AUXILIARIES,
    CLAUSE_OPENERS,
    DETERMINERS,
    LEADER_HEADS,
    NATION_HEADS,
    OTHER_HEADS,
    PREPOSITIONS,
    is_adverb,
)
from firstwire.core.text.word_lists import word_set
from schemas.record import EntityKind

_WORLD = word_set("world world's globe earth anywhere history ever modern")


_OFFICE_WORDS = word_set("prime foreign defense defence")


_SCOPE_ENDS = (PREPOSITIONS | AUXILIARIES | CLAUSE_OPENERS | {"time", "as", ","}) - {"of", "-"}
_ACT_LENGTH = 6

_SINCE_REACH = 8
"""Words after the act within which "since" belongs to the claim."""
_SINCE_LENGTH = 10
_SPANS = word_set("year years decade decades century centuries month months generation generations")
_SPAN_WORDS = word_set(
    """
    a more than over nearly almost about some at least the last past many several two three four five six seven
    eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty seventy eighty ninety hundred half
    """
)
_PEOPLE = word_set("person woman man women men people")
_PLACE_NOUNS = word_set("city territory province region county town jurisdiction capital island")


VISITS = word_set("visit trip stopover tour")


def head_of(sentence: Sentence, at: int) -> int | None:
    """The ranked noun: "first Arab *country*", "first sitting U.S. *president*", or the ordinal itself."""
    if sentence.low(at + 1) == "to":
        return at
    if sentence.low(at + 1) in {"in", "among"}:  # "first in Africa to"
        return at if any(sentence.low(place) == "to" for place in range(at + 3, at + 8)) else None
    for place in range(at + 1, min(len(sentence.words), at + 8)):
        low = sentence.low(place)
        if low in NATION_HEADS | LEADER_HEADS | OTHER_HEADS:
            while sentence.low(place + 1) in NATION_HEADS | LEADER_HEADS | OTHER_HEADS:
                place += 1
            return place + 1 if sentence.low(place + 1) in VISITS else place
        if low in _SCOPE_ENDS:
            return None
    return None


def act_start(sentence: Sentence, head: int) -> int | None:
    """The beginning of "to recognize …" after the noun and its qualifiers: "in the world", "after Ireland"."""
    comma = False
    for place in range(head + 1, min(len(sentence.words), head + 16)):
        low = sentence.low(place)
        if low == "to" and not _is_direction(sentence, place):
            return place + 1
        if place > head + 1 and low in {"becoming", "making"}:
            return None
        comma = comma or low == ","
        if low in {"that", "which", "who", "where", "with"} and not comma:
            return place + 1
        if low.endswith("ing") and sentence.low(place - 1) not in PREPOSITIONS and place == head + 1:
            return place
        if low in AUXILIARIES or low in {";", ":"}:
            return None
    return None


def _is_direction(sentence: Sentence, to: int) -> bool:
    return sentence.mention(to + 1) is not None or sentence.low(to + 1) in DETERMINERS


def does_so(sentence: Sentence, head: int) -> bool:
    start = act_start(sentence, head)
    return start is not None and repeats_act(sentence, start)


def repeats_act(sentence: Sentence, start: int) -> bool:
    """ "Do so", "take the step": the act is named elsewhere."""
    if sentence.low(start) == "do":
        return sentence.low(start + 1) in {"so", "this", "it", "that"}
    steps = {sentence.low(place) for place in range(start + 1, start + 4)}
    return sentence.low(start) in {"take", "make"} and bool(steps & {"step", "move", "measure"})


def scope_of(sentence: Sentence, at: int, head: int) -> str | None:
    """The group or region to which the claim is restricted: "Arab", "European Union". None for the whole world."""
    parts: list[str] = []
    before = [
        word for word in sentence.words[at + 1 : head] if word.low not in _OFFICE_WORDS | _WORLD | {"'s", "ever", "the"}
    ]
    if before:
        parts.append(sentence.source[before[0].start : before[-1].end])
    elif at > 1 and sentence.low(at - 1) == "'s" and sentence.words[at - 2].text[:1].isupper():
        parts.append(sentence.words[at - 2].text)
    if sentence.low(head + 1) in {"in", "of"} and sentence.low(head + 2) in {"state", "government", "affairs"}:
        head += 2
    if sentence.low(head + 1) in {"in", "of", "from", "outside", "among"} and span_of_time(sentence, head + 2) is None:
        for place in range(head + 2, min(len(sentence.words), head + 8)):
            low = sentence.low(place)
            if low in {"to", "since"} or low in AUXILIARIES or sentence.words[place].is_punctuation:
                inside = sentence.words[head + 1 : place]
                if inside and not any(word.low in _WORLD for word in inside):
                    parts.append(sentence.source[inside[0].start : inside[-1].end])
                break
    return " ".join(parts) or None


def since_of(sentence: Sentence, head: int, end: int) -> str | None:
    """The time restriction as in the text: "since 1994", "since Ethiopia in 2009", "in 20 years". None: ever.

    `end` is the end of the parsed act; the words may follow it.
    """
    for place in range(head + 1, min(len(sentence.words), end + _SINCE_REACH)):
        low = sentence.low(place)
        if low == "since":
            end_of_it = _phrase_end(sentence, place + 1)
            return _text(sentence, place, end_of_it) if end_of_it > place else None
        if low in {"in", "for"} and (last := span_of_time(sentence, place + 1)) is not None:
            return _text(sentence, place, last)
        if place >= end and (sentence.words[place].is_punctuation or low in CLAUSE_OPENERS - {"so"} | AUXILIARIES):
            return None
    return None


def _text(sentence: Sentence, first: int, last: int) -> str:
    return sentence.source[sentence.words[first].start : sentence.words[last].end]


def span_of_time(sentence: Sentence, start: int) -> int | None:
    """The last word of "more than 20 years", "a decade", if such a span begins at a position."""
    for place in range(start, start + 5):
        low = sentence.low(place)
        if low in _SPANS:
            return place if place > start else None
        if not (low in _SPAN_WORDS or low[:1].isdigit() or "-" in low):
            return None
    return None


def _phrase_end(sentence: Sentence, start: int) -> int:
    """The last word of the phrase after "since": up to the act, a comma or the end of the clause."""
    end = start
    while end < min(len(sentence.words), start + _SINCE_LENGTH):
        low = sentence.low(end)
        if sentence.words[end].is_punctuation or (low == "to" and not _is_direction(sentence, end)):
            break
        if low in {"that", "who", "which", "while", "after", "but"}:
            break
        end += 1
    return end - 1


def kind_ranked(sentence: Sentence, head: int) -> EntityKind | None:
    """The kind of the ranked entity, by the noun; None without a noun: "first to"."""
    low = sentence.low(head)
    kinds: tuple[tuple[frozenset[str], EntityKind], ...] = (
        (_PEOPLE, "person"),
        (_PLACE_NOUNS, "subnational"),
        (NATION_HEADS - _PLACE_NOUNS, "nation"),
        (LEADER_HEADS, "leader"),
        (OTHER_HEADS, "organization"),
    )
    return next((kind for nouns, kind in kinds if low in nouns), None)


def act_end(sentence: Sentence, start: int) -> int:
    end = start
    while end < min(len(sentence.words), start + _ACT_LENGTH):
        word = sentence.words[end]
        if end > start and (word.is_punctuation or word.low in CLAUSE_OPENERS or word.low in PREPOSITIONS):
            break
        end += 1
    return end


def act_phrase(sentence: Sentence, start: int, end: int) -> str:
    """`ban-plastic-bags`: the verb phrase up to its first preposition. Empty for "do so"."""
    if repeats_act(sentence, start):
        return ""
    words = [
        sentence.low(place)
        for place in range(start, end)
        if sentence.low(place) not in DETERMINERS and not is_adverb(sentence.low(place)) and sentence.low(place) != "'s"
    ]
    return re.sub(r"[^\w-]+", "-", "-".join(words)).strip("-")


def narrowed(scope: str | None, since: str | None) -> str | None:
    """All restrictions of a claim in one text: "Arab since 1994". None: of all, ever."""
    return " ".join(filter(None, (scope, since))) or None
