"""What tells the news of an article from its background: the sentence of an act, its place, and what stands before it.

The model that weighs it is fitted on whole articles whose news and background were labeled.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from firstwire.core.entities.sentence import Sentence
from firstwire.core.events.findings import FoundAct
from firstwire.core.events.learned_acts import group_of
from firstwire.core.language.linear_models import log_odds
from firstwire.core.text.rarities import stem_of

_LEAST = 0.01
"""Of a probability, so that its logarithm stays small."""
_FAR = 12
_NEAR = 5
"""Sentences of the body that are told apart by their numbers."""
_CLEARLY_AHEAD = 4.0
"""Odds, by their logarithm, between an act and the next likely to be the news."""
_BEFORE_VERB = 2
_MANY = 3


@dataclass(frozen=True)
class ToldActs:
    """What an article tells: `findings` in their order, under a headline that names `named`; `genre` by its title."""

    findings: Sequence[FoundAct]
    named: frozenset[str]
    genre: str | None
    published_on: str


def told_of(findings: Sequence[FoundAct], headline: Sentence | None, genre: str | None, published_on: str) -> ToldActs:
    mentions = [word.mention for word in headline.words if word.mention is not None] if headline is not None else []
    named = {mention.entity.id for mention in mentions} | {one.nation.id for one in mentions if one.nation is not None}
    return ToldActs(findings, frozenset(named), genre, published_on)


def is_open(finding: FoundAct) -> bool:
    """Whether a finding may be news or background."""
    has_happened = finding.status in {"asserted", "historical"}
    return has_happened and finding.sentence.field == "body" and bool(finding.actors)


def news_features(finding: FoundAct, told: ToldActs) -> dict[str, float]:
    """The features of a finding in the body."""
    found = {
        "now": _odds(finding.told_now),
        "in-place": _odds(finding.told_now_in_place),
        "late": min(finding.sentence.number, _FAR) / _FAR,
    }
    rivals = [_odds(each.told_now_in_place) for each in told.findings if each is not finding and is_open(each)]
    ahead = found["in-place"] - max(rivals) if rivals else _CLEARLY_AHEAD
    found["ahead"] = max(-_CLEARLY_AHEAD, min(_CLEARLY_AHEAD, ahead)) / _CLEARLY_AHEAD
    every = (*_of_sentence(finding, told), *_of_headline(finding, told), *_of_others(finding, told))
    return found | dict.fromkeys(every, 1.0)


def _odds(probability: float | None) -> float:
    """Their logarithm; 0 where nothing is known."""
    return 0.0 if probability is None else log_odds(probability, _LEAST)


def _of_sentence(finding: FoundAct, told: ToldActs) -> Iterator[str]:
    sentence, year = finding.sentence, told.published_on[:4]
    stems = [stem_of(word.low, "en") for word in sentence.words if word.mention is None]
    yield from (f"w:{stem}" for stem in stems)
    yield f"begins:{stems[0] if stems and sentence.mention(0) is None else '#name'}"
    for at in range(max(0, finding.verb - _BEFORE_VERB), min(len(sentence.words), finding.verb + 1)):
        yield f"verb:{stem_of(sentence.low(at), 'en')}"
    years = {word.low for word in sentence.words if word.low.isdigit() and len(word.low) == len(year)}
    yield from (f"year:{'this' if each == year else 'other'}" for each in years)
    if sentence.names_day():
        yield "day"
    yield f"number:{min(sentence.number, _NEAR)}"
    yield f"status:{finding.status}"
    yield f"readers:{'+'.join(finding.readers)}"
    yield f"act:{'first' if finding.claims_first else group_of(finding.action)}"


def _of_headline(finding: FoundAct, told: ToldActs) -> Iterator[str]:
    yield f"genre:{told.genre}"
    yield f"title-names:{min(len(told.named), 2)}"
    yield f"title-parties:{min(len(told.named & finding.party_ids), 2)}"
    yield f"title-actor:{bool(told.named & finding.actor_ids)}"
    titles = [each for each in told.findings if each.sentence.field == "title"]
    yield f"title-act:{any(each.action == finding.action for each in titles)}"
    yield f"title-other:{any(each.action != finding.action and each.status == 'asserted' for each in titles)}"


def _of_others(finding: FoundAct, told: ToldActs) -> Iterator[str]:
    number, parties, actors = finding.sentence.number, finding.party_ids, finding.actor_ids
    others = [each for each in told.findings if each is not finding]
    before = [each for each in others if each.sentence.field != "body" or each.sentence.number < number]
    news = [each for each in before if each.status == "asserted"]
    front = [each for each in news if each.sentence.field != "body"]
    yield f"front:{min(len(front), 2)}"
    yield f"first-in-body:{not any(each.sentence.field == 'body' and is_open(each) for each in before)}"
    yield f"before:{min(len(news), _MANY)}"
    yield f"same-before:{any(each.action == finding.action and each.party_ids & parties for each in news)}"
    yield f"reaction:{any(each.target_ids & actors for each in news)}"
    after = [each for each in others if each.sentence.field == "body" and each.sentence.number > number]
    yield f"same-after:{any(each.action == finding.action and each.actor_ids & actors for each in after)}"
    here = [each for each in others if each.sentence == finding.sentence]
    yield f"here:{min(len(here), 2)}"
