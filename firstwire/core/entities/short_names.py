"""Short names of leaders: "Kerry" after "John Kerry", "Kim" after "Kim Jong Un". Only after the full name."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from firstwire.core.entities.gazetteer import Mention
from firstwire.core.text.word_lists import word_set

FAMILY_NAME_FIRST = word_set("china north-korea south-korea taiwan vietnam")
_SHORTEST = 3
_TITLES_OF_RULERS = word_set("president king queen pope prince princess emperor secretary")


def add_short_names(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions, and those of leaders by family name only, in order."""
    found = list(mentions)
    taken = {at for mention in mentions for at in range(mention.start, mention.end)}
    known: set[str] = set()
    for mention in mentions:
        short = _family_name(mention)
        if short is None or short in known:
            continue
        known.add(short)
        for match in re.compile(rf"\b{re.escape(short)}\b").finditer(text, mention.end):
            start, end = match.span()
            if start not in taken:
                taken.update(range(start, end))
                found.append(msgspec.structs.replace(mention, start=start, end=end, text=short))
    return sorted(found, key=lambda mention: mention.start)


def _family_name(mention: Mention) -> str | None:
    words = mention.text.split()
    if mention.role != "leader" or len(words) < 2 or words[0].lower() in _TITLES_OF_RULERS:
        return None
    nation = mention.nation.id if mention.nation is not None else ""
    short = words[0] if nation in FAMILY_NAME_FIRST else words[-1]
    return short if len(short) >= _SHORTEST and short[0].isupper() else None
