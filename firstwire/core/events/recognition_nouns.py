"""Recognition as a noun: "grants recognition to", "switches recognition", "X's recognition of".

Recognition that its object wins or asks for is found by `sought`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from firstwire.core.entities.sentence import Sentence
from firstwire.core.events.circumstances import StatusCue
from firstwire.core.events.findings import FoundAct
from firstwire.core.events.governors import WITHDRAWING, governing_status
from firstwire.core.events.name_rows import ActorSpan, row_ending
from firstwire.core.events.noun_phrases import actors_of
from firstwire.core.events.objects import Object, object_after
from firstwire.core.events.pointing import owner_of_governor
from firstwire.core.events.recognized import recognized
from firstwire.core.events.sought import find_sought
from firstwire.core.events.status import judge
from firstwire.core.events.subjects import agent_after, leading_subject, nearest_subject
from firstwire.core.text.closed_words import KINDS_OF_RECOGNITION, TIME_WORDS
from firstwire.core.text.word_lists import word_set

_GRANTING = re.compile(r"(?:grant|extend|accord|giv|gave|announc|declar|confer|bestow|award|offer)")


_DECIDING = ("approv", "adopt", "proclaim", "vot", "pass", "decree", "sign")


_OTHER_KINDS = word_set("face facial voice speech image pattern text character name brand award gesture iris peer")
"""Objects of recognition by machines and juries."""


_SWITCHING = re.compile(r"(?:switch|shift|transfer|chang)")


_STATE = word_set("state statehood independence government sovereignty")


def find_nominal(sentence: Sentence, noun: int, published_on: str) -> Iterator[FoundAct]:
    """ "Grants recognition to", "withdraws its recognition of", "switches recognition from A to B"."""
    if sentence.low(noun - 1) in _OTHER_KINDS:
        return
    before = _left_of_kinds(sentence, noun - 1)
    while sentence.low(before) in TIME_WORDS | {"on", "late", "early"}:  # "announced on Monday its recognition"
        before -= 1
    giver = before if sentence.mention(before) is not None and _GRANTING.match(sentence.low(before - 1)) else None
    before -= giver is not None and sentence.low(noun + 1) == "of"
    governor = sentence.low(before)
    if _SWITCHING.match(governor):
        yield from _switch(sentence, before, noun, published_on)
        return
    sought = list(find_sought(sentence, noun, before, published_on))
    if sought:
        yield from sought
        return
    start = noun
    found = _recognized_after(sentence, noun, before)
    if found is None and (found := _compound(sentence, noun)) is not None:
        start = found.first
        before = _left_of_kinds(sentence, start - 1)
        governor = sentence.low(before)
    elif found is not None and found.first == before:  # "grants Kosovo recognition"
        before -= 1
        governor = sentence.low(before)
    if found is None:
        return
    withdrawal = _withdrawal(sentence, before)
    if withdrawal is not None:
        gerund = sentence.low(withdrawal).endswith("ing")
        judgement = judge(sentence, withdrawal, published_on, past=True, gerund=gerund)
        subject = owner_of_governor(sentence, judgement) or nearest_subject(sentence, judgement.subject_end)
        yield from recognized(sentence, noun, judgement, subject, found, published_on, "withdraw_recognition")
        return
    if _GRANTING.match(governor):
        judgement = judge(sentence, before, published_on, past=True, gerund=governor.endswith("ing"))
        if governor.startswith("offer"):
            judgement = StatusCue("conditional", governor, judgement.subject_end)
        subject = nearest_subject(sentence, judgement.subject_end)
    else:
        judgement, subject = _named_only(sentence, start, before, found.last, published_on)
    yield from recognized(sentence, noun, judgement, subject, found, published_on)


def _left_of_kinds(sentence: Sentence, at: int) -> int:
    while at > 0 and (sentence.low(at) in KINDS_OF_RECOGNITION or sentence.low(at).isdigit()):
        at -= 1
    return at


def _withdrawal(sentence: Sentence, at: int) -> int | None:
    """The verb of "ends its recognition", "revocation of recognition", "ends six decades of recognition"."""
    if sentence.low(at) == "back":  # "takes back"
        at -= 1
        return at if sentence.low(at) in {"take", "takes", "took", "taken", "taking"} else None
    if sentence.low(at) == "of":
        at -= 1
        if sentence.low(at) in {"years", "decades", "months"}:
            verbs = range(at - 1, max(-1, at - 6), -1)
            at = next((place for place in verbs if WITHDRAWING.match(sentence.low(place))), at)
    return at if WITHDRAWING.match(sentence.low(at)) else None


def _compound(sentence: Sentence, noun: int) -> Object | None:
    """ "Revokes Kosovo recognition", "rules out Palestinian state recognition": the object before the noun.

    If it is not withdrawn, refused or decided on, the name is more likely that of the recognizing party.
    """
    at = noun - 1
    while sentence.low(at) in _STATE:
        at -= 1
    mention = sentence.mention(at)
    if mention is None or mention.entity.kind not in {"nation", "organization"} or sentence.low(noun + 1) == "of":
        return None
    if mention.role == "demonym" and at == noun - 1:
        return None
    before = _left_of_kinds(sentence, at - 1)
    governor = sentence.low(before)
    governs = {"on", "out", "against"} if sentence.mention(before) is None else frozenset()
    status = governing_status(governor)
    if (
        WITHDRAWING.match(governor)
        or governor in governs
        or status in {"negated", "planned", "unconfirmed", "asserted"}
    ):
        return Object((mention.entity,), at, noun)
    return None


def _named_only(
    sentence: Sentence, noun: int, before: int, last: int, published_on: str
) -> tuple[StatusCue, ActorSpan | None]:
    """ "Russia's recognition of": presupposed. "Rules out recognition of", "seeks recognition": by the governor."""
    owner = _owner(sentence, noun, before)
    if owner is not None:
        return StatusCue("historical", "taken for granted", before), owner
    judgement = judge(sentence, noun, published_on, gerund=True)
    if judgement.status == "asserted" and not judgement.cue.startswith(_DECIDING):
        judgement = StatusCue("historical", "spoken of, not reported", judgement.subject_end)
    agent = agent_after(sentence, last + 2) if sentence.low(last + 1) in {"by", "from"} else None
    if agent is not None or judgement.status == "demanded":
        return judgement, agent
    return judgement, nearest_subject(sentence, judgement.subject_end)


def _owner(sentence: Sentence, noun: int, before: int) -> ActorSpan | None:
    """ "Russia's recognition of", "Swedish recognition of", "protests to Syria over its recognition of"."""
    mention = sentence.mention(before)
    if mention is not None:
        return ActorSpan(tuple(actors_of(sentence, before)), before, noun)
    if sentence.low(before) in {"'s", "'"} and sentence.mention(before - 1) is not None:
        return ActorSpan(tuple(actors_of(sentence, before - 1)), before - 1, noun)
    if sentence.low(noun - 1) in {"its", "their"} and sentence.low(before) in {"over", "for", "after", "following"}:
        return row_ending(sentence, before - 1) if sentence.mention(before - 1) is not None else None
    return None


def _recognized_after(sentence: Sentence, noun: int, governor: int) -> Object | None:
    """The object after "recognition of/to/for", or between the verb and the noun: "grants Kosovo recognition"."""
    if sentence.low(noun + 1) in {"of", "to", "for"}:
        return object_after(sentence, noun + 2) or _own(sentence, noun)
    between = sentence.mention(governor)
    if between is not None and _GRANTING.match(sentence.low(governor - 1)):
        return Object((between.entity,), governor, noun)
    return None


def _own(sentence: Sentence, noun: int) -> Object | None:
    """ "Kosovo marks Kenya's recognition of its independence": the topic of the sentence."""
    if sentence.low(noun + 2) not in {"its", "their"} or sentence.low(noun + 3) not in _STATE:
        return None
    holder = leading_subject(sentence, noun)
    return Object(holder.actors, holder.first, noun + 3) if holder is not None else None


def _switch(sentence: Sentence, verb: int, noun: int, published_on: str) -> Iterator[FoundAct]:
    judgement = judge(sentence, verb, published_on, past=True)
    subject = nearest_subject(sentence, judgement.subject_end)
    for at in range(noun + 1, min(len(sentence.words), noun + 16)):
        if sentence.low(at) in {"from", "to"}:
            capital = sentence.mention(at + 1)
            found = object_after(sentence, at + 1)
            if found is None and capital is not None and capital.role == "capital":
                found = Object((capital.entity,), at + 1, at + 1)
            if found is not None:
                action = "recognize" if sentence.low(at) == "to" else "withdraw_recognition"
                yield from recognized(sentence, noun, judgement, subject, found, published_on, action)
