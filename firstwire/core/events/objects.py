"""The object of a recognition: the state, government or claim after the verb; none for an award or a marriage."""

from __future__ import annotations

import msgspec

from firstwire.core.entities.sentence import Sentence
from firstwire.core.entities.unlisted_names import unknown_entity
from firstwire.core.text.closed_words import (
    AUXILIARIES,
    CLAUSE_OPENERS,
    CONJUNCTIONS,
    DETERMINERS,
    NP_FILLERS,
    PERSONS_IN_OFFICE,
    PREPOSITIONS,
    PRONOUNS,
    STATE_NOUNS,
    STATEHOOD,
    is_adverb,
)
from firstwire.core.text.word_lists import word_set
from schemas.record import Entity, EntityKind

_OBJECT_REACH = 16
"""Words after the verb that are searched for its object."""

_AS_STATE = word_set(
    """
    independent sovereign state states country nation republic government legitimate capital part president
    representative representatives authority sole free leader interim premier head ruler lawful rightful
    chancellor autonomous president-elect territory sovereignty separate entity minister leadership acting
    """
)
_AS_PERSON = word_set("president-elect president leader premier head ruler chancellor minister")
_AS_ELSE = (
    "terror",
    "sponsor",
    "aggress",
    "genocid",
    "safe",
    "rogue",
    "failed",
    "market",
    "threat",
    "host",
    "candida",
    "partner",
    "donor",
    "best",
)
_AS_JUDGED = ("illegal", "unlawful", "invalid", "null", "void", "provocat", "violat", "unaccept", "wrong", "mistake")
_POLITICAL_BODIES = word_set(
    """
    council coalition congress government front movement committee assembly emirate army
    """
)
_AFTER_NAME = word_set(
    """
    this next last earlier despite today again once fully as two all either both yet nor minutes hours days weeks
    months years decades came comes drew draws led leads took takes brought brings
    sparks angers triggers prompts
    """
)
_OWN_RIGHTS = word_set(
    "exist existence exercise self-determination independence statehood sovereignty secede self-rule be"
)
"""Rights of a state or people whose recognition counts as recognition of the state."""
_CLAIMS = word_set("sovereignty claim claims annexation rights rule control")
_PARTS = word_set("regions republics territories provinces enclaves areas")
_JOINING = frozenset({"and", ",", "as", "to", "over", "between"})
_OBJECT_LINKS = frozenset({"of", "for", "and", "the", "al", "bin", "de", "da", "von", "van"})


class Object(msgspec.Struct, frozen=True):
    """Targets with the range of their words."""

    targets: tuple[Entity, ...]
    first: int
    last: int


def object_after(sentence: Sentence, start: int) -> Object | None:
    """The object that begins at a position; None if it is not something that states recognize."""
    targets: list[Entity] = []
    first, last = start, start
    at = start
    while at < min(len(sentence.words), start + _OBJECT_REACH):
        word = sentence.words[at]
        if word.mention is not None and not word.bound:
            part = _named_part(sentence, at)
            if part is not None:
                at = part
                continue
            land = _claimed_land(sentence, at)
            if land is not None:
                claimed = sentence.words[land].mention
                assert claimed is not None
                return Object((claimed.entity,), at, land)
            end = _accepted_until(sentence, at)
            if end is None:
                break
            first = first if targets else at
            targets.append(word.mention.entity)
            last = end
            following = _next_target(sentence, end)
            if following is None:
                break
            at = following
            continue
        if _is_filler(sentence, at):
            at += 3 if word.bound and sentence.low(at + 1) == "-" else 1  # "Russian-backed"
            continue
        if not targets:
            return _unknown_name(sentence, at)
        break
    return Object(tuple({entity.id: entity for entity in targets}.values()), first, last) if targets else None


def _accepted_until(sentence: Sentence, at: int) -> int | None:
    """The last word of the object that this name heads or possesses; None if there is no such object."""
    mention = sentence.words[at].mention
    assert mention is not None
    following = sentence.low(at + 1)
    if sentence.low(at - 1) == "of" and sentence.low(at - 2) in _PARTS and following not in CONJUNCTIONS | {","}:
        return None  # "two regions of Georgia": unspecified
    if mention.entity.kind in {"leader", "person"}:
        return _as_phrase(sentence, at + 1)
    if following in {"'s", "'"}:
        return _statehood_within(sentence, at + 2)
    if mention.role == "demonym":
        return _statehood_within(sentence, at + 1)
    if following in STATEHOOD:
        return _statehood_within(sentence, at + 1)
    if mention.entity.kind == "subnational" and sentence.mention(at + 2) is not None and following == "and":
        owned = _preceded_by_state_noun(sentence, at) or _is_bare_object(sentence, at)
        return at if owned or _as_phrase(sentence, at + 3) else None
    if mention.entity.kind == "subnational" or mention.role == "capital":
        owned = _preceded_by_state_noun(sentence, at)
        return _as_phrase(sentence, at + 1) or (at if owned or _is_bare_object(sentence, at) else None)
    if following == "as" and any(sentence.low(place).startswith(_AS_JUDGED) for place in range(at + 2, at + 5)):
        return at  # "condemns the recognition of Kosovo as illegal"
    if following == "as" or sentence.low(at + 2) == "as":
        return _as_phrase(sentence, at + 1, _AS_STATE - _AS_PERSON)
    if _may_follow(sentence, at + 1):
        return at
    return None


def _named_part(sentence: Sentence, at: int) -> int | None:
    """The regions in "Georgia's breakaway regions of Abkhazia and South Ossetia", "Georgia's rebel Abkhazia"."""
    for noun in range(at + 1, at + 5):
        low = sentence.low(noun)
        named = sentence.mention(noun)
        if named is not None and sentence.low(at + 1) in {"'s", "'"} and named.role == "name":
            return noun
        if (
            low in _PARTS | {"region", "republic", "territory", "province", "enclave"}
            and sentence.low(noun + 1) == "of"
        ):
            return noun + 2
        if low in _JOINING or (low not in NP_FILLERS | STATE_NOUNS | {"'s", "'", "rebel"}):
            return None
    return None


def _claimed_land(sentence: Sentence, at: int) -> int | None:
    """The land of "Moroccan sovereignty over Western Sahara", which is the object of the claim."""
    for noun in range(at + 1, at + 4):
        if sentence.low(noun) in _CLAIMS and sentence.low(noun + 1) in {"over", "of", "to", "on"}:
            for place in range(noun + 2, min(len(sentence.words), noun + 8)):
                if sentence.mention(place) is not None:
                    return place
    return None


def _statehood_within(sentence: Sentence, start: int) -> int | None:
    for at in range(start, min(len(sentence.words), start + 6)):
        low = sentence.low(at)
        if low in STATEHOOD - {
            "new",
            "de",
            "facto",
            "interim",
            "transitional",
            "provisional",
            "independent",
            "legitimate",
        }:
            while sentence.low(at + 1) in STATEHOOD:
                at += 1
            if low == "leadership" and sentence.low(at + 1) in {"in", "on"}:  # "Kenya's leadership in talks"
                return None
            if low == "right" and sentence.low(at + 1) in {"to", "of"}:
                rights = {sentence.low(place) for place in range(at + 2, at + 6)}
                return at if rights & _OWN_RIGHTS else None
            return at if _may_follow(sentence, at + 1) or sentence.low(at + 1) in {"to", "over"} else None
        owned = low in {"'s", "'"} and sentence.mention(at - 1) is None  # "a Kenyan farmer's claim"
        if owned or sentence.words[at].is_punctuation or low in PREPOSITIONS - {"of"}:
            return None
    return None


def _as_phrase(sentence: Sentence, start: int, wanted: frozenset[str] = _AS_STATE) -> int | None:
    """The end of a phrase like "as an independent state"; None for another phrase."""
    for at in range(start, min(len(sentence.words), start + 6)):
        if sentence.low(at) == "as":
            if any(sentence.low(place).startswith(_AS_ELSE) for place in range(at + 1, at + 6)):
                return None
            for place in range(at + 1, min(len(sentence.words), at + 9)):
                mention = sentence.mention(place)
                if sentence.low(place) in wanted or (mention is not None and mention.role == "demonym"):
                    return place
            return None
        if sentence.low(at) in CLAUSE_OPENERS | AUXILIARIES:
            return None
    return None


def _may_follow(sentence: Sentence, at: int) -> bool:
    """Whether a name may end before this word, and is not an adjective of it."""
    if at >= len(sentence.words):
        return True
    word = sentence.words[at]
    low = word.low
    return (
        word.is_punctuation
        or low in PREPOSITIONS
        or low in CONJUNCTIONS
        or low in CLAUSE_OPENERS
        or low in AUXILIARIES
        or low in DETERMINERS
        or low in _AFTER_NAME
        or low in PRONOUNS
        or low.isdigit()
        or (low.endswith("s") and word.text.islower() and _has_object(sentence, at))
        or is_adverb(low)
        or (low.endswith(("ing", "ed")) and len(low) > 4 and word.text[:1].islower())
    )


def _is_bare_object(sentence: Sentence, at: int) -> bool:
    """ "Recognizes Beijing", "does not recognize Donetsk and Luhansk": the land itself, directly after the verb."""
    if not _may_follow(sentence, at + 1) or sentence.low(at + 1) in {"for", "in", "as"}:
        return False
    mention = sentence.mention(at)
    while mention is not None and mention.role == "name" and sentence.low(at - 1) in CONJUNCTIONS | {","}:
        at -= 2
        mention = sentence.mention(at)
    return "recogni" in sentence.low(at - 1)


def _has_object(sentence: Sentence, verb: int) -> bool:
    """ "Recognition of Kosovo rewards Kenya": a name or article follows a verb, not a noun in the plural."""
    return sentence.mention(verb + 1) is not None or sentence.low(verb + 1) in DETERMINERS


def _next_target(sentence: Sentence, end: int) -> int | None:
    """The position of the next name of "A, B and C"."""
    at = end + 1
    joined = sentence.low(at)
    if joined not in CONJUNCTIONS and joined != ",":
        return None
    while sentence.low(at) in CONJUNCTIONS or sentence.low(at) == "," or sentence.low(at) in DETERMINERS:
        joined = "and" if sentence.low(at) in CONJUNCTIONS else joined
        at += 1
    if sentence.mention(at) is None:
        return None
    if joined == ",":  # a row ends with "and"; else the comma begins another clause
        row_goes_on = any(
            sentence.low(place) in CONJUNCTIONS and sentence.mention(place - 1) is not None
            for place in range(at + 1, at + 6)
        )
        ends = all(word.is_punctuation for word in sentence.words[at + 1 :])  # headline: "Abkhazia, South Ossetia"
        return at if row_goes_on or ends else None
    return at if _may_follow(sentence, at + 1) and sentence.low(at + 1) not in AUXILIARIES else None


def _preceded_by_state_noun(sentence: Sentence, at: int) -> bool:
    return any(sentence.low(place) in STATE_NOUNS for place in range(max(0, at - 5), at))


def _is_filler(sentence: Sentence, at: int) -> bool:
    word = sentence.words[at]
    if word.low in {",", "and", "over", "to", "as"}:
        return word.low in {"over", "to"} or (
            word.low in {",", "and"} and at > 0 and sentence.low(at - 1) in NP_FILLERS
        )
    if word.low in PERSONS_IN_OFFICE and not word.is_punctuation:
        return True
    return word.low in NP_FILLERS or word.low in STATE_NOUNS or is_adverb(word.low) or word.bound or "-led" in word.low


def _unknown_name(sentence: Sentence, at: int) -> Object | None:
    """ "Juan Pérez as interim president": an unlisted person or body, identified by the recognized role."""
    last = at
    while last < len(sentence.words) and (
        sentence.words[last].text[:1].isupper()
        or (
            sentence.low(last) in _OBJECT_LINKS
            and sentence.words[min(last + 1, len(sentence.words) - 1)].text[:1].isupper()
        )
    ):
        last += 1
    end = _as_phrase(sentence, last) if last > at and sentence.low(last) == "as" else None
    if end is not None:
        last -= 1
        words = sentence.words[at : last + 1]
        name = sentence.source[words[0].start : words[-1].end]
        kind: EntityKind = "organization" if any(word.low in _POLITICAL_BODIES for word in words) else "person"
        return Object((unknown_entity(name, kind),), at, end)
    return _described(sentence, at)


def _described(sentence: Sentence, at: int) -> Object | None:
    """ "The rebels as the legitimate representatives of the Libyan people": the object is the nation."""
    end = _as_phrase(sentence, at)
    if end is None or end - at > 9 or not any(sentence.low(place) == "legitimate" for place in range(at, end + 2)):
        return None
    for place in range(end, min(len(sentence.words), end + 8)):
        mention = sentence.mention(place)
        if mention is not None and mention.entity.kind == "nation":
            return Object((mention.entity,), at, place)
    return None
