"""The act of a ranked actor: "to ban sales", "convicted under the law", joining a body, or entering an office."""

from __future__ import annotations

import re

import msgspec

from firstwire.core.entities.sentence import Sentence
from firstwire.core.events.ranked_nouns import is_in_office, is_participle, is_person_by_trait, kind_of_noun
from firstwire.core.events.ranked_phrases import act_end, act_phrase, act_start, kind_ranked, since_of
from firstwire.core.text.closed_words import is_adverb
from firstwire.core.text.word_lists import word_set

_UNIONS = word_set("euro eurozone bloc alliance union organization organisation group area")
_JOINED = re.compile(r"join|admit|accept|enter|acced|welcom")
_ACT_REACH = 12
_VAGUE = word_set("new ever other foreign major associate associated full non member candidate host")


class RankedAct(msgspec.Struct, frozen=True):
    """The act in the text; `start` is None if only an office is named, `verb` beyond the end for "do so"."""

    start: int | None
    end: int
    phrase: str
    verb: int


def ranked_act(sentence: Sentence, at: int, head: int, number: int) -> RankedAct | None:
    """The act after the ranked noun; None without a claim."""
    joined = _joined_body(sentence, at, head)
    if joined is not None:
        return RankedAct(joined, max(head, joined) + 1, "join", joined)
    start = act_start(sentence, head)
    if start is not None:
        phrase = act_phrase(sentence, start, act_end(sentence, start))
        return RankedAct(start, act_end(sentence, start), phrase, start if phrase else len(sentence.words))
    if kind_of_noun(sentence, head) is not None and is_participle(sentence, head + 1):
        return RankedAct(head + 1, head + 2, f"be-{sentence.low(head + 1)}", head + 1)
    since = since_of(sentence, head, head + 1) if is_in_office(sentence, head) else None
    such = _becomes_such(sentence, at, head)
    trait = is_person_by_trait(sentence, at, head) or such
    if number == 1 and sentence.low(at) != "only" and (trait or since is not None):
        said = [sentence.low(place) for place in range(at + 1, head + 1) if not is_adverb(sentence.low(place))]
        return RankedAct(
            head if such else None, head + 1, re.sub(r"[^\w-]+", "-", "-".join(["become", *said])).strip("-"), head
        )
    return None


def _becomes_such(sentence: Sentence, at: int, head: int) -> bool:
    """ "To become the first carbon neutral country": ranked by a new attribute, not by location."""
    said = sentence.words[at + 1 : head]
    becomes = any(sentence.low(place).startswith(("becom", "became")) for place in range(at - 5, at))
    plain = bool(said) and all(
        word.mention is None and word.text[:1].islower() and word.low not in _VAGUE for word in said
    )
    return becomes and plain and kind_ranked(sentence, head) in {"nation", "subnational", "organization"}


def _joined_body(sentence: Sentence, at: int, head: int) -> int | None:
    """The organization of "becomes the 31st member of NATO", "NATO's 31st member", "joins NATO as its 31st member"."""
    if sentence.low(head) not in {"member", "members"} and sentence.low(head - 1) not in {"member", "members"}:
        return None
    if act_start(sentence, head) is not None:
        return None
    after = range(head + 1, head + 5) if sentence.low(head + 1) == "of" else range(0)
    before = [at - 2] if sentence.low(at - 1) == "'s" else []
    places: list[int] = [*before, *after]
    for place in places:
        mention = sentence.mention(place)
        body = mention is not None and mention.entity.kind == "organization"
        if body or (place in after and sentence.low(place) in _UNIONS):
            return place
    joins = any(_JOINED.match(sentence.low(place)) for place in range(max(0, at - _ACT_REACH), at))
    if not joins:
        return None
    for place in range(at - 1, max(-1, at - _ACT_REACH), -1):
        mention = sentence.mention(place)
        if mention is not None and mention.entity.kind in {"organization", "other"}:
            return place
    return head
