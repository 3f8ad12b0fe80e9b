"""The words and wildcards of all queries in one scope, and a lookup of those that a text contains."""

from __future__ import annotations

import re
from collections.abc import Callable, Set
from functools import lru_cache

from firstwire.core.watches.tokens import WORD_LIMIT
from firstwire.core.watches.wildcards import compiled, has_wildcard, plain_prefix

Fit = Callable[[str], re.Match[str] | None]
"""Matches a whole word against a pattern."""

REMEMBERED = 32_768
"""Words whose wildcards are cached; half of the distinct words of a day's news recur the next day."""


class Vocabulary:
    """Words and wildcards with the numbers of their marks. A wildcard is looked up by its plain prefix."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}
        """Words and wildcards with their numbers."""
        self._words: dict[str, int] = {}
        self._beginnings: dict[str, list[tuple[Fit | None, int]]] = {}
        self._lengths: tuple[int, ...] = ()
        self._remembered: Callable[[str], tuple[int, ...]] = lru_cache(REMEMBERED)(self._fitting)
        self._fruitless: set[str] = set()
        """Words that no wildcard matches, as most do not: dropped from an article's words all at once."""

    def add(self, word: str, number: int) -> None:
        """Add a word or wildcard with the number of its mark."""
        self.known[word] = number
        if not has_wildcard(word):
            self._words[word] = number
            return
        beginning = plain_prefix(word)
        fit = None if word == f"{beginning}*" else compiled(word).fullmatch  # most have only a star at the end
        self._beginnings.setdefault(beginning, []).append((fit, number))
        self._lengths = tuple(sorted({*self._lengths, len(beginning)}))

    def marks_of(self, words: Set[str]) -> list[int]:
        """The numbers of the words, and of the wildcards that match one of them, possibly with duplicates."""
        found = [number for number in map(self._words.get, words) if number is not None]
        if self._beginnings:
            for word in words - self._fruitless:
                numbers = self._remembered(word) if len(word) <= WORD_LIMIT else self._fitting(word)
                found += numbers
                if not numbers and len(word) <= WORD_LIMIT:
                    self._note_fruitless(word)
        return found

    def _note_fruitless(self, word: str) -> None:
        if len(self._fruitless) >= REMEMBERED:
            self._fruitless = set()
        self._fruitless.add(word)

    def _fitting(self, word: str) -> tuple[int, ...]:
        found: list[int] = []
        for length in self._lengths:
            if length <= len(word) and (fits := self._beginnings.get(word[:length])):
                found += [number for fit, number in fits if fit is None or fit(word)]
        return tuple(found)
