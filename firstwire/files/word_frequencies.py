"""wordfreq's word frequencies of 42 languages, loaded when a language first occurs."""

from __future__ import annotations

from collections.abc import Iterator

from firstwire.core.text.rarities import Rarities, Steps, steps_of
from firstwire.core.text.word_lists import word_set

# Code of the list by code of the language, if they differ
_OTHER_CODES = {"tl": "fil", "no": "nb", "nn": "nb", "hr": "sh", "sr": "sh", "bs": "sh"}

LANGUAGES = _OTHER_CODES.keys() | word_set(
    """
    ar bg bn ca cs da de el en es fa fi fil fr he hi hu id is it ja ko lt lv mk ms nb nl pl pt ro ru sh sk sl sv ta tr
    uk ur vi zh
    """
)
"""ISO 639 codes of the languages that have a list."""

_LISTS: dict[str, Steps] = {}

RARITIES = Rarities(_LISTS, LANGUAGES)
"""Passed to the stages. Call `load_word_frequencies` for an article's language before judging it."""


def load_word_frequencies(language: str) -> None:
    """Load the list of a language, if there is one that is not loaded yet: 0.05 to 0.7 s, 2 to 7 MB."""
    if language in LANGUAGES and language not in _LISTS:
        _LISTS[language] = steps_of(_shares(_OTHER_CODES.get(language, language)), language)


def _shares(code: str) -> Iterator[tuple[str, float]]:
    from wordfreq import get_frequency_list  # takes a fifth of a second, which most commands never need

    for centibels, words in enumerate(get_frequency_list(code, "small")):
        for word in words:
            yield word, 10 ** (-centibels / 100)
    get_frequency_list.cache_clear()  # only the steps are needed from now on
