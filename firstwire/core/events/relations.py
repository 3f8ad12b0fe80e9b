"""Relations, embassies and terrorist lists: "severs ties with", "reopens its embassy in", "removes … from its list"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from firstwire.core.events.circumstances import PLAIN, Judgement
from firstwire.core.events.dates import act_date
from firstwire.core.events.findings import Finding
from firstwire.core.events.name_rows import Subject
from firstwire.core.events.sentence import Sentence
from firstwire.core.events.status import joined_infinitive, judge
from firstwire.core.events.subjects import agent_after, leading_subject, nearest_subject
from firstwire.core.events.vocabulary import AUXILIARIES, CLAUSE_OPENERS
from firstwire.core.text.word_lists import word_set
from schemas.record import Entity

TRIGGER = re.compile(r"relations|ties\b|embass|terror|diplomatic", re.IGNORECASE)

_RELATIONS = frozenset({"relations", "ties", "links"})
_EMBASSY = frozenset({"embassy", "embassies"})
_LIST = re.compile(r"terror")

_ACTIONS: tuple[tuple[str, re.Pattern[str], frozenset[str]], ...] = (
    ("restore_relations", re.compile(r"(?:restor|resum|re-?establish|renew|re-?open|normali[sz])"), _RELATIONS),
    (
        "establish_relations",
        re.compile(r"(?:establish|form(?:s|ed|ing)?$|open(?:s|ed|ing)?$|forg(?:e|es|ed)$)"),
        _RELATIONS,
    ),
    ("sever_relations", re.compile(r"(?:sever|cut|break|broke|suspend|end(?:s|ed|ing)?$|terminat)"), _RELATIONS),
    ("open_embassy", re.compile(r"(?:re-?open|open(?:s|ed|ing)?$|inaugurat|relocat|mov(?:e|es|ed|ing)$)"), _EMBASSY),
    ("close_embassy", re.compile(r"(?:clos|shut|shutter)"), _EMBASSY),
    (
        "delist_terror",
        re.compile(r"(?:remov|delist|exclud|drop|strik|struck|tak(?:e|es|en|ing)$|took$)"),
        frozenset({"list", "lists"}),
    ),
)
_REACH = 9
_NOT_DIPLOMATIC = word_set(
    "business economic trade family sexual public military commercial close closer race industrial"
)


def find_relations(sentence: Sentence, published_on: str) -> Iterator[Finding]:
    """Every such act that a sentence speaks of."""
    for verb, word in enumerate(sentence.words):
        if word.mention is not None:
            continue
        for action, pattern, nouns in _ACTIONS:
            if not pattern.match(word.low):
                continue
            noun = _noun_after(sentence, verb, nouns)
            if noun is not None and _fits(sentence, action, verb, noun):
                finding = _finding(sentence, action, verb, noun, published_on)
                if finding is not None:
                    yield finding
                    break


def _noun_after(sentence: Sentence, verb: int, nouns: frozenset[str]) -> int | None:
    for at in range(verb + 1, min(len(sentence.words), verb + _REACH)):
        low = sentence.low(at)
        if low in nouns:
            return at
        if low in CLAUSE_OPENERS or low in {".", "!"} or low in AUXILIARIES:
            return None
    return None


def _fits(sentence: Sentence, action: str, verb: int, noun: int) -> bool:
    between = {sentence.low(at) for at in range(verb + 1, noun)}
    if action == "delist_terror":
        around = " ".join(sentence.low(at) for at in range(verb, min(len(sentence.words), noun + 6)))
        return "from" in between and _LIST.search(around) is not None
    if action in {"open_embassy", "close_embassy"}:
        return not between & {"near", "outside", "at", "in", "with", "to"}
    return not between & _NOT_DIPLOMATIC


def _finding(sentence: Sentence, action: str, verb: int, noun: int, published_on: str) -> Finding | None:
    ending = sentence.low(verb)
    judgement = judge(sentence, verb, published_on, past=not ending.endswith("s"), gerund=ending.endswith("ing"))
    if judgement.cue == PLAIN and not ending.endswith(("s", "ed", "ing")):
        earlier = joined_infinitive(sentence, verb)
        judgement = judge(sentence, earlier, published_on) if earlier is not None else judgement
    subject = _subject(sentence, verb, judgement)
    targets, last = _targets(sentence, action, verb, noun)
    actors = tuple(actor for actor in subject.actors if actor not in targets) if subject is not None else ()
    if action.endswith("relations") and not targets and not _is_diplomatic(sentence, verb, noun, actors):
        return None
    nations = [actor for actor in actors if actor.kind in {"nation", "organization"}]
    if not targets and action in {"establish_relations", "restore_relations", "sever_relations"} and len(nations) > 1:
        targets = actors
    if subject is not None and subject.negative:
        judgement = Judgement("negated", "nobody does", judgement.subject_end)
    if not actors or not (targets or action in {"open_embassy", "close_embassy"}):
        return None
    return Finding(
        action=action,
        actors=actors,
        targets=targets,
        status=judgement.status,
        cue=judgement.cue,
        sentence=sentence,
        verb=verb,
        first=min(verb, subject.first if subject is not None else verb),
        last=max(noun, last),
        act_date=act_date(sentence, verb, published_on),
    )


def _is_diplomatic(sentence: Sentence, verb: int, noun: int, actors: tuple[Entity, ...]) -> bool:
    """Whether ties with nobody named are those between states: "Iran and Saudi Arabia restore ties"."""
    if any(sentence.low(place).endswith("diplomatic") for place in range(verb + 1, noun)):
        return True
    return sum(actor.kind == "nation" for actor in actors) > 1


def _subject(sentence: Sentence, verb: int, judgement: Judgement) -> Subject | None:
    if sentence.low(verb).endswith("ing"):
        return leading_subject(sentence, judgement.subject_end)
    return nearest_subject(sentence, judgement.subject_end)


def _targets(sentence: Sentence, action: str, verb: int, noun: int) -> tuple[tuple[Entity, ...], int]:
    if action == "delist_terror":
        named = [at for at in range(verb + 1, noun) if sentence.mention(at) is not None]
        mention = sentence.mention(named[0]) if named else None
        return ((mention.entity,), noun) if mention is not None else ((), noun)
    prepositions = {"with", "between"} if action.endswith("relations") else {"in", "to", "at"}
    for at in range(noun + 1, min(len(sentence.words), noun + 8)):
        low = sentence.low(at)
        if low in prepositions:
            other = agent_after(sentence, at + 1)
            if other is not None:
                return _places(other.actors), other.last
        if low in CLAUSE_OPENERS:
            break
    owner = sentence.mention(noun - 1)
    if owner is not None and owner.role == "demonym" and action.endswith("embassy"):
        return (owner.entity,), noun
    return (), noun


def _places(entities: tuple[Entity, ...]) -> tuple[Entity, ...]:
    nations = tuple(entity for entity in entities if entity.kind in {"nation", "organization"})
    return nations or entities
