"""Recognition of states, governments and claims, and its withdrawal: verbs, passives and the noun."""

from __future__ import annotations

import re
from collections.abc import Iterator

from firstwire.core.events.dates import act_date
from firstwire.core.events.findings import Finding
from firstwire.core.events.objects import Object, object_after, object_before
from firstwire.core.events.sentence import Sentence
from firstwire.core.events.status import PLAIN, Judgement, judge
from firstwire.core.events.subjects import Subject, agent_after, leading_subject, nearest_subject, row_ending
from firstwire.core.events.vocabulary import AUXILIARIES, STATEHOOD, is_adverb
from firstwire.core.text.word_lists import word_set

TRIGGER = re.compile(r"recogni[szt]|acknowledg", re.IGNORECASE)

_VERB = re.compile(r"(?:re)?recogni[sz](e|es|ed|ing)$")
_ACKNOWLEDGE = re.compile(r"acknowledg(e|es|ed|ing)$")
_GRANTING = re.compile(r"(?:grant|extend|accord|giv|gave|announc|declar|confer|bestow|award|offer)")
_WITHDRAWING = re.compile(
    r"(?:withdr|revok|rescind|cancel|suspend|fr[eo]ez|retract|end(?:s|ed|ing)?$|annul|renounc|drop)"
)
_DECIDING = ("approv", "adopt", "proclaim", "vot", "pass")
_RECEIVING = re.compile(r"(?:win|won|gain|receiv|get|got|secur|obtain|earn)")
_SWITCHING = re.compile(r"(?:switch|shift|transfer|chang)")
_ATTRIBUTIVE = word_set("the a an un most only partially its their any other")
_KINDS = word_set(
    """
    diplomatic official full formal legal its the a de jure facto international immediate this their
    """
)


def find_recognitions(sentence: Sentence, published_on: str) -> Iterator[Finding]:
    """Every recognition that a sentence speaks of, whatever its status."""
    for verb, word in enumerate(sentence.words):
        if word.mention is not None or TRIGGER.search(word.low) is None:
            continue
        if word.low == "recognition":
            yield from _nominal(sentence, verb, published_on)
        elif (match := _VERB.match(word.low)) is not None or (
            (match := _ACKNOWLEDGE.match(word.low)) is not None and _acknowledges_state(sentence, verb)
        ):
            yield from _verbal(sentence, verb, match[1], published_on)


def _verbal(sentence: Sentence, verb: int, ending: str, published_on: str) -> Iterator[Finding]:
    if ending == "ed" and _is_attribute(sentence, verb):
        return
    if ending == "ed" and (agent := _agent(sentence, verb)) is not None:
        yield from _passive(sentence, verb, agent, published_on)
        return
    judgement = judge(sentence, verb, published_on, past=ending == "ed", gerund=ending == "ing")
    subject = _subject(sentence, verb, judgement)
    if ending == "e" and judgement.cue == PLAIN and not _is_plural(sentence, subject):
        earlier = _infinitive_before(sentence, verb)
        if earlier is not None:
            judgement = judge(sentence, earlier, published_on)
            subject = _subject(sentence, earlier, judgement)
    found = (
        object_after(sentence, verb + 1)
        or _each_other(sentence, verb, subject)
        or _own_government(sentence, verb, subject)
    )
    if found is None:
        return
    yield from _finding(sentence, verb, judgement, subject, found, published_on)


def _subject(sentence: Sentence, verb: int, judgement: Judgement) -> Subject | None:
    progressive = {"is", "are", "'s", "'re"} & {sentence.low(verb - 1), sentence.low(verb - 2)}
    if judgement.cue == "for" and sentence.mention(judgement.subject_end - 1) is not None:
        return row_ending(sentence, judgement.subject_end - 1)
    if judgement.cue == "as a result" or (sentence.low(verb).endswith("ing") and not progressive):
        return leading_subject(sentence, judgement.subject_end)
    return nearest_subject(sentence, judgement.subject_end)


def _is_plural(sentence: Sentence, subject: Subject | None) -> bool:
    """Whether "recognize" without -s can be the finite verb of this subject."""
    if subject is None:
        return False
    nations = [actor for actor in subject.actors if actor.kind != "leader"]
    return len(nations) > 1 or subject.negative or sentence.low(subject.last).endswith(("s", "men", "duma", "people"))


def _infinitive_before(sentence: Sentence, verb: int) -> int | None:
    """The verb after "to" or "will" that this one is joined to: "calls on X to renounce violence and recognize Y"."""
    for place in range(verb - 2, max(-1, verb - 25), -1):
        if sentence.low(place) in {"will", "would", "must", "should", "may", "might", "could", "not"}:
            return place + 1
        if sentence.low(place) == "to" and sentence.mention(place + 1) is None:
            return place + 1
        if sentence.low(place) in {";", "that", "which", "who"}:
            return None
    return None


def _each_other(sentence: Sentence, verb: int, subject: Subject | None) -> Object | None:
    """ "Mutually recognize each other"."""
    pair = (sentence.low(verb + 1), sentence.low(verb + 2))
    if pair not in {("each", "other"), ("one", "another")} or subject is None or len(subject.actors) < 2:
        return None
    return Object(subject.actors, subject.first, verb + 2)


def _own_government(sentence: Sentence, verb: int, subject: Subject | None) -> Object | None:
    """ "The Taliban say Russia recognized their government": of whoever speaks."""
    if sentence.low(verb + 1) not in {"their", "its", "his"} or subject is None:
        return None
    last = next((at for at in range(verb + 2, verb + 6) if sentence.low(at) in STATEHOOD), None)
    speaker = leading_subject(sentence, subject.first) if last is not None else None
    if speaker is None or last is None:
        return None
    targets = tuple(
        entity
        for entity in speaker.actors
        if entity not in subject.actors and entity.kind in {"nation", "organization"}
    )
    return Object(targets, verb + 1, last) if targets else None


def _finding(
    sentence: Sentence,
    verb: int,
    judgement: Judgement,
    subject: Subject | None,
    found: Object,
    published_on: str,
    action: str = "recognize",
) -> Iterator[Finding]:
    targets = found.targets
    actors = subject.actors if subject is not None else ()
    if actors != targets or len(actors) < 2:
        actors = tuple(actor for actor in actors if actor not in targets)
    status, cue = judgement.status, judgement.cue
    if judgement.withdraws:
        action = "withdraw_recognition"
    elif subject is not None and subject.negative:
        status, cue = "negated", "nobody does"
    if not actors and status == "asserted":
        status, cue = "historical", "nobody is named who does it"
    yield Finding(
        action=action,
        actors=actors,
        targets=targets,
        status=status,
        cue=cue,
        sentence=sentence,
        verb=verb,
        first=min(verb, subject.first if subject is not None else verb, found.first),
        last=max(verb, found.last),
        act_date=act_date(sentence, verb, published_on),
    )


def _agent(sentence: Sentence, verb: int) -> Subject | None:
    """Who comes after "recognized [as …] by"."""
    for at in range(verb + 1, min(len(sentence.words), verb + 14)):
        low = sentence.low(at)
        if low == "by":
            return agent_after(sentence, at + 1)
        if sentence.words[at].is_punctuation or low in {"that", "which", "who", "after", "when"}:
            return None
        if at == verb + 1 and sentence.mention(at) is not None:
            return None
    return None


def _is_attribute(sentence: Sentence, verb: int) -> bool:
    """ "The internationally recognized government", "the UN-recognized state", "a recognized republic"."""
    before, after = sentence.low(verb - 1), sentence.low(verb + 1)
    if after in {"by", "as"}:
        return False
    return before in _ATTRIBUTIVE or before.endswith(("nationally", "widely", "universally", "globally"))


def _passive(sentence: Sentence, verb: int, agent: Subject, published_on: str) -> Iterator[Finding]:
    end = verb - 1
    while end > 0 and (sentence.low(end) in AUXILIARIES or is_adverb(sentence.low(end)) or sentence.low(end) == "to"):
        end -= 1
    found = object_before(sentence, end)
    if found is None:
        head = leading_subject(sentence, verb)
        found = Object(head.actors[:1], head.first, head.last) if head is not None and head.actors else None
    if found is None:
        return
    judgement = judge(sentence, verb, published_on, past=True)
    first, last = min(found.first, verb), agent.last
    for finding in _finding(sentence, verb, judgement, agent, found, published_on):
        yield Finding(
            action=finding.action,
            actors=finding.actors,
            targets=finding.targets,
            status=finding.status,
            cue=finding.cue,
            sentence=sentence,
            verb=verb,
            first=first,
            last=last,
            act_date=finding.act_date,
        )


def _acknowledges_state(sentence: Sentence, verb: int) -> bool:
    """ "Formally acknowledges the … government": the bare verb says less."""
    formal = sentence.low(verb - 1) in {"formally", "officially", "diplomatically"}
    following = " ".join(sentence.low(at) for at in range(verb + 1, verb + 8))
    return formal or any(f"{noun}" in following for noun in ("independence", "statehood", "sovereignty"))


def _nominal(sentence: Sentence, noun: int, published_on: str) -> Iterator[Finding]:
    """ "Grants recognition to", "withdraws its recognition of", "switches recognition from A to B"."""
    before = noun - 1
    while before > 0 and sentence.low(before) in _KINDS:
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
            yield from _finding(sentence, noun, judgement, agent, found, published_on)
        return
    found_after = _recognized_after(sentence, noun, before)
    if found_after is None:
        return
    if _WITHDRAWING.match(governor) or (governor == "of" and _WITHDRAWING.match(sentence.low(before - 1))):
        verb = before if governor != "of" else before - 1
        judgement = judge(sentence, verb, published_on, past=True, gerund=sentence.low(verb).endswith("ing"))
        subject = nearest_subject(sentence, judgement.subject_end)
        yield from _finding(sentence, noun, judgement, subject, found_after, published_on, "withdraw_recognition")
        return
    if _GRANTING.match(governor):
        judgement = judge(sentence, before, published_on, past=True, gerund=governor.endswith("ing"))
        if governor.startswith("offer"):
            judgement = Judgement("conditional", governor, judgement.subject_end)
        subject = nearest_subject(sentence, judgement.subject_end)
    else:
        judgement, subject = _named_only(sentence, noun, before, published_on)
    yield from _finding(sentence, noun, judgement, subject, found_after, published_on)


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
                yield from _finding(sentence, noun, judgement, subject, found, published_on, action)
