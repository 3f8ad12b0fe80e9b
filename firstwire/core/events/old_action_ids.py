"""Action ids from before the list of verbs: "agrees to a truce" was `agre-to-truce`.

The first word of an id was made by removing endings. Old records remain, so an old id is mapped to the current id
of the same words. The words themselves are not stored: the forms that lead to an old first word
are tried, and all forms that are on the list must belong to one verb. These ids remain unchanged:

- those whose first word is the base form of a verb, like current ids. `singe` was also "singing", `found` also "finds";
- those whose first word has forms of several verbs;
- those of verbs that are not on the list.
"""

from __future__ import annotations

import re
from typing import TypeVar

import msgspec

from firstwire.core.text.lemmas import Lemmas
from firstwire.core.text.word_lists import word_set
from schemas.alert import Subject
from schemas.event import Event
from schemas.ledger import LedgerCorrection, LedgerPage, LedgerVouching
from schemas.record import Record
from schemas.state import AlertMemory

R = TypeVar("R", bound=Record)

_ENDINGS = (
    ("ies", "y", re.compile(r"[^aeiou]ies$")),
    ("es", "", re.compile(r"(?:ss|sh|ch|x|zz|o)es$")),
    ("s", "", re.compile(r"[^su]s$")),
)
_DOUBLED = re.compile(r"([bdgmnprt])\1$")
_MUTE_E = re.compile(r"(?:[iy]z|is|at|v|c|g|[^aeiou][aeiou][rs])$")
_TRUE_ISE = word_set(
    "advertise advise apprise comprise compromise devise enterprise exercise franchise improvise promise revise"
    " supervise surprise televise"
)


class OldActionIds:
    """Maps old action ids to current ones."""

    def __init__(self, lemmas: Lemmas) -> None:
        self._lemmas = lemmas

    def today(self, action: str) -> str:
        """The current id of an action; unchanged if already current or unknown."""
        first, hyphen, rest = action.partition("-")
        if first in self._lemmas.verbs.get(first, ()):
            return action
        forms = [form for form in _forms_of(first) if form in self._lemmas.verbs and old_first_word(form) == first]
        verbs = {self._lemmas.verb(form) for form in forms}
        return f"{verbs.pop()}{hyphen}{rest}" if len(verbs) == 1 else action

    def renamed(self, record: R) -> R:
        """The record with the current action id. Its own id is unchanged, so that nothing is raised again."""
        renamed: Record = record
        if isinstance(record, Event | LedgerPage | LedgerCorrection | LedgerVouching):
            renamed = msgspec.structs.replace(record, action=self.today(record.action))
        elif isinstance(record, AlertMemory):
            subject = self._subject(record.subject)
            alert = record.alert and msgspec.structs.replace(record.alert, subject=self._subject(record.alert.subject))
            renamed = msgspec.structs.replace(record, subject=subject, alert=alert)
        return record if renamed == record else renamed  # type: ignore[return-value]  # `replace` keeps the type

    def _subject(self, subject: Subject) -> Subject:
        return msgspec.structs.replace(subject, action=self.today(subject.action) if subject.action else None)


def old_first_word(form: str) -> str:
    """The first word of an old id, from a verb's form. Must not change, as stored ids depend on it."""
    base = _cut(form)
    return f"{base[:-3]}ize" if base.endswith("ise") and len(base) > 6 and base not in _TRUE_ISE else base


def _cut(form: str) -> str:
    for ending, instead, pattern in _ENDINGS:
        if pattern.search(form):
            return form[: -len(ending)] + instead
    for ending in ("ing", "ed"):
        if form.endswith(ending) and len(form) > len(ending) + 2:
            stem = form[: -len(ending)]
            if _DOUBLED.search(stem):
                return stem[:-1]
            return stem + "e" if _MUTE_E.search(stem) else stem
    return form


def _forms_of(first: str) -> set[str]:
    """All forms that may have been reduced to a first word."""
    words = {first, f"{first[:-3]}ise"} if first.endswith("ize") else {first}
    stems = words | {word[:-1] for word in words if word.endswith("e")} | {word + word[-1:] for word in words}
    return words | {stem + ending for stem in stems for ending in ("s", "es", "ed", "ing")} | {f"{first[:-1]}ies"}
