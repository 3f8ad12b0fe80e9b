"""Ordinal claims: "becomes the first Arab country to …", and what is none: first ladies, rounds and times."""

from __future__ import annotations

import re
from collections.abc import Iterator

from firstwire.core.events.findings import Claim
from firstwire.core.events.name_rows import Subject
from firstwire.core.events.ranked_actors import named_aside, pointed_person, ranked_actors, with_kinds
from firstwire.core.events.ranked_acts import ranked_act
from firstwire.core.events.ranked_nouns import is_own_rank, kind_of_noun, plain_head
from firstwire.core.events.ranked_phrases import VISITS, head_of, kind_ranked, narrowed, scope_of, since_of
from firstwire.core.events.rankings import ranked_subject
from firstwire.core.events.sentence import Sentence
from firstwire.core.events.special_claims import is_world_first, nations_in, visit_claim, world_first
from firstwire.core.events.subjects import leading_subject
from firstwire.core.events.unlisted_names import unlisted_in
from firstwire.core.events.vocabulary import LEADER_HEADS, ordinal_of
from firstwire.core.text.word_lists import word_set
from schemas.record import Entity

TRIGGER = re.compile(
    r"\b(?:first|second|third|fourth|fifth|\w+enth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|\w+ieth|only|"
    r"(?:twenty|thirty|forty|fifty)-\w+|\d{1,3}(?:st|nd|rd|th))\b",
    re.IGNORECASE,
)


_SPORT = re.compile(
    r"world cup|championship|tournament|olympic|medal|finals?\b|semi-?final|qualif|match\b|league|goal|trophy"
    r"|grand slam|grand prix|cricket|football|rugby|tennis|eurovision|test series|innings|six nations|euro 20|copa"
)


_SAME = word_set("country nation state kingdom republic government island")
_OWN = word_set("his her its their our my your")
"""An actor's first of his own is no rank among others."""


def find_claims(sentence: Sentence, before: Sentence | None, published_on: str) -> Iterator[Claim]:
    """Every claim of a sentence that its actor is the first, the Nth or the only one to do something.

    `before` is the sentence before it, where "it" and "the country" may be named. In both, names that no list knows
    are marked.
    """
    for at, word in enumerate(sentence.words):
        if is_world_first(sentence, at) and (told := world_first(sentence, at, published_on)) is not None:
            yield told
            continue
        number = 1 if word.low == "only" else ordinal_of(word.low)
        if word.low == "only" and any(ordinal_of(sentence.low(place)) is not None for place in (at + 1, at + 2)):
            continue  # "only the third country"
        if number is None or sentence.low(at + 1) in {"time", "lady", "ladies"} or _is_title(sentence, at):
            continue
        if sentence.low(at - 1) in _OWN and not is_own_rank(sentence, at):
            continue
        claim = _claim(sentence, before, at, number, published_on)
        if claim is not None:
            yield claim


def _is_title(sentence: Sentence, at: int) -> bool:
    """ "First Minister", "First Secretary": capitals of an office."""
    following = sentence.words[at + 1].text[:1] if at + 1 < len(sentence.words) else ""
    return (
        sentence.words[at].text == "First"
        and following.isupper()
        and sentence.low(at + 1) in LEADER_HEADS | {"vice", "deputy"}
    )


def _claim(sentence: Sentence, before: Sentence | None, at: int, number: int, published_on: str) -> Claim | None:
    head = _ranked_noun(sentence, at)
    if head is None or sentence.low(head) in VISITS:
        return visit_claim(sentence, at, number, published_on)
    act = ranked_act(sentence, at, head, number)
    if act is None or sentence.low(at - 1) == "of" or sentence.low(at - 2) == "of":  # "one of the first"
        return None
    placed = ranked_subject(sentence, at, head, published_on)
    if placed is None:
        return None
    subject, judgement = placed
    if not subject.actors and sentence.low(head) in LEADER_HEADS:
        subject = Subject(nations_in(sentence, at, head), at, head)
    person = pointed_person(sentence, before, at)
    if person is not None:
        subject = Subject(person, subject.first, subject.last)
    elif not subject.actors and before is not None and _is_pronoun(sentence, at):
        named = leading_subject(before, len(before.words))
        actors = named.actors if named is not None else _only_nation(before)
        subject = Subject(actors, subject.first, subject.last)
    elif not subject.actors and _is_pronoun(sentence, at):  # "is banned in Kenya, making it the first country"
        subject = Subject(_only_nation(sentence), subject.first, subject.last)
    actors = ranked_actors(sentence, subject, at, head, act.start) or named_aside(sentence, at, head)
    if _SPORT.search(" ".join(_words_of_text(sentence, at))):
        actors = tuple(actor for actor in actors if actor.kind != "nation")  # a team of it
    if not actors:
        return None
    since = since_of(sentence, head, act.end)
    return Claim(
        actors=with_kinds(sentence, before or sentence, actors, head),
        ordinal=number,
        scope=narrowed(scope_of(sentence, at, head), since),
        kind=kind_of_noun(sentence, head) or kind_ranked(sentence, head),
        since=since,
        claims_first=number == 1 and sentence.low(at) != "only",
        status=judgement.status,
        cue=judgement.cue,
        act=act.phrase,
        act_verb=act.verb,
        first=min(subject.first, at),
        last=max(head, act.end - 1),
        unlisted=unlisted_in(sentence) | (unlisted_in(before) if before is not None else frozenset()),
    )


def _words_of_text(sentence: Sentence, at: int) -> Iterator[str]:
    """The next words, but no names that a list knows."""
    for word in sentence.words[at : at + 30]:
        if word.mention is None or word.mention.role == "unlisted":
            yield word.low


def _ranked_noun(sentence: Sentence, at: int) -> int | None:
    """The listed noun that is ranked; else, or where that stands in "of …" behind another one, that other one."""
    listed, plain = head_of(sentence, at), plain_head(sentence, at)
    if listed is None:
        return plain
    nearer = plain is not None and plain < listed and kind_of_noun(sentence, plain) is not None
    return plain if nearer else listed


def _only_nation(sentence: Sentence) -> tuple[Entity, ...]:
    """The nation a sentence names, if it names just one: "X becomes legal in Kenya"."""
    nations = {nation.id: nation for nation in nations_in(sentence, 0, len(sentence.words))}
    return tuple(nations.values()) if len(nations) == 1 else ()


def _is_pronoun(sentence: Sentence, at: int) -> bool:
    """Whether the subject before the ordinal is "it", "the country"."""
    lows = [sentence.low(place) for place in range(at)]
    named = any(low in _SAME and lows[place - 1] in {"the", "this"} for place, low in enumerate(lows) if place)
    return named or any(low in {"it", "he", "she"} for low in lows)
