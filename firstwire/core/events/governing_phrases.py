"""Phrases before "to", "recognizing" or "that": circumstances, groups that the subject joins, ranks."""

from __future__ import annotations

from firstwire.core.entities.sentence import Sentence
from firstwire.core.events.governors import governing_status
from firstwire.core.text.closed_words import CLAUSE_OPENERS, is_adverb, ordinal_of
from firstwire.core.text.word_lists import word_set

_CIRCUMSTANCES = word_set("on in at by with for during late early last this after overnight earlier here")


MANY = word_set("countries states nations members governments those")


def beyond_circumstance(sentence: Sentence, at: int) -> int:
    """The governor of "voted on Monday to", "agreed in Cairo to", "voted 52 to 0 to", skipping circumstances."""
    for place in range(at - 1, max(-1, at - 9), -1):
        low = sentence.low(place)
        is_count = low in "–—-" and sentence.low(place + 1).isdigit()  # "votes 15–0 to"
        if (low in CLAUSE_OPENERS and not is_count) or low == ",":
            break
        after = next((word for word in range(place + 1, at + 1) if not is_adverb(sentence.low(word))), at)
        parted = sentence.low(after) in _CIRCUMSTANCES or sentence.low(after)[:1].isdigit()
        if parted and sentence.mention(place) is None and governing_status(low) not in {None, "demanded"}:
            return place
    return at


def joining_verb(sentence: Sentence, at: int) -> int | None:
    """The verb of "joins the list of countries to", "becomes the newest of the states that"."""
    if sentence.low(at) not in MANY:
        return None
    for place in range(at - 1, max(-1, at - 10), -1):
        low = sentence.low(place)
        if low.startswith("join"):
            return place
        if low in {"latest", "newest"}:
            return becoming_latest(sentence, place)
        if low in CLAUSE_OPENERS or low == ",":
            return None
    return None


def becoming_latest(sentence: Sentence, at: int) -> int | None:
    """The verb of "becomes the latest country to": news, though not a rank."""
    for place in range(max(0, at - 4), at + 1):
        if sentence.low(place) in {"latest", "newest"}:
            verbs = range(place - 1, place - 5, -1)
            return next((verb for verb in verbs if sentence.low(verb) in {"become", "becomes", "became"}), None)
    return None


def ranked(sentence: Sentence, at: int) -> bool:
    return any(
        ordinal_of(sentence.low(place)) is not None
        or sentence.low(place) in {"only", "latest", "last"}
        or (sentence.low(place) == "next" and sentence.low(place + 1) != "in")  # "next in line"
        for place in range(max(0, at - 8), at + 1)
    )
