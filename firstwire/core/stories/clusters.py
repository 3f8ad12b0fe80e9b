"""Clusters: the story that an article joins or begins, with the reason."""

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
    """The parameters of joining, from cross-validation on labeled articles, see `tests/quality/stories.py`."""

    join_at: float = 0.26
    """Minimum score, 0 to 1, for an article to join."""
    weighing: Weighing = field(default_factory=Weighing)
    aging: float = 0.6
    """Decrease of the log odds over the whole window, linear in time."""
    follows: int = 32
    """Articles of which the center is the mean; later ones move it as little as the last of these."""


TERMS_KEPT = 96
"""Terms kept of a story's center; 576 bytes."""
TITLES_KEPT = 4
"""First titles kept, whose word order shows a swap of actor and target."""

DEFAULT_RULE = JoinRule()


@dataclass(frozen=True)
class Joined:
    """The story of an article, the reason, and the state changes. `score` is None for a new story."""

    story_id: str
    is_new: bool
    score: float | None
    reason: str
    changes: tuple[Change, ...]


def cluster(state: StoryState, account: Account, story_id: str, rule: JoinRule = DEFAULT_RULE) -> Joined:
    """Join the story with the highest score; of equals the earliest, then by id.

    `story_id` is the id of a new story. An article whose story is already known, as that of a revision or copy, is
    not clustered: see `grown_story`.
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
        Change(STORY_STATE, old, None) for old in state.in_language(account.language).expired(account.at, LATENESS)
    )
    if best is None:
        begun = _begun(account, story_id)
        return Joined(story_id, True, None, refused, (Change(STORY_STATE, story_id, begun), *forgotten))
    score, story = best
    grown = _grown(story, account, rule)
    reason = f"fits the story of {story.first_at} with {score:.2f}, {rule.join_at:.2f} being enough"
    changes = (Change(STORY_STATE, story.story_id, grown), *(c for c in forgotten if c.key != story.story_id))
    return Joined(story.story_id, False, round(score, 4), reason, changes)


def grown_story(state: StoryState, account: Account, story_id: str, rule: JoinRule = DEFAULT_RULE) -> Change:
    """The state change for an article whose story is already known, such as a copy."""
    story = state.story(story_id)
    return Change(
        STORY_STATE, story_id, _grown(story, account, rule) if story is not None else _begun(account, story_id)
    )


def _scored(state: StoryState, account: Account, rule: JoinRule) -> list[tuple[float, StoryMemory]]:
    """The stories that reach the minimum score, after the deduction for their silence."""
    known = state.in_language(account.language)
    weights = account.weights * known.counts.rarities(account.terms)
    stories = known.candidates(account.terms, weights, account.at)
    if not stories:
        return []
    least = log(rule.join_at / (1 - rule.join_at))
    scored = []
    for odds, story in zip(scores(account, weights, stories, known.counts, rule.weighing), stories, strict=True):
        if odds >= least:
            odds -= rule.aging * _silence(account, story, state.window)
        if odds >= least:
            scored.append((round(1 / (1 + exp(-odds)), 6), story))
    return scored


def _silence(account: Account, story: StoryMemory, window: timedelta) -> float:
    """The time between the article and the story's last one, as a fraction of the window."""
    if account.at == story.last_at:
        return 0.0
    return min(1.0, abs((parse_timestamp(account.at) - parse_timestamp(story.last_at)) / window))


def _objection(account: Account, story: StoryMemory) -> str | None:
    """Why an article may not join at any score; None if it may."""
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
