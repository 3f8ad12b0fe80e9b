"""Names that denote something else: in the credit of a source, as a language, as a town of another country."""

from __future__ import annotations

import re

_PARENTHESIS = r"\([^()\n]{2,80}\)"
_CREDITS = re.compile(
    rf"(?:(?<=[.!?])[\"”’]?(?:[,;]?[ ]?{_PARENTHESIS})+|(?:[,;]?[ ]{_PARENTHESIS})+[.,;]?\s*$)", re.MULTILINE
)
_ONE_CREDIT = re.compile(r"\(([^()\n]+)\)")
_LINKS_IN_TITLES = frozenset({"via", "of", "the", "and", "for", "in", "on", "de", "la", "le", "el", "al", "di", "da"})

_LANGUAGE = re.compile(r"[ -](?:languages?|speaking|speakers?|subtitles?|dialects?|translations?|alphabet)\b")
_IN_LANGUAGE = re.compile(r"\b(?:[Ii]n|into|from|speaks?|speaking|spoke) $")
_NO_NOUN = re.compile(r"\s*(?:[.,;:)!?]|$|(?:and|or|by|for|with|as|on|but|that|to|before|after) )")

_ROW_GOES_ON = re.compile(r",? (?:and|or) [A-Z]")


def source_credits(text: str) -> list[tuple[int, int]]:
    """The spans inside parentheses that name sources: "(Reuters) (The Post)", after a sentence or at the end."""
    if ")" not in text:
        return []
    return [
        one.span(1)
        for row in _CREDITS.finditer(text)
        for one in _ONE_CREDIT.finditer(text, *row.span())
        if all(not word[0].islower() or word in _LINKS_IN_TITLES or "." in word for word in one[1].split())
    ]


def is_language(text: str, start: int, end: int) -> bool:
    """Whether an adjective denotes a language: "Russian-speaking", "in Albanian."."""
    if _LANGUAGE.match(text, end) is not None:
        return True
    return _IN_LANGUAGE.search(text, max(0, start - 12), start) is not None and _NO_NOUN.match(text, end) is not None


def is_town_of(text: str, end: int, start: int, stop: int) -> bool:
    """Whether the name that ends at `end` is a town in the region between `start` and `stop`: "Lebanon, Ohio".

    In a list of names ("Mexico, Texas and Arizona") it is not.
    """
    return text[end:start] == ", " and _ROW_GOES_ON.match(text, stop) is None
