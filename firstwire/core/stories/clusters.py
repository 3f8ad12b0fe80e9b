"""Clusters: which story an article joins, or that it begins one, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import log2, sqrt

from firstwire.core.state import Change
from firstwire.core.stories.accounts import NAMES_AT_MOST, Account
from firstwire.core.stories.memories import LATENESS
from firstwire.core.stories.roles import are_swapped
from firstwire.core.stories.story_marks import conflicting, merged
from firstwire.core.stories.story_state import BOOK, Rarity, StoryState
from firstwire.core.stories.story_vectors import packed, packed_terms, unpacked_terms, weights_of
from schemas.story_memory import StoryMemory
from schemas.times import parse_timestamp


@dataclass(frozen=True)
class JoinRule:
    """The parameters of joining. `join_at` is what cross-validation chooses on texts, see `tests/quality/stories.py`.

    Headlines alone would do with less, 0.05; the greater is kept, since a story that swallows another is the worse.
    """

    join_at: float = 0.12
    """Least score with which an article joins while few stories are told."""
    crowding: float = 0.035
    """What each doubling of the stories told adds to it: among many, one that is a little like it is found by chance.
    Seen on the 1987 wire, where quarterly figures of many companies, told in the same words, flow together."""
    join_at_most: float = 0.30
    seed_share: float = 0.2
    """How much the likeness to the story's first article counts; the rest is that to its center."""
    names_apart: float = 0.5
    """What is left of the score where both have a name, and not the same; its square where both have several."""
    names_enough: float = 0.5
    """The share of the article's names from which on nothing is taken away."""
    core_from: float = 0.5
    """Mean weight in the story's articles from which on a name is one that the story goes by."""
    aging: float = 0.3
    """What a story loses of its score by the end of the window, evenly."""
    follows: int = 32
    """The center is the mean of about so many articles; later ones move it as little as the last of these."""


FEW_STORIES = 64
"""Up to so many stories of a language `join_at` itself is asked."""
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


@dataclass(frozen=True)
class Score:
    """How well an article fits a story, 0 to 1."""

    value: float
    objection: str | None
    """Why it may not join whatever the score."""


def cluster(state: StoryState, account: Account, story_id: str, rule: JoinRule = DEFAULT_RULE) -> Joined:
    """Join the story that fits best; of equals the earliest, then by id.

    `story_id` is the id if it begins one. An article whose story is known by other proof, a revision or a copy, is
    not asked about: see `told_again`.
    """
    enough = least_score(rule, state.told_in(account.language))
    rarity = state.rarities(account.language)
    best: tuple[float, StoryMemory] | None = None
    refused = "nothing like it in the window"
    for story in state.candidates(account.terms, rarity, account.at):
        score = score_of(account, story, rarity, state.window, rule)
        if score.value < enough:
            continue
        if score.objection is not None:
            refused = score.objection
            continue
        if best is None or _rank(score.value, story) < _rank(*best):
            best = score.value, story
    forgotten = tuple(Change(BOOK, old, None) for old in state.expired(account.at, LATENESS))
    if best is None:
        begun = _begun(account, story_id)
        return Joined(story_id, True, None, refused, (Change(BOOK, story_id, begun), *forgotten))
    value, story = best
    grown = _grown(story, account, rule)
    reason = f"fits the story of {story.first_at} with {value:.2f}, {enough:.2f} being enough"
    changes = (Change(BOOK, story.story_id, grown), *(c for c in forgotten if c.key != story.story_id))
    return Joined(story.story_id, False, round(value, 4), reason, changes)


def told_again(state: StoryState, account: Account, story_id: str, rule: JoinRule = DEFAULT_RULE) -> Change:
    """What is to be remembered of an article that is of this story by other proof, such as a copy."""
    story = state.stories.get(story_id)
    return Change(BOOK, story_id, _grown(story, account, rule) if story is not None else _begun(account, story_id))


def least_score(rule: JoinRule, stories: int) -> float:
    """With which an article joins one of so many stories."""
    doublings = max(0.0, log2(max(1, stories) / FEW_STORIES))
    return min(rule.join_at_most, rule.join_at + rule.crowding * doublings)


def score_of(account: Account, story: StoryMemory, rarity: Rarity, window: timedelta, rule: JoinRule) -> Score:
    """How well an article fits a story, 0 to 1, and what speaks against it."""
    like = (1 - rule.seed_share) * _cosine(account.terms, weights_of(story.center), rarity)
    if story.articles == 1:
        like /= 1 - rule.seed_share
    else:
        like += rule.seed_share * _cosine(account.terms, weights_of(story.seed), rarity)
    like *= _named_alike(account, story, rarity, rule)
    gap = abs((parse_timestamp(account.at) - parse_timestamp(story.last_at)) / window)
    like *= 1 - rule.aging * min(1.0, gap)
    clash = conflicting(account.marks, story.marks)
    if clash is not None:
        return Score(like, f"{clash[0]}, not {clash[1]}")
    if any(are_swapped(account.title, unpacked_terms(title)) for title in story.titles):
        return Score(like, "actor and target are the other way round")
    return Score(like, None)


def _cosine(terms: Mapping[int, float], others: Mapping[int, float], rarity: Rarity) -> float:
    dot = sum([weight * others[term] * rarity[term] ** 2 for term, weight in terms.items() if term in others])
    if dot == 0.0:
        return 0.0
    one = sum([(weight * rarity[term]) ** 2 for term, weight in terms.items()])
    two = sum([(weight * rarity[term]) ** 2 for term, weight in others.items()])
    return dot / sqrt(one * two)


def _named_alike(account: Account, story: StoryMemory, rarity: Rarity, rule: JoinRule) -> float:
    """What is left of a score by the names the two have in common, the rare ones counting most.

    An article that brings a name of its own and lacks those that the story goes by is likely of another happening
    of the kind: a fire in another town, a fight with another man.
    """
    names = unpacked_terms(story.names)
    if not names or not account.names:
        return 1.0
    center = weights_of(story.center)
    known = {*names, *center}
    total = sum(rarity[name] for name in sorted(account.names))
    shared = sum(rarity[name] for name in sorted(account.names) if name in known)
    share = min(1.0, shared / (total * rule.names_enough))
    core = [name for name in names if center.get(name, 0.0) >= rule.core_from]
    if core and not account.names <= center.keys():
        held = sum(rarity[name] for name in core if name in account.terms) / sum(rarity[name] for name in core)
        share *= (1 + held) / 2
    apart = rule.names_apart ** (min(2, len(names), len(account.names)) if shared == 0 else 1)
    return apart + (1 - apart) * share


def _rank(value: float, story: StoryMemory) -> tuple[float, str, str]:
    return -round(value, 9), story.first_at, story.story_id


def _begun(account: Account, story_id: str) -> StoryMemory:
    seed = packed(account.terms)
    return StoryMemory(
        story_id=story_id,
        language=account.language,
        articles=1,
        seed=seed,
        center=seed,
        names=packed_terms(sorted(account.names)),
        titles=(packed_terms(account.title),),
        marks=account.marks,
        first_at=account.at,
        last_at=account.at,
    )


def _grown(story: StoryMemory, account: Account, rule: JoinRule) -> StoryMemory:
    center = weights_of(story.center)
    step = 1 / min(story.articles + 1, rule.follows)
    moved = {
        term: (1 - step) * center.get(term, 0.0) + step * account.terms.get(term, 0.0)
        for term in {*center, *account.terms}
    }
    names = unpacked_terms(story.names)
    names += [name for name in sorted(account.names) if name not in names]
    titles = story.titles
    if len(titles) < TITLES_KEPT:
        titles = tuple(dict.fromkeys((*titles, packed_terms(account.title))))
    return StoryMemory(
        story_id=story.story_id,
        language=story.language,
        articles=story.articles + 1,
        seed=story.seed,
        center=packed(moved),
        names=packed_terms(names[:NAMES_AT_MOST]),
        titles=titles,
        marks=merged(story.marks, account.marks),
        first_at=min(story.first_at, account.at),
        last_at=max(story.last_at, account.at),
    )
