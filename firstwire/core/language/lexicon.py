"""The lexicon: classes of verbs and nouns, cues of status, and frames of acts; read from a file by the caller.

Code knows classes, never words. All words are in base form and American spelling; a particle follows its verb:
"send-home".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from firstwire.core.text.lemmas import Lemmas
from schemas.event import Status

Source = Literal["noun", "verb", "owner"]
"""Where a party may stand: in a phrase after the noun, in one after the verb, or before the noun as its owner."""

Sides = Literal["one", "either", "both"]
"""Whether one side acts on the other, or those named together act on each other, or all are actors and targets."""

CueKind = Literal["negation", "condition", "background", "modal", "hedge", "past"]

_STAND_INS = {
    "give": ("give", "gives", "gave", "giving"),
    "call": ("call", "calls", "called", "calling"),
    "reject": ("reject", "rejects", "rejected", "rejecting"),
    "deny": ("deny", "denies", "denied", "denying"),
}
"""Forms of plain verbs that a parser is shown instead of rare ones: base, third person, past, present participle."""
_BRITISH = re.compile(r"is(e|es|ed|ing)$")
"""Spellings that the parser knows less well than the American ones."""


@dataclass(frozen=True)
class PartyPlace:
    """A place of a party: `after` is the preposition of the phrase, empty for an owner."""

    source: Source
    after: str = ""


@dataclass(frozen=True)
class Frame:
    """An act: a class of verb with a class of object, and the places where the other party may stand, best first."""

    act: str
    verb: str
    noun: str
    places: tuple[PartyPlace, ...]
    sides: Sides = "one"
    needs_target: bool = True
    near: str = ""
    """A class of words, one of which must stand in the sentence."""


@dataclass(frozen=True)
class Cue:
    kind: CueKind
    status: Status


@dataclass(frozen=True)
class Lexicon:
    """Classes by word."""

    verbs: Mapping[str, frozenset[str]]
    nouns: Mapping[str, frozenset[str]]
    nominals: Mapping[str, frozenset[str]]
    """Nouns that name an act, with the class of their verb: "closure"."""
    governors: Mapping[str, Status]
    """Verbs, nouns and adjectives that decide the status of what they govern."""
    cues: Mapping[str, Cue]
    """Words beside a verb that decide its status: "not", "will", "reportedly"."""
    words: Mapping[str, frozenset[str]]
    """All other words, by class: "body", "not_acting", "veil"."""
    frames: Sequence[Frame]
    stand_ins: Mapping[str, str]
    """Verbs that a parser takes for nouns in headlines, with the plain verb to show it instead."""
    lemmas: Lemmas

    @property
    def states(self) -> frozenset[str]:
        return self.words["state"]

    def verb(self, low: str) -> str:
        return self.lemmas.verb(low)

    def is_a(self, low: str, kind: str) -> bool:
        """Whether a word or its singular is of a class."""
        words = self.words.get(kind, frozenset())
        return low in words or singular(low) in words

    def does(self, low: str, kind: str) -> bool:
        """Whether a form of a verb is of a class."""
        return self.is_a(self.verb(low), kind)

    def begins_as(self, low: str, kind: str) -> bool:
        """Whether a word begins with one of the stems of a class: "terrorist", "terrorism"."""
        return low.startswith(tuple(self.words.get(kind, ())))

    def shown(self, low: str) -> str | None:
        """The form of a plain verb to show a parser instead of a form of a rare one; None for all other words."""
        lemma = self.lemmas.verb(low)
        if lemma.endswith("ize") and _BRITISH.search(low):
            return _BRITISH.sub(r"iz\1", low)
        stand_in = self.stand_ins.get(low, self.stand_ins.get(lemma))
        if stand_in is None:
            return None
        base, third, past, participle = _STAND_INS[stand_in]
        if low.endswith("ing"):
            return participle
        if low == lemma or low in self.stand_ins:
            return base
        return third if low.endswith("s") else past


_SINGULARS = {"attaches": "attache"}


def singular(low: str) -> str:
    """The singular of a regular plural; other words unchanged."""
    if low in _SINGULARS:
        return _SINGULARS[low]
    if low.endswith("ies") and len(low) > 4 and low != "ties":
        return f"{low[:-3]}y"
    if low.endswith(("sses", "shes", "ches")):
        return low[:-2]
    return low[:-1] if low.endswith("s") and not low.endswith(("ss", "us", "is")) else low
