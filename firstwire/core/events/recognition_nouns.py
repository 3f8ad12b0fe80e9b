"""The noun: "grants recognition to", "wins recognition from", "switches recognition", "X's recognition of"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from firstwire.core.events.circumstances import Judgement
from firstwire.core.events.findings import Finding
from firstwire.core.events.name_rows import Subject
from firstwire.core.events.objects import Object, object_after
from firstwire.core.events.recognized import recognized
from firstwire.core.events.sentence import Sentence
from firstwire.core.events.status import judge
from firstwire.core.events.subjects import agent_after, nearest_subject
from firstwire.core.text.word_lists import word_set

_KINDS = word_set(
    """
    diplomatic official full formal legal its the a de jure facto international immediate this their
    """
)


_GRANTING = re.compile(r"(?:grant|extend|accord|giv|gave|announc|declar|confer|bestow|award|offer)")


_WITHDRAWING = re.compile(
    r"(?:withdr|revok|rescind|cancel|revers|overturn|suspend|fr[eo]ez|retract|end(?:s|ed|ing)?$|annul|renounc|drop)"
)


_DECIDING = ("approv", "adopt", "proclaim", "vot", "pass")


_RECEIVING = re.compile(r"(?:win|won|gain|receiv|get|got|secur|obtain|earn)")


_SWITCHING = re.compile(r"(?:switch|shift|transfer|chang)")


def find_nominal(sentence: Sentence, noun: int, published_on: str) -> Iterator[Finding]:
    """ "Grants recognition to", "withdraws its recognition of", "switches recognition from A to B"."""
    before = noun - 1
    while before > 0 and (sentence.low(before) in _KINDS or sentence.low(before).isdigit()):
        before -= 1
    giver = before if sentence.mention(before) is not None and _GRANTING.match(sentence.low(before - 1)) else None
    before -= giver is not None and sentence.low(noun + 1) == "of"
    governor = sentence.low(before)
    if _SWITCHING.match(governor):
        yield from _switch(sentence, before, noun, published_on)
        return
    if _RECEIVING.match(governor) and sentence.low(noun + 1) in {"from", "by"}:
        agent = agent_after(sentence, noun + 2)
        holder = nearest_subject(sentence, before)
        if agent is not None and holder is not None and holder.actors:
            judgement = judge(sentence, before, published_on, past=True)
            found = Object(holder.actors, holder.first, agent.last)
            yield from recognized(sentence, noun, judgement, agent, found, published_on)
        return
    found_after = _recognized_after(sentence, noun, before)
    if found_after is None:
        return
    if _WITHDRAWING.match(governor) or (governor == "of" and _WITHDRAWING.match(sentence.low(before - 1))):
        verb = before if governor != "of" else before - 1
        judgement = judge(sentence, verb, published_on, past=True, gerund=sentence.low(verb).endswith("ing"))
        subject = nearest_subject(sentence, judgement.subject_end)
        yield from recognized(sentence, noun, judgement, subject, found_after, published_on, "withdraw_recognition")
        return
    if _GRANTING.match(governor):
        judgement = judge(sentence, before, published_on, past=True, gerund=governor.endswith("ing"))
        if governor.startswith("offer"):
            judgement = Judgement("conditional", governor, judgement.subject_end)
        subject = nearest_subject(sentence, judgement.subject_end)
    else:
        judgement, subject = _named_only(sentence, noun, before, published_on)
    yield from recognized(sentence, noun, judgement, subject, found_after, published_on)


def _named_only(sentence: Sentence, noun: int, before: int, published_on: str) -> tuple[Judgement, Subject | None]:
    """ "Russia's recognition of": taken for granted. "Rules out recognition of", "seeks recognition": as it says."""
    if sentence.low(before) in {"'s", "'"} and sentence.mention(before - 1) is not None:
        mention = sentence.words[before - 1].mention
        assert mention is not None
        actors = (mention.entity,) if mention.nation is None else (mention.entity, mention.nation)
        return Judgement("historical", "taken for granted", before), Subject(actors, before - 1, noun)
    judgement = judge(sentence, noun, published_on, gerund=True)
    if judgement.status == "asserted" and not judgement.cue.startswith(_DECIDING):
        judgement = Judgement("historical", "spoken of, not reported", judgement.subject_end)
    return judgement, nearest_subject(sentence, judgement.subject_end)


def _recognized_after(sentence: Sentence, noun: int, governor: int) -> Object | None:
    """The object after "recognition of/to/for", or between the verb and the noun: "grants Kosovo recognition"."""
    if sentence.low(noun + 1) in {"of", "to", "for"}:
        return object_after(sentence, noun + 2)
    between = sentence.mention(governor)
    if between is not None and _GRANTING.match(sentence.low(governor - 1)):
        return Object((between.entity,), governor, noun)
    return None


def _switch(sentence: Sentence, verb: int, noun: int, published_on: str) -> Iterator[Finding]:
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
