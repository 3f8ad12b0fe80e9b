"""The object of a plain sentence: a listed target that heads its noun phrase, or the action's noun with its target."""

from __future__ import annotations

from firstwire.core.entities.sentence import Sentence
from firstwire.core.events.actions import WITHOUT_DIRECTION, Action
from firstwire.core.events.findings import FoundAct
from firstwire.core.events.plain_subjects import PlainSubject
from firstwire.core.text.closed_words import (
    AUXILIARIES,
    CLAUSE_OPENERS,
    CONJUNCTIONS,
    DETERMINERS,
    PREPOSITIONS,
    TIME_WORDS,
)
from firstwire.core.text.word_lists import word_set
from schemas.record import Entity

_OF_STATE = word_set("state states independence statehood government govt republic")
"""Before "of" and the target's name."""
_FREE = word_set("independent sovereign")
_RULE = word_set("government govt governance regime authorities administration state republic")
"""After the target's name: its own government or state."""
_OWN = _RULE | {"independence", "statehood"}
_AS_NOUNS = word_set("state states country nation republic government govt authority authorities representative ruler")
_AS_NOUNS = _AS_NOUNS | word_set("rulers representatives administration")
_AS_OFFICES = word_set("president leader")
_AS_ADJECTIVES = word_set(
    "independent sovereign legitimate lawful rightful legal official sole new interim acting only separate free"
)
_NEVER_AFTER = word_set("for over of with like")
"""Prepositions after a recognized name that make it no state: an honor, a claim to land, a part."""
_NEVER_AFTER_NOUN = word_set("for of like")
_KINDS_OF_TIES = DETERMINERS | word_set("diplomatic full formal official bilateral normal state")
_MODIFIERS = 5
_TIES = word_set("relations ties")
_TARGET_KINDS = frozenset({"nation", "organization"})


def object_end(finding: FoundAct, subject: PlainSubject, listed: list[Action]) -> int | str:
    """The last word of the object if subject and object are those of the finding; else what is in the way."""
    sentence, at = finding.sentence, finding.verb + 1
    low = sentence.low(finding.verb)
    if not listed and "recogni" not in low:
        return f"'{low}' is a weaker verb"
    is_direct = not listed or any(
        action.target_inside or (action.direct is not None and action.direct.match(low)) for action in listed
    )
    noun = next((place for action in listed if (place := _noun(sentence, at, action)) is not None), None)
    nouns = frozenset[str]().union(*(action.nouns for action in listed))
    prepositions = frozenset[str]().union(*(action.prepositions for action in listed))
    if noun is None and is_direct:
        found = _targets(sentence, at, honors=not listed)
        return found if isinstance(found, str) else _checked(finding, subject, *found)
    owned = _owned(sentence, at, nouns)
    if owned is not None:
        return _checked(finding, subject, *owned)
    if noun is None:
        return "the object is not directly after the verb"
    kinds = {sentence.low(each) for each in range(at, noun)}
    if sentence.low(noun) == "links" or (sentence.low(noun) in _TIES and kinds - _KINDS_OF_TIES):
        return f"'{sentence.low(noun)}' of another kind"
    if sentence.low(noun + 1) in prepositions:
        found = _targets(sentence, noun + 2, honors=False)
        return found if isinstance(found, str) else _checked(finding, subject, *found)
    if any(action.is_mutual for action in listed) and subject.names > 1 and phrase_ends(sentence, noun + 1):
        return _checked(finding, subject, subject.entities, noun)
    return f"'{sentence.low(noun + 1) or sentence.low(noun)}' after the object, not the target"


def _checked(finding: FoundAct, subject: PlainSubject, targets: tuple[Entity, ...], end: int) -> int | str:
    """The end of the object if the finding is of the same actors and targets."""
    acting, affected = {each.id for each in subject.entities}, {each.id for each in targets}
    actors, aims = {each.id for each in finding.actors}, {each.id for each in finding.targets}
    if (actors, aims) == (acting, affected):
        return end
    both = finding.action in WITHOUT_DIRECTION and aims <= actors
    if both and actors <= acting | affected and actors & acting and actors & affected:
        return end
    return "actor or target is another name than the one beside the verb"


def _noun(sentence: Sentence, at: int, action: Action) -> int | None:
    """The action's noun after at most a few adjectives."""
    for place in range(at, at + 1 + _MODIFIERS):
        low = sentence.low(place)
        if low in action.nouns:
            return place
        if (
            not low
            or sentence.mention(place) is not None
            or sentence.words[place].is_punctuation
            or low in PREPOSITIONS | CONJUNCTIONS | CLAUSE_OPENERS | AUXILIARIES
        ):
            return None
    return None


def _owned(sentence: Sentence, at: int, nouns: frozenset[str]) -> tuple[tuple[Entity, ...], int] | None:
    """The target of "three Russian diplomats", "Sweden's accession", where the noun ends its phrase."""
    for place in range(at, at + 1 + _MODIFIERS):
        mention = sentence.mention(place)
        if mention is not None and not sentence.words[place].bound:
            noun = place + 2 if sentence.low(place + 1) in {"'s", "'"} else place + 1
            if sentence.low(noun) in nouns and phrase_ends(sentence, noun + 1):
                return (mention.nation or mention.entity,), noun
            return None
        low = sentence.low(place)
        if not low or sentence.words[place].is_punctuation or low in PREPOSITIONS | CONJUNCTIONS | CLAUSE_OPENERS:
            return None
    return None


def _targets(sentence: Sentence, at: int, *, honors: bool) -> tuple[tuple[Entity, ...], int] | str:
    """The row of listed names that begins here, each the head of its phrase. `honors`: "for" would make it an award."""
    entities: list[Entity] = []
    while True:
        at = _before_name(sentence, at)
        mention = sentence.mention(at)
        if mention is None or sentence.words[at].bound or mention.role in {"unlisted", "within"}:
            return f"the target is not directly after the verb, but '{sentence.low(at)}'"
        is_person = mention.entity.kind in {"leader", "person"}
        if mention.entity.kind not in _TARGET_KINDS and not is_person:
            return f"{mention.text} is no state or government"
        end = _rule_end(sentence, at)
        if end is None:
            return f"'{sentence.low(at + 1)}' follows {mention.text}"
        entities.append(mention.entity)
        as_end = _as_end(sentence, end + 1, is_person=is_person) if sentence.low(end + 1) == "as" else end
        if as_end is None or (is_person and as_end == end):
            return "recognized as something else"
        end = as_end
        following = _next_in_row(sentence, end)
        if following is None and _another_name(sentence, end):
            return f"a name that may be no target is joined to {mention.text}"
        if following is None:
            if not phrase_ends(sentence, end + 1, never=_NEVER_AFTER if honors else _NEVER_AFTER_NOUN):
                return f"'{sentence.low(end + 1)}' follows {mention.text}"
            return tuple({each.id: each for each in entities}.values()), end
        at = following


def _before_name(sentence: Sentence, at: int) -> int:
    """The position after "the", "the state of", "independent"."""
    while True:
        if sentence.low(at) in DETERMINERS | _FREE:
            at += 1
        elif sentence.low(at) in _OF_STATE and sentence.low(at + 1) == "of":
            at += 2
        else:
            return at


def _rule_end(sentence: Sentence, at: int) -> int | None:
    """The last word of "Taliban", "the Taliban's government", "Libyan government"; None if another noun is the head."""
    mention = sentence.mention(at)
    end = at
    if sentence.low(at + 1) in {"'s", "'"}:
        if sentence.low(at + 2) not in _OWN:
            return None
        end = at + 2
    elif sentence.low(at + 1) in _RULE:
        end = at + 1
    elif mention is not None and mention.role == "demonym":
        return None
    while sentence.low(end + 1) in _RULE and end > at:
        end += 1
    return end


def _as_end(sentence: Sentence, at: int, *, is_person: bool) -> int | None:
    """The last word of "as an independent state", "as the legitimate government"; None of anything else."""
    place = at + 1
    while sentence.low(place) in DETERMINERS | _AS_ADJECTIVES or _owner_at(sentence, place):
        place += 2 if _owner_at(sentence, place) else 1
    if sentence.low(place) in (_AS_OFFICES if is_person else _AS_NOUNS):
        if sentence.low(place + 1) == "of":
            return _of_end(sentence, place + 2)
        return place
    plain = place > at + 1 and sentence.low(place - 1) in {"independent", "sovereign"} and not is_person
    return place - 1 if plain else None


def _owner_at(sentence: Sentence, at: int) -> bool:
    """ "As *Libya's* only lawful government"."""
    return sentence.mention(at) is not None and sentence.low(at + 1) in {"'s", "'"}


def _of_end(sentence: Sentence, at: int) -> int | None:
    """The end of "of the Libyan people", "of Venezuela"."""
    at += sentence.low(at) == "the"
    mention = sentence.mention(at)
    if mention is None:
        return None
    return at + 1 if mention.role == "demonym" and sentence.low(at + 1) in {"people", "state"} else at


def _next_in_row(sentence: Sentence, end: int) -> int | None:
    at = end + 1
    while sentence.low(at) == "," or sentence.low(at) in CONJUNCTIONS:
        at += 1
    if at == end + 1:
        return None
    name = _before_name(sentence, at)
    mention = sentence.mention(name)
    return at if mention is not None and _row_goes_on(sentence, name) else None


def _another_name(sentence: Sentence, end: int) -> bool:
    """ "Kosovo and Serbia car plates", "Taiwan, U.S. politicians": a name that is the head of nothing seen."""
    joined = sentence.low(end + 1) in CONJUNCTIONS or sentence.low(end + 1) == ","
    named, target = sentence.mention(_before_name(sentence, end + 2)), sentence.mention(end)
    same = named is not None and target is not None and named.entity == target.entity  # "in Cairo, Egypt"
    return joined and named is not None and not same


def _row_goes_on(sentence: Sentence, name: int) -> bool:
    """Whether a name after a comma or "and" is another target, and not the subject of the next clause."""
    end = _rule_end(sentence, name)
    return end is not None and phrase_ends(sentence, end + 1)


def phrase_ends(sentence: Sentence, at: int, *, never: frozenset[str] = _NEVER_AFTER_NOUN) -> bool:
    """Whether a noun phrase ends before this word."""
    low = sentence.low(at)
    if at >= len(sentence.words):
        return True
    if low in never or low == "as":
        return False
    ends = PREPOSITIONS | CONJUNCTIONS | CLAUSE_OPENERS | TIME_WORDS | {"to"}
    return (sentence.words[at].is_punctuation and sentence.mention(at) is None) or low in ends
