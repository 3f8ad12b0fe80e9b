"""Scores: how likely an article tells the happening of each of a few stories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import log, sqrt

import numpy as np

from firstwire.core.stories.accounts import Account
from firstwire.core.stories.story_counts import StoryCounts
from firstwire.core.stories.story_terms import PAIR, Amounts
from firstwire.core.stories.story_vectors import rows, unpacked
from schemas.story_memory import StoryMemory


@dataclass(frozen=True)
class Weighing:
    """What a score is made of: the coefficients of a logistic regression, see `tests/quality/stories.py`."""

    base: float = 4.6
    likeness: float = 1.5
    """Of the logarithm of the cosine between article and story."""
    coverage: float = 0.7
    """Of the logarithm of the share of the article that the story has."""
    breadth: float = -1.0
    """Of the logarithm of how many terms the article spreads over: long texts share some by chance."""
    strange: float = -0.8
    """Of the share of the article's names that the story has never had."""
    rarest: float = 0.19
    """Of the rarity of the rarest word shared."""
    strangers: float = -2.2
    """If the article has names enough and the story none of them: a quake elsewhere, another company's figures. Chosen
    by hand: in the labelled sets it hardly happens."""


NAMES_ENOUGH = 2
"""One name alone may be a byline's, or an all too early detail."""


def evidence(account: Account, weights: Amounts, stories: Sequence[StoryMemory], counts: StoryCounts) -> Amounts:
    """A row for each story of what `Weighing` weighs, in its order after the base.

    `weights` are the account's with the rarities that its terms have among the stories held.
    """
    own = weights / (sqrt(weights @ weights) or 1.0)
    terms, theirs = unpacked(b"".join([story.center for story in stories]))
    starts = list(accumulate((rows(story.center) for story in stories[:-1]), initial=0))
    rarities = counts.rarities(terms)
    theirs = theirs * rarities
    at = np.minimum(np.searchsorted(account.terms, terms), len(account.terms) - 1)
    is_shared = account.terms[at] == terms
    mine = np.where(is_shared, own[at], 0.0)
    cosine = np.add.reduceat(mine * theirs, starts) / np.sqrt(np.add.reduceat(theirs * theirs, starts))
    coverage = np.add.reduceat(mine * mine, starts)
    names = own @ account.is_name
    known = np.add.reduceat(mine * account.is_name[at], starts) / names if names > 0 else np.ones(len(stories))
    is_word = (terms & np.uint32(PAIR)) == 0
    rarest = np.maximum.reduceat(np.where(is_shared & is_word, rarities, 0.0), starts)
    table = np.empty((len(stories), 6))
    table[:, 0] = np.log(cosine + 0.01)
    table[:, 1] = np.log(coverage + 0.02)
    table[:, 2] = log(own.sum() ** 2 + 1e-9)
    table[:, 3] = 1 - known
    table[:, 4] = rarest
    table[:, 5] = (known == 0) & (account.is_name.sum() >= NAMES_ENOUGH)
    return table


def scores(
    account: Account, weights: Amounts, stories: Sequence[StoryMemory], counts: StoryCounts, weighing: Weighing
) -> list[float]:
    """The logarithm of the odds that the article belongs to each, as far as its words tell."""
    w = weighing
    factors = np.array([w.likeness, w.coverage, w.breadth, w.strange, w.rarest, w.strangers])
    found: list[float] = np.round(w.base + evidence(account, weights, stories, counts) @ factors, 6).tolist()
    return found
