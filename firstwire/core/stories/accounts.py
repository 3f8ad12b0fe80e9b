"""An account: what an article tells of its happening, as weighted terms, names, marks and its title's order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
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
    pair_of,
    term_of,
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
ENTITY_RARITY = 32
"""Entities are watched for, hence common in what is read; the stream says more."""

_SPACELESS = re.compile(f"[{SPACELESS}]")
_WORD = re.compile(r"\w+")
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
    find_term = terms_of_words(key)
    head = list(_read(title, key, find_term))
    body = list(_read(lead[:LEAD_CHARACTERS], key, find_term))
    entities = {tag: term_of(f"entity {tag}", key, ENTITY_RARITY) for tag in {*tags, *(e.entity_id for e in title_entities)}}
    terms, weights = rounded(_weighed(head, body, entities.values()), TERMS_AT_MOST)
    names = _names(head, is_title=True) | _names(body, is_title=False)
    is_name = np.array([1.0 if term in names else 0.0 for term in terms.tolist()])
    return Account(key, at, terms, weights, is_name, _ordered(title, head, title_entities, entities), marks_of(title))


@dataclass(frozen=True, slots=True)
class _Word:
    term: int
    start: int
    is_capital: bool


def _read(text: str, language: str, find_term: Callable[[str], int]) -> Iterator[_Word]:
    """The words that count, in order; in scripts written without spaces every two characters that stand together."""
    is_plain = text.isascii()
    before = None
    for match in (_WORD if is_plain else _ANY_WORD).finditer(text):
        word, start = match[0], match.start()
        if not is_plain and _SPACELESS.match(word):
            if before is not None and before.end() == start and _SPACELESS.match(before[0]):
                yield _Word(find_term(before[0] + word), start - 1, False)
            before = match
            continue
        before = None
        term = find_term(word)
        if term:
            is_capital = word[0].isupper()
            yield _Word(term, start, is_capital and not _BEGINS.search(text, max(0, start - 4), start))


def _weighed(head: Sequence[_Word], body: Sequence[_Word], entities: Sequence[int]) -> dict[int, float]:
    """Each term's frequency, dampened, in such a measure that all of them with their rarities have the length 1."""
    counts: dict[int, int] = {}
    for word in body:
        counts[word.term] = counts.get(word.term, 0) + 1
    weights = {word.term: 1.0 for word in head}
    for term, count in counts.items():
        weight = LEAD_WEIGHT * (1 + REPEAT_WEIGHT * log(count)) if count > 1 else LEAD_WEIGHT
        weights[term] = weights[term] + REPEAT_WEIGHT * weight if term in weights else weight
    words = dict(weights)
    for read in (head, body):
        for one, other in zip(read, read[1:], strict=False):
            weights.setdefault(pair_of(one.term, other.term), PAIR_WEIGHT * sqrt(words[one.term] * words[other.term]))
    length = sqrt(sum([(weight * RARITIES[term & RARITY_MASK]) ** 2 for term, weight in weights.items()])) or 1.0
    return {term: weight / length for term, weight in weights.items()}


def _names(read: Sequence[_Word], *, is_title: bool) -> set[int]:
    """Words with a capital of their own; in a title that has one at most words, as headline case, it says nothing."""
    capitals = {word.term for word in read if word.is_capital}
    return set() if is_title and len(capitals) * 2 > len(read) else capitals


def _ordered(
    title: str, head: Sequence[_Word], mentions: Sequence[TitleEntity], entities: dict[str, int]
) -> tuple[int, ...]:
    """The title's words in order, an entity by whatever name as one."""
    placed = [
        (word.start, ordered_word(word.term >> HASH_SHIFT, title[word.start].isupper()))
        for word in head
        if not any(mention.start <= word.start < mention.end for mention in mentions)
    ]
    placed += [(mention.start, ordered_word(entities[mention.entity_id] >> HASH_SHIFT, True)) for mention in mentions]
    placed += [(match.start(), BY) for match in _BY.finditer(title)]
    return tuple(dict.fromkeys(word for _, word in sorted(placed))) if len(placed) <= TITLE_WORDS_KEPT else ()
