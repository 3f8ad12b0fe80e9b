"""What is ranked: "first *Arab country* in the region to *open an embassy*": its noun, its scope, the act."""

from __future__ import annotations

import re

from firstwire.core.events.sentence import Sentence
from firstwire.core.events.vocabulary import (
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

_WORLD = word_set("world world's globe earth anywhere history ever modern")


_UNSAID = word_set("prime foreign defense defence")


_ACT_LENGTH = 6


VISITS = word_set("visit trip stopover tour")


def head_of(sentence: Sentence, at: int) -> int | None:
    """The noun that is ranked: "first Arab *country*", "first sitting U.S. *president*", or the ordinal itself."""
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
        if low in PREPOSITIONS - {"of"} or low in AUXILIARIES or low in CLAUSE_OPENERS or low == "time":
            return None
    return None


def act_start(sentence: Sentence, head: int) -> int | None:
    """Where "to recognize …" begins after the noun and what narrows it: "in the world", "after Ireland"."""
    for place in range(head + 1, min(len(sentence.words), head + 16)):
        low = sentence.low(place)
        if low == "to" and not _is_direction(sentence, place):
            return place + 1
        if low in {"that", "which", "who", "where", "with"}:
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
    """ "Do so", "take the step": the act is told elsewhere."""
    if sentence.low(start) == "do":
        return sentence.low(start + 1) in {"so", "this", "it", "that"}
    steps = {sentence.low(place) for place in range(start + 1, start + 4)}
    return sentence.low(start) in {"take", "make"} and bool(steps & {"step", "move", "measure"})


def scope_of(sentence: Sentence, at: int, head: int) -> str | None:
    """What narrows the claim: "Arab", "European Union", "since 1990". None for the whole world."""
    parts: list[str] = []
    before = [
        word for word in sentence.words[at + 1 : head] if word.low not in _UNSAID | _WORLD | {"'s", "ever", "the"}
    ]
    if before:
        parts.append(sentence.source[before[0].start : before[-1].end])
    elif at > 1 and sentence.low(at - 1) == "'s" and sentence.words[at - 2].text[:1].isupper():
        parts.append(sentence.words[at - 2].text)
    if sentence.low(head + 1) in {"in", "of"} and sentence.low(head + 2) in {"state", "government", "affairs"}:
        head += 2
    if sentence.low(head + 1) in {"in", "of", "since", "from", "outside", "among"}:
        for place in range(head + 2, min(len(sentence.words), head + 8)):
            low = sentence.low(place)
            if low == "to" or low in AUXILIARIES or sentence.words[place].is_punctuation:
                inside = sentence.words[head + 1 : place]
                if inside and not any(word.low in _WORLD for word in inside):
                    parts.append(sentence.source[inside[0].start : inside[-1].end])
                break
    return " ".join(parts) or None


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
