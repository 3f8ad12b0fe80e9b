"""Recognition that its object wins or asks for: "wins recognition from", "seeks US recognition", "bid for"."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from firstwire.core.entities.sentence import Sentence
from firstwire.core.events.circumstances import StatusCue
from firstwire.core.events.findings import FoundAct
from firstwire.core.events.name_rows import ActorSpan, row_ending
from firstwire.core.events.noun_phrases import actors_of
from firstwire.core.events.objects import Object, object_after
from firstwire.core.events.recognized import recognized
from firstwire.core.events.status import judge
from firstwire.core.events.subjects import agent_after, nation_of_person, nearest_subject
from firstwire.core.text.word_lists import word_set

_RECEIVING = re.compile(r"(?:win|won|gain|receiv|get|got|secur|obtain|earn|clinch|land)")

_SEEKING = re.compile(r"(?:seek|sought|want|demand|request|await|crav|pursu)")

_ASKING = re.compile(
    r"(?:call|appeal|push|press|campaign|lobb|ask|bid|quest|plea|beg|plead|urg|fight|fought|struggl|hop|drive|thank)"
)
"""Before "for recognition"."""

_WELCOMING = re.compile(r"(?:hail|welcom|celebrat|prais|applaud|thank)")

_BETWEEN_STATES = word_set("diplomatic international formal official")


def find_sought(sentence: Sentence, noun: int, before: int, published_on: str) -> Iterator[FoundAct]:
    """Recognitions by the word at `before`, left of the noun: the verb, "for" or the recognizing party."""
    after = sentence.low(noun + 1)
    giver = sentence.mention(before)
    if giver is not None and after not in {"of", "for", "as"} and sentence.low(before - 1) not in {"'s", "'"}:
        agent: ActorSpan | None = row_ending(sentence, before)
        if giver.role == "demonym":
            agent = ActorSpan((giver.entity,), before, noun)
        verb = before - 1
    elif sentence.low(before) in {"'s", "'"} and sentence.mention(before - 1) is not None and after != "of":
        agent = ActorSpan(tuple(actors_of(sentence, before - 1)), before - 1, noun)
        verb = before - 2
    else:
        agent = agent_after(sentence, noun + 2) if after in {"from", "by"} else None
        verb = before
    governor = sentence.low(verb)
    last = max(noun, agent.last) if agent is not None else noun
    if sentence.low(last + 1) == "for":  # "for its efforts": honored, not recognized
        return
    if _RECEIVING.match(governor) and agent is not None:
        judgement = judge(sentence, verb, published_on, past=True, gerund=governor.endswith("ing"))
        yield from _of_holder(sentence, noun, judgement, _holder(sentence, verb), agent, published_on)
    elif _WELCOMING.match(governor) and agent is not None and verb < before and after != "of":
        judgement = StatusCue("historical", governor, verb)
        yield from _of_holder(sentence, noun, judgement, _holder(sentence, verb), agent, published_on)
    elif _SEEKING.match(governor) and after not in {"of", "for", "as"} and sentence.mention(verb) is None:
        if agent is not None or after == "from" or sentence.low(noun - 1) in _BETWEEN_STATES:
            judgement = StatusCue("demanded", governor, verb)
            yield from _of_holder(sentence, noun, judgement, _holder(sentence, verb), agent, published_on)
    elif governor == "for":
        yield from _asked_for(sentence, noun, verb, agent, published_on)


def _asked_for(
    sentence: Sentence, noun: int, at: int, agent: ActorSpan | None, published_on: str
) -> Iterator[FoundAct]:
    """ "Calls for recognition of Kosovo", "lobbies Egypt for recognition", "Somaliland's bid for recognition"."""
    asked = row_ending(sentence, at - 1) if sentence.mention(at - 1) is not None else None
    places = range(at - 1, max(-1, (asked.first if asked is not None else at) - 4), -1)
    verb = next((place for place in places if _is_asking(sentence, place)), None)
    if verb is None or sentence.low(noun + 1) in {"for", "as"}:
        return
    thanks = sentence.low(verb).startswith("thank")
    judgement = StatusCue("historical" if thanks else "demanded", f"{sentence.low(verb)} for", verb)
    if sentence.low(noun + 1) == "of":
        found = object_after(sentence, noun + 2)
        if found is not None:
            late = agent_after(sentence, found.last + 2) if sentence.low(found.last + 1) in {"by", "from"} else None
            yield from recognized(sentence, noun, judgement, asked or late, found, published_on)
    elif asked is not None or agent is not None or sentence.low(noun - 1) in _BETWEEN_STATES:
        yield from _of_holder(sentence, noun, judgement, _holder(sentence, verb), asked or agent, published_on)


def _is_asking(sentence: Sentence, at: int) -> bool:
    return sentence.mention(at) is None and _ASKING.match(sentence.low(at)) is not None


def _holder(sentence: Sentence, verb: int) -> Object | None:
    """The party that wins or asks: the subject, the possessor in "Kosovo's bid", the people in "Palestinians win"."""
    owner = verb - 2 if sentence.low(verb - 1) in {"'s", "'"} else verb - 1
    mention = sentence.mention(owner)
    people = mention is not None and mention.role == "demonym" and mention.text.endswith("s")
    if mention is not None and (people or owner == verb - 2):
        return Object(tuple(actors_of(sentence, owner)), owner, owner)
    subject = nearest_subject(sentence, verb) or nation_of_person(sentence, verb)
    return Object(subject.actors, subject.first, subject.last) if subject is not None and subject.actors else None


def _of_holder(
    sentence: Sentence,
    noun: int,
    judgement: StatusCue,
    holder: Object | None,
    agent: ActorSpan | None,
    published_on: str,
) -> Iterator[FoundAct]:
    if holder is None:
        return
    states = tuple(entity for entity in holder.targets if entity.kind in {"nation", "organization", "subnational"})
    if states:
        found = msgspec.structs.replace(holder, targets=states, last=max(noun, agent.last if agent is not None else 0))
        yield from recognized(sentence, noun, judgement, agent, found, published_on)
