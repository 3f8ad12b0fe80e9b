"""A sentence of another language prepared for matching: folded, one space between words, one sign for every name.

`Moscou reconnaît l'Émirat islamique` becomes ` § reconnait l § `, with a map back to the original.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from firstwire.core.entities.gazetteer import Mention
from firstwire.core.text.folding import fold

NAME = "§"
LENGTH_READ = 500
"""Code points read of a sentence. Headline forms are short; longer sentences are cut to keep matching cheap."""

_ANY_PARENTHESES = re.compile(r"[(\[（][^()\[\]（）]*[)\]）]")
_AS_SPACE = frozenset("'\"“”„«»‹›「」《》§…_")
_DASHES = frozenset("-‐‑–—―")
_PUNCTUATION = {"،": ",", "，": ",", "؛": ";", "；": ";", "：": ":", "؟": "?", "？": "?", "。": "."}


class Masked(msgspec.Struct, frozen=True):
    """A masked text; `places` has the original position of each character, `names` the mention of each `§`."""

    text: str
    places: list[int]
    names: list[Mention]

    def named(self, start: int, end: int) -> tuple[Mention, ...]:
        """The names in a range of characters."""
        first = self.text.count(NAME, 0, start)
        return tuple(self.names[first : first + self.text.count(NAME, start, end)])

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The range in the field of the characters from `start` to `end`; a name is included as a whole."""
        inside = self.named(end - 1, end)
        return self.places[start], inside[0].end if inside else self.places[end - 1] + 1


def masked(text: str, start: int, end: int, mentions: Sequence[Mention]) -> Masked:
    """The sentence from `start` to `end`, given the mentions of its field; text in parentheses is omitted."""
    end = min(end, start + LENGTH_READ)
    hidden = [match.span() for match in _ANY_PARENTHESES.finditer(text, start, end)]
    names = [
        each
        for each in mentions
        if start <= each.start and each.end <= end and not any(low <= each.start < high for low, high in hidden)
    ]
    chars, places = [" "], [start]

    def put(char: str, at: int) -> None:
        if char != " " or chars[-1] != " ":
            chars.append(char)
            places.append(at)

    at = start
    for name in [*names, None]:
        for char, place in _letters(text, at, name.start if name is not None else end, hidden):
            put(char, place)
        if name is not None:
            for char in (" ", NAME, " "):
                put(char, name.start)
            at = name.end
    put(" ", end)
    return Masked("".join(chars), places, names)


def _letters(text: str, start: int, end: int, hidden: Sequence[tuple[int, int]]) -> Iterator[tuple[str, int]]:
    folded = fold(text[start:end])
    for number, char in enumerate(folded.text):
        place = start + folded.original(number, number + 1)[0]
        if char.isspace() or char in _AS_SPACE or any(low <= place < high for low, high in hidden):
            yield " ", place
        elif char in _DASHES:
            yield from ((each, place) for each in (" — " if _is_separator(text, place) else " "))
        elif char.isalnum():
            yield char, place
        else:
            yield from ((each, place) for each in f" {_PUNCTUATION.get(char, char)} ")


def _is_separator(text: str, place: int) -> bool:
    """Whether a dash separates phrases and is not inside a word."""
    return text[place - 1 : place].isspace() or text[place + 1 : place + 2].isspace()
