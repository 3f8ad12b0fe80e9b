"""Recognition of states, governments and claims: the verb, active and passive."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from firstwire.core.entities.sentence import Sentence
from firstwire.core.events.circumstances import PLAIN, StatusCue
from firstwire.core.events.findings import FoundAct
from firstwire.core.events.meant_objects import meant_object
from firstwire.core.events.name_rows import ActorSpan, can_act, row_ending
from firstwire.core.events.objects import Object, object_after
from firstwire.core.events.passive_objects import object_before
from firstwire.core.events.pointing import owner_of_governor, pointed_at
from firstwire.core.events.recognition_nouns import find_nominal
from firstwire.core.events.recognized import recognized
from firstwire.core.events.status import joined_infinitive, judge
from firstwire.core.events.subjects import agent_after, leading_subject, nearest_subject
from firstwire.core.text.closed_words import (
    ANYBODY,
    AUXILIARIES,
    DETERMINERS,
    is_adverb,
)
from firstwire.core.text.word_lists import word_set

RECOGNITION_TRIGGER = re.compile(r"recogni[szt]|acknowledg", re.IGNORECASE)


_VERB = re.compile(r"(?:re|de-?|un-?)?recogni[sz](e|es|ed|ing)$")


_ACKNOWLEDGE = re.compile(r"acknowledg(e|es|ed|ing)$")


_ATTRIBUTIVE = word_set("the a an un most only partially its their any other")


def find_recognitions(sentence: Sentence, before: Sentence | None, published_on: str) -> Iterator[FoundAct]:
    """All recognitions in a sentence, of any status; `before` may have the referent of "it"."""
    for verb, word in enumerate(sentence.words):
        if word.mention is not None or RECOGNITION_TRIGGER.search(word.low) is None:
            continue
        if word.low == "recognition":
            yield from find_nominal(sentence, verb, published_on)
        elif (match := _VERB.match(word.low)) is not None or (
            (match := _ACKNOWLEDGE.match(word.low)) is not None and _acknowledges_state(sentence, verb)
        ):
            yield from _verbal(sentence, before, verb, match[1], published_on)


def _verbal(
    sentence: Sentence, before: Sentence | None, verb: int, ending: str, published_on: str
) -> Iterator[FoundAct]:
    if ending == "ed" and _is_attribute(sentence, verb):
        return
    if ending == "ed" and (agent := _agent(sentence, verb)) is not None:
        yield from _passive(sentence, verb, agent, published_on)
        return
    judgement = judge(sentence, verb, published_on, past=ending == "ed", gerund=ending == "ing")
    if sentence.low(verb).startswith(("de", "un")):
        judgement = msgspec.structs.replace(judgement, withdraws=True)
    subject = _subject(sentence, verb, judgement)
    if ending == "e" and (judgement.cue == PLAIN or judgement.status == "historical"):
        earlier = joined_infinitive(sentence, verb)
        if earlier is not None:
            judgement = judge(sentence, earlier, published_on)
            subject = _subject(sentence, earlier, judgement)
    found = object_after(sentence, verb + 1) or meant_object(sentence, verb, subject, judgement.status)
    if found is None or _is_honor(sentence, found.last + 1):
        return
    if subject is None or not (subject.actors or subject.negative):
        subject = pointed_at(sentence, before, verb, judgement.subject_end) or subject
    yield from recognized(sentence, verb, judgement, subject, found, published_on)


def _subject(sentence: Sentence, verb: int, judgement: StatusCue) -> ActorSpan | None:
    progressive = {"is", "are", "'s", "'re", "was", "were"} & {sentence.low(verb - 1), sentence.low(verb - 2)}
    owner = owner_of_governor(sentence, judgement)
    if owner is not None:
        return owner
    if judgement.cue.startswith("time "):
        return None
    asked = judgement.status == "demanded" or judgement.cue in {"for", "against"}
    if judgement.status == "demanded" and sentence.low(judgement.subject_end - 1) in ANYBODY - {"government"}:
        return None
    ranked = judgement.cue == "ranked" and _named_as(sentence, judgement.subject_end)
    if ranked:
        return ranked
    if asked and sentence.mention(judgement.subject_end - 1) is not None:
        named = row_ending(sentence, judgement.subject_end - 1)
        by = named.first - 2 if sentence.low(named.first - 1) in DETERMINERS else named.first - 1
        if sentence.low(by) != "by":
            return named
    if judgement.cue == "as a result" or (sentence.low(verb).endswith("ing") and not progressive):
        return leading_subject(sentence, judgement.subject_end)
    return nearest_subject(sentence, judgement.subject_end)


def _named_as(sentence: Sentence, end: int) -> ActorSpan | None:
    """ "Hails Kenya as the tenth country to recognize"."""
    for place in range(end - 1, max(0, end - 7), -1):
        if sentence.low(place) == "as":
            return row_ending(sentence, place - 1) if sentence.mention(place - 1) is not None else None
    return None


def _agent(sentence: Sentence, verb: int) -> ActorSpan | None:
    """The agent after "recognized [as …] by"."""
    for at in range(verb + 1, min(len(sentence.words), verb + 14)):
        low = sentence.low(at)
        if low == "by":
            return agent_after(sentence, at + 1)
        if sentence.words[at].is_punctuation or low in {"that", "which", "who", "after", "when"} | AUXILIARIES:
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


def _is_honor(sentence: Sentence, at: int) -> bool:
    """ "Recognizes Kenya for its efforts": an honor, not a recognition as a state."""
    after = {sentence.low(place) for place in range(at + 1, at + 5)}
    return sentence.low(at) == "for" and not after & {"time", "now", "what", "decades", "years"}


def _passive(sentence: Sentence, verb: int, agent: ActorSpan, published_on: str) -> Iterator[FoundAct]:
    if sentence.low(verb + 1) in {"with", "for"} or _is_honor(sentence, agent.last + 1):
        return
    end = verb - 1
    while end > 0 and (sentence.low(end) in AUXILIARIES or is_adverb(sentence.low(end)) or sentence.low(end) == "to"):
        end -= 1
    found = object_before(sentence, end)
    if found is None:
        head = _subject_of_clause(sentence, verb)
        found = Object(head.actors[:1], head.first, head.last) if head is not None and head.actors else None
    if found is None:
        return
    judgement = judge(sentence, verb, published_on, past=True)
    standing = {",", "remain", "remains", "remained", "still", "only"}
    if sentence.low(verb - 1) in standing and judgement.status == "asserted":
        judgement = StatusCue("historical", "a standing fact", judgement.subject_end)
    first, last = min(found.first, verb), agent.last
    for finding in recognized(sentence, verb, judgement, agent, found, published_on):
        yield FoundAct(
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


def _subject_of_clause(sentence: Sentence, verb: int) -> ActorSpan | None:
    """The recognized subject, far from the verb: "while Kosovo gains support and is recognized by"."""
    openers = (place for place in range(verb - 1, 0, -1) if sentence.low(place) in {"while", "whereas", "but", ";"})
    begin = next(openers, -1) + 1
    named = next((place for place in range(begin, verb) if can_act(sentence, place)), None)
    if begin and named is not None:
        return row_ending(sentence, named)
    return leading_subject(sentence, verb)


def _acknowledges_state(sentence: Sentence, verb: int) -> bool:
    """ "Formally acknowledges the … government": the verb alone is weaker."""
    formal = sentence.low(verb - 1) in {"formally", "officially", "diplomatically"}
    following = " ".join(sentence.low(at) for at in range(verb + 1, verb + 8))
    return formal or any(f"{noun}" in following for noun in ("independence", "statehood", "sovereignty"))
