"""Clusters: which story an article joins, or that it begins one, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from math import exp, log

from firstwire.core.state import STORY_STATE, Change
from firstwire.core.stories.accounts import Account
from firstwire.core.stories.memories import LATENESS
from firstwire.core.stories.roles import are_swapped
from firstwire.core.stories.story_marks import conflicting, merged
from firstwire.core.stories.story_scores import Weighing, scores
from firstwire.core.stories.story_state import StoryState
from firstwire.core.stories.story_vectors import moved, packed, packed_terms, unpacked, unpacked_terms
from schemas.story_memory import StoryMemory
from schemas.times import parse_timestamp


@dataclass(frozen=True)
class JoinRule:
    """The parameters of joining; cross-validation chose them on labelled articles, see `tests/quality/stories.py`."""

    join_at: float = 0.26
    """Least score, 0 to 1, with which an article joins."""
    weighing: Weighing = field(default_factory=Weighing)
    aging: float = 0.6
    """What the logarithm of the odds loses by the end of the window, evenly."""
    follows: int = 32
    """The center is the mean of about so many articles; later ones move it as little as the last of these."""


TERMS_KEPT = 96
"""Terms kept of a story's center; 576 bytes."""
TITLES_KEPT = 4
"""Early titles by whose order of words a swap is seen."""

DEFAULT_RULE = JoinRule()


@dataclass(frozen=True)
class Joined:
    """The story an article belongs to, why, and what is to be remembered. `score` is null for a new story."""

    story_id: str
    is_new: bool
    score: float | None
    reason: str
    changes: tuple[Change, ...]


def cluster(state: StoryState, account: Account, story_id: str, rule: JoinRule = DEFAULT_RULE) -> Joined:
    """Join the story that fits best; of equals the earliest, then by id.

    `story_id` is the id if it begins one. An article whose story is known by other proof, a revision or a copy, is
    not asked about: see `told_again`.
    """
    best: tuple[float, StoryMemory] | None = None
    refused = "nothing like it in the window"
    for score, story in sorted(_scored(state, account, rule), key=_rank):
        objection = _objection(account, story)
        if objection is None:
            best = score, story
            break
        refused = objection
    forgotten = tuple(
        Change(STORY_STATE, old, None) for old in state.told_in(account.language).expired(account.at, LATENESS)
    )
    if best is None:
        begun = _begun(account, story_id)
        return Joined(story_id, True, None, refused, (Change(STORY_STATE, story_id, begun), *forgotten))
    score, story = best
    grown = _grown(story, account, rule)
    reason = f"fits the story of {story.first_at} with {score:.2f}, {rule.join_at:.2f} being enough"
    changes = (Change(STORY_STATE, story.story_id, grown), *(c for c in forgotten if c.key != story.story_id))
    return Joined(story.story_id, False, round(score, 4), reason, changes)


def told_again(state: StoryState, account: Account, story_id: str, rule: JoinRule = DEFAULT_RULE) -> Change:
    """What is to be remembered of an article that is of this story by other proof, such as a copy."""
    story = state.story(story_id)
    return Change(
        STORY_STATE, story_id, _grown(story, account, rule) if story is not None else _begun(account, story_id)
    )


def _scored(state: StoryState, account: Account, rule: JoinRule) -> list[tuple[float, StoryMemory]]:
    """The stories that score enough, what their silence takes away counted."""
    told = state.told_in(account.language)
    weights = account.weights * told.counts.rarities(account.terms)
    stories = told.candidates(account.terms, weights, account.at)
    if not stories:
        return []
    least = log(rule.join_at / (1 - rule.join_at))
    scored = []
    for odds, story in zip(scores(account, weights, stories, told.counts, rule.weighing), stories, strict=True):
        if odds >= least:
            odds -= rule.aging * _silence(account, story, state.window)
        if odds >= least:
            scored.append((round(1 / (1 + exp(-odds)), 6), story))
    return scored


def _silence(account: Account, story: StoryMemory, window: timedelta) -> float:
    """The time between the article and the story's last, as a part of the window."""
    if account.at == story.last_at:
        return 0.0
    return min(1.0, abs((parse_timestamp(account.at) - parse_timestamp(story.last_at)) / window))


def _objection(account: Account, story: StoryMemory) -> str | None:
    """Why an article may not join whatever the score."""
    clash = conflicting(account.marks, story.marks)
    if clash is not None:
        return f"{clash[0]}, not {clash[1]}"
    if any(are_swapped(account.title, unpacked_terms(title)) for title in story.titles):
        return "actor and target are the other way round"
    return None


def _rank(scored: tuple[float, StoryMemory]) -> tuple[float, str, str]:
    score, story = scored
    return -score, story.first_at, story.story_id


def _begun(account: Account, story_id: str) -> StoryMemory:
    return StoryMemory(
        story_id=story_id,
        language=account.language,
        articles=1,
        center=packed(account.terms, account.weights),
        titles=(packed_terms(account.title),) if account.title else (),
        marks=account.marks,
        first_at=account.at,
        last_at=account.at,
    )


def _grown(story: StoryMemory, account: Account, rule: JoinRule) -> StoryMemory:
    step = 1 / min(story.articles + 1, rule.follows)
    center = moved(*unpacked(story.center), account.terms, account.weights, step, TERMS_KEPT)
    titles = story.titles
    if account.title and len(titles) < TITLES_KEPT:
        titles = tuple(dict.fromkeys((*titles, packed_terms(account.title))))
    return StoryMemory(
        story_id=story.story_id,
        language=story.language,
        articles=story.articles + 1,
        center=packed(*center),
        titles=titles,
        marks=merged(story.marks, account.marks),
        first_at=min(story.first_at, account.at),
        last_at=max(story.last_at, account.at),
    )
