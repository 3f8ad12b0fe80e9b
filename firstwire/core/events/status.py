"""Whether the text says that an act happened, or only that it is planned, denied, demanded, possible or long past.

Decided by the words around the verb, nearest first; the word that decided is the cue.
"""

from __future__ import annotations

import msgspec

from firstwire.core.events.dates import past_cue
from firstwire.core.events.sentence import Sentence
from firstwire.core.events.vocabulary import (
    AUXILIARIES,
    CLAUSE_OPENERS,
    DETERMINERS,
    PREPOSITIONS,
    is_adverb,
    ordinal_of,
)
from firstwire.core.text.word_lists import word_set
from schemas.event import Status


class Judgement(msgspec.Struct, frozen=True):
    """A status, the cue that decided it, and where to look for the subject."""

    status: Status
    cue: str
    subject_end: int
    """The subject stands to the left of this word."""
    withdraws: bool = False
    """"No longer recognizes"."""


def _stems(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Verbs and nouns before "to recognize", "recognizing", "recognition", by the beginning of the word.
GOVERNORS: tuple[tuple[Status, tuple[str, ...]], ...] = (
    ("negated", _stems("refus declin fail reluctan unwilling oppos rejec avoid forbid prohibit hesita abstain balk")),
    ("negated", _stems("deny denie denying exclud fell fall stop stopp stops halt unable delay postpon impossib")),
    (
        "demanded",
        _stems("ask urg call demand push press requir request appeal encourag implor beg lobb insist forced forcing"),
    ),
    (
        "demanded",
        _stems("recommend advocat campaign favour favor must bid effort time seek sought petition resist pressur"),
    ),
    ("conditional", _stems("offer threat willing warn precondition condition")),
    (
        "unconfirmed",
        _stems("likely unlikely expect consider mull weigh contemplat possib may might rumor rumour speculat believ"),
    ),
    (
        "unconfirmed",
        _stems("appear seem discuss debat explor review stud talks negotiat potential prospect hint suggest"),
    ),
    ("planned", _stems("plan vow pledg promis agree intend intention prepar ready readiness announcing due poised")),
    ("planned", _stems("commit want wish aim hope going about set sets path way begin start try tries attempt mov")),
    (
        "planned",
        _stems("bill motion propos schedul steps agreement deal draft wait eager keen resolv determined closer"),
    ),
    (
        "asserted",
        _stems("decid vot chose choos opt proceed treaty proclam declar statement decree document law resolution"),
    ),
    ("asserted", _stems("announc sign signs issu approv formal join adopt pass hand grant")),
    (
        "historical",
        _stems("decision choice continu agreed-upon thank prais welcom hail condemn criti protest angr react blam"),
    ),
)
_EXACT = {
    "time",
    "may",
    "might",
    "must",
    "set",
    "sets",
    "due",
    "law",
    "way",
    "bid",
    "about",
    "going",
    "talks",
    "ask",
    "sign",
}

_MODALS: dict[str, Status] = {
    "will": "planned",
    "'ll": "planned",
    "shall": "planned",
    "would": "conditional",
    "could": "conditional",
    "can": "conditional",
    "may": "unconfirmed",
    "might": "unconfirmed",
    "should": "demanded",
    "must": "demanded",
    "ought": "demanded",
    "need": "demanded",
    "needs": "demanded",
}
_NEGATIONS = word_set("not never cannot without neither nor cant dont wont")
_TURNING_DOWN = ("reject", "block", "veto", "scrap", "shelv", "abandon", "oppos", "defeat", "drop", "den")
_HEDGES = word_set("reportedly allegedly supposedly possibly perhaps potentially apparently maybe")
PLAIN = "said as a fact"
"""The cue where no word makes it anything else."""

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
_REPORTING = word_set("said says announced confirmed reported stated told declared announces")
_PRESUPPOSING = word_set(
    """
    after since following because for over by upon amid despite once before when where
    """
)
_COMMANDED = word_set("world community countries states nations government governments members allies")


def judge(sentence: Sentence, verb: int, published_on: str, *, past: bool = False, gerund: bool = False) -> Judgement:
    """The status of the act that the verb (or "recognition") at a place names."""
    found = _by_chain(sentence, verb, past=past, gerund=gerund)
    if found.withdraws:
        return found
    if found.status != "historical" and (cue := past_cue(sentence, verb, published_on, past=past)) is not None:
        return Judgement("historical", cue, found.subject_end)
    if found.status in {"planned", "negated", "unconfirmed", "conditional", "asserted"}:
        cue = _condition(sentence, verb, found)
        if cue is not None:
            return Judgement("conditional", cue, found.subject_end)
    if found.status in {"asserted", "planned"} and (other := _by_report(sentence, found.subject_end)) is not None:
        return Judgement(other[0], other[1], found.subject_end)
    if found.status == "asserted" and sentence.text.rstrip("\"'”’ ").endswith("?"):
        return Judgement("unconfirmed", "?", found.subject_end)
    return found


def governing_status(word: str) -> Status | None:
    """What a verb or noun says of the act it governs."""
    for status, stems in GOVERNORS:
        if any(word == stem if stem in _EXACT else word.startswith(stem) for stem in stems):
            return status
    return None


def _by_chain(sentence: Sentence, verb: int, *, past: bool, gerund: bool) -> Judgement:
    """Auxiliaries and adverbs left of the verb, then the verb or noun that governs it."""
    at = verb - 1
    modal: tuple[Status, str] | None = None
    negation = hedge = had = infinitive = ""
    while at >= 0:
        low = sentence.low(at)
        if low == "longer" and sentence.low(at - 1) in {"no", "not", "any"}:
            ahead: Status = "planned" if sentence.low(at - 2) == "will" else "asserted"
            return Judgement(ahead, "no longer", at - 1, withdraws=True)
        if low in _NEGATIONS or low.endswith("n't"):
            negation = negation or low
        elif low in _MODALS:
            modal = modal or (_MODALS[low], low)
        elif low in _HEDGES:
            hedge = low
        elif low == "had":
            had = "" if _is_reported(sentence, at) else low
        elif low in {"is", "are"}:
            gerund = False
        elif low == "to":
            infinitive = low
            at -= 1
            break
        elif not (low in AUXILIARIES or is_adverb(low)):
            break
        at -= 1
    if infinitive and not modal and sentence.low(at) in {"has", "have", "had", "needs", "need", "ought"}:
        return Judgement("demanded", f"{sentence.low(at)} to", at)
    if negation and not infinitive:
        return Judgement("negated", negation, at + 1)
    if modal is not None:
        return Judgement(modal[0], modal[1], at + 1)
    if hedge:
        return Judgement("unconfirmed", hedge, at + 1)
    if infinitive:
        return _infinitive(sentence, at, negation)
    if gerund:
        return _gerund(sentence, at)
    if had:
        return Judgement("historical", "had", at + 1)
    if (opener := _presupposing(sentence, at)) is not None:
        return Judgement("historical", opener, at + 1)
    return Judgement("asserted", PLAIN, at + 1)


def _is_reported(sentence: Sentence, at: int) -> bool:
    """ "Said that Russia had recognized": the past of the report, not of the act."""
    return any(sentence.low(place) in _REPORTING for place in range(max(0, at - 12), at))


def _infinitive(sentence: Sentence, at: int, negation: str) -> Judgement:
    while at > 0 and (is_adverb(sentence.low(at)) or sentence.low(at) in _NEGATIONS):
        negation = negation or (sentence.low(at) if sentence.low(at) in _NEGATIONS else "")
        at -= 1
    governor = sentence.low(at)
    if governor in {"is", "are", "was", "were", "be"}:
        return Judgement("negated" if negation else "planned", f"{governor} to", at)
    if governor == "yet" or sentence.low(at + 1) == "yet":
        return Judgement("negated", "yet to", at)
    if governor in {"decision", "choice", "move"} and sentence.low(at - 1) in {"the", "a", "its"}:
        maker = sentence.low(at - 2)
        if maker in {"made", "makes", "took", "takes", "taken"}:
            return _outer(sentence, at - 2, "asserted", f"{maker} the {governor} to")
        return Judgement("historical", f"{governor} to", at)
    if governor in {"move", "decision", "choice"}:
        return Judgement("historical", f"{governor} to", at)
    if governor.startswith("ceas"):
        return msgspec.structs.replace(_outer(sentence, at, "asserted", f"{governor} to"), withdraws=True)
    status = governing_status(governor) if sentence.mention(at) is None and governor not in _COMMANDED else None
    if status is None:
        return _without_governor(sentence, at, negation)
    if negation and status in {"planned", "asserted"}:
        status = "negated"
    return _outer(sentence, at, status, f"{governor} to")


def _without_governor(sentence: Sentence, at: int, negation: str) -> Judgement:
    """ "urges Israel to", "first country to", headline "Russia to"."""
    if _ranked(sentence, at):
        return Judgement("asserted", "ranked", at)
    for place in range(at, max(-1, at - 12), -1):
        low = sentence.low(place)
        status = governing_status(low) if sentence.mention(place) is None else None
        if low in {"decision", "choice", "move"} and sentence.low(place + 1) in {"of", "by"}:
            return Judgement("historical", f"{low} to", at + 1)
        if low.startswith("prompt"):
            return Judgement("asserted", low, at + 1)
        if status == "demanded" or low in {"told", "tells", "tell", "want", "wants", "wanted"}:
            return Judgement("demanded", low, at + 1)
        if low.startswith(("expect", "predict", "believ")) and sentence.mention(place) is None:
            return Judgement("unconfirmed", low, at + 1)
        if place < at and low in CLAUSE_OPENERS:
            break
    if negation:
        return Judgement("negated", negation, at + 1)
    if sentence.low(at) in {"countries", "states", "nations"}:
        return Judgement("historical", "one of those that did", at + 1)
    return Judgement("planned", "to", at + 1)


def _ranked(sentence: Sentence, at: int) -> bool:
    return any(
        ordinal_of(sentence.low(place)) is not None or sentence.low(place) in {"only", "latest", "last", "next"}
        for place in range(max(0, at - 8), at + 1)
    )


def _gerund(sentence: Sentence, at: int) -> Judgement:
    while at > 0 and (
        sentence.low(at)
        in {"of", "on", "about", "in", "from", "at", "against", "short", "toward", "towards", "to"} | DETERMINERS
    ):
        if sentence.low(at) in {"against", "short"}:
            return Judgement("negated", sentence.low(at), at)
        at -= 1
    governor = sentence.low(at)
    if governor == "out" and sentence.low(at - 1).startswith("rul"):
        return Judgement("negated", "rules out", at - 1)
    if governor in _PRESUPPOSING | {"with", "between"}:
        return Judgement("historical", governor, at)
    if governor == ",":
        return Judgement("asserted", "as a result", at)
    status = governing_status(governor) if sentence.mention(at) is None else None
    if status is not None:
        return _outer(sentence, at, status, governor)
    return Judgement("historical", "no finite verb", at)


def _outer(sentence: Sentence, governor: int, status: Status, cue: str) -> Judgement:
    """ "may agree to", "does not plan to", "has refused to": what stands before the governing word."""
    at = governor - 1
    while at >= 0:
        low = sentence.low(at)
        if low in _NEGATIONS or low.endswith("n't") or (low == "no" and status in {"planned", "asserted"}):
            return Judgement("negated", f"{low} {cue}", at)
        if low in _MODALS and status in {"asserted", "planned"}:
            return Judgement(_MODALS[low], f"{low} {cue}", at)
        if low in _HEDGES and status in {"asserted", "planned"}:
            return Judgement("unconfirmed", f"{low} {cue}", at)
        if low.startswith(_TURNING_DOWN) and status in {"planned", "asserted"}:
            return Judgement("negated", f"{low} {cue}", at)
        if not (low in AUXILIARIES or is_adverb(low) or low in DETERMINERS):
            break
        at -= 1
    return Judgement(status, cue, at + 1 if status != "demanded" else governor)


def _presupposing(sentence: Sentence, at: int) -> str | None:
    """ "after Russia recognized", "which recognized": the clause is background to another."""
    for place in range(at, max(-1, at - 14), -1):
        low = sentence.low(place)
        if low in {"which", "who", "whose", "why", "how"} or (low == "that" and place == at):
            return low
        if low in {"after", "since", "because", "once", "before", "when", "until"} and place < at + 1:
            return low if not _time_phrase(sentence, place) else None
        if low == "," and place < at and sentence.mention(place + 1) is None:
            return None
        if low in {"that", ":", ";", "says", "said", "announces", "announced"}:
            return None
    return None


def _time_phrase(sentence: Sentence, opener: int) -> bool:
    """ "After talks in Kabul, Russia …": a comma ends the phrase before the subject."""
    return any(
        sentence.low(place) == "," and sentence.mention(place + 1) is not None
        for place in range(opener + 1, opener + 12)
    ) and not any(sentence.mention(place) for place in range(opener + 1, opener + 2))


def _condition(sentence: Sentence, verb: int, found: Judgement) -> str | None:
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
        if sentence.low(place) in _CONDITIONS:
            return sentence.low(place)
    if found.status == "planned" and sentence.low(0) in _CONDITIONS:
        return sentence.low(0)
    return None


def _by_report(sentence: Sentence, end: int) -> tuple[Status, str] | None:
    """ "denies that", "reports that … will", "demands that": the verb whose clause this is."""
    for place in range(end - 1, max(-1, end - 12), -1):
        if sentence.low(place) in {"denies", "denied", "deny", "denying"} and place > end - 7:
            return "negated", sentence.low(place)
        if sentence.low(place) not in {"that", "whether"}:
            continue
        if sentence.low(place) == "whether":
            return "unconfirmed", "whether"
        governor = sentence.low(place - 1)
        if governor in {"reports", "rumors", "rumours", "speculation", "claims", "suggestions", "fears", "hopes"}:
            outer = sentence.low(place - 2)
            return ("negated", outer) if outer.startswith(("den", "reject", "dismiss")) else ("unconfirmed", governor)
        if governor.startswith(("den", "disput")):
            return "negated", governor
        if governor.startswith(("propos", "demand", "insist", "request", "recommend")):
            return "demanded", governor
        if governor.startswith(("suggest", "believ", "hint", "hop", "expect", "fear")):
            return "unconfirmed", governor
        return None
    return None
