"""An account: the features of an article for clustering, as weighted terms, names, marks and title word order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from math import log, sqrt

import numpy as np

from firstwire.core.stories.identity import language_key
from firstwire.core.stories.roles import BY, ordered_word
from firstwire.core.stories.story_marks import marks_of
from firstwire.core.stories.story_terms import (
    HASH_SHIFT,
    RARITIES,
    RARITY_MASK,
    Amounts,
    Terms,
    pairs_of,
    terms_of_words,
)
from firstwire.core.stories.story_vectors import rounded
from firstwire.core.text.rarities import Rarities
from firstwire.core.text.tokens import MARK, SPACELESS, SPACELESS_CHARACTER

TERMS_AT_MOST = 48
"""Terms kept of one article, the heaviest: some thirty words and the pairs of the rarest of them."""
LEAD_CHARACTERS = 400
"""Characters read of the summary or body, some seventy words; a measurement showed no gain beyond."""
TITLE_WORDS_KEPT = 16
"""A title with more content words is prose, whose word order is not significant."""

LEAD_WEIGHT = 0.7
"""The weight of a word in the lead; a word of the title has weight 1."""
REPEAT_WEIGHT = 0.3
"""Factor of the log of a word's count in the lead, and of the lead's weight added to a title word."""
PAIR_WEIGHT = 0.5
"""The weight of a pair of adjacent words, relative to the geometric mean of their weights."""
NAME_RARITY = 48
"""The rarity step of words that are one in 250,000 or rarer."""

_WORD = re.compile(r"\w+")
_MARKED_WORD = re.compile(rf"[\w{MARK}]+")
_ANY_WORD = re.compile(rf"[{SPACELESS}]|(?:(?![{SPACELESS}])[\w{MARK}])+")
_BY = re.compile(r"\b(?:by|von|par|por|da|dal|door|przez)\b", re.IGNORECASE)
_INNER_WORD = re.compile(r"(?<=[^.!?:;|\s–—-][ ])\w+")
"""A word that is not the first of a sentence, line or quotation."""


@dataclass(frozen=True, eq=False)
class Account:
    """`terms` ascend, parallel to `weights` and `is_name`. `title` has the title's words in order."""

    language: str
    at: str
    terms: Terms
    weights: Amounts
    is_name: Amounts
    title: tuple[int, ...]
    marks: tuple[str, ...]


def account_of(*, title: str, lead: str, language: str, at: str, rarities: Rarities) -> Account:
    """The account of an article. `lead` is its summary or body, used up to LEAD_CHARACTERS. `at` is its `fetched_at`.

    Entities are not used: a measurement showed that the words of their names serve as well.
    """
    key = language_key(language)
    known = terms_of_words(key, rarities)
    head = _with_offsets(title, known)
    body = _read(lead[:LEAD_CHARACTERS], known)
    terms, weights = rounded(*_weighed([term for term, _ in head], body), TERMS_AT_MOST)
    names = _names_in_title(title, head, known) | _names(lead[:LEAD_CHARACTERS], known)
    is_name = np.array([1.0 if term in names else 0.0 for term in terms.tolist()])
    return Account(key, at, terms, weights, is_name, _ordered(title, head), marks_of(title))


_TermAt = tuple[int, int]
"""A term, and the offset of its word."""


def _read(text: str, known: Mapping[str, int]) -> list[int]:
    """The terms of the content words, in order."""
    if _is_spaced(text):
        return [term for term in map(known.__getitem__, _word(text).findall(text)) if term]
    return [term for term, _ in _with_offsets(text, known)]


def _with_offsets(text: str, known: Mapping[str, int]) -> list[_TermAt]:
    """The same with offsets. In scripts written without spaces every two adjacent characters are a word."""
    if _is_spaced(text):
        return [(known[match[0]], match.start()) for match in _word(text).finditer(text) if known[match[0]]]
    found = []
    before, end = "", -1
    for match in _ANY_WORD.finditer(text):
        word, start = match[0], match.start()
        if not SPACELESS_CHARACTER.match(word):
            found.append((known[word], start))
        elif end == start:
            found.append((known[before + word], start - 1))
        before, end = (word, match.end()) if SPACELESS_CHARACTER.match(word) else ("", -1)
    return [word for word in found if word[0]]


def _is_spaced(text: str) -> bool:
    return text.isascii() or not SPACELESS_CHARACTER.search(text)


def _word(text: str) -> re.Pattern[str]:
    return _WORD if text.isascii() else _MARKED_WORD


def _weighed(head: list[int], body: list[int]) -> tuple[Terms, Amounts]:
    """Each term with its damped frequency, scaled so that the vector weighted with rarities has length 1."""
    weights = dict.fromkeys(head, 1.0)
    for term, count in Counter(body).items():
        weight = LEAD_WEIGHT * (1 + REPEAT_WEIGHT * log(count)) if count > 1 else LEAD_WEIGHT
        weights[term] = weights[term] + REPEAT_WEIGHT * weight if term in weights else weight
    words = np.fromiter(weights.keys(), np.uint32, len(weights))
    of_words = np.fromiter(weights.values(), np.float64, len(weights))
    ones = np.array(head[:-1] + body[:-1], np.uint32)
    others = np.array(head[1:] + body[1:], np.uint32)
    of_pairs = [weights[one] * weights[other] for one, other in chain(pairwise(head), pairwise(body))]
    pairs, first_at = np.unique(pairs_of(ones, others), return_index=True)
    terms = np.concatenate((words, pairs))
    amounts = np.concatenate((of_words, PAIR_WEIGHT * np.sqrt(np.array(of_pairs, np.float64)[first_at])))
    worth = amounts * RARITIES[terms & np.uint32(RARITY_MASK)]
    return terms, amounts / (sqrt(worth @ worth) or 1.0)


def _names(text: str, known: Mapping[str, int]) -> set[int]:
    """Capitalized words that do not begin a sentence."""
    return {known[word] for word in _INNER_WORD.findall(text) if word[0].isupper()}


def _names_in_title(title: str, head: Sequence[_TermAt], known: Mapping[str, int]) -> set[int]:
    """The names in a title; where capitals are not significant (title case, no letter case), its rare words."""
    if sum(title[start].isupper() for _, start in head) * 2 > len(head) or title == title.swapcase():
        return {term for term, _ in head if term & RARITY_MASK >= NAME_RARITY}
    return _names(title, known)


def _ordered(title: str, head: Sequence[_TermAt]) -> tuple[int, ...]:
    """The title's words in order; empty for a long title."""
    located = [(start, ordered_word(term >> HASH_SHIFT, title[start].isupper())) for term, start in head]
    located += [(match.start(), BY) for match in _BY.finditer(title)]
    return tuple(dict.fromkeys(word for _, word in sorted(located))) if len(located) <= TITLE_WORDS_KEPT else ()
