"""Ordinal claims: "becomes the first Arab country to …", and what is none: first ladies, rounds and times."""

from __future__ import annotations

import re
from collections.abc import Iterator

from firstwire.core.events.findings import Claim
from firstwire.core.events.name_rows import Subject
from firstwire.core.events.noun_phrases import is_holder_of_office
from firstwire.core.events.ranked_phrases import (
    VISITS,
    act_end,
    act_phrase,
    act_start,
    head_of,
    kind_ranked,
    scope_of,
    since_of,
)
from firstwire.core.events.rankings import judge_main_clause, ranked_subject
from firstwire.core.events.sentence import Sentence
from firstwire.core.events.subjects import leading_subject, nearest_subject
from firstwire.core.events.vocabulary import (
    LEADER_HEADS,
    NATION_HEADS,
    OTHER_HEADS,
    ordinal_of,
)
from firstwire.core.text.word_lists import word_set
from schemas.record import Entity

TRIGGER = re.compile(
    r"\b(?:first|second|third|fourth|fifth|\w+enth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|\w+ieth|only|"
    r"(?:twenty|thirty|forty|fifty)-\w+|\d{1,3}(?:st|nd|rd|th))\b",
    re.IGNORECASE,
)


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


_SPORT = re.compile(
    r"world cup|championship|tournament|olympic|medal|finals?\b|semi-?final|qualif|match\b|league|goal|trophy"
    r"|grand slam|grand prix|cricket|football|rugby|tennis|eurovision|test series|innings|six nations|euro 20|copa"
)


_SAME = word_set("country nation state kingdom republic government island")
_OWN = word_set("his her its their our my your")
"""An actor's first of his own is no rank among others."""


_ENDINGS_OF_GOVERNMENTS = word_set("fall collapse lose resign complete serve survive")


def find_claims(sentence: Sentence, before: Sentence | None, published_on: str) -> Iterator[Claim]:
    """Every claim of a sentence that its actor is the first, the Nth or the only one to do something.

    `before` is the sentence before it, where "it" and "the country" may be named.
    """
    for at, word in enumerate(sentence.words):
        if _is_world_first(sentence, at) and (told := _world_first(sentence, at, published_on)) is not None:
            yield told
            continue
        number = 1 if word.low == "only" else ordinal_of(word.low)
        if word.low == "only" and any(ordinal_of(sentence.low(place)) is not None for place in (at + 1, at + 2)):
            continue  # "only the third country"
        if number is None or sentence.low(at + 1) == "time" or sentence.low(at - 1) in _OWN:
            continue
        claim = _claim(sentence, before, at, number, published_on)
        if claim is not None:
            yield claim


def _claim(sentence: Sentence, before: Sentence | None, at: int, number: int, published_on: str) -> Claim | None:
    head = head_of(sentence, at)
    if head is None or sentence.low(head) in VISITS:
        return _visit(sentence, at, number, published_on)
    joined = _joined_body(sentence, at, head)
    start = joined if joined is not None else act_start(sentence, head)
    if start is None or sentence.low(at - 1) == "of" or sentence.low(at - 2) == "of":  # "one of the first"
        return None
    placed = ranked_subject(sentence, at, head, published_on)
    if placed is None:
        return None
    subject, judgement = placed
    if not subject.actors and sentence.low(head) in LEADER_HEADS:
        subject = Subject(_nations(sentence, at, head), at, head)
    if not subject.actors and before is not None and _is_pronoun(sentence, at):
        named = leading_subject(before, len(before.words))
        actors = named.actors if named is not None else _only_nation(before)
        subject = Subject(actors, subject.first, subject.last)
    if not subject.actors:
        return None
    words = [word.low for word in sentence.words[at:] if word.mention is None]
    if _SPORT.search(" ".join(words[:30])):
        return None
    actors = _actors(sentence, subject, at, head, start)
    if not actors:
        return None
    end = act_end(sentence, start) if joined is None else joined + 1
    phrase = act_phrase(sentence, start, end) if joined is None else "join"
    since = since_of(sentence, head, end)
    return Claim(
        actors=actors,
        ordinal=number,
        scope=_narrowed(scope_of(sentence, at, head), since),
        kind=kind_ranked(sentence, head),
        since=since,
        claims_first=number == 1 and sentence.low(at) != "only",
        status=judgement.status,
        cue=judgement.cue,
        act=phrase,
        act_verb=start if phrase else len(sentence.words),
        first=min(subject.first, at),
        last=max(head, end - 1),
    )


def _narrowed(scope: str | None, since: str | None) -> str | None:
    """What narrows a claim, in one text: "Arab since 1994". None: of all, ever."""
    return " ".join(filter(None, (scope, since))) or None


def _is_world_first(sentence: Sentence, at: int) -> bool:
    """ "In a world first, …", "… in world-first": a noun by itself."""
    named = sentence.low(at) in {"world-first", "global-first"} or (
        sentence.low(at) == "first" and sentence.low(at - 1) in {"world", "global"}
    )
    inside = "in" in {sentence.low(place) for place in range(at - 3, at)}
    return named and inside and (at + 1 == len(sentence.words) or sentence.words[at + 1].is_punctuation)


def _world_first(sentence: Sentence, at: int, published_on: str) -> Claim | None:
    """The act of the sentence is claimed to be the first, of whoever is named first in it."""
    end = len(sentence.words)
    subject = leading_subject(sentence, end)
    if subject is None:
        return None
    judgement = judge_main_clause(sentence, subject.last, end, published_on)
    return Claim(
        actors=subject.actors,
        ordinal=1,
        scope=None,
        kind=None,
        since=None,
        claims_first=True,
        status=judgement.status,
        cue=judgement.cue,
        act="",
        act_verb=end,
        first=min(subject.first, at),
        last=end - 1,
    )


def _only_nation(sentence: Sentence) -> tuple[Entity, ...]:
    """The nation a sentence names, if it names just one: "X becomes legal in Kenya"."""
    nations = {nation.id: nation for nation in _nations(sentence, 0, len(sentence.words))}
    return tuple(nations.values()) if len(nations) == 1 else ()


def _is_pronoun(sentence: Sentence, at: int) -> bool:
    """Whether the subject before the ordinal is "it", "she", "the country"."""
    lows = [sentence.low(place) for place in range(at)]
    named = any(low in _SAME and lows[place - 1] in {"the", "this"} for place, low in enumerate(lows) if place)
    return named or any(low in {"it", "he", "she"} for low in lows)


def _joined_body(sentence: Sentence, at: int, head: int) -> int | None:
    """The organization of "becomes the 31st member of NATO", "NATO's 31st member"."""
    if sentence.low(head) not in {"member", "members"} and sentence.low(head - 1) not in {"member", "members"}:
        return None
    after = range(head + 1, head + 5) if sentence.low(head + 1) == "of" else range(0)
    before = (at - 2,) if sentence.low(at - 1) == "'s" else ()
    for place in (*before, *after):
        mention = sentence.mention(place)
        if mention is not None and mention.entity.kind == "organization":
            return place if act_start(sentence, head) is None else None
    return None


def _visit(sentence: Sentence, at: int, number: int, published_on: str) -> Claim | None:
    """ "The first visit by an Iranian president since": leaders are ranked, though the noun is their visit."""
    noun = next((place for place in range(at + 1, at + 5) if sentence.low(place) in VISITS), None)
    if noun is None or sentence.low(noun + 1) not in {"by", "of", "to"}:
        return None
    by = next((place for place in range(noun + 1, noun + 8) if sentence.low(place) in {"by", "of"}), None)
    ranked = range(by + 1, by + 7) if by is not None else range(0)
    head = next((place for place in ranked if sentence.low(place) in LEADER_HEADS), None)
    if by is None or head is None:
        return None
    subject = leading_subject(sentence, at) or nearest_subject(sentence, at)
    actors = subject.actors if subject is not None else _nations(sentence, by, head)
    if not actors:
        return None
    first = subject.first if subject is not None else at
    judgement = judge_main_clause(sentence, subject.last if subject is not None else 0, at, published_on)
    since = since_of(sentence, head, head + 1)
    return Claim(
        actors=actors,
        ordinal=number,
        scope=_narrowed(sentence.source[sentence.words[by + 1].start : sentence.words[head].end], since),
        kind="leader",
        since=since,
        claims_first=number == 1 and sentence.low(at) != "only",
        status=judgement.status,
        cue=judgement.cue,
        act="visit",
        act_verb=noun,
        first=min(first, at),
        last=head,
    )


def _nations(sentence: Sentence, start: int, end: int) -> tuple[Entity, ...]:
    """The nations whose leaders are ranked: "first *Spanish* minister"."""
    return tuple(
        mention.entity
        for place in range(start, end)
        if (mention := sentence.mention(place)) is not None
        and mention.entity.kind == "nation"
        and "administration" not in mention.text
    )


def _actors(sentence: Sentence, subject: Subject, at: int, head: int, start: int) -> tuple[Entity, ...]:
    """A leader stands for the nation, but not where the claim is about the office or the person."""
    ranked = sentence.low(head)
    if ranked.startswith("government") and sentence.low(start) in _ENDINGS_OF_GOVERNMENTS:
        return tuple(entity for entity in subject.actors if entity.kind != "nation")
    own = ranked in LEADER_HEADS | {"woman", "man", "person", "women", "people"} and (
        sentence.low(start) in _OWN_OFFICE
        or any(sentence.low(place) in _TRAITS for place in range(at, head + 1))
        or (sentence.low(head + 1) not in {"to", "of"} and start - head > 3)
    )
    if ranked in OTHER_HEADS - LEADER_HEADS - NATION_HEADS or own:
        return tuple(
            entity
            for entity in subject.actors
            if entity.kind != "nation" and not (own and is_holder_of_office(sentence, subject.first))
        )
    return subject.actors
