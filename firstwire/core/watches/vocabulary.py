"""The words and wildcards of all queries in one scope, and a lookup of those that a text contains."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import lru_cache
from itertools import chain

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

    def marks_of(self, words: Collection[str]) -> list[int]:
        """The numbers of the words, and of the wildcards that match one of them, possibly with duplicates."""
        found = [number for number in map(self._words.get, words) if number is not None]
        if self._beginnings:
            found += chain.from_iterable([self._remembered(word) for word in words if len(word) <= WORD_LIMIT])
            found += chain.from_iterable([self._fitting(word) for word in words if len(word) > WORD_LIMIT])
        return found

    def _fitting(self, word: str) -> tuple[int, ...]:
        found: list[int] = []
        for length in self._lengths:
            if length <= len(word) and (fits := self._beginnings.get(word[:length])):
                found += [number for fit, number in fits if fit is None or fit(word)]
        return tuple(found)
