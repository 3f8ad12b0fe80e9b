"""What narrows a rank: "first Arab country", "first in Africa since 1994"; and whom the ranked noun names."""

from __future__ import annotations

import re

from firstwire.core.events.parsed_sentence import ParsedSentence
from firstwire.core.events.ranks import Ordinal
from schemas.record import EntityKind

KINDS: dict[str, EntityKind] = {
    "nation_noun": "nation",
    "leader_noun": "leader",
    "person_noun": "person",
    "organization_noun": "organization",
    "place_noun": "subnational",
    "thing_noun": "other",
}
"""Kinds of the ranked by the class of the noun."""
_IN = frozenset({"in", "of", "from", "outside", "among", "amongst", "within", "across", "on", "anywhere"})
_BREAKS = frozenset({",", ";", ":"})
_SINCE = re.compile(
    r"\bsince\s+(?!then)[^,;:.]+?(?=\s+to\s+[a-z]|\s+(?:that|who|which|while|after|but)\b|[,;:.]|$)"
    r"|\b(?:in|for)\s+(?:(?:a|more|than|over|nearly|almost|about|some|at|least|the|last|past|many|several|half|\d+|[a-z]+teen"
    r"|[a-z]+ty|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundred)\s+)+"
    r"(?:years?|decades?|centur(?:y|ies)|months?|generations?)\b",
    re.IGNORECASE,
)


def kind_ranked(sentence: ParsedSentence, rank: Ordinal) -> EntityKind | None:
    """The kind of whom the noun ranks; None if it does not say."""
    if rank.noun is None:
        return None
    mention = sentence.tree.mention(rank.noun)
    if mention is not None:
        return "person" if mention.role == "demonym" else None
    return next((kind for name, kind in KINDS.items() if sentence.is_a(rank.noun, name)), None)


def since_of(sentence: ParsedSentence, rank: Ordinal) -> str | None:
    """The time restriction as in the text: "since 1994", "in 20 years". None: ever."""
    words = sentence.tree.sentence.words
    comma = next((word.start for word in words[max(rank.at, rank.top) :] if word.low in _BREAKS), None)
    end = sentence.tree.sentence.end if comma is None else comma
    found = _SINCE.search(sentence.tree.sentence.source, _end(sentence, rank), end)
    return None if found is None else found[0]


def scope_of(sentence: ParsedSentence, rank: Ordinal) -> str | None:
    """The group or region to which a rank is restricted, as in the text. None: of all."""
    tree = sentence.tree
    parts = []
    noun = rank.noun if rank.noun is not None and rank.noun == rank.top else None
    if noun is not None:
        before = [each for each in range(rank.at + 1, noun) if _narrows(sentence, each)]
        if before:
            parts.append(_text(sentence, before[0], before[-1]))
        elif tree.low(rank.at - 1) == "'s" and rank.at > 1 and _narrows(sentence, rank.at - 2):
            parts.append(tree.word(rank.at - 2).text)
    after = max(rank.at, rank.top) + 1
    if tree.low(after) in _IN:
        inside = [each for each in tree.below(after) if rank.verb is None or each < rank.verb]
        last = after
        while last + 1 in inside and tree.low(last + 1) not in {",", ";", ":", "since", "to"}:
            last += 1
        words = [tree.low(each) for each in range(after + 1, last + 1)]
        is_time = _SINCE.match(tree.sentence.source, tree.word(after).start) is not None
        if words and not is_time and not any(sentence.is_a(each, "world") for each in range(after + 1, last + 1)):
            parts.append(_text(sentence, after, last))
    return " ".join(parts) or None


def narrowed(scope: str | None, since: str | None) -> str | None:
    """All restrictions of a claim in one text: "Arab since 1994". None: of all, ever."""
    return " ".join(filter(None, (scope, since))) or None


def _narrows(sentence: ParsedSentence, at: int) -> bool:
    return not (sentence.is_a(at, "world") or sentence.is_a(at, "office") or sentence.tree.low(at) in {"'s", "the"})


def _end(sentence: ParsedSentence, rank: Ordinal) -> int:
    return sentence.tree.word(max(rank.at, rank.top)).end


def _text(sentence: ParsedSentence, first: int, last: int) -> str:
    tree = sentence.tree
    return tree.sentence.source[tree.word(first).start : tree.word(last).end]
