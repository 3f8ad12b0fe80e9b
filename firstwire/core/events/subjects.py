"""The subject of a verb, searched to its left, with the nation of a leader, a ministry or a capital."""

from __future__ import annotations

from firstwire.core.entities.sentence import Sentence
from firstwire.core.events.name_rows import (
    ActorSpan,
    actors_between,
    can_act,
    next_in_row,
    row_ending,
    row_from,
    unique,
)
from firstwire.core.events.noun_phrases import LOOSE_ADJECTIVES, actors_of, office_end
from firstwire.core.text.closed_words import (
    ACTING_HEADS,
    AUXILIARIES,
    CLAUSE_OPENERS,
    CONJUNCTIONS,
    DETERMINERS,
    PREPOSITIONS,
    PRONOUNS,
    RELATIVES,
    TIME_WORDS,
    is_adverb,
)
from firstwire.core.text.word_lists import word_set

_OWN_GOVERNMENT = word_set("government country nation state administration kingdom republic")


_ADDING = frozenset({"along", "together", "as", "joined"})
_BESIDE = frozenset({"with", "by", "alongside", "well"})
"""Words before co-actors of the subject: "along with", "joined by", "as well as"."""


_REPORTING_VERBS = word_set("say says said announces announced confirms confirmed claims claimed")


_NO_ONE = frozenset({"no", "none", "nobody", "neither", "nor"})


def nearest_subject(sentence: Sentence, verb: int) -> ActorSpan | None:
    """The subject of a finite verb: the nearest suitable name to its left in its clause."""
    start = chain_start(sentence, verb)
    if sentence.low(start - 1) == "on" and sentence.low(start) in TIME_WORDS:
        start -= 1
    at = _before_insertion(sentence, start)
    if sentence.low(at - 1) in {"and", "but", "or"}:
        return clause_subject(sentence, at - 1)
    if sentence.low(at) == "," and sentence.low(at + 1) in {"including", "among"}:  # "ten states, including Kenya, …"
        members = _members(sentence, at + 3 if sentence.low(at + 2) == "them" else at + 2, start)
        if members is not None:
            return members
    if at == start - 1 and (earlier := _of_earlier_verb(sentence, at)) is not None:
        return earlier
    position = at - 1
    while position >= 0:
        word = sentence.words[position]
        if word.low in _NO_ONE or (word.low == "not" and sentence.low(position + 1) in {"a", "one"}):
            return ActorSpan((), position, verb, negative=True)
        if word.low == "including":  # "ten states including Kenya and Iran"
            members = _members(sentence, position + 1, start)
            if members is not None:
                return members
        if is_anaphor(sentence, position):
            return leading_subject(sentence, position)
        if word.low in CLAUSE_OPENERS:
            return _beyond(sentence, position)
        if can_act(sentence, position):
            return _with_others(sentence, row_ending(sentence, position), at, start)
        position -= 1
    return None


def is_anaphor(sentence: Sentence, at: int) -> bool:
    """Whether a word refers to another one: a pronoun or "the country"."""
    low = sentence.low(at)
    return low in PRONOUNS or (low in _OWN_GOVERNMENT and sentence.low(at - 1) in DETERMINERS)


def _members(sentence: Sentence, start: int, end: int) -> ActorSpan | None:
    """The row of names after "including"."""
    first = next((at for at in range(start, min(start + 3, end)) if sentence.mention(at) is not None), None)
    if first is None:
        return None
    last = first
    while (following := next_in_row(sentence, last, end)) is not None:
        last = following
    return ActorSpan(unique(actors_between(sentence, first, last)), first, last)


def _of_earlier_verb(sentence: Sentence, comma: int) -> ActorSpan | None:
    """ "Kenya leaves Iran, recognizes …": the subject of a headline's first verb is that of its second."""
    subject = clause_subject(sentence, comma)
    if subject is None or subject.last + 1 >= comma:
        return None
    following = sentence.low(subject.last + 1)
    speaks = following in CLAUSE_OPENERS | {"says", "said"}
    return subject if _is_common_noun(sentence, subject.last + 1) and not speaks else None


def _with_others(sentence: Sentence, subject: ActorSpan, opener: int, end: int) -> ActorSpan:
    """ "Kenya, together with Iran, …", "neither Kenya nor Iran": the subject with its co-actors."""
    if sentence.low(subject.first - 1) == "nor" and sentence.mention(subject.first - 2) is not None:
        named = actors_between(sentence, subject.first - 2, subject.last)
        return ActorSpan(unique(named), subject.first - 2, subject.last, negative=True)
    joined = {sentence.low(place) for place in range(opener + 1, min(opener + 3, end))}
    if sentence.low(opener) != "," or not joined & _BESIDE:
        return subject
    others = agent_after(sentence, opener + 3 if sentence.low(opener + 1) not in _BESIDE else opener + 2)
    if others is None or others.last >= end:
        return subject
    return ActorSpan(unique([*subject.actors, *others.actors]), subject.first, subject.last)


def leading_subject(sentence: Sentence, end: int) -> ActorSpan | None:
    """The first name before a position that can be a subject: for participles, pronouns and second verbs."""
    unknown = 0
    for position in range(end):
        if _is_common_noun(sentence, position):
            unknown += 1
        elif sentence.low(position) in {",", "that", ":", "says", "said"}:
            unknown = 0
        if unknown > 1:
            continue
        if can_act(sentence, position):
            return row_from(sentence, position, end)
    return None


def clause_subject(sentence: Sentence, end: int) -> ActorSpan | None:
    """The subject of a reported clause, "Iran says Kenya has …, becoming the first"; else that of the sentence."""
    for place in range(end - 1, 0, -1):
        if sentence.low(place) in _REPORTING_VERBS:
            begin = place + 2 if sentence.low(place + 1) == "that" else place + 1
            named = next((at for at in (begin, begin + 1) if at < end and can_act(sentence, at)), None)
            return row_from(sentence, named, end) if named is not None else leading_subject(sentence, end)
    return leading_subject(sentence, end)


def _is_common_noun(sentence: Sentence, at: int) -> bool:
    """Whether a word is a lower-case noun other than an office, which may be another subject."""
    low = sentence.low(at)
    return (
        sentence.mention(at) is None
        and sentence.words[at].text[:1].islower()
        and low not in ACTING_HEADS | DETERMINERS | PREPOSITIONS | CONJUNCTIONS | AUXILIARIES | LOOSE_ADJECTIVES
        and not is_adverb(low)
    )


def agent_after(sentence: Sentence, start: int) -> ActorSpan | None:
    """The names after "by" or "from"."""
    position = start
    while position < min(len(sentence.words), start + 8):
        word = sentence.words[position]
        if word.mention is not None and not word.bound:
            if word.mention.role == "demonym" and office_end(sentence, position) is None:
                return None
            last = position
            while (following := next_in_row(sentence, last, len(sentence.words))) is not None:
                if _begins_clause(sentence, following):
                    break
                last = following
            return ActorSpan(unique(actors_between(sentence, position, last)), position, last)
        if word.is_punctuation or word.low in (PREPOSITIONS - {"of"}) | CLAUSE_OPENERS or word.low == "each":
            return None
        position += 1
    return None


def _begins_clause(sentence: Sentence, at: int) -> bool:
    """ "…, and the Emirates downgrade": the name is the subject of what follows."""
    end = office_end(sentence, at) or at
    after = sentence.low(end + 1)
    if not after or sentence.words[end + 1].is_punctuation:
        return False
    return not (
        after in PREPOSITIONS
        or after in CONJUNCTIONS
        or after in CLAUSE_OPENERS
        or after in {"'s", "'", "respectively"}
        or is_adverb(after)
        or after.endswith("ing")
    )


def chain_start(sentence: Sentence, verb: int) -> int:
    """The position at which the auxiliaries and adverbs before a verb begin."""
    at = verb
    while at > 0 and (
        sentence.low(at - 1) in AUXILIARIES or sentence.low(at - 1) == "to" or is_adverb(sentence.low(at - 1))
    ):
        at -= 1
    return at


def _before_insertion(sentence: Sentence, at: int) -> int:
    """The position left of an insertion: ", after talks in Kabul,", ", the president of X,"."""
    if sentence.low(at - 1) != ",":
        return at
    for position in range(at - 2, max(-1, at - 25), -1):
        if sentence.low(position) == "," and sentence.mention(position + 1) is None:
            opener = sentence.low(position + 1)
            if opener in CLAUSE_OPENERS | PREPOSITIONS | DETERMINERS | _ADDING or opener.endswith("ing"):
                return position
            return at - 1
    return at - 1


def _beyond(sentence: Sentence, opener: int) -> ActorSpan | None:
    """The subject of a clause without a name: the referent of a relative pronoun, else that of the main clause."""
    if sentence.low(opener) in RELATIVES:
        for position in range(opener - 2, max(-1, opener - 9), -1):
            if sentence.low(position) == ",":
                break
            if can_act(sentence, position):
                return row_ending(sentence, position)
        for position in range(opener - 1, max(-1, opener - 5), -1):
            word = sentence.words[position]
            if word.low in _NO_ONE:
                return ActorSpan((), position, opener, negative=True)
            if word.mention is not None and not word.bound:
                return ActorSpan(unique(actors_of(sentence, position)), position, position)
        return None
    return leading_subject(sentence, opener)
