"""Scores: the likelihood that an article belongs to each of a few stories."""

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
    """The coefficients of a logistic regression for scores, see `tests/quality/stories.py`."""

    base: float = 4.6
    likeness: float = 1.5
    """For the logarithm of the cosine between article and story."""
    coverage: float = 0.7
    """For the logarithm of the share of the article that the story contains."""
    breadth: float = -1.0
    """For the logarithm of the effective number of the article's terms: long texts share some by chance."""
    strange: float = -0.8
    """For the share of the article's names that are not in the story."""
    rarest: float = 0.19
    """For the rarity of the rarest shared word."""
    strangers: float = -2.2
    """If the article has enough names and the story has none of them: a quake elsewhere, another company's figures.
    Chosen by hand, as the labeled sets have hardly any such case."""


NAMES_ENOUGH = 2
"""A single name may come from a byline or be an unconfirmed detail."""


def evidence(account: Account, weights: Amounts, stories: Sequence[StoryMemory], counts: StoryCounts) -> Amounts:
    """One row per story with the features of `Weighing`, in its order after `base`: shape (stories, 6).

    `weights` are those of the account times the rarities of its terms.
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
    """The log odds, by its words, that the article belongs to each story."""
    w = weighing
    factors = np.array([w.likeness, w.coverage, w.breadth, w.strange, w.rarest, w.strangers])
    found: list[float] = np.round(w.base + evidence(account, weights, stories, counts) @ factors, 6).tolist()
    return found
