"""Text that was decoded wrongly before it was published, such as `Ð Ð¾ÑÑÐ¸Ñ` or `â€™`: noticed, not repaired. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

EXCERPT_CHARACTERS = 60
GARBLED_SHARE = 0.1
"""Share of the texts from which on a feed is reported: one article may quote such text."""

# UTF-8 read as a Western encoding, as windows-1251, and characters that were lost
_WESTERN_TAIL = "[\x80-\xbf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
_SIGNS = re.compile(
    rf"\xc3[\xa1-\xbf]|(?:[\xc2\xc4\xc5\xce\xcf\xd0\xd1\xd7-\xd9]{_WESTERN_TAIL}.{{0,20}}?){{2}}"
    rf"|[\xe0-\xef]{_WESTERN_TAIL}{{2}}"
    "|(?:[РС][\xa0-\xbf\u0402-\u040f\u0451-\u045f\u0490\u0491\u2013-\u2122]\\s?(?:[РС][а-яА-Я]\\s?){0,5}){2}"
    "|\ufffd.{0,3}\ufffd|\ufffd.{1,200}\ufffd.{1,200}\ufffd"
)


def garbled_excerpt(texts: Iterable[str]) -> str | None:
    """An excerpt of the first garbled one, if a tenth of the texts are garbled; else None."""
    texts = [text for text in texts if text]
    found = [sign for sign in map(_SIGNS.search, texts) if sign is not None]
    if not found or len(found) < GARBLED_SHARE * len(texts):
        return None
    first = found[0]
    return first.string[max(0, first.start() - 10) :][:EXCERPT_CHARACTERS]
