"""Datelines: the place, day and agency before the first sentence of a text.

"KABUL, July 3 (Reuters) - ", "Damascus – ", "MOSCOW, July 2. /TASS/. ", "22:41 — ". A parser takes them for a part of
the sentence.
"""

from __future__ import annotations

import re

from firstwire.core.text.sentences import split_sentences

_UPPER = r"[^\W\d_a-zß-öø-ÿ]"
_CAPITALS = rf"{_UPPER}{{2,}}(?:[ .’'/()-]{{1,3}}{_UPPER}+){{0,4}}\)?"
_NAME = rf"{_UPPER}[\w.’'-]+(?:[ /]{{1,3}}(?:{_UPPER}[\w.’'-]+|de|da|do|la|el|of|the)){{0,4}}"
_PLACE = rf"(?:{_CAPITALS}|{_NAME})(?:, {_NAME}){{0,2}}"
_MONTH = r"[^\W\d_]{3,9}\.?"
_DAY = rf"(?:{_MONTH} \d{{1,2}}|\d{{1,2}}(?:st|nd|rd|th)? {_MONTH})(?:,? \d{{4}})?"
_AGENCY = r"(?:\([^()\n]{2,30}\)|/[^/\n]{2,30}/)"
_DASH = r"(?:--|[‒–—―−]|-(?=\s))"
_MARK = rf"(?:\s?\.?\s?(?:{_DASH}|//|\|)\s?|[:.]\s)"
_FORMS = (
    rf"{_PLACE}(?:, {_DAY})?[.,]? {_AGENCY}(?:{_MARK}|\s)",  # KABUL, July 3 (AP) — The · MOSCOW, July 3. /TASS/. The
    rf"{_PLACE}, {_DAY}{_MARK}",  # Kabul, July 3 – The
    rf"{_CAPITALS}(?:, {_NAME})?(?:{_MARK}|\s*\n)",  # KABUL, Afghanistan — The · KABUL: The
    rf"{_NAME}(?:, {_NAME})? (?:{_DASH}|//|\|)\s",  # Kuwait City, Kuwait – The
    rf"{_DAY} {_AGENCY}{_MARK}",  # July 3, 2026 (KABUL) – The
    rf"{_AGENCY}(?:{_MARK}{_PLACE}(?:, {_DAY})?)?{_MARK}",  # (ANSA) - ROME, OCT 2 - The
    rf"\d{{1,2}}:\d{{2}}(?: (?:[ap]\.?m\.?|[A-Z]{{2,4}}))?(?:\s?{_DASH})? ",  # 22:41 – The
)
_LABELS = r"(?:claim|fact|false|true|verdict|rating|rumou?r|analysis|opinion|question|answer|headline)\b"
_DATELINE = re.compile(rf"(?!(?i:{_LABELS}))(?:{'|'.join(_FORMS)})")
LENGTH = 90
"""Code points that a dateline may have."""


def dateline_end(text: str, *, is_title: bool = False) -> int:
    """Where a text begins after its dateline; 0 without one. In a title "UN: " is who says it."""
    found = _DATELINE.match(text[:LENGTH])
    if found is None or (is_title and found[0].rstrip()[-1] in ":.|"):
        return 0
    return found.end()


def sentences_told(text: str, at_most: int, *, is_title: bool = False) -> list[tuple[int, int]]:
    """Spans of the first sentences of a text, without its dateline."""
    begin = dateline_end(text, is_title=is_title)
    spans = split_sentences(text, at_most + 1)
    return [(max(start, begin), end) for start, end in spans if end > begin][:at_most]
