"""Status and rank of an act in a sentence of another language."""

from __future__ import annotations

import re
from typing import NamedTuple, cast

from firstwire.core.entities.sentence import Sentence
from firstwire.core.events.foreign_grammar import Grammar
from firstwire.core.events.foreign_text import Masked
from schemas.event import Status

PLAIN = "said as a fact"
"""The cue in the absence of any other."""
_FOUR_DIGITS = re.compile(r"(?<!\w)(\d{4})(?!\d)")
_BORDER_YEAR = re.compile(r"(?:front|границ|кордон|grenz|حدود|مرز|边界|confin)[\w ]{0,25}$")
_SOLAR_HIJRI = (1200, 1500, 621)
"""Range of Persian years, and the offset to Gregorian years."""

_FINITE = frozenset({"asserted", "historical"})
"""Forms that assert the act: only the cues below override them."""
_AGAINST_FINITE = frozenset({"negated", "conditional", "unconfirmed"})
_NOT_YET = frozenset({"planned", "conditional", "unconfirmed", "negated"})
"""Forms of an act that has not happened: "announces that it will" does not override them."""

_CLAUSE_END = re.compile(r"[,:;!?—]")
_POSTPONED_RANK = "ال"


class Rank(NamedTuple):
    """The ordinal of a sentence and the scope of its claim."""

    ordinal: int | None = None
    scope: str | None = None
    claims_first: bool = False


class ForeignStatus(NamedTuple):
    """The status with its cue, the action, and the day if the sentence names a year."""

    status: Status
    cue: str
    action: str
    day: str | None


def judge(
    grammar: Grammar, text: str, kind: str, place: tuple[int, int, int], published_on: str, ordinal: int | None
) -> ForeignStatus | None:
    """The status of an act; `place`: the beginning of its clause, the beginning of the act, the end of its names.

    None for a noun without a word that decides whether the act happened.
    """
    since, begin, end = place
    stop = _CLAUSE_END.search(text, end)
    clause_end = stop.start() if stop else len(text)
    until = clause_end if grammar.verb_last else begin
    action = "recognize"
    if kind == "noun" and grammar.withdrawn.search(text, since, until) is not None:
        action = "withdraw_recognition"
    elif kind != "noun" and grammar.no_longer.search(text, since, max(until, end)) is not None:
        return ForeignStatus("asserted", "no longer", "withdraw_recognition", None)
    found = _cue(grammar, text, kind, since, until)
    if found is None and kind == "bare":
        found = _cue(grammar, text, kind, 0, begin)
    if kind in _NOT_YET and (found is None or found[0] == "asserted"):
        found = cast("Status", kind), text[begin:end].strip()
    if found is not None and found[0] == "negated":
        return ForeignStatus(*found, action, None)
    if found is None or found[0] in {"asserted", "planned", "unconfirmed"}:
        found = _around(grammar, text, since, begin, end) or found
    if found is not None and found[0] != "asserted":
        return ForeignStatus(*found, action, None)
    if kind == "present" and (soon := grammar.soon.search(text)) is not None:
        return ForeignStatus("planned", soon[0].strip(), action, None)
    past = _past(grammar, text, begin, clause_end, published_on)
    if past is not None:
        return ForeignStatus("historical", past[0], action, past[1])
    if kind == "historical":
        return ForeignStatus("historical", "past perfect", action, None)
    if found is not None or action != "recognize":
        return ForeignStatus("asserted", found[1] if found is not None else PLAIN, action, None)
    if kind == "noun" and ordinal is None:
        return None
    if kind == "bare" and ordinal is None:
        return ForeignStatus("unconfirmed", "infinitive", action, None)
    return ForeignStatus("asserted", PLAIN, action, None)


def _cue(grammar: Grammar, text: str, kind: str, since: int, until: int) -> tuple[Status, str] | None:
    """The cue next to the act, the longest first: "does not rule out" is longer than "not"."""
    found = {
        status: match
        for status, cue in grammar.cues.items()
        if (kind not in _FINITE or status in _AGAINST_FINITE) and (match := cue.search(text, since, until)) is not None
    }
    for status in ("demanded", "negated", "conditional", "unconfirmed", "planned", "asserted"):
        match = found.get(status)
        if match is None:
            continue
        longer = (each for each in found.values() if each.start() <= match.start() and match.end() < each.end())
        if next(longer, None) is None:
            return status, match[0].strip()
    return None


def _around(grammar: Grammar, text: str, since: int, begin: int, end: int) -> tuple[Status, str] | None:
    """Cues before or after the clause: if, sources say, a question."""
    for low, high in ((0, since), (end, len(text))):
        if (match := grammar.cues["conditional"].search(text, low, high)) is not None:
            return "conditional", match[0].strip()
    if (match := grammar.rumour.search(text)) is not None:
        return "unconfirmed", match[0].strip()
    if text.rstrip().endswith("?"):
        return "unconfirmed", "?"
    return None


def _past(grammar: Grammar, text: str, begin: int, end: int, published_on: str) -> tuple[str, str | None] | None:
    """The words that date the act to the past, and the day if they name a year."""
    for match in _FOUR_DIGITS.finditer(text, 0, end):
        year = int(match[1])
        low, high, added = _SOLAR_HIJRI
        year += added if low < year < high else 0
        if 1800 < year < int(published_on[:4]) and not _BORDER_YEAR.search(text, 0, match.start()):
            return match[1], f"{year}-01-01"
    match_ago = grammar.historical.search(text, 0, end)
    return (match_ago[0].strip(), None) if match_ago is not None else None


def ranked(grammar: Grammar, masked_sentence: Masked, sentence: Sentence, begin: int) -> Rank:
    """The ordinal that ranks states, with or without a noun: "Russia was the first to recognize"."""
    text = masked_sentence.text
    for match in grammar.rank.finditer(text, begin):
        group = match.lastgroup or ""
        number = 1 if group == "only" else int(match["digits"] or group.removeprefix("r"))
        counted = (grammar.counted if grammar.spaced else grammar.counted_close).match(text, match.end())
        follows = match[0].startswith(_POSTPONED_RANK) and grammar.country.search(
            text, max(0, match.start() - 24), match.start()
        )
        if counted is None and not follows and not (group == "r1" and grammar.alone.match(text, match.end())):
            continue
        scope = _scope(grammar, masked_sentence, sentence, match.end(), counted.end()) if counted is not None else None
        return Rank(number, scope, number == 1 and group != "only")
    return Rank()


def _scope(grammar: Grammar, masked_sentence: Masked, sentence: Sentence, start: int, end: int) -> str | None:
    """The words next to "country" that narrow a claim: "first Arab country"."""
    text = masked_sentence.text
    act = grammar.act.search(text, end)
    stop = min([each.start() for each in (act, grammar.clause.search(text, end)) if each is not None] or [end])
    stop = stop if stop - end < 40 else end
    for low, high in ((start, end), (end, stop)):
        words = grammar.world.sub(" ", text[low:high])
        country = grammar.country.search(words)
        words = words.replace(country[0], " ", 1) if country is not None and low == start else words
        if words.strip():
            kept = words.split()
            first, last = text.index(kept[0], low), text.rindex(kept[-1], low, high) + len(kept[-1])
            span = masked_sentence.original(first, last)
            return sentence.source[span[0] : span[1]]
    return None
