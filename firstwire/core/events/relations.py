"""Finds the acts of `actions`: "severs ties with", "relations with … were severed by"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from firstwire.core.entities.sentence import Sentence
from firstwire.core.events.actions import ACTIONS, Action
from firstwire.core.events.circumstances import PLAIN, StatusCue
from firstwire.core.events.dates import act_date
from firstwire.core.events.findings import FoundAct
from firstwire.core.events.name_rows import ActorSpan, row_ending
from firstwire.core.events.parties import actors_on, bodies_of, pairs_of
from firstwire.core.events.pointing import owner_of_governor, pointed_at
from firstwire.core.events.relation_targets import described, described_before, may_have_object, targets_of
from firstwire.core.events.status import joined_infinitive, judge
from firstwire.core.events.subjects import agent_after, leading_subject, nearest_subject
from firstwire.core.text.closed_words import (
    AUXILIARIES,
    CLAUSE_OPENERS,
    DETERMINERS,
    POSSESSIVES,
    is_adverb,
)
from firstwire.core.text.word_lists import word_set
from schemas.record import Entity

WAKING = tuple(sorted({word for action in ACTIONS for word in action.wakes}))
WAKING_PARTS = tuple(word.strip() for word in WAKING)
"""Every text that the expression matches contains one of these; searching for them is ten times as fast."""

RELATIONS_TRIGGER = re.compile(
    r"\b(?:anti|counter)?(?:" + "|".join(word.replace(" ", r"\b") for word in WAKING) + ")", re.IGNORECASE
)

_RELATION_REACH = 9
_PASSIVE_REACH = 10


def find_relations(sentence: Sentence, before: Sentence | None, published_on: str) -> Iterator[FoundAct]:
    """All such acts in a sentence; `before` is the preceding one, which may have the referent of "it"."""
    if not any(word.low in _NOUNS or _DIRECT.match(word.low) for word in sentence.words):
        return
    for verb, word in enumerate(sentence.words):
        if word.mention is not None:
            continue
        for action in ACTIONS:
            if action.direct is not None and action.direct.match(word.low):
                direct = _direct(sentence, before, action, verb, published_on)
                if direct:
                    yield from direct
                    break
            if not action.verbs.match(word.low):
                continue
            noun = _noun_after(sentence, verb, action.nouns)
            if noun is not None:
                found = _active(sentence, before, action, verb, noun, published_on)
            elif (noun := _noun_before(sentence, verb, action.nouns)) is not None:
                found = _passive(sentence, action, verb, noun, published_on)
            else:
                found = []
            if found:
                yield from found
                break


_NOUNS = frozenset().union(*(action.nouns for action in ACTIONS))
_DIRECT = re.compile("|".join(action.direct.pattern for action in ACTIONS if action.direct is not None))


def _noun_after(sentence: Sentence, verb: int, nouns: frozenset[str]) -> int | None:
    for at in range(verb + 1, min(len(sentence.words), verb + _RELATION_REACH)):
        low = sentence.low(at)
        if low in nouns:
            return at
        if low in CLAUSE_OPENERS or low in {".", "!"} or low in AUXILIARIES:
            return None
    return None


def _noun_before(sentence: Sentence, verb: int, nouns: frozenset[str]) -> int | None:
    """The subject of a passive: "relations with Iran have been severed"."""
    at = verb - 1
    while at > 0 and is_adverb(sentence.low(at)):
        at -= 1
    if not sentence.low(verb).endswith(("ed", "en", "t", "n")) or sentence.low(at) not in _PASSIVE:
        return None
    for place in range(at - 1, max(-1, at - _PASSIVE_REACH), -1):
        low = sentence.low(place)
        if low in nouns:
            return place
        if low in CLAUSE_OPENERS or low in {".", "!", ","}:
            return None
    return None


_PASSIVE = word_set("is are was were be been being")


def _fits(sentence: Sentence, action: Action, verb: int, noun: int) -> bool:
    between = {sentence.low(at) for at in range(verb + 1, noun)}
    if not _is_around(sentence, action, verb, noun):
        return False
    if action.target_inside and not between & {"from", "off"}:
        return False
    return not between & action.excluded


def _is_around(sentence: Sentence, action: Action, first: int, last: int) -> bool:
    """Whether the action's required words are near the noun."""
    if action.around is None:
        return True
    words = " ".join(sentence.low(at) for at in range(first, min(len(sentence.words), last + 6)))
    return action.around.search(words) is not None


def _active(
    sentence: Sentence, before: Sentence | None, action: Action, verb: int, noun: int, published_on: str
) -> list[FoundAct]:
    ending = sentence.low(verb)
    is_adjective = ending.endswith("ed") and sentence.low(verb - 1) in DETERMINERS | POSSESSIVES
    if is_adjective or not _fits(sentence, action, verb, noun):  # "its recalled ambassador"
        return []
    judgement = judge(sentence, verb, published_on, past=not ending.endswith("s"), gerund=ending.endswith("ing"))
    if judgement.cue == PLAIN and not ending.endswith(("s", "ed", "ing")):
        earlier = joined_infinitive(sentence, verb)
        judgement = judge(sentence, earlier, published_on) if earlier is not None else judgement
    subject = _subject(sentence, verb, judgement) or pointed_at(sentence, before, verb, judgement.subject_end)
    targets, last = targets_of(sentence, action, verb, noun, subject)
    if "no" in {sentence.low(at) for at in range(verb + 1, noun)}:
        judgement = StatusCue("negated", "no", judgement.subject_end)
    return _findings(sentence, action, verb, noun, judgement, subject, targets, last, published_on)


def _passive(sentence: Sentence, action: Action, verb: int, noun: int, published_on: str) -> list[FoundAct]:
    """ "Sanctions on Iran were lifted by Kenya", "ties between Kenya and Iran were severed": the named act."""
    by = next((at for at in range(verb + 1, min(len(sentence.words), verb + 6)) if sentence.low(at) == "by"), None)
    subject = agent_after(sentence, by + 1) if by is not None else None
    between = {sentence.low(at) for at in range(noun + 1, verb)}
    parties = _parties(sentence, noun, verb) if action.is_mutual and subject is None else None
    if parties is not None and sentence.low(noun - 1) not in action.excluded:
        judgement = judge(sentence, verb, published_on, past=True)
        return _findings(sentence, action, verb, noun, judgement, parties, parties.actors, verb, published_on)
    if subject is None or action.target_inside or between & action.excluded - _PLACED:
        return []
    if not _is_around(sentence, action, noun, verb):
        return []
    targets, _ = targets_of(sentence, action, noun, noun, subject)
    judgement = judge(sentence, verb, published_on, past=True)
    return _findings(sentence, action, verb, noun, judgement, subject, targets, subject.last, published_on)


def _parties(sentence: Sentence, noun: int, verb: int) -> ActorSpan | None:
    """Both of "ties between Kenya and Iran"."""
    if sentence.low(noun + 1) != "between":
        return None
    last = next((at for at in range(verb - 1, noun + 1, -1) if sentence.mention(at) is not None), None)
    parties = row_ending(sentence, last) if last is not None else None
    return parties if parties is not None and len(parties.actors) > 1 else None


_PLACED = word_set("near outside at in with to")


def _direct(
    sentence: Sentence, before: Sentence | None, action: Action, verb: int, published_on: str
) -> list[FoundAct]:
    """ "Kenya sanctions three Iranian banks", "Iranian banks were sanctioned by Kenya": a verb without a noun."""
    ending = sentence.low(verb)
    if ending.endswith("ed") and sentence.low(verb + 1) == "by":
        subject = agent_after(sentence, verb + 2)
        found = described_before(sentence, verb)
        judgement = judge(sentence, verb, published_on, past=True)
    else:
        if not may_have_object(sentence, verb):
            return []
        found = described(sentence, verb + 1)
        judgement = judge(sentence, verb, published_on, past=ending.endswith("ed"), gerund=ending.endswith("ing"))
        subject = _subject(sentence, verb, judgement) or pointed_at(sentence, before, verb, judgement.subject_end)
    if found is None or subject is None or not _is_around(sentence, action, verb, found[1]):
        return []
    targets, at = found
    return _findings(sentence, action, verb, at, judgement, subject, targets, subject.last, published_on)


def _findings(
    sentence: Sentence,
    action: Action,
    verb: int,
    noun: int,
    judgement: StatusCue,
    subject: ActorSpan | None,
    targets: tuple[Entity, ...],
    last: int,
    published_on: str,
) -> list[FoundAct]:
    actors = actors_on(subject.actors if subject is not None else (), targets)
    if not actors:
        return []
    if action.is_mutual and not targets and not _is_diplomatic(sentence, verb, noun, actors):
        return []
    if not targets and action.is_mutual and len(bodies_of(actors)) > 1:
        targets = actors
    if action.is_reversed:
        actors, targets = tuple(entity for entity in targets if entity not in actors), actors
    if judgement.withdraws and judgement.status == "asserted":
        judgement = StatusCue("negated", judgement.cue, judgement.subject_end)
    if subject is not None and subject.negative:
        judgement = StatusCue("negated", "nobody does", judgement.subject_end)
    if not actors or (action.needs_target and not targets):
        return []
    return [
        FoundAct(
            action=action.name,
            actors=acting,
            targets=affected,
            status=judgement.status,
            cue=judgement.cue,
            sentence=sentence,
            verb=verb,
            first=min(verb, noun, subject.first if subject is not None else verb),
            last=max(verb, noun, last),
            act_date=act_date(sentence, verb, published_on),
        )
        for acting, affected in (pairs_of(actors, targets) if action.needs_both else [(actors, targets)])
    ]


def _is_diplomatic(sentence: Sentence, verb: int, noun: int, actors: tuple[Entity, ...]) -> bool:
    """Whether ties without a named target are between states: "Iran and Saudi Arabia restore ties"."""
    if any(sentence.low(place).endswith("diplomatic") for place in range(verb + 1, noun)):
        return True
    bodies = bodies_of(actors)
    return len(bodies) > 1 and any(body.kind == "nation" for body in bodies)


def _subject(sentence: Sentence, verb: int, judgement: StatusCue) -> ActorSpan | None:
    if (owner := owner_of_governor(sentence, judgement)) is not None:
        return owner
    if sentence.low(verb).endswith("ing"):
        return leading_subject(sentence, judgement.subject_end)
    return nearest_subject(sentence, judgement.subject_end)
