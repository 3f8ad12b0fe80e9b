"""Ordinal claims: "becomes the first Arab country to …", but not first ladies, rounds and times."""

from __future__ import annotations

import re
from collections.abc import Iterator

from firstwire.core.entities.sentence import Sentence
from firstwire.core.entities.unlisted_names import is_headline, is_unlisted, unlisted_in
from firstwire.core.events.findings import Claim
from firstwire.core.events.name_rows import ActorSpan, can_act
from firstwire.core.events.noun_phrases import actors_of
from firstwire.core.events.ranked_actors import named_aside, pointed_person, ranked_actors, with_kinds
from firstwire.core.events.ranked_acts import ranked_act
from firstwire.core.events.ranked_nouns import is_own_rank, kind_of_noun, plain_head
from firstwire.core.events.ranked_phrases import VISITS, head_of, kind_ranked, narrowed, scope_of, since_of
from firstwire.core.events.rankings import may_be_linked, ranked_subject
from firstwire.core.events.special_claims import is_world_first, nations_in, visit_claim, world_first
from firstwire.core.events.subjects import leading_subject
from firstwire.core.text.closed_words import DETERMINERS, LEADER_HEADS, ordinal_of
from firstwire.core.text.word_lists import word_set
from schemas.record import Entity

ORDINAL_TRIGGER = re.compile(
    r"\b(?:first|second|third|fourth|fifth|\w+enth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|\w+ieth|only|"
    r"(?:twenty|thirty|forty|fifty)-\w+|\d{1,3}(?:st|nd|rd|th))\b",
    re.IGNORECASE,
)


_SPORT = re.compile(
    r"world cup|championship|tournament|olympic|medal|finals?\b|semi-?final|qualif|match\b|league|goal|trophy"
    r"|grand slam|grand prix|cricket|football|rugby|tennis|eurovision|test series|innings|six nations|euro 20|copa"
)


_SAME_KIND = word_set("country nation state kingdom republic government island")
_OWN_FIRSTS = word_set("his her its their our my your")
"""An actor's own first is not a rank among others."""


_POINTING = _SAME_KIND | {"it", "he", "she", "him", "her"}
_WORLD_FIRST = frozenset({"world-first", "global-first"})
_BEFORE_ONLY = DETERMINERS | word_set("'s become becomes became becoming be is was are were remains remain as and")


def find_claims(sentence: Sentence, before: Sentence | None, published_on: str) -> Iterator[Claim]:
    """All claims in a sentence that an actor is the first, the Nth or the only one to do something.

    `before` is the preceding sentence, which may have the referent of "it" and "the country". In both, unlisted names
    must be marked.
    """
    for at, number in _ordinals(sentence):
        special = world_first(sentence, at, published_on) if is_world_first(sentence, at) else None
        claim = special or _claim(sentence, before, at, number, published_on)
        if claim is not None:
            yield claim


def may_claim(sentence: Sentence) -> bool:
    """Whether a sentence may contain a claim, and so needs its unlisted names."""
    return any(is_world_first(sentence, at) or _may_rank(sentence, at, number) for at, number in _ordinals(sentence))


def looks_back(sentence: Sentence) -> bool:
    """Whether the preceding sentence may contain the referent."""
    return any(word.low in _POINTING for word in sentence.words)


def _may_rank(sentence: Sentence, at: int, number: int) -> bool:
    if any(sentence.low(place) in VISITS for place in range(at + 1, at + 5)):
        return True
    if not may_be_linked(sentence, at):
        return False
    head = _ranked_noun(sentence, at)
    return head is not None and ranked_act(sentence, at, head, number) is not None


def _ordinals(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """The positions of ordinals that may rank, with their numbers."""
    for at, word in enumerate(sentence.words):
        number = 1 if word.low == "only" or word.low in _WORLD_FIRST else ordinal_of(word.low)
        if number is None or (_is_no_rank(sentence, at) and not is_world_first(sentence, at)):
            continue
        if word.low == "only" and any(ordinal_of(sentence.low(place)) is not None for place in (at + 1, at + 2)):
            continue  # "only the third country"
        if sentence.low(at - 1) not in _OWN_FIRSTS or is_own_rank(sentence, at):
            yield at, number


def _is_no_rank(sentence: Sentence, at: int) -> bool:
    """ "First time", "First Minister", "Second Amendment", "second largest", "a sixth suspect", adverbial "only"."""
    before, following = sentence.low(at - 1), sentence.low(at + 1)
    if following in {"time", "lady", "ladies", "century", "amendment", "-"} or before == "a":
        return True
    if following in {"most", "best", "worst"} or (following.endswith("est") and following not in {"west", "forest"}):
        return True
    if sentence.low(at) == "only":
        if following in DETERMINERS:  # "is only a start"
            return True
        named = sentence.mention(at - 1) is not None and following != "to"
        return not (named or before in _BEFORE_ONLY)
    titled = sentence.words[at].text[:1].isupper() and at > 0 and sentence.mention(at + 1) is None
    return titled and following != "" and sentence.words[at + 1].text[:1].isupper() and not is_headline(sentence)


def _claim(sentence: Sentence, before: Sentence | None, at: int, number: int, published_on: str) -> Claim | None:
    head = _ranked_noun(sentence, at)
    if head is None or sentence.low(head) in VISITS:
        return visit_claim(sentence, at, number, published_on)
    act = ranked_act(sentence, at, head, number)
    if sentence.low(at)[:1].isdigit() and sentence.words[head].text[:1].isupper() and not is_headline(sentence):
        return None  # "the 11th Infantry Division"
    if act is None or sentence.low(at - 1) == "of" or sentence.low(at - 2) == "of":  # "one of the first"
        return None
    placed = ranked_subject(sentence, at, head, published_on)
    if placed is None:
        return None
    subject, judgement = placed
    if not subject.actors and sentence.low(head) in LEADER_HEADS:
        subject = ActorSpan(nations_in(sentence, at, head), at, head)
    person = pointed_person(sentence, before, at)
    if person is not None:
        subject = ActorSpan(person, subject.first, subject.last)
    elif not subject.actors and _is_pronoun(sentence, at):
        subject = ActorSpan(_pointed_at(sentence, before, at), subject.first, subject.last)
    actors = ranked_actors(sentence, before, subject, at, head, act.start) or named_aside(sentence, at, head)
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
    """The next words, except listed names."""
    for word in sentence.words[at : at + 30]:
        if word.mention is None or word.mention.role == "unlisted":
            yield word.low


def _ranked_noun(sentence: Sentence, at: int) -> int | None:
    """The ranked noun: a listed one, else, or if that is in "of …" after another noun, the other noun."""
    listed, plain = head_of(sentence, at), plain_head(sentence, at)
    if listed is None:
        return plain
    nearer = plain is not None and plain < listed and kind_of_noun(sentence, plain) is not None
    return plain if nearer else listed


def _pointed_at(sentence: Sentence, before: Sentence | None, at: int) -> tuple[Entity, ...]:
    """The referent of "it", "the country": the first name of the preceding sentence; else its only nation."""
    named = leading_subject(before, len(before.words)) if before is not None else None
    if named is not None:
        return named.actors
    own = next((place for place in range(at) if is_unlisted(sentence, place) and can_act(sentence, place)), None)
    if own is not None:
        return tuple(actors_of(sentence, own))
    return _only_nation(before or sentence)


def _only_nation(sentence: Sentence) -> tuple[Entity, ...]:
    """The nation a sentence names, if it names just one: "X becomes legal in Kenya"."""
    nations = {nation.id: nation for nation in nations_in(sentence, 0, len(sentence.words))}
    return tuple(nations.values()) if len(nations) == 1 else ()


def _is_pronoun(sentence: Sentence, at: int) -> bool:
    """Whether the subject before the ordinal is "it", "the country"."""
    lows = [sentence.low(place) for place in range(at)]
    named = any(low in _SAME_KIND and lows[place - 1] in {"the", "this"} for place, low in enumerate(lows) if place)
    return named or any(low in {"it", "he", "she"} for low in lows)
