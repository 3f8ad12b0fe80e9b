"""Words that may tell an act between states or a rank. Most sentences have none and are not read.

Every article is searched for them, so they are found all at once by their literal beginnings; an expression is tried
only where one stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

import ahocorasick_rs

_ACT = (
    *("recogni", "acknowledg", r"\brelations", r"\bties\b", r"\blinks\b", "diplomat", "embass", r"\bmissions?\b"),
    *("ambassador", "envoy", "attach[eé]", r"consul(?:ar|ates?|s)?\b", "high commission", "charg(?:é|[eé]s? d)"),
    *("sanction", "embargo", "curbs", "terror", "proscri", "blacklist", "credential", "treaty", r"\bpact\b"),
    *(r"\baccords?\b", "convention", "protocol", "ratif", r"\bink(?:s|ed)\b", r"\bsign(?:s|ed)\b", "legitimate"),
    r"\bsign(?:ing)?\b[^.!?]{0,60}\b(?:agreements?|memorandum|deals?|charter|amendment)\b",
    *("lawful", "sovereign", "independen", "statehood", "persona non grata", "rightful", "chancer"),
)
_RANK = (
    *("first", "maiden", r"\bonly\b", r"\bsecond\b", r"\bthird\b", r"\bfourth\b", r"\bfifth\b", r"\bsixth\b"),
    *(r"\beighth\b", r"\bninth\b", r"(?<=\w)enth\b", r"(?<=\w)elfth\b", r"(?<=\w)ieth\b", r"1st\b", r"2nd\b"),
    *(r"3rd\b", *(rf"{digit}th\b" for digit in range(10)), r"\bno (?:other|one)\b", "nobody", r"\bnever\b"),
    *(r"\bno \w+ (?:\w+ )?(?:had|has|have)\b", r"\bany other\b", r"\bbefore (?:any|every|all)", "ahead of"),
    *(r"\bleads\b", r"\bled\b", r"\bleading\b", "pioneer", "earliest", "inaugural", "premiere", r"\bbeats\b"),
    *(r"\bbeating\b", "precedent", "blaz(?:es|ed|ing)", r"\bpips\b", r"\bpipp?(?:ed|ing)\b"),
    *(r"\bdebut", r"\bno\. ?1\b", "number one", "nowhere", r"\buntil\b", "march on"),
)
_STATES = ("state", "government", "president", "country")
_AS_STATE = re.compile(r"\b(?:as|a|is) (?:[\w'’-]+ ){0,4}(?:state|government|president|country)\b")
"""A recognition may have no other word: "sees it as the country's rightful *government*"."""
_LONGEST = len("governments")
_PHRASE = 80
"""Code points of such a phrase."""
_LITERAL = re.compile(r"(?:\\b|\(\?<=\\w\))?(?P<letters>[\w ]+)(?P<quantifier>\?)?")


class _Expressions:
    """Expressions that each begin with letters, in lower case."""

    def __init__(self, expressions: Sequence[str]) -> None:
        self._expressions = [re.compile(each) for each in expressions]
        self._finder = ahocorasick_rs.AhoCorasick([_beginning(each) for each in expressions])

    def places(self, low: str) -> Iterator[int]:
        """Where the expressions match a text in lower case."""
        for number, start, _ in self._finder.find_matches_as_indexes(low, overlapping=True):
            if self._expressions[number].match(low, start):
                yield start


def _beginning(expression: str) -> str:
    """The letters that everything begins with that an expression matches."""
    found = _LITERAL.match(expression)
    assert found is not None
    return found["letters"][:-1] if found["quantifier"] else found["letters"]


class _OfStates(_Expressions):
    """ "State" and its like, behind "as a", "is the"."""

    def __init__(self) -> None:
        super().__init__(_STATES)

    def places(self, low: str) -> Iterator[int]:
        for start in super().places(low):
            found = _AS_STATE.search(low, max(0, start - _PHRASE), start + _LONGEST)
            if found is not None:
                yield start


@cache
def _words() -> tuple[_Expressions, _Expressions, _Expressions]:
    """Of acts, of recognitions without a word for it, and of ranks."""
    return _Expressions(_ACT), _OfStates(), _Expressions(_RANK)


def trigger_places(text: str) -> list[int]:
    """Where a text has a word that may tell an act or a rank, in order."""
    low = text.lower()
    return sorted(place for words in _words() for place in words.places(low))


def may_tell(text: str) -> bool:
    """Whether a text has a word that may tell an act or a rank."""
    return may_tell_act(text) or may_tell_rank(text)


def may_tell_act(text: str) -> bool:
    acts, states, _ = _words()
    low = text.lower()
    return any(True for words in (acts, states) for _ in words.places(low))


def may_tell_rank(text: str) -> bool:
    return any(True for _ in _words()[2].places(text.lower()))
