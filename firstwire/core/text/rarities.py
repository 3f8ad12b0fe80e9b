"""How rare a word is in its language in general, independent of the news. The lists are parameters, not read here.

Without a list of the language the length of a word decides, since short words are the common ones.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from math import log

from firstwire.core.text.folding import fold_text
from firstwire.core.text.tokens import SPACELESS_CHARACTER

STEP = 0.1875
"""Rarities have 64 steps of this size: minus the natural logarithm of the share of short texts with the word."""
RAREST = 62
"""The step of words that are in no list: 3 in ten million words."""
TEXT_WORDS = 30
"""The length of a short text: a title and a few lines."""

ASSUMED = 40
"""The step of pairs of characters in languages without a list."""
_STEP_BY_LENGTH = (8, 8, 14, 20, 27, 33, 38, 42, 45, 48)
"""The mean step of words of 0, 1, 2 … letters in the lists of eight languages written with spaces."""


Steps = Mapping[str, int]
"""The step of every word of a list, folded and stemmed; see `steps_of`."""


class Rarities:
    """Rarities of words by language. `lists` may grow later; `languages` are those that have a list."""

    def __init__(self, lists: Mapping[str, Steps] | None = None, languages: Container[str] = ()) -> None:
        self._lists = lists if lists is not None else {}
        self._languages = languages

    def of(self, word: str, language: str) -> int:
        """The step of a folded and stemmed word's rarity, 1 to RAREST.

        In scripts written without spaces `word` is two characters. Raises LookupError if the language's list was not
        loaded, as live and replay would then differ.
        """
        known = self._lists.get(language)
        if known is None:
            if language in self._languages:
                raise LookupError(f"the word frequencies of {language!r} were not loaded")
            return (
                ASSUMED
                if SPACELESS_CHARACTER.match(word)
                else _STEP_BY_LENGTH[min(len(word), len(_STEP_BY_LENGTH) - 1)]
            )
        if SPACELESS_CHARACTER.match(word) and word not in known:
            # Adjacent characters of two words: as rare as both ends together, assumed to be independent
            ends = known.get(f"{word[0]} ", RAREST) + known.get(f" {word[-1]}", RAREST)
            return min(RAREST, ends)
        return known.get(word, RAREST)


def steps_of(shares: Iterable[tuple[str, float]], language: str) -> Steps:
    """The steps of a list of words, each with its share of all words of its language, 0 to 1."""
    summed: dict[str, float] = {}
    for word, share in shares:
        for part in _parts(word, language):
            summed[part] = summed.get(part, 0.0) + share
    return {word: _step(share) for word, share in summed.items()}


def stem_of(word: str, language: str) -> str:
    """A word without its English ending; a measurement showed that removing more merges unrelated words."""
    if language == "en" and len(word) > 4 and word.isalpha():
        for ending in ("ies", "ied", "ing", "es", "ed", "s"):
            if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
                word = word[: -len(ending)]
                break
        word = word.removesuffix("e")
    return word


def _parts(word: str, language: str) -> Iterator[str]:
    """The parts of a word as in texts: its stem, or without spaces its character pairs, and its end and beginning."""
    word = fold_text(word)
    if not SPACELESS_CHARACTER.match(word):
        yield stem_of(word, language)
        return
    for at in range(len(word) - 1):
        yield word[at : at + 2]
    yield f"{word[-1]} "
    yield f" {word[0]}"


def _step(share: float) -> int:
    return max(1, min(RAREST, round(-log(min(0.5, share * TEXT_WORDS)) / STEP)))
