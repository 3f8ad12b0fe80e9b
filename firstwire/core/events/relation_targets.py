"""The target of an act between states: after the noun and its preposition, possessing it, or right after the verb."""

from __future__ import annotations

from firstwire.core.entities.sentence import Sentence
from firstwire.core.events.actions import Action
from firstwire.core.events.name_rows import ActorSpan
from firstwire.core.events.subjects import agent_after
from firstwire.core.text.closed_words import (
    AUXILIARIES,
    CLAUSE_OPENERS,
    DETERMINERS,
    POSSESSIVES,
    PREPOSITIONS,
)
from firstwire.core.text.word_lists import word_set
from schemas.record import Entity

_CAUSES = word_set("over amid following despite due citing protesting")
"""Words before the cause of an act, which is not its target."""
_KINDS_OF_MEMBERS = word_set("member members ally allies nation nations country countries partner")
"""Nouns after a name that refer to another entity: "the NATO ally"."""


_BEFORE = 9
"""Words before a passive verb that are searched for its subject."""

_QUANTITIES = word_set(
    "two three four five six seven eight nine ten eleven twelve dozens several more top senior another hundreds many"
)


def targets_of(
    sentence: Sentence, action: Action, verb: int, noun: int, subject: ActorSpan | None
) -> tuple[tuple[Entity, ...], int]:
    """The targets, and the position of their last word."""
    if action.target_inside:
        named = [at for at in range(verb + 1, noun) if sentence.mention(at) is not None]
        mention = sentence.mention(named[0]) if named else None
        return ((mention.entity,), noun) if mention is not None else ((), noun)
    owner = _owner(sentence, noun) if action.owner_is_target else None
    if owner is not None and (subject is None or owner not in subject.actors):
        return (owner,), noun  # "expels 60 Russian diplomats from Kenya"
    for at in range(noun + 1, min(len(sentence.words), noun + 8)):
        low = sentence.low(at)
        if low in action.prepositions:
            other = agent_after(sentence, at + 1)
            if other is not None and sentence.low(other.last + 1) not in _KINDS_OF_MEMBERS:
                return _places(other.actors), other.last
            kin = described(sentence, at + 1) if other is None else None
            if kin is not None:
                return kin
        if low in CLAUSE_OPENERS | _CAUSES:
            break
    return (), noun


def described(sentence: Sentence, start: int) -> tuple[tuple[Entity, ...], int] | None:
    """The nation of "three new Iranian organizations", "Iran's central bank"."""
    for at in range(start, min(len(sentence.words), start + 6)):
        word = sentence.words[at]
        if word.mention is not None and not word.bound:
            nation = word.mention.nation or word.mention.entity
            return ((nation,), at) if nation.kind in {"nation", "organization"} else None
        if word.is_punctuation or word.low in PREPOSITIONS - {"of"} or word.low in AUXILIARIES | CLAUSE_OPENERS:
            return None
    return None


def described_before(sentence: Sentence, verb: int) -> tuple[tuple[Entity, ...], int] | None:
    """The nation of "two Iranian banks were", "Iran's central bank has been", before a passive verb."""
    for at in range(verb - 1, max(-1, verb - _BEFORE), -1):
        word = sentence.words[at]
        if word.mention is not None and not word.bound:
            nation = word.mention.nation or word.mention.entity
            return ((nation,), at) if nation.kind in {"nation", "organization"} else None
        if word.is_punctuation or word.low in CLAUSE_OPENERS:
            return None
    return None


def may_have_object(sentence: Sentence, verb: int) -> bool:
    """Whether a possible noun ("US sanctions") is a verb followed by its object: a name or a number."""
    before, after = sentence.low(verb - 1), sentence.low(verb + 1)
    owner = sentence.mention(verb - 1)
    if owner is not None and owner.role == "demonym" and not sentence.low(verb).endswith("ed"):
        return False
    if before in DETERMINERS | PREPOSITIONS - {"to"} | POSSESSIVES:
        return False
    return sentence.mention(verb + 1) is not None or after[:1].isdigit() or after in _QUANTITIES | DETERMINERS


def _owner(sentence: Sentence, noun: int) -> Entity | None:
    """The possessor: "the Iranian ambassador", "12 Iranian diplomats", "Iran's ambassador", "the Taliban embassy"."""
    for at in range(noun - 1, max(-1, noun - 4), -1):
        mention = sentence.mention(at)
        if mention is not None:
            holder = sentence.mention(at - 2) if sentence.low(at - 1) in {"'s", "'"} else None
            mention = holder or mention  # "Sweden's NATO bid"
            return mention.nation or mention.entity
        if not (sentence.words[at].text[:1].islower() or sentence.low(at) in {"'s", "'"}):
            return None
        if sentence.low(at) in PREPOSITIONS | DETERMINERS | POSSESSIVES - {"'s", "s'"}:
            return None
    return None


def _places(entities: tuple[Entity, ...]) -> tuple[Entity, ...]:
    nations = tuple(entity for entity in entities if entity.kind in {"nation", "organization"})
    return nations or entities
