"""An account: what an article tells of its happening, as weighted terms, names, marks and its title's order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
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
    hash_of,
    pair_of,
    terms_of_words,
)
from firstwire.core.stories.story_vectors import rounded
from firstwire.core.text.tokens import MARK, SPACELESS

TERMS_AT_MOST = 48
"""Terms kept of one article, the weightiest: some thirty words and the pairs of the rarest of them."""
LEAD_CHARACTERS = 600
"""Read of the summary or body, about a hundred words; reading on was found to add nothing."""
TITLE_WORDS_KEPT = 16
"""A title of more words that count is prose, whose order says little."""

LEAD_WEIGHT = 0.7
"""Of a word in the lead; one of the title weighs 1."""
REPEAT_WEIGHT = 0.3
"""What the logarithm of how often the lead has a word adds, and what the lead adds to a word of the title."""
PAIR_WEIGHT = 0.5
"""Of two words that follow each other, as a part of the mean of what they weigh."""
NAME_RARITY = 48
"""Of one in 250,000 words or fewer."""

_SPACELESS = re.compile(f"[{SPACELESS}]")
_WORD = re.compile(r"\w+")
_MARKED_WORD = re.compile(rf"[\w{MARK}]+")
_ANY_WORD = re.compile(rf"[{SPACELESS}]|(?:(?![{SPACELESS}])[\w{MARK}])+")
_BY = re.compile(r"\b(?:by|von|par|por|da|dal|door|przez)\b", re.IGNORECASE)
_BEGINS = re.compile(r"(?:^|[.!?:;|\n–—-])[ \"'“‘«(]*$")


@dataclass(frozen=True)
class TitleEntity:
    """An entity where the title names it, in code points; of a leader or capital the id of whom it acts for."""

    entity_id: str
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class Account:
    """`terms` ascend; `weights` and `is_name` go with them. `title` has terms in order, `marks` are of the title."""

    language: str
    at: str
    terms: Terms
    weights: Amounts
    is_name: Amounts
    title: tuple[int, ...]
    marks: tuple[str, ...]


def account_of(
    *,
    title: str,
    lead: str,
    language: str,
    at: str,
    tags: Sequence[str] = (),
    title_entities: Sequence[TitleEntity] = (),
) -> Account:
    """The account of an article. `lead` is its summary or body: its beginning counts. `at` is when it came."""
    key = language_key(language)
    known = terms_of_words(key)
    head = _read(title, known)
    body = _read(lead[:LEAD_CHARACTERS], known)
    terms, weights = rounded(_weighed(head, body), TERMS_AT_MOST)
    names = _names(head, title) | _names(body)
    is_name = np.array([1.0 if term in names else 0.0 for term in terms.tolist()])
    return Account(key, at, terms, weights, is_name, _ordered(title, head, title_entities), marks_of(title))


_Word = tuple[int, int, bool]
"""Its term, where it starts, and whether it has a capital of its own, not the sentence's."""


def _read(text: str, terms: Mapping[str, int]) -> list[_Word]:
    """The words that count, in order; in scripts written without spaces every two characters that stand together."""
    if not text.isascii() and _SPACELESS.search(text):
        return _read_spaceless(text, terms)
    found = []
    for match in (_WORD if text.isascii() else _MARKED_WORD).finditer(text):
        word = match[0]
        term = terms[word]
        if term:
            start = match.start()
            is_capital = word[0].isupper() and not _BEGINS.search(text, start - 4 if start > 4 else 0, start)
            found.append((term, start, is_capital))
    return found


def _read_spaceless(text: str, terms: Mapping[str, int]) -> list[_Word]:
    found = []
    before, end = "", -1
    for match in _ANY_WORD.finditer(text):
        word, start = match[0], match.start()
        if not _SPACELESS.match(word):
            found.append((terms[word], start, word[0].isupper()))
        elif end == start:
            found.append((terms[before + word], start - 1, False))
        before, end = (word, match.end()) if _SPACELESS.match(word) else ("", -1)
    return [word for word in found if word[0]]


def _weighed(head: Sequence[_Word], body: Sequence[_Word]) -> dict[int, float]:
    """Each term's frequency, dampened, in such a measure that all of them with their rarities have the length 1."""
    read_head, read_body = [word[0] for word in head], [word[0] for word in body]
    weights = dict.fromkeys(read_head, 1.0)
    for term, count in Counter(read_body).items():
        weight = LEAD_WEIGHT * (1 + REPEAT_WEIGHT * log(count)) if count > 1 else LEAD_WEIGHT
        weights[term] = weights[term] + REPEAT_WEIGHT * weight if term in weights else weight
    for read in (read_head, read_body):
        for one, other in pairwise(read):
            pair = pair_of(one, other)
            if pair not in weights:
                weights[pair] = PAIR_WEIGHT * sqrt(weights[one] * weights[other])
    length = sqrt(sum([(weight * RARITIES[term & RARITY_MASK]) ** 2 for term, weight in weights.items()])) or 1.0
    return {term: weight / length for term, weight in weights.items()}


def _names(read: Sequence[_Word], title: str | None = None) -> set[int]:
    """Words with a capital of their own. Where capitals say nothing, as in a title that has one at most words or in a
    script that has none, rare words stand for them."""
    capitals = {term for term, _, is_capital in read if is_capital}
    if title is not None and (len(capitals) * 2 > len(read) or title == title.swapcase()):
        return {term for term, _, _ in read if term & RARITY_MASK >= NAME_RARITY}
    return capitals


def _ordered(title: str, head: Sequence[_Word], mentions: Sequence[TitleEntity]) -> tuple[int, ...]:
    """The title's words in order, an entity by whatever name as one."""
    placed = [
        (start, ordered_word(term >> HASH_SHIFT, title[start].isupper()))
        for term, start, _ in head
        if not any(mention.start <= start < mention.end for mention in mentions)
    ]
    for mention in mentions:
        placed.append((mention.start, ordered_word(hash_of(f"entity {mention.entity_id}"), True)))
    placed += [(match.start(), BY) for match in _BY.finditer(title)]
    return tuple(dict.fromkeys(word for _, word in sorted(placed))) if len(placed) <= TITLE_WORDS_KEPT else ()
