"""Russian and Ukrainian case forms of names, by ending. Overgenerates on purpose: a wrong form matches nothing."""

from __future__ import annotations

from itertools import product

# Endings of the name, characters to remove, endings of the case forms; the first row that matches applies.
_ENDINGS: tuple[tuple[tuple[str, ...], int, tuple[str, ...]], ...] = (
    (("ия", "ія"), 1, ("я", "и", "ю", "ей", "ею", "ї", "єю")),
    (("ая",), 2, ("ая", "ой", "ую", "ою")),
    (("ый", "ий", "ой"), 2, ("ый", "ий", "ой", "ого", "ому", "ым", "им", "ом", "ім")),
    (("а",), 1, ("а", "ы", "и", "е", "у", "ой", "ою", "і", "ої", "ій")),
    (("я",), 1, ("я", "и", "ю", "ей", "ею", "е", "і")),
    (("ь",), 1, ("ь", "я", "и", "ю", "ем", "е", "ью", "і", "ю")),
    (("й",), 1, ("й", "я", "ю", "ем", "е", "ї", "єм")),
    (("ы", "и"), 1, ("ы", "и", "ов", "ам", "ами", "ах", "")),
)
_UNCHANGED = ("о", "е", "у", "ю", "э", "і", "ї", "є")
_AFTER_CONSONANT = ("", "а", "у", "ом", "е", "ові", "і", "ем")
WORDS_LIMIT = 2
"""Words of a name that is declined: the forms of longer ones multiply, and the news abbreviates them."""


def declined(name: str) -> frozenset[str]:
    """The name with its case forms; only the name if it is not Cyrillic or has more than WORDS_LIMIT words."""
    words = name.split(" ")
    if len(words) > WORDS_LIMIT or not any("а" <= char <= "я" or char in "іїє" for char in name.lower()):
        return frozenset({name})
    return frozenset(" ".join(forms) for forms in product(*(_word_forms(word) for word in words)))


def _word_forms(word: str) -> tuple[str, ...]:
    if len(word) <= 3 or word.isupper() or word.endswith(_UNCHANGED):
        return (word,)
    for endings, length, replacements in _ENDINGS:
        if word.endswith(endings):
            return tuple(word[:-length] + ending for ending in replacements)
    return tuple(word + ending for ending in _AFTER_CONSONANT)
