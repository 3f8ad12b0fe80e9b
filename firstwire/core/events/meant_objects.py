"""Resolves objects without a name: "it", "their government", "the country's independence", "each other"."""

from __future__ import annotations

from firstwire.core.entities.sentence import Sentence
from firstwire.core.events.name_rows import ActorSpan
from firstwire.core.events.objects import Object
from firstwire.core.events.pointing import speaker_before
from firstwire.core.text.closed_words import AUXILIARIES, STATE_NOUNS, STATEHOOD
from firstwire.core.text.word_lists import word_set
from schemas.event import Status
from schemas.record import Entity

_OWNERS = word_set("their its his her")
_STATES = word_set("country nation state territory republic region government")
_DIPLOMACY = word_set("diplomatic relations ties recognition independent sovereign embassy")
_STATE_KINDS = frozenset({"nation", "organization"})


def meant_object(sentence: Sentence, verb: int, subject: ActorSpan | None, status: Status) -> Object | None:
    """The object of a verb that the sentence names elsewhere; None if there is none."""
    found = _each_other(sentence, verb, subject) or _own_state(sentence, verb, subject)
    if found is None and (status not in {"asserted", "historical"} or _speaks_of_states(sentence)):
        found = _it(sentence, verb, subject)
    return found


def _speaks_of_states(sentence: Sentence) -> bool:
    """Whether "recognized it" can refer to a state here, rather than to a face."""
    return any(word.low in STATE_NOUNS | _DIPLOMACY for word in sentence.words)


def _each_other(sentence: Sentence, verb: int, subject: ActorSpan | None) -> Object | None:
    """ "Mutually recognize each other"."""
    pair = (sentence.low(verb + 1), sentence.low(verb + 2))
    if pair not in {("each", "other"), ("one", "another")} or subject is None or len(subject.actors) < 2:
        return None
    return Object(subject.actors, subject.first, verb + 2)


def _own_state(sentence: Sentence, verb: int, subject: ActorSpan | None) -> Object | None:
    """ "The Taliban say Russia recognized their government", "the country's independence": that of the speaker."""
    owned = sentence.low(verb + 2) in _STATES and sentence.low(verb + 3) in {"'s", "'"}
    if sentence.low(verb + 1) not in _OWNERS and not (sentence.low(verb + 1) == "the" and owned):
        return None
    nouns = STATEHOOD | _STATES
    begin = verb + 4 if owned else verb + 2
    last = next((at for at in range(begin, begin + 4) if sentence.low(at) in nouns), None)
    targets = _others(_before(sentence, verb, subject), subject)
    return Object(targets, verb + 1, last) if targets and last is not None else None


def _it(sentence: Sentence, verb: int, subject: ActorSpan | None) -> Object | None:
    """ "Iran urges Kenya to recognize it", "Kenya would never talk to Iran or recognize it"."""
    if sentence.low(verb + 1) not in {"it", "them"} or sentence.low(verb + 2) in AUXILIARIES:
        return None
    targets = _others(_before(sentence, verb, subject), subject)
    if not targets:
        named = (sentence.mention(at) for at in range(verb - 1, -1, -1))
        states = (each.entity for each in named if each is not None and each.role == "name")
        other = next((entity for entity in states if _others((entity,), subject)), None)
        targets = (other,) if other is not None else ()
    return Object(targets, verb + 1, verb + 1) if targets else None


def _before(sentence: Sentence, verb: int, subject: ActorSpan | None) -> tuple[Entity, ...]:
    """The topic of the sentence, other than the recognizing subject."""
    end = subject.first if subject is not None and subject.actors else verb
    speaker = speaker_before(sentence, end)
    return speaker.actors if speaker is not None else ()


def _others(entities: tuple[Entity, ...], subject: ActorSpan | None) -> tuple[Entity, ...]:
    known = subject.actors if subject is not None else ()
    return tuple(entity for entity in entities if entity not in known and entity.kind in _STATE_KINDS)
