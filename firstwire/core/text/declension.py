"""Russian and Ukrainian case forms of names, by ending. Overgenerates on purpose: a wrong form matches nothing."""

from __future__ import annotations

from itertools import product

_CASES = 6
# Endings of the name, characters to remove, endings in nominative, genitive, dative, accusative, instrumental and
# prepositional, those of both languages; the first row that matches applies.
_ENDINGS: tuple[tuple[tuple[str, ...], int, str], ...] = (
    (("ия", "ія"), 1, "я  и/ї  и/ї  ю  ей/ею/єю  и/ї"),
    (("ая",), 2, "ая  ой  ой  ую  ой/ою  ой"),
    (("ый", "ий", "ой"), 2, "ый/ий/ой  ого  ому  ого/ый/ий/ой  ым/им  ом/ому/ім"),
    (("а",), 1, "а  ы/и/ої  е/і/ій  у  ой/ою  е/і/ій"),
    (("я",), 1, "я  и/і  е/и/і  ю  ей/ею  е/и/і"),
    (("ь",), 1, "ь  я/и/і/ю  ю/и/і  ь/я  ем/ью  е/и/і"),
    (("й",), 1, "й  я/ї  ю/ї  й/я  ем/єм  е/ї/ю"),
    (("ов", "ев", "ин", "ын", "ін", "їн"), 0, "-  а  у/ові  а/-  ым/им/ом  е/і/у/ові"),
    (("ы", "и"), 1, "ы/и  ов/-  ам  ы/и/ов/-  ами  ах"),
)
_UNCHANGED = ("о", "е", "у", "ю", "э", "і", "ї", "є")
_AFTER_CONSONANT = "-  а/у  у/ові  -/а  ом/ем  е/і/у"
_NOTHING = "-"
WORDS_LIMIT = 2
"""Words of a name that is declined: the news abbreviates longer ones."""


def declined(name: str) -> frozenset[str]:
    """The name with its case forms; only the name if it is not Cyrillic or has more than WORDS_LIMIT words."""
    words = name.split(" ")
    if len(words) > WORDS_LIMIT or not any("а" <= char <= "я" or char in "іїє" for char in name.lower()):
        return frozenset({name})
    by_case = zip(*(_forms_by_case(word) for word in words), strict=True)
    return frozenset({name, *(" ".join(forms) for alternatives in by_case for forms in product(*alternatives))})


def _forms_by_case(word: str) -> list[tuple[str, ...]]:
    if len(word) <= 3 or word.isupper() or word.endswith(_UNCHANGED):
        return [(word,)] * _CASES
    for endings, length, cases in _ENDINGS:
        if word.endswith(endings):
            return _with_endings(word[: len(word) - length], cases)
    return _with_endings(word, _AFTER_CONSONANT)


def _with_endings(stem: str, cases: str) -> list[tuple[str, ...]]:
    return [tuple(stem + ending.replace(_NOTHING, "") for ending in case.split("/")) for case in cases.split()]
