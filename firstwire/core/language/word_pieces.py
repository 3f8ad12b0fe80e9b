"""Words as the pieces of a vocabulary that an encoder was fitted with."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

_LONGEST = 100
"""Characters; longer words are unknown."""
_CONTINUED = "##"
SPACE = "▁"
"""Stands for a space in the vocabularies of several languages."""
_AS_SPACE = re.compile(r"[\s\u200b-\u200d]+")
_UNKNOWN_COSTS = 10.0
"""So much less likely than the rarest piece is a character without one, as in SentencePiece."""


class WordPieces:
    """WordPiece, as in Devlin et al., BERT, 2019.

    `vocabulary`: pieces in lower case with their numbers; "##" stands before one that continues a word.
    """

    def __init__(self, vocabulary: Mapping[str, int], unknown: int) -> None:
        self._vocabulary = vocabulary
        self._unknown = unknown

    def __call__(self, word: str) -> list[int]:
        """The numbers of the pieces of a word, each the longest that fits; at least one."""
        found = [number for part in _parts(word) for number in self._pieces(part)]
        return found or [self._unknown]

    def _pieces(self, part: str) -> list[int]:
        if len(part) > _LONGEST:
            return [self._unknown]
        numbers: list[int] = []
        start = 0
        while start < len(part):
            before = _CONTINUED if start else ""
            ends = range(len(part), start, -1)
            end = next((end for end in ends if before + part[start:end] in self._vocabulary), None)
            if end is None:
                return [self._unknown]
            numbers.append(self._vocabulary[before + part[start:end]])
            start = end
        return numbers


def _parts(word: str) -> Iterator[str]:
    """A word in lower case without accents, split at spaces; punctuation and Chinese characters stand alone."""
    part = ""
    for char in unicodedata.normalize("NFD", word.lower()):
        category = unicodedata.category(char)
        is_space = char.isspace()
        if category == "Mn" or (category in {"Cc", "Cf", "Co", "Cn"} and not is_space) or char == "\ufffd":
            continue
        is_alone = _is_punctuation(char, category) or _is_chinese(char)
        if part and (is_space or is_alone):
            yield part
            part = ""
        if is_alone:
            yield char
        elif not is_space:
            part += char
    if part:
        yield part


def _is_punctuation(char: str, category: str) -> bool:
    """Symbols of ASCII, as "$" and "^", count as punctuation."""
    return category[0] == "P" or (char.isascii() and category[0] == "S")


def _is_chinese(char: str) -> bool:
    return "\u3400" <= char <= "\u4dbf" or "\u4e00" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff"


class LikeliestPieces:
    """Words as the likeliest pieces of a vocabulary by a unigram model: Kudo, Subword Regularization, 2018.

    `vocabulary`: pieces with their numbers and the logarithms of their probabilities; "▁" stands for a space.
    """

    def __init__(self, vocabulary: Mapping[str, tuple[int, float]], unknown: int) -> None:
        self._vocabulary = vocabulary
        self._unknown = unknown
        self._longest = max(map(len, vocabulary))
        self._worst = min(likely for _, likely in vocabulary.values()) - _UNKNOWN_COSTS

    def __call__(self, word: str) -> list[int]:
        """The numbers of the pieces of a word, with the spaces around and inside it; at least one."""
        text = _AS_SPACE.sub(SPACE, unicodedata.normalize("NFKC", word))[:_LONGEST]
        best, begins, pieces = [0.0], [0], [self._unknown]
        for end in range(1, len(text) + 1):
            found = (best[end - 1] + self._worst, end - 1, self._unknown)
            for begin in range(max(0, end - self._longest), end):
                piece = self._vocabulary.get(text[begin:end])
                if piece is not None and best[begin] + piece[1] > found[0]:
                    found = (best[begin] + piece[1], begin, piece[0])
            best.append(found[0])
            begins.append(found[1])
            pieces.append(found[2])
        numbers: list[int] = []
        at = len(text)
        while at:
            numbers.append(pieces[at])
            at = begins[at]
        return numbers[::-1] or [self._unknown]
