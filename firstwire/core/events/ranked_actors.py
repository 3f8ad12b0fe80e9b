"""The ranked actors of a subject, and their kinds: not a nation if the rank is of its president's office or person."""

from __future__ import annotations

import msgspec

from firstwire.core.entities.sentence import Sentence
from firstwire.core.entities.unlisted_names import unlisted_in
from firstwire.core.events.name_rows import ActorSpan
from firstwire.core.events.noun_phrases import actors_of, is_holder_of_office
from firstwire.core.events.personal_acts import personally_by
from firstwire.core.events.ranked_nouns import ORGANIZATION_NOUNS, THINGS, kind_of_noun
from firstwire.core.events.ranked_phrases import kind_ranked
from firstwire.core.events.special_claims import nations_in
from firstwire.core.text.closed_words import LEADER_HEADS, NATION_HEADS
from firstwire.core.text.word_lists import word_set
from schemas.record import Entity, EntityKind

_OWN_OFFICE = word_set(
    """
    be become serve hold win lead give die wed marry bear resign retire step run stand elect
    """
)


_TRAITS = word_set(
    """
    female woman black gay lesbian openly muslim-born female-led jewish transgender
    """
)


_ENDINGS_OF_GOVERNMENTS = word_set("fall collapse lose resign complete serve survive")
_FIRMS = ORGANIZATION_NOUNS | word_set(
    "inc corp ltd plc gmbh motors airlines airways group labs energy foods pharma holdings trust"
)
_HE_OR_SHE = word_set("he she him her")


def ranked_actors(
    sentence: Sentence, before: Sentence | None, subject: ActorSpan, at: int, head: int, start: int | None
) -> tuple[Entity, ...]:
    """The actors of the subject that the claim ranks; `start` is the beginning of the act, None without an act.

    `before` is the preceding sentence, which may name the act of "to do so".
    A leader represents the nation, unless the claim is about the office or the person, or the act is personal.
    """
    ranked = sentence.low(head)
    if ranked.startswith("government") and sentence.low(start or head) in _ENDINGS_OF_GOVERNMENTS:
        return tuple(entity for entity in subject.actors if entity.kind != "nation")
    own = (
        kind_of_noun(sentence, head) == "person"
        or start is None
        or (
            ranked in LEADER_HEADS
            and (
                sentence.low(start) in _OWN_OFFICE
                or any(sentence.low(place) in _TRAITS for place in range(at, head + 1))
                or (sentence.low(head + 1) not in {"to", "of"} and start - head > 3)
            )
        )
    )
    listed = ranked in LEADER_HEADS | NATION_HEADS or head == at
    if own or not listed:
        holder = own and sentence.mention(subject.first) is not None and is_holder_of_office(sentence, subject.first)
        people = {"leader", "person"} if holder else set()
        unlisted = unlisted_in(sentence)
        return tuple(
            entity
            for entity in subject.actors
            if entity.kind != "nation" and (not holder or entity.kind in people or entity.id in unlisted)
        )
    unlisted = unlisted_in(sentence)
    if start is not None and ranked not in NATION_HEADS:
        acting = personally_by(sentence, before, subject, start)
        if acting is not None:
            return acting
    if ranked in LEADER_HEADS and all(entity.id in unlisted for entity in subject.actors):
        return (*subject.actors, *nations_in(sentence, at, head))  # "the first Kenyan president to visit"
    return subject.actors


def with_kinds(sentence: Sentence, named: Sentence, actors: tuple[Entity, ...], head: int) -> tuple[Entity, ...]:
    """The actors; unlisted ones get the kind of the ranked noun.

    They occur in `named`, which is the sentence of the claim or the preceding one.
    """
    unlisted = unlisted_in(sentence) | unlisted_in(named)
    return tuple(
        msgspec.structs.replace(actor, kind=_kind_of_name(sentence, actor, head)) if actor.id in unlisted else actor
        for actor in actors
    )


def _kind_of_name(sentence: Sentence, actor: Entity, head: int) -> EntityKind:
    ranked = kind_of_noun(sentence, head)
    if ranked is not None:
        return ranked
    kind = kind_ranked(sentence, head)
    if kind == "leader":
        near = range(head - 5, head + 5)
        of_nation = any(
            (mention := sentence.mention(place)) is not None and mention.entity.kind == "nation" for place in near
        )
        return "leader" if of_nation else "person"
    if kind == "nation":
        if sentence.low(head) in {"government", "parliament", "administration"}:
            return "organization"
        return "subnational" if sentence.low(head) in {"state", "states"} else "other"
    if kind is not None:
        return kind
    if actor.kind != "other":
        return actor.kind
    words = actor.name.lower().split()
    if any(word in _FIRMS for word in words):
        return "organization"
    return "person" if len(words) > 1 and sentence.low(head) not in THINGS else "other"


def pointed_person(sentence: Sentence, before: Sentence | None, at: int) -> tuple[Entity, ...] | None:
    """The referent of "she is the first …", "making him the first …": the first person named before.

    None without a pronoun; empty if "he" or "she" is ranked and no person is named.
    """
    pronoun = next((place for place in range(at - 1, max(-1, at - 8), -1) if sentence.low(place) in _HE_OR_SHE), None)
    if pronoun is None or any(
        sentence.mention(place) is not None and sentence.low(place + 1) != "'s" for place in range(pronoun, at)
    ):
        return None
    for read, end in ((sentence, pronoun), (before, len(before.words) if before is not None else 0)):
        for place in range(end):
            if read is not None and _is_person(read, place):
                return tuple(actors_of(read, place))
    return ()


def named_aside(sentence: Sentence, at: int, head: int) -> tuple[Entity, ...]:
    """ "Mexico hands over Jane Doe, the first suspect to be tried": the names before a comma that can be ranked."""
    kind = kind_of_noun(sentence, head)
    if kind not in {"person", "organization", "subnational"}:
        return ()
    comma = next((place for place in range(at - 1, -1, -1) if sentence.low(place) == ","), 0)
    for place in range(comma - 1, -1, -1):
        mention = sentence.mention(place)
        if mention is not None and mention.role == "unlisted" and (kind != "person" or _is_person(sentence, place)):
            return tuple(actor for actor in actors_of(sentence, place) if actor.kind != "nation")
    return ()


def _is_person(sentence: Sentence, at: int) -> bool:
    mention = sentence.mention(at)
    if mention is None:
        return False
    if mention.role == "unlisted":
        words = mention.entity.name.lower().split()
        return sentence.low(at + 1) != "'s" and not any(word in _FIRMS for word in words) and len(words) > 1
    return mention.entity.kind in {"leader", "person"}
