"""Status cues in the rest of a sentence: conditions, reports and denials, presupposing clauses."""

from __future__ import annotations

import msgspec

from firstwire.core.entities.sentence import Sentence
from firstwire.core.events.governors import governing_status
from firstwire.core.text.closed_words import (
    CLAUSE_OPENERS,
    PREPOSITIONS,
)
from firstwire.core.text.word_lists import word_set
from schemas.event import Status

_LOOKING_BACK = ("on this day", "this day in", "today in history", "timeline", "flashback", "from the archive")
_CHECKING = ("fact check", "fact-check", "false:", "fake:", "hoax:", "rumor:", "rumour:")
_CONDITIONS = word_set("if unless provided until")


_CONDITION_PHRASES = (
    "in exchange for",
    "in return for",
    "when appropriate",
    "appropriate time",
    "appropriate moment",
    "as long as",
    "provided that",
    "on condition",
    "when conditions",
    "when the time",
    "only when",
    "only after",
    "only once",
)


_HEARSAY = word_set("reports rumors rumours speculation claims suggestions allegations")
_ONE_REPORT = word_set("report rumor rumour claim suggestion allegation")
_DENYING = ("den", "reject", "dismiss", "refut", "quash", "rebut", "disput", "debunk")
_EXPECTING = word_set("expects expected hopes hoped believes believed predicts predicted thinks fears suspects")
_UNTRUE = word_set("false untrue wrong incorrect myth lie fiction")
_DOUBTED = _UNTRUE | word_set("unlikely doubtful possible likely probable true evidence sign indication proof")


class StatusCue(msgspec.Struct, frozen=True):
    """A status, the cue that decided it, and the position from which to look for the subject."""

    status: Status
    cue: str
    subject_end: int
    """The subject is to the left of this word."""
    withdraws: bool = False
    """"No longer recognizes"."""


PLAIN = "said as a fact"
"""The cue in the absence of any other."""


def presupposing(sentence: Sentence, at: int) -> str | None:
    """ "after Russia recognized", "which recognized": the clause is background of another one."""
    at = _before_insertion(sentence, at)
    for place in range(at, max(-1, at - 14), -1):
        low = sentence.low(place)
        if low in {"which", "who", "whose", "why", "how"} or (low == "that" and place == at):
            return low
        if low in {"after", "since", "because", "once", "before", "when", "until"} and place < at + 1:
            return low if not _time_phrase(sentence, place, at) else None
        if low == "," and place < at and sentence.mention(place + 1) is None:
            return None
        if low in {"that", ":", ";", "says", "said", "announces", "announced"}:
            return None
    return None


def _before_insertion(sentence: Sentence, at: int) -> int:
    """The position left of an insertion between subject and verb: ", after talks in Kabul,"."""
    if sentence.low(at) != ",":
        return at
    openers = CLAUSE_OPENERS | PREPOSITIONS
    commas = (place for place in range(at - 2, max(0, at - 20), -1) if sentence.low(place) == ",")
    opening = next(commas, None)
    return opening - 1 if opening is not None and sentence.low(opening + 1) in openers else at


def _time_phrase(sentence: Sentence, opener: int, verb: int) -> bool:
    """ "After talks in Kabul, Russia …", "after Peru, Chile …": a comma ends the phrase before the subject."""
    if sentence.low(opener + 2) == "," and sentence.mention(opener + 1) is not None:
        return not any(word.low == "," for word in sentence.words[verb:])
    return any(
        sentence.low(place) == "," and sentence.mention(place + 1) is not None
        for place in range(opener + 1, opener + 12)
    ) and not any(sentence.mention(place) for place in range(opener + 1, opener + 2))


def condition_of(sentence: Sentence, verb: int, found: StatusCue) -> str | None:
    for place in range(found.subject_end - 1, max(-1, found.subject_end - 14), -1):
        low = sentence.low(place)
        if low in _CONDITIONS:
            return low
        if (low == "," and sentence.low(place + 1) not in PREPOSITIONS) or low in CLAUSE_OPENERS:
            break
    if found.status == "asserted":
        return None
    text = " ".join(word.low for word in sentence.words)
    for phrase in _CONDITION_PHRASES:
        if phrase in text:
            return phrase
    for place in range(verb + 1, min(len(sentence.words), verb + 22)):
        if sentence.low(place) in {"and", "but"} and governing_status(sentence.low(place + 1)) is not None:
            break  # "… and threatens to act if"
        if sentence.low(place) in _CONDITIONS:
            return sentence.low(place)
    if found.status == "planned" and sentence.low(0) in _CONDITIONS:
        return sentence.low(0)
    return None


def judged_by_heading(sentence: Sentence) -> tuple[Status, str] | None:
    """ "On this day in 1991: …", "Fact check: …": the status given by the words before the colon."""
    text = sentence.text[:60].casefold().lstrip("\"'“‘ ")
    if text.startswith(_LOOKING_BACK):
        return "historical", text.split(":")[0]
    return ("unconfirmed", text.split(":")[0]) if text.startswith(_CHECKING) else None


def demanding(sentence: Sentence, verb: int, end: int) -> str | None:
    """ "Demands Kenya recognize", "insist it sever ties": a bare verb after the addressee of a demand."""
    if sentence.low(verb).endswith(("s", "ed", "ing", "t")):
        return None
    for place in range(end - 1, max(-1, end - 6), -1):
        low = sentence.low(place)
        if low.startswith(("demand", "insist", "propos", "recommend", "request", "urg")) and place < end - 1:
            return low
        if low in CLAUSE_OPENERS - {"that"} or low == ",":
            return None
    return None


def _hearsay(sentence: Sentence, at: int) -> tuple[Status, str] | None:
    """ "Rejects media reports it …", "unconfirmed reports say …": the status given to the reports at a position."""
    before = at - 1
    while sentence.low(before) in {"media", "press", "news", "the", "any", "online", "that"} or sentence.mention(
        before
    ):
        before -= 1
    low = sentence.low(before)
    if low.startswith(_DENYING) or low in {"false", "no"}:
        return "negated", f"{low} {sentence.low(at)}"
    if low in {"unconfirmed", "unverified", "conflicting"}:
        return "unconfirmed", f"{low} {sentence.low(at)}"
    return None


def judged_by_report(sentence: Sentence, end: int) -> tuple[Status, str] | None:
    """ "denies that", "reports that … will", "demands that": the status given by the reporting verb."""
    for place in range(end - 1, max(-1, end - 12), -1):
        if sentence.low(place) in {"denies", "denied", "deny", "denying"} and place > end - 7:
            return "negated", sentence.low(place)
        if sentence.low(place) in _EXPECTING and sentence.mention(place + 1) is not None:
            return "unconfirmed", sentence.low(place)
        is_report = sentence.low(place) in _HEARSAY | _ONE_REPORT
        if is_report and (reported := _hearsay(sentence, place)) is not None:
            return reported
        if sentence.low(place) not in {"that", "whether"}:
            continue
        if sentence.low(place) == "whether":
            return "unconfirmed", "whether"
        governor = sentence.low(place - 1)
        if governor in _HEARSAY | _ONE_REPORT | {"fears", "hopes"}:
            outer = sentence.low(place - 2)
            if outer.startswith(_DENYING):
                return "negated", outer
            if (reported := _hearsay(sentence, place - 1)) is not None:
                return reported
            if governor not in _ONE_REPORT:
                return "unconfirmed", governor
        if governor.startswith(("den", "disput")):
            return "negated", governor
        if governor in _DOUBTED:
            is_denied = governor in _UNTRUE or sentence.low(place - 2) in {"not", "no", "never"}
            return ("negated" if is_denied else "unconfirmed"), governor
        if governor.startswith(("propos", "demand", "insist", "request", "recommend")):
            return "demanded", governor
        if governor.startswith(("suggest", "believ", "hint", "hop", "expect", "fear")):
            return "unconfirmed", governor
        return None
    return None
