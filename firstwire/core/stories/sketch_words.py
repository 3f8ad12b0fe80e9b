"""The words of an article as stories compare them: each with its term, its classes, and whether it may be a name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from firstwire.core.stories.fact_words import ACTS, NUMBERS, SUBJECTS
from firstwire.core.stories.story_terms import HASH_SHIFT, hash_of
from firstwire.core.stories.story_words import FUNCTION_WORDS
from firstwire.core.text.folding import fold_text
from firstwire.core.text.nations import NATIONS
from firstwire.core.text.rarities import Rarities, stem_of
from firstwire.core.text.tokens import SPACELESS_CHARACTER

_WORD = re.compile(r"([$€£]?\d(?:[\d.,]*\d)?%?|(?:[A-Z]\.){2,}|\w+(?:['’-]\w+)*)")
_BREAK = re.compile(r"[.!?:;\"“”\n|–—‘]")
_UNITED_STATES = frozenset({"US", "U.S.", "USA"})
_CURRENCIES = "$€£"
_CURRENCY = re.compile(f"[{_CURRENCIES}]")
_FIRST_PERSON = re.compile(r"\b(?:I|my|we|our|us)\b")

WORDS_CACHED: Final = 1 << 17
PIECES_CACHED: Final = 1 << 16
PIECE_CHARACTERS_CACHED: Final = 32
"""Longer pieces are not seen again."""


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
    figure_hash: int
    """0 for words."""
    first_person: int
    """How often the writer speaks of himself or herself in it, as in "we've"."""
    stands_out: bool
    """Whether it has a capital or is a nation, a number or of the first person."""


class TextWords(NamedTuple):
    """The words of a text in order."""

    known: list[KnownWord]
    begins: set[int]
    """Where a sentence, line or quotation begins: a capital means nothing there."""
    in_lead: int
    """The number of words of the lead."""

    def standing_out(self) -> list[tuple[int, KnownWord]]:
        """The words that stand out, each with its place."""
        return [(at, word) for at, word in enumerate(self.known) if word.stands_out]


class Piece(NamedTuple):
    """What stands between two spaces. `None`: it is a beginning if what precedes the piece ends a sentence."""

    alone: KnownWord | None
    """The word of a piece that is one word, perhaps with marks behind it."""
    words: tuple[KnownWord, ...]
    begins: tuple[bool | None, ...]
    """By word: whether it is a beginning."""
    ends: bool | None
    """Whether what follows is a beginning."""


def words_in(text: str, pieces: KnownPieces, lead_characters: int) -> TextWords:
    """The words of a text. In scripts written without spaces every two adjacent characters are a word."""
    known: list[KnownWord] = []
    begins: set[int] = set()
    if len(text) <= lead_characters:
        _read(text, pieces, known, begins, is_beginning=True)
        in_lead = len(known)
    else:  # the end of the lead may cut a word, which counts, but the whole word is read
        cut = max(text.rfind(" ", 0, lead_characters), text.rfind("\n", 0, lead_characters)) + 1
        is_beginning = _read(text[:cut], pieces, known, begins, is_beginning=True)
        in_lead = len(known) + sum(len(pieces.read(piece).words) for piece in text[cut:lead_characters].split())
        _read(text[cut:], pieces, known, begins, is_beginning=is_beginning)
    if known:
        begins.add(0)
    return TextWords(known, begins, in_lead)


def _read(
    text: str, pieces: KnownPieces, known: list[KnownWord], begins: set[int], *, is_beginning: bool | None
) -> bool | None:
    """Add the words of a text and their beginnings; return whether what follows is a beginning."""
    for number, line in enumerate(text.split("\n")):
        if number:
            is_beginning = True
        for piece in line.split():
            alone, words, beginnings, ends = pieces[piece]
            if alone is not None:
                if is_beginning:
                    begins.add(len(known))
                known.append(alone)
                is_beginning = ends
                continue
            for word, begins_here in zip(words, beginnings, strict=True):
                if is_beginning if begins_here is None else begins_here:
                    begins.add(len(known))
                known.append(word)
            if ends is not None:
                is_beginning = ends
    return is_beginning


@lru_cache(maxsize=64)
def known_pieces(language: str, rarities: Rarities) -> KnownPieces:
    return KnownPieces(language, rarities)


class KnownPieces(dict[str, Piece]):
    """A cache of pieces of texts by how they are written: most occur again and again."""

    def __init__(self, language: str, rarities: Rarities) -> None:
        super().__init__()
        self._words = _Words(language, rarities)

    def __missing__(self, written: str) -> Piece:
        piece = self.read(written)
        if len(written) <= PIECE_CHARACTERS_CACHED:
            if len(self) >= PIECES_CACHED:
                self.clear()
            self[written] = piece
        return piece

    def read(self, written: str) -> Piece:
        letters = written[:-1] if written[-1] in _MARKS else written
        if letters.isalpha() and letters.isascii():  # most pieces: a word, perhaps with a mark behind it
            alone = self._words[letters]
            return Piece(alone, (alone,), _AS_PRECEDED, _BREAK.match(written, len(letters)) is not None)
        gap, *others = _WORD.split(written)
        begins_here: bool | None = True if _breaks(gap) else False if _CURRENCY.search(gap) else None
        words: list[KnownWord] = []
        begins: list[bool | None] = []
        for word, gap_behind in zip(others[::2], others[1::2], strict=True):
            if not word.isascii() and SPACELESS_CHARACTER.search(word):
                words += [self._words[pair] for pair in _pairs(word)]
                begins += [False] * (len(words) - len(begins))
            else:
                words.append(self._words[word])
                begins.append(begins_here)
            begins_here = _breaks(gap_behind)
        is_alone = tuple(begins) == _AS_PRECEDED
        return Piece(words[0] if is_alone else None, tuple(words), tuple(begins), begins_here)


def _pairs(written: str) -> Iterator[str]:
    return (written[at : at + 2] for at in range(max(1, len(written) - 1)))


def _breaks(gap: str) -> bool:
    """Whether a sentence, line or quotation ends between two words. What precedes a sign of money does not count."""
    return _BREAK.search(_CURRENCY.split(gap)[-1]) is not None


_MARKS = frozenset(".,;:!?")
_AS_PRECEDED: tuple[None] = (None,)
"""The beginnings of a piece of one word with nothing before it."""


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
        is_capital, first_person = written[0].isupper(), len(_FIRST_PERSON.findall(written))
        nation = "united-states" if written in _UNITED_STATES else NATIONS.get(low)
        return KnownWord(
            written=written,
            low=low,
            term=self._term(low),
            is_capital=is_capital,
            act=ACTS.get(low, 0) if is_english else 0,
            subject=SUBJECTS.get(low, 0) if is_english else 0,
            nation=hash_of(f"nation {nation}") if nation is not None else 0,
            number=number,
            figure=figure,
            figure_hash=hash_of(figure) if figure else 0,
            first_person=first_person,
            stands_out=is_capital or nation is not None or number is not None or figure != "" or first_person > 0,
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
