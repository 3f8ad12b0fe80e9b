"""Boilerplate: passages that articles on different things share, such as footers. They make no copy of an article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from firstwire.core.stories.fingerprint import GRAM_WORDS, Fingerprint
from firstwire.core.stories.story_words import FUNCTION_WORDS
from firstwire.core.text.rarities import stem_of
from firstwire.core.text.words import words

SAME_THROUGHOUT = 0.9
"""Texts that share this much of all that either says are copies whatever their titles."""
OPENING_WORDS = 12
"""A copy that is cut keeps the opening of the text; a footer has none of it."""
TITLE_SHARE = 0.3
"""Least share of the title's words that a passage on the article's subject has."""

TITLE_WORDS = 4
OWN_WORDS = 12
"""A sentence. An article that has less of its own is about the passage if that has a word of its title."""
FIGURES = 3
FIGURES_SHARE = 0.05
"""A passage with so many figures is the article's, not the outlet's: a table, a company's results."""

LEAD_WORDS = 60
"""In which a report tells what its title says."""
MOST_OF_IT = 0.8
"""Of a text that another outlet has as well: a footer is less."""

_WORD = re.compile(r"\w+")

Positions = npt.NDArray[np.bool_]


def shared_words(text: Fingerprint, other: Fingerprint) -> Positions:
    """Which words of a text, not thinned, are in a 5-gram that another has."""
    is_shared = np.isin(text.grams, other.gram_set)
    found = np.zeros(len(text.grams) + GRAM_WORDS - 1, np.bool_)
    for at in range(GRAM_WORDS):
        found[at : at + len(is_shared)] |= is_shared
    return found


def is_boilerplate(title: str, text: Sequence[str], is_shared: Positions, language: str) -> bool:
    """Whether a passage is about nothing that the article is about: it lacks the words of its title.

    One with the opening is, only if it has none of several: "This article is for subscribers only".
    """
    content = _content_of(title, language)
    passage = {stem_of(text[at], language) for at in np.flatnonzero(is_shared).tolist()}
    named = len(content & passage)
    if is_shared[:OPENING_WORDS].all():
        return named == 0 and len(content) >= TITLE_WORDS
    shared = np.flatnonzero(is_shared).tolist()
    figures = sum(text[at].isdecimal() for at in shared)
    if figures >= FIGURES and figures >= FIGURES_SHARE * len(shared):
        return False
    if len(text) - len(shared) < OWN_WORDS:
        return named == 0
    return named < TITLE_SHARE * len(content)


def is_on_title(title: str, text: Sequence[str], language: str) -> bool:
    """Whether a text begins with what its title says: it has enough of the title's words."""
    content = _content_of(title, language)
    named = content & {stem_of(word, language) for word in text[:LEAD_WORDS]}
    return len(named) >= max(1.0, TITLE_SHARE * len(content))


def _content_of(title: str, language: str) -> set[str]:
    return {stem_of(word, language) for word in words(title) if word not in FUNCTION_WORDS and len(word) > 2}


def without(text: str, positions: Iterable[int]) -> str:
    """A text without the words at some positions, as `words` counts them; the whole text if it counts others here."""
    left_out = set(positions)
    spans = [match.span() for match in _WORD.finditer(text)]
    if not left_out or max(left_out) >= len(spans):
        return text
    kept = [text[start:end] if at not in left_out else "" for at, (start, end) in enumerate(spans)]
    gaps = [text[end:start] for (_, end), (start, _) in zip([(0, 0), *spans], [*spans, (len(text), 0)], strict=True)]
    parts = [gaps[0]]
    for at, word in enumerate(kept):
        parts += [word, gaps[at + 1] if at not in left_out else " "]
    return "".join(parts)
