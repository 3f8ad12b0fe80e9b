"""The words of an article as stories compare them: each with its term, its classes, and whether it may be a name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from firstwire.core.stories.fact_words import ACTS, NUMBERS, SUBJECTS
from firstwire.core.stories.story_terms import HASH_SHIFT, hash_of
from firstwire.core.stories.story_words import FUNCTION_WORDS
from firstwire.core.text.folding import fold_text
from firstwire.core.text.nations import NATIONS
from firstwire.core.text.rarities import Rarities, stem_of
from firstwire.core.text.tokens import SPACELESS_CHARACTER

_PIECE = re.compile(r"([^\w$€£]*)([$€£]?\d(?:[\d.,]*\d)?%?|(?:[A-Z]\.){2,}|\w+(?:['’-]\w+)*)?")
_BREAK = re.compile(r"[.!?:;\"“”\n|–—‘]")
_UNITED_STATES = frozenset({"US", "U.S.", "USA"})
_CURRENCIES = "$€£"

WORDS_CACHED = 1 << 17


class KnownWord(NamedTuple):
    """`term` is 0 for function words; `act` and `subject` are bits of classes, 0 for other words."""

    written: str
    low: str
    """Folded, without a possessive ending."""
    term: int
    is_capital: bool
    act: int
    subject: int
    nation: int
    """Hash of the nation that the word names; 0 for other words."""
    number: float | None
    figure: str
    """A number in digits, without separators and signs; empty for words."""


class WordAt(NamedTuple):
    """A word in its text. `begins`: it is the first of a sentence, line or quotation, where a capital means nothing."""

    word: KnownWord
    begins: bool


def words_in(text: str, known: Mapping[str, KnownWord]) -> list[WordAt]:
    """The words of a text in order. In scripts written without spaces every two adjacent characters are a word."""
    found: list[WordAt] = []
    for gap, written in _PIECE.findall(text):
        if not written:
            continue
        begins = not found or (gap != " " and _breaks(gap))
        if not written.isascii() and SPACELESS_CHARACTER.search(written):
            found += [WordAt(known[pair], False) for pair in _pairs(written)]
        else:
            found.append(WordAt(known[written], begins))
    return found


def count_words(text: str, known: Mapping[str, KnownWord]) -> int:
    """How many words `words_in` finds."""
    if text.isascii():
        return sum([written != "" for _, written in _PIECE.findall(text)])
    return len(words_in(text, known))


def _pairs(written: str) -> Iterator[str]:
    return (written[at : at + 2] for at in range(max(1, len(written) - 1)))


@lru_cache(maxsize=1 << 12)
def _breaks(gap: str) -> bool:
    return _BREAK.search(gap) is not None


@lru_cache(maxsize=64)
def known_words(language: str, rarities: Rarities) -> Mapping[str, KnownWord]:
    """A cached mapping from words as written to what is known of them."""
    return _Words(language, rarities)


class _Words(dict[str, KnownWord]):
    def __init__(self, language: str, rarities: Rarities) -> None:
        super().__init__()
        self._language = language
        self._rarities = rarities

    def __missing__(self, written: str) -> KnownWord:
        if len(self) >= WORDS_CACHED:
            self.clear()
        return self.setdefault(written, self._word(written))

    def _word(self, written: str) -> KnownWord:
        low = fold_text(written.replace("’", "'").removesuffix("'s")).strip("'.")
        is_english = self._language == "en"
        figure = low.strip(f"%{_CURRENCIES}").replace(",", "") if any(map(str.isdigit, written[:2])) else ""
        number = _number(figure) if figure else NUMBERS.get(low) if is_english else None
        nation = "united-states" if written in _UNITED_STATES else NATIONS.get(low)
        return KnownWord(
            written=written,
            low=low,
            term=self._term(low),
            is_capital=written[0].isupper(),
            act=ACTS.get(low, 0) if is_english else 0,
            subject=SUBJECTS.get(low, 0) if is_english else 0,
            nation=hash_of(f"nation {nation}") if nation is not None else 0,
            number=number,
            figure=figure,
        )

    def _term(self, low: str) -> int:
        if not low or low in FUNCTION_WORDS or (len(low) < 2 and not low.isdigit()):
            return 0
        stem = stem_of(low, self._language)
        return hash_of(f"{self._language} {stem}") << HASH_SHIFT | self._rarities.of(stem, self._language)


def _number(figure: str) -> float | None:
    try:
        return float(figure)
    except ValueError:
        return None
