"""Months by their names in some seventy languages, from CLDR: `seeds/dates/months.json`."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

from firstwire.core.stories.identity import language_key

PREFIX_CHARACTERS = 3
"""What programs cut names to: `сен`, `Okt`. Shorter beginnings are of several months."""

_ACCENTS = re.compile("[\u0300-\u036f]")
_MARKS = re.compile(r"[.'’`׳՛॰]")

Names = dict[str, frozenset[int]]


def month_number(name: str, language: str | None = None) -> int | None:
    """1 to 12 by a name or its beginning; None if it is none, or that of different months in different languages.

    English comes first, since programs write it in feeds of every language, then `language`, a BCP 47 tag.
    """
    key = _key(name)
    primary = language_key(language or "")
    for names in (_of_language("en"), _of_language(primary), _of_all()):
        months = names.get(key, frozenset())
        if not months and len(key) >= PREFIX_CHARACTERS and key.isalpha():
            months = frozenset().union(*(found for full, found in names.items() if full.startswith(key)))
        if len(months) == 1:
            return next(iter(months))
    return None


@lru_cache(maxsize=1)
def _table() -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = json.loads(
        (files("seeds") / "dates" / "months.json").read_text(encoding="utf-8")
    )
    return found


@lru_cache(maxsize=128)
def _of_language(language: str) -> Names:
    return _by_name([_table()[language]] if language in _table() else [])


@lru_cache(maxsize=1)
def _of_all() -> Names:
    return _by_name(_table().values())


def _by_name(languages: Iterable[list[list[str]]]) -> Names:
    found: defaultdict[str, set[int]] = defaultdict(set)
    for months in languages:
        for number, names in enumerate(months, start=1):
            for name in names:
                found[_key(name)].add(number)
    return {name: frozenset(months) for name, months in found.items()}


def _key(name: str) -> str:
    """The name without case, accents and dots: `Ιούλ.` is `ιουλ`."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    return unicodedata.normalize("NFC", _MARKS.sub("", _ACCENTS.sub("", folded))).strip()
