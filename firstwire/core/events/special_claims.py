"""Claims that rank an event: "in a world first, …", "the first visit by an Iranian president since …"."""

from __future__ import annotations

from firstwire.core.entities.sentence import Sentence
from firstwire.core.events.findings import Claim
from firstwire.core.events.personal_acts import personally_by
from firstwire.core.events.ranked_phrases import VISITS, narrowed, since_of
from firstwire.core.events.rankings import judge_main_clause
from firstwire.core.events.subjects import leading_subject, nearest_subject
from firstwire.core.text.closed_words import LEADER_HEADS
from schemas.record import Entity


def is_world_first(sentence: Sentence, at: int) -> bool:
    """ "In a world first, …", "… in world-first": a noun by itself."""
    named = sentence.low(at) in {"world-first", "global-first"} or (
        sentence.low(at) == "first" and sentence.low(at - 1) in {"world", "global"}
    )
    inside = "in" in {sentence.low(place) for place in range(at - 3, at)}
    return named and inside and (at + 1 == len(sentence.words) or sentence.words[at + 1].is_punctuation)


def world_first(sentence: Sentence, at: int, published_on: str) -> Claim | None:
    """The claim that the sentence's act is the first, by the first name in it."""
    end = len(sentence.words)
    subject = leading_subject(sentence, end)
    if subject is None:
        return None
    judgement = judge_main_clause(sentence, subject.last, end, published_on)
    people = personally_by(sentence, None, subject, subject.last + 1)
    if people == ():
        return None
    return Claim(
        actors=people or subject.actors,
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


def visit_claim(sentence: Sentence, at: int, number: int, published_on: str) -> Claim | None:
    """ "The first visit by an Iranian president since": leaders are ranked, though the noun is "visit"."""
    noun = next((place for place in range(at + 1, at + 5) if sentence.low(place) in VISITS), None)
    if noun is None or sentence.low(noun + 1) not in {"by", "of", "to"}:
        return None
    by = next((place for place in range(noun + 1, noun + 8) if sentence.low(place) in {"by", "of"}), None)
    ranked = range(by + 1, by + 7) if by is not None else range(0)
    head = next((place for place in ranked if sentence.low(place) in LEADER_HEADS), None)
    if by is None or head is None:
        return None
    subject = leading_subject(sentence, at) or nearest_subject(sentence, at)
    actors = subject.actors if subject is not None else nations_in(sentence, by, head)
    if not actors:
        return None
    first = subject.first if subject is not None else at
    judgement = judge_main_clause(sentence, subject.last if subject is not None else 0, at, published_on)
    since = since_of(sentence, head, head + 1)
    return Claim(
        actors=actors,
        ordinal=number,
        scope=narrowed(sentence.source[sentence.words[by + 1].start : sentence.words[head].end], since),
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


def nations_in(sentence: Sentence, start: int, end: int) -> tuple[Entity, ...]:
    """The nations whose leaders are ranked: "first *Spanish* minister"."""
    return tuple(
        mention.entity
        for place in range(start, end)
        if (mention := sentence.mention(place)) is not None
        and mention.entity.kind == "nation"
        and "administration" not in mention.text
    )
