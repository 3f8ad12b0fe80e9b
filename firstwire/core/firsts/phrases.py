"""The ledger's answer in words: the only place where its structure becomes sentences, in records and for readers.

A record's `ledger` has ISO 8601 days and few names, so that it stays short and can be compared; readers get days in
words, more names, the scopes and the other eras.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import msgspec

from firstwire.core.firsts.ledger import WHOLE_TIME
from firstwire.core.text.wording import cut, day, one_line
from schemas.alert import Act, LedgerAnswer, Novelty, Removal, ScopedNovelty, Unknown

NAMES_IN_RECORDS = 3
NAMES_FOR_READERS = 12
"""Earlier actors that are named; the rest are counted."""

SCOPE_CHARACTERS = 80

_YEARS = re.compile(r"^(\d{4})-(\d{4})$")
_ISO_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


@dataclass(frozen=True)
class _Style:
    """The format of days, and the maximum number of names."""

    day: Callable[[str], str]
    names: int


_RECORD = _Style(day=str, names=NAMES_IN_RECORDS)
_READER = _Style(day=day, names=NAMES_FOR_READERS)


def with_words(novelty: Novelty, actor: str) -> Novelty:
    """The answer with its words for the record. `actor` is the name of the alert's own actor."""
    return msgspec.structs.replace(novelty, ledger=_answer(novelty, actor, _RECORD))


def with_scope_words(scoped: ScopedNovelty, actor: str, done_on: str) -> ScopedNovelty:
    """The same for a scope; the act was done by `actor` on the day `done_on`."""
    return msgspec.structs.replace(scoped, ledger=_scope(scoped, _RECORD, actor, done_on))


def reader_sentence(novelty: Novelty, actor: str, era: str | None) -> str:
    """What the text claims and what the ledger knows, for a person: one line without control characters."""
    claim = "The text says so." if novelty.claimed else "The text does not say so."
    clauses = [one_line(_answer(novelty, actor, _READER, era))]
    done_on = day(novelty.done_on) if novelty.done_on is not None else "that day"
    clauses += [one_line(_scope(scoped, _READER, actor, done_on)) for scoped in novelty.scopes]
    by_era = groupby(sorted(novelty.other_eras, key=lambda act: (act.era, act.date, act.name)), lambda act: act.era)
    clauses += [f"in the era {era_name(other)} {_by_year(list(acts))}" for other, acts in by_era]
    return f"{claim} Ledger: {'; '.join(clauses)}."


def reader_answer(novelty: Novelty, actor: str, era: str | None) -> str:
    """What the ledger knows, without the claim, scopes and other eras: `second, after Malta on 2 Jul 2025`."""
    return one_line(_answer(novelty, actor, _READER, era))


def era_name(era: str) -> str:
    """`1996-2001` → `1996–2001`, `since 2021-08-15` → `since 15 Aug 2021`."""
    return _YEARS.sub(r"\1–\2", _ISO_DAY.sub(lambda found: day(found[0]), one_line(era)))


def ordinal(number: int) -> str:
    """`first`, `second`, `third`, `4th`."""
    words = {1: "first", 2: "second", 3: "third"}
    if number in words:
        return words[number]
    suffix = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def named(names: Sequence[str], limit: int = NAMES_FOR_READERS) -> str:
    """`A, B, C`, or `A, B and 3 more`."""
    rest = len(names) - limit
    return ", ".join(names[:limit]) + (f" and {rest:,} more" if rest > 0 else "")


def _answer(novelty: Novelty, actor: str, style: _Style, era: str | None = None) -> str:
    if novelty.known_since is not None:
        return f"known since {style.day(novelty.known_since)}"
    answer = _bare_answer(novelty, style, era)
    is_redone = novelty.redone_after is not None and novelty.removal is None
    if is_redone and novelty.redone_after is not None:
        answer += f"; {actor} had done so before, undone on {style.day(novelty.redone_after)}"
    return answer


def _bare_answer(novelty: Novelty, style: _Style, era: str | None) -> str:
    match novelty.answer:
        case LedgerAnswer.NO_EARLIER:
            of = f" ({era_name(era)})" if era is not None and era != WHOLE_TIME else ""
            until = novelty.vouched_until
            if until is not None and novelty.done_on is not None and until < novelty.done_on:
                return f"none up to {style.day(until)} on a whole list{of}, none read since"
            return f"no earlier actor in this era{of}"
        case LedgerAnswer.EARLIER if novelty.vouched_until is None:
            return f"at least {novelty.position:,} are on record, after {_acts(novelty.earlier, style)}"
        case LedgerAnswer.EARLIER:
            return f"{ordinal(novelty.position)}, after {_acts(novelty.earlier, style)}"
        case LedgerAnswer.CONTRADICTED:
            return f"contradicted by {_acts(novelty.earlier, style)}"
        case LedgerAnswer.NOT_ENOUGH_KNOWN:
            return "not enough known: nobody vouches that the list of earlier actors is whole"
        case LedgerAnswer.REMOVED:
            return _removal(novelty)
        case LedgerAnswer.NOTHING_NEW:
            undone = style.day(novelty.redone_after) if novelty.redone_after is not None else "that day"
            return f"nothing new: the undoing of {undone} is {_removal(novelty)}"


def _removal(novelty: Novelty) -> str:
    return _removal_words(novelty.removal) if novelty.removal is not None else novelty.ledger


def _removal_words(removal: Removal) -> str:
    """Who denied, withdrew or corrected the act."""
    match removal.by:
        case "actor":
            return f"denied by {removal.name} itself, as {removal.source} says"
        case "outlet":
            return f"withdrawn by {removal.source}"
        case "hand":
            return f"not so, corrected by hand: {removal.source}"


def _scope(scoped: ScopedNovelty, style: _Style, actor: str, done_on: str) -> str:
    if scoped.answer is LedgerAnswer.NOT_ENOUGH_KNOWN and scoped.unknown is None:
        return scoped.ledger  # of an older record, without the reason
    scope = scoped.scope[:SCOPE_CHARACTERS]
    of = " ".join(filter(None, (scoped.member, (scoped.since or "")[:SCOPE_CHARACTERS])))
    match scoped.unknown:
        case Unknown.GROUP:
            return f"{scope}: not enough known, no group of that name"
        case Unknown.MEMBERSHIP:
            return f"{scoped.member}: not enough known, {actor} is not listed as one on {done_on}"
        case Unknown.SINCE:
            return f"{scope}: not enough known, no day is known for that"
        case Unknown.TARGET:
            return f"{of}: not enough known, nobody vouches that the list is whole"
    if not scoped.earlier:
        return f"first {of}: no earlier one known"
    contradicted = "contradicted: " if scoped.answer is LedgerAnswer.CONTRADICTED else ""
    if not scoped.vouched:
        return f"{contradicted}{of}: at least {scoped.position} are on record, after {_acts(scoped.earlier, style)}"
    return f"{contradicted}{ordinal(scoped.position or 1)} {of}, after {_acts(scoped.earlier, style)}"


def _acts(acts: Iterable[Act], style: _Style) -> str:
    """`A on D, B on D and C on D`; if there are many, the first few and the number of the rest."""
    ordered = sorted(acts, key=lambda act: (act.date, act.actor))
    words = [f"{cut(act.name, SCOPE_CHARACTERS)} on {style.day(act.date)}" for act in ordered]
    if len(words) > style.names:
        return named(words, style.names)
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]])) or "an earlier act"


def _by_year(acts: Sequence[Act]) -> str:
    years = groupby(acts, lambda act: act.date[:4])
    return ", ".join(f"{named([one_line(act.name) for act in of_year])} ({year})" for year, of_year in years)
