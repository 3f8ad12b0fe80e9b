"""Clusters: the story that an article joins or begins, whether it adds something to it, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import log
from typing import Final, NamedTuple

import numpy as np

from firstwire.core.language.linear_models import log_odds
from firstwire.core.state import STORY_STATE, Change
from firstwire.core.stories import additions, resemblance
from firstwire.core.stories.additions import brings_facts, holders, in_words, is_follow_up, repeats_title
from firstwire.core.stories.identity import language_key
from firstwire.core.stories.meanings import blended, nearness
from firstwire.core.stories.memories import LATENESS
from firstwire.core.stories.resemblance import (
    Compared,
    Pair,
    has_text_of,
    have_same_title,
    is_of_another_nation,
    is_said_of_another,
    is_within,
    may_be_alike,
    paired,
    ruled_out,
    seem_apart,
)
from firstwire.core.stories.second_look import ARTICLES_READ, LookWeights, SecondLook, StoryReader, TextPart
from firstwire.core.stories.sketches import Sketch, Style, packed, unpacked
from firstwire.core.stories.story_counts import StoryCounts
from firstwire.core.stories.story_knowledge import StoryKnowledge, StoryModel
from firstwire.core.stories.story_state import StoryState, united
from firstwire.core.stories.word_vectors import WordVectors
from firstwire.core.text.wording import cut, one_line
from schemas.story_memory import StoryMemory

JOIN_AT: Final = 0.7
"""Least probability to join: when in doubt two stories."""
ADDS_AT: Final = 0.08
"""Least probability that an article adds something to be told: when in doubt it is told."""
LOOKED_JOIN_AT: Final = 0.92
LOOKED_ADDS_AT: Final = 0.08
"""The same after second looks: 99 of 100 pieces of news of seven batches are told."""
REPEATED_AT: Final = 0.998
"""From what probability on a second look is believed that an act in other words is one that the story has told."""
WORDS_SHOWN: Final = 200
"""Characters of a text that are shown as what it adds further on."""
REST_REPEATS_AT: Final = 0.8
"""Least probability that a part of the rest of a text adds nothing for it to be silent."""
MEMBERS_KEPT: Final = 8
"""Sketches kept of a story: its first article and the newest others; a copy has none."""
SAME_TITLE: Final = 0.95
"""Least probability for titles of nearly the same words: the batches that models are fitted on have few."""
NOUNS_WITH_CAPITALS: Final = frozenset({"de", "lb"})
"""Languages in which a capital makes no name."""
LEAST_LIKELY: Final = 0.15
"""Stories of which no article is this likely are not considered where no second look is taken."""
LEAST_SOUGHT: Final = 0.02
"""Least probability, by trees and meaning, of the one story that a second look reads beside an article."""


@dataclass(frozen=True)
class Arrival:
    """An article to place. `at` is its `fetched_at`."""

    sketch: Sketch
    style: Style
    language: str
    at: str
    meaning: bytes = b""
    """What it says, as a direction: see `meanings`. Empty where no second look is taken."""
    rest: tuple[TextPart, ...] = ()
    """The parts of its text that the first look does not read."""


@dataclass(frozen=True)
class Joined:
    """The story of an article, the reason, what it adds, and the state changes."""

    story_id: str
    is_new: bool
    reason: str
    changes: tuple[Change, ...]
    news: str = ""
    """What it adds to the story, in words; empty if it opens one or adds nothing."""
    retells: tuple[str, ...] = ()
    """The articles that said it all before; empty if it opens a story or adds something."""
    development_of: str | None = None
    """The article whose happening it carries on."""


@dataclass(frozen=True)
class _Candidate:
    story: StoryMemory
    members: tuple[Compared, ...]
    probability: float
    likest: Sketch
    """Its article that is likest the one to place."""
    read: tuple[bytes, ...] = ()
    """The beginnings of those that are likest, in their order."""
    nearness: float = 0.0
    """Of the story's meaning to the article's."""
    sought: float = 0.0
    """The probability before a look, by trees and meaning; that of the trees where no look is taken."""
    likely: float = 1.0
    """That of its likest article."""
    has_text: bool = False
    """Whether an article of it has the text of the one to place."""
    look: SecondLook | None = None
    """At `read`."""

    def is_worth_it(self, may_look: bool) -> bool:
        """Whether to consider it at all."""
        if self.has_text:
            return True
        return self.sought >= LEAST_SOUGHT if may_look and self.read else self.likely >= LEAST_LIKELY

    def precedence(self) -> tuple[bool, float, str, str]:
        """Sorts those to be considered first before others."""
        return (not self.has_text, -self.sought, self.story.first_at, self.story.story_id)

    @property
    def enough(self) -> float:
        """From what probability on an article joins."""
        return LOOKED_JOIN_AT if self.look is not None else JOIN_AT

    @property
    def sketches(self) -> list[Sketch]:
        return [one.sketch for one in self.members]


class Met(NamedTuple):
    """A story that shares words with an article."""

    story: StoryMemory
    members: tuple[Compared, ...]
    likely: list[float]
    """For each of `members` the probability that both are on one happening."""
    clash: str | None
    """What rules the story out, whatever it shares: nothing is likely then."""
    nearness: float
    """Of its meaning to the article's."""

    @property
    def likest(self) -> list[int]:
        """Which of `members` a second look reads: those of the highest probabilities, the likest first."""
        return sorted(range(len(self.likely)), key=lambda at: (-self.likely[at], at))[:ARTICLES_READ]

    @property
    def read(self) -> tuple[bytes, ...]:
        """Their beginnings, in the order of `members`; those of earlier versions have none."""
        beginnings = (self.members[at].sketch.beginning for at in sorted(self.likest))
        return tuple(filter(None, beginnings))


def cluster(state: StoryState, article: Arrival, story_id: str, knowledge: StoryKnowledge) -> Joined:
    """Join the story it most likely belongs to; of equals the earliest, then by id. `story_id` is the id of a new one.

    An article whose story is already known, as that of a revision or copy, is not clustered: see `grown_story`.
    """
    language = state.in_language(article.language)
    forgotten = tuple(Change(STORY_STATE, old, None) for old in language.expired(article.at, LATENESS))
    compared = _compared(article, language.counts, knowledge)
    found, refused = _candidates(state, article, compared, knowledge)
    best = min(found, key=_Candidate.precedence, default=None)
    best = _looked_at(article, best, knowledge) if best is not None else None
    if best is None or best.probability < best.enough:
        if best is not None:
            refused = _reason(best)
        changes = (Change(STORY_STATE, story_id, _begun(article, story_id)), *forgotten)
        return Joined(story_id, True, refused, changes)
    return _judged(article, compared, best, None, forgotten, knowledge)


def _reason(candidate: _Candidate) -> str:
    at = candidate.story.first_at
    return f"{candidate.probability:.2f} likely to be on the story of {at}, {candidate.enough} being enough"


def grown_story(
    state: StoryState,
    article: Arrival,
    story_id: str,
    partner_id: str,
    knowledge: StoryKnowledge,
    *,
    is_revision: bool,
    is_same_content: bool = False,
) -> Joined:
    """The same for an article whose story is known: that of `partner_id`, of which it is a revision or else a copy.

    One with the very title, summary and body of its partner is a copy, whoever published it.
    """
    story = state.story(story_id)
    if story is None or not story.members:
        begun = with_article(story, article, story_id)
        return Joined(story_id, False, "", (Change(STORY_STATE, story_id, begun),), retells=(partner_id,))
    members = members_of(story, knowledge.vectors)
    partner = next((one.sketch for one in members if one.sketch.article_id == partner_id), members[0].sketch)
    compared = _compared(article, state.in_language(article.language).counts, knowledge)
    found = _Candidate(story, members, 1.0, partner)
    is_revision = is_revision and not is_same_content
    return _judged(article, compared, found, partner_id, (), knowledge, is_revision=is_revision)


def members_of(story: StoryMemory, vectors: WordVectors) -> tuple[Compared, ...]:
    """Those of a story's articles that are kept, in the order they came in."""
    return tuple([_member(member, vectors) for member in story.members])


@lru_cache(maxsize=1 << 12)
def _member(data: bytes, vectors: WordVectors) -> Compared:
    return Compared.of(unpacked(data), vectors)


def story_features(probabilities: Sequence[float], articles: int) -> tuple[float, ...]:
    """Of the probabilities that an article is on one happening with those of a story: the largest, the next, the mean,
    that of the first article, as log odds; the number of articles, the share that is likely, and whether it is one."""
    ordered = sorted(probabilities, reverse=True)
    mean = sum(probabilities) / len(probabilities)
    return (
        _odds(ordered[0]),
        _odds(ordered[min(1, len(ordered) - 1)]),
        _odds(mean),
        _odds(probabilities[0]),
        log(articles),
        sum(one > 0.3 for one in probabilities) / len(probabilities),
        float(articles == 1),
    )


def rarities_of(sketch: Sketch, counts: StoryCounts) -> dict[int, float]:
    """How rare the terms of an article are, in general and in the current stories."""
    terms = list(dict.fromkeys((*sketch.title, *sketch.lead, *sketch.words, *sketch.names, *sketch.title_names)))
    return dict(zip(terms, counts.rarities(np.array(terms, np.uint32)).tolist(), strict=True)) if terms else {}


def _compared(article: Arrival, counts: StoryCounts, knowledge: StoryKnowledge) -> Compared:
    return Compared.of(article.sketch, knowledge.vectors, rarities_of(article.sketch, counts))


def _candidates(
    state: StoryState, article: Arrival, compared: Compared, knowledge: StoryKnowledge
) -> tuple[list[_Candidate], str]:
    """The stories that the article may belong to, and why the likest that may not was left out."""
    model = knowledge.model_of(article.language)
    refused = "nothing like it in the window"
    found = []
    stories = state.in_language(article.language).candidates(compared, article.at, article.meaning)
    for met in met_stories(stories, article, compared, knowledge):
        has_text = any(has_text_of(article.style.text, article.sketch, one.sketch) for one in met.members)
        if met.clash is not None and not has_text:
            refused = met.clash
        elif met.members:
            found.append(_candidate(met, model, has_text))
    may_look = _looker(article, knowledge) is not None
    return [one for one in found if one.is_worth_it(may_look)], refused


def _candidate(met: Met, model: StoryModel, has_text: bool) -> _Candidate:
    probability = model.joining(story_features(met.likely, met.story.articles))
    sought = model.looks.seeking(probability, met.nearness) if model.looks is not None else probability
    likest = met.members[met.likest[0]].sketch
    return _Candidate(
        story=met.story,
        members=met.members,
        probability=probability,
        likest=likest,
        read=met.read,
        nearness=met.nearness,
        sought=sought,
        likely=met.likely[met.likest[0]],
        has_text=has_text,
    )


def met_stories(
    stories: Iterable[StoryMemory], article: Arrival, compared: Compared, knowledge: StoryKnowledge
) -> list[Met]:
    """How likely an article is on one happening with each of the articles kept of stories."""
    found: list[Met] = []
    pairs: list[Pair] = []
    likely: list[tuple[list[float], int]] = []
    for story in stories:
        members = members_of(story, knowledge.vectors)
        each = [paired(compared, member) for member in members]
        near = nearness(article.meaning, story.meaning)
        met = Met(story, members, [0.0] * len(members), _clash(article, each, knowledge), near)
        found.append(met)
        for at, pair in enumerate(each) if met.clash is None else ():
            if may_be_alike(pair):
                pairs.append(pair)
                likely.append((met.likely, at))
    probabilities = (
        knowledge.model_of(article.language).pairs.probabilities(resemblance.features(pairs)) if pairs else ()
    )
    for (of_story, at), pair, probability in zip(likely, pairs, probabilities, strict=True):
        is_same = have_same_title(article.sketch, pair.other.sketch)
        of_story[at] = max(probability, SAME_TITLE) if is_same else probability
    return found


def _clash(article: Arrival, pairs: Sequence[Pair], knowledge: StoryKnowledge) -> str | None:
    """What speaks against a story, whatever else it shares; nothing that a second look may find otherwise."""
    found = next((why for pair in pairs if (why := ruled_out(pair)) is not None), None)
    if found is None and article.language not in NOUNS_WITH_CAPITALS and any(map(is_said_of_another, pairs)):
        found = "the same words of another name"
    may_look = _looker(article, knowledge) is not None and any(pair.other.sketch.beginning for pair in pairs)
    if found is None and not may_look:
        found = next((why for pair in pairs if (why := seem_apart(pair)) is not None), None)
    return found


def _looker(article: Arrival, knowledge: StoryKnowledge) -> tuple[StoryReader, LookWeights] | None:
    """Who takes a second look at an article, and what it weighs; None where none is taken."""
    weights, reader = knowledge.model_of(article.language).looks, knowledge.reader
    return (reader, weights) if reader is not None and weights is not None and article.sketch.beginning else None


def _looked_at(article: Arrival, found: _Candidate, knowledge: StoryKnowledge) -> _Candidate:
    """The same after a second look, which is not needed at what says the same in the same words."""
    if found.has_text:
        return replace(found, probability=1.0)
    looker = _looker(article, knowledge)
    if looker is None or not found.read:
        return found
    if any(is_within(article.sketch, one) for one in found.sketches):
        return replace(found, probability=1.0, look=SecondLook(1.0, 1.0))
    reader, weights = looker
    look = reader(article.sketch.beginning, found.read)
    return replace(found, probability=weights.joining(found.probability, look, found.nearness), look=look)


def _judged(
    article: Arrival,
    compared: Compared,
    found: _Candidate,
    copy_of: str | None,
    changes: tuple[Change, ...],
    knowledge: StoryKnowledge,
    *,
    is_revision: bool = False,
) -> Joined:
    """What the article adds to the story that it belongs to. What adds nothing to a text it copies is not kept."""
    members = found.sketches
    is_copy = (copy_of is not None or found.has_text) and not is_revision
    is_repeated = found.look is not None and found.look.repeats >= REPEATED_AT
    carries_on = copy_of is None and not is_repeated and is_follow_up(article.sketch, members)
    told = carries_on or brings_facts(article.sketch, article.style, members, is_copy=is_copy, is_repeated=is_repeated)
    told = told or (found.look is not None and _is_of_another_nation(compared, found))
    is_known = is_copy or (not is_revision and repeats_title(article.sketch, members))
    further_on = ""
    if not told and not is_known:
        row = additions.features(compared, article.style, members, found.probability, knowledge.vectors)
        model = knowledge.model_of(article.language)
        (adds,) = model.additions.probabilities([row])
        if model.looks is not None and found.look is not None:
            told = model.looks.adding(adds, found.look) >= LOOKED_ADDS_AT
        else:
            told = adds >= ADDS_AT
        further_on = "" if told else _added_further_on(article, found, knowledge)
    told = told or bool(further_on)
    grown = _grown(found.story, article, keeps=told or copy_of is None)
    retold = holders(article.sketch, members, found.likest)
    return Joined(
        story_id=grown.story_id,
        is_new=False,
        reason=_reason(found) if copy_of is None else "",
        changes=(Change(STORY_STATE, grown.story_id, grown), *(c for c in changes if c.key != grown.story_id)),
        news=further_on or (in_words(article.sketch, article.style, members) if told else ""),
        retells=() if told else retold if copy_of is None else (copy_of, *retold[1:]),
        development_of=found.likest.article_id if carries_on else None,
    )


def _added_further_on(article: Arrival, found: _Candidate, knowledge: StoryKnowledge) -> str:
    """The words of the first part of its text after the beginning that adds something; empty if none does."""
    looker = _looker(article, knowledge)
    if looker is None or found.look is None:
        return ""
    reader, _ = looker
    adding = (part for part in article.rest if reader(part.read, found.read).repeats < REST_REPEATS_AT)
    part = next(adding, None)
    return f"further on: … {cut(one_line(part.words), WORDS_SHOWN)}" if part is not None else ""


def _is_of_another_nation(article: Compared, found: _Candidate) -> bool:
    """Whether its title and those of all articles of the story name other nations: a look may be wrong there."""
    return all(is_of_another_nation(article, member) for member in found.members)


def with_article(story: StoryMemory | None, article: Arrival, story_id: str) -> StoryMemory:
    """A story with one article more; None begins one."""
    return _begun(article, story_id) if story is None else _grown(story, article)


def _begun(article: Arrival, story_id: str) -> StoryMemory:
    return StoryMemory(
        story_id=story_id,
        language=language_key(article.language),
        articles=1,
        members=(packed(article.sketch),),
        terms=united(b"", article.sketch.lead),
        meaning=article.meaning,
        first_at=article.at,
        last_at=article.at,
    )


def _grown(story: StoryMemory, article: Arrival, *, keeps: bool = True) -> StoryMemory:
    members = (*story.members, packed(article.sketch)) if keeps else story.members
    if len(members) > MEMBERS_KEPT:
        members = (members[0], *members[1 - MEMBERS_KEPT :])
    return StoryMemory(
        story_id=story.story_id,
        language=story.language,
        articles=story.articles + 1,
        members=members,
        terms=united(story.terms, article.sketch.lead) if keeps else story.terms,
        meaning=blended(story.meaning, story.articles, article.meaning),
        first_at=min(story.first_at, article.at),
        last_at=max(story.last_at, article.at),
    )


def _odds(probability: float) -> float:
    return log_odds(probability, 1e-4)
