"""The status of an act in the text: whether it happened, or is planned, denied, demanded, possible or long past.

Decided by the words around the verb, nearest first; the word that decided is the cue.
"""

from __future__ import annotations

import msgspec

from firstwire.core.entities.sentence import Sentence
from firstwire.core.events.circumstances import (
    PLAIN,
    StatusCue,
    condition_of,
    demanding,
    judged_by_heading,
    judged_by_report,
    presupposing,
)
from firstwire.core.events.dates import past_cue
from firstwire.core.events.governing_phrases import MANY, becoming_latest, beyond_circumstance, joining_verb, ranked
from firstwire.core.events.governors import WITHDRAWING, governing_status
from firstwire.core.text.closed_words import (
    ANYBODY,
    AUXILIARIES,
    CLAUSE_OPENERS,
    DETERMINERS,
    KINDS_OF_RECOGNITION,
    RELATIVES,
    is_adverb,
    ordinal_of,
)
from firstwire.core.text.word_lists import word_set
from schemas.event import Status

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


_REPORTING = word_set(
    """
    said says announced confirmed reported stated told declared announces claimed claims added insisted denied denies
    whether
    """
)


_PRESUPPOSING = word_set(
    """
    after since following because for over by upon amid despite once before when where
    """
)


_HEARSAY = word_set("said reported understood thought alleged claimed rumored rumoured")


def judge(sentence: Sentence, verb: int, published_on: str, *, past: bool = False, gerund: bool = False) -> StatusCue:
    """The status of the act named by the verb (or "recognition") at a position."""
    found = _by_chain(sentence, verb, past=past, gerund=gerund)
    if found.withdraws:
        return found
    if found.status != "historical" and (cue := past_cue(sentence, verb, published_on, past=past)) is not None:
        return StatusCue("historical", cue, found.subject_end)
    if found.status in {"planned", "negated", "unconfirmed", "conditional", "asserted"}:
        cue = condition_of(sentence, verb, found)
        if cue is not None:
            return StatusCue("conditional", cue, found.subject_end)
    if found.status == "asserted" and (since := _lasting_since(sentence, verb, published_on)) is not None:
        return StatusCue("historical", since, found.subject_end)
    if found.status == "asserted" and (heading := judged_by_heading(sentence)) is not None:
        return StatusCue(heading[0], heading[1], found.subject_end)
    if found.status in {"asserted", "planned", "conditional"}:
        other = judged_by_report(sentence, found.subject_end)
        if other is not None and (found.status != "conditional" or other[0] == "negated"):
            return StatusCue(other[0], other[1], found.subject_end)
    if found.cue == PLAIN and (demand := demanding(sentence, verb, found.subject_end)) is not None:
        return StatusCue("demanded", demand, found.subject_end)
    if found.status in {"asserted", "planned"} and sentence.text.rstrip("\"'”’ ").endswith("?"):
        return StatusCue("unconfirmed", "?", found.subject_end)
    return found


def _lasting_since(sentence: Sentence, verb: int, published_on: str) -> str | None:
    """ "Has imposed sanctions since 2021": an act that has lasted since an earlier year is not news."""
    at = verb - 1
    while at > 0 and (is_adverb(sentence.low(at)) or sentence.low(at) == "been"):
        at -= 1
    if sentence.low(at) not in {"has", "have", "'ve", "had"}:
        return None
    for place in range(verb + 1, len(sentence.words) - 1):
        year = next((sentence.low(after) for after in range(place + 1, place + 4) if _is_year(sentence.low(after))), "")
        if sentence.low(place) == "since" and year and year < published_on[:4]:
            return f"since {year}"
        if sentence.low(place) in {";", "."} or ordinal_of(sentence.low(place)) is not None:
            break  # "the first since 2021" is news
    return None


def _is_year(low: str) -> bool:
    return len(low) == 4 and low.isdigit() and low[:2] in {"15", "16", "17", "18", "19", "20"}


def _by_chain(sentence: Sentence, verb: int, *, past: bool, gerund: bool) -> StatusCue:
    """The status by auxiliaries and adverbs left of the verb, then by the verb or noun that governs it."""
    at = verb - 1
    modal: tuple[Status, str] | None = None
    negation = hedge = had = infinitive = ""
    while at >= 0:
        low = sentence.low(at)
        if low == "longer" and sentence.low(at - 1) in {"no", "not", "any"}:
            ahead: Status = "planned" if sentence.low(at - 2) == "will" else "asserted"
            return StatusCue(ahead, "no longer", at - 1, withdraws=True)
        if low in _NEGATIONS or low.endswith("n't"):
            negation = negation or low
        elif low in _MODALS:
            modal = modal or (_MODALS[low], low)
        elif low in _HEDGES:
            hedge = low
        elif low == "had":
            had = "" if _is_reported(sentence, at) else low
        elif low in {"is", "are"} or (low in {"was", "were"} and _is_reported(sentence, at)):
            gerund = False
        elif low == "to":
            infinitive = low
            at -= 1
            break
        elif not (low in AUXILIARIES or is_adverb(low)):
            break
        at -= 1
    if infinitive and not modal and sentence.low(at) in {"has", "have", "had", "needs", "need", "ought"}:
        return StatusCue("demanded", f"{sentence.low(at)} to", at)
    if negation and not infinitive:
        return StatusCue("negated", negation, at + 1)
    if modal is not None:
        return StatusCue(modal[0], modal[1], at + 1)
    if hedge:
        return StatusCue("unconfirmed", hedge, at + 1)
    if infinitive:
        return _infinitive(sentence, at, negation)
    if gerund:
        return _gerund(sentence, at)
    if had:
        return StatusCue("historical", "had", at + 1)
    if sentence.low(at) in RELATIVES and (joins := joining_verb(sentence, at - 1)) is not None:
        return _outer(sentence, joins, "asserted", "joins")
    if (opener := presupposing(sentence, at)) is not None:
        return StatusCue("historical", opener, at + 1)
    return StatusCue("asserted", PLAIN, at + 1)


def _is_reported(sentence: Sentence, at: int) -> bool:
    """ "Said that Russia had recognized": past tense of the report, not of the act."""
    return any(sentence.low(place) in _REPORTING for place in range(max(0, at - 12), at))


def _infinitive(sentence: Sentence, at: int, negation: str) -> StatusCue:
    while at > 0 and (is_adverb(sentence.low(at)) or sentence.low(at) in _NEGATIONS):
        negation = negation or (sentence.low(at) if sentence.low(at) in _NEGATIONS else "")
        at -= 1
    at = beyond_circumstance(sentence, at)
    governor = sentence.low(at)
    if governor in _HEARSAY and sentence.low(at - 1) in {"is", "are", "was", "were", "been"}:
        return StatusCue("unconfirmed", f"{governor} to", at)
    if governor == "premature" or sentence.low(at + 1) == "too":  # "it is too early to"
        return StatusCue("negated", "too early to", at)
    if governor in {"is", "are", "was", "were", "be"}:
        return StatusCue("negated" if negation else "planned", f"{governor} to", at)
    if governor == "yet" or sentence.low(at + 1) == "yet":
        return StatusCue("negated", "yet to", at)
    if governor in {"decision", "choice", "move"} and negation:
        return StatusCue("negated", f"{governor} {negation} to", at)
    if governor in {"decision", "choice", "move"} and sentence.low(at - 1) in {"the", "a", "its", "their", "his"}:
        maker = sentence.low(at - 2)
        if WITHDRAWING.match(maker):
            taken_back = _by_chain(sentence, at - 2, past=True, gerund=False)
            demand = demanding(sentence, at - 2, taken_back.subject_end)
            if demand is not None and taken_back.cue == PLAIN:
                taken_back = StatusCue("demanded", demand, taken_back.subject_end)
            return msgspec.structs.replace(taken_back, withdraws=True)
        if maker in {"made", "makes", "took", "takes", "taken"}:
            return _outer(sentence, at - 2, "asserted", f"{maker} the {governor} to")
        return StatusCue("historical", f"{governor} to", at)
    if governor in {"move", "decision", "choice"}:
        return StatusCue("historical", f"{governor} to", at)
    if governor.startswith("ceas"):
        return msgspec.structs.replace(_outer(sentence, at, "asserted", f"{governor} to"), withdraws=True)
    status = governing_status(governor) if sentence.mention(at) is None and governor not in ANYBODY else None
    if status is None:
        return _without_governor(sentence, at, negation)
    if negation and status in {"planned", "asserted"}:
        status = "negated"
    return _outer(sentence, at, status, f"{governor} to")


def _without_governor(sentence: Sentence, at: int, negation: str) -> StatusCue:
    """ "urges Israel to", "first country to", headline "Russia to"."""
    becoming = becoming_latest(sentence, at)
    if becoming is not None:
        return _by_chain(sentence, becoming, past=False, gerund=False)
    latest = next((place for place in range(at - 3, at + 1) if sentence.low(place) in {"latest", "newest"}), None)
    if latest is not None and sentence.mention(latest - 1) is not None:  # headline: "Kenya latest to"
        return StatusCue("asserted", "latest", latest)
    if ranked(sentence, at):  # "the only one to", "the only one not to"
        return StatusCue("negated", negation, at) if negation else StatusCue("asserted", "ranked", at)
    for place in range(at, max(-1, at - 12), -1):
        low = sentence.low(place)
        status = governing_status(low) if sentence.mention(place) is None else None
        if low in {"decision", "choice", "move"} and sentence.low(place + 1) in {"of", "by"}:
            return StatusCue("historical", f"{low} to", at + 1)
        if low.startswith("prompt"):
            return StatusCue("asserted", low, at + 1)
        if status == "demanded" or low in {"told", "tells", "tell", "want", "wants", "wanted"}:
            return StatusCue("demanded", low, at + 1)
        if low.startswith(("expect", "predict", "believ")) and sentence.mention(place) is None:
            return StatusCue("unconfirmed", low, at + 1)
        if place < at and low in CLAUSE_OPENERS:
            break
    if negation:
        return StatusCue("negated", negation, at + 1)
    if sentence.low(at) in MANY:
        joins = joining_verb(sentence, at)
        if joins is not None:
            return _outer(sentence, joins, "asserted", "joins")
        return StatusCue("historical", "one of those that did", at + 1)
    return StatusCue("planned", "to", at + 1)


def _gerund(sentence: Sentence, at: int) -> StatusCue:
    if sentence.low(at) == "in":  # "joins Spain in recognizing"
        for place in range(at - 1, max(-1, at - 12), -1):
            if sentence.low(place).startswith(("join", "follow")):
                found = _by_chain(sentence, place, past=False, gerund=sentence.low(place).endswith("ing"))
                return found if found.cue != PLAIN else StatusCue("asserted", f"{sentence.low(place)} in", place)
    while at > 0 and (
        sentence.low(at)
        in {"of", "on", "about", "in", "from", "at", "against", "short", "toward", "towards", "to"}
        | DETERMINERS
        | KINDS_OF_RECOGNITION
    ):
        if sentence.low(at) in {"against", "short"}:
            return StatusCue("negated", sentence.low(at), at)
        at -= 1
    joins = joining_verb(sentence, at)
    if joins is not None:
        return _outer(sentence, joins, "asserted", "joins")
    governor = sentence.low(at)
    if governor == "out" and sentence.low(at - 1).startswith("rul"):
        excluded = _outer(sentence, at - 1, "asserted", "rules out")  # "has not ruled out", "no longer rules out"
        status: Status = "negated" if excluded.status == "asserted" else "unconfirmed"
        return StatusCue(status, excluded.cue, excluded.subject_end)
    if governor in {"off", "back"} and sentence.low(at - 1).startswith(("hold", "held", "put")):
        return StatusCue("negated", "holds off", at - 1)
    if governor in {"question", "prospect", "chance", "possibility"} and sentence.low(at - 1) == "no":
        return StatusCue("negated", f"no {governor}", at - 1)
    if governor in {"taken", "made", "reached", "decision"}:
        undecided = next((place for place in range(at - 5, at) if sentence.low(place) in {"no", "any"}), None)
        if undecided is not None and "decision" in {sentence.low(undecided + 1), governor}:
            return StatusCue("unconfirmed", "no decision", undecided)
    if governor in _PRESUPPOSING | {"with", "between"}:
        return StatusCue("historical", governor, at)
    if governor == ",":
        return StatusCue("asserted", "as a result", at)
    governing = governing_status(governor) if sentence.mention(at) is None else None
    if governor.startswith(("stop", "ceas", "quit")) and sentence.low(at + 1) != "from":
        return msgspec.structs.replace(_outer(sentence, at, "asserted", governor), withdraws=True)
    if governor in {"favor", "favour"} and sentence.low(at - 2).startswith("vot"):
        return _outer(sentence, at - 2, "asserted", "votes in favor of")
    if governing in {"asserted", "planned"} and sentence.low(at - 1) == "to":  # "ready to approve recognition"
        return _by_chain(sentence, at, past=False, gerund=False)
    if governing is not None:
        return _outer(sentence, at, governing, governor)
    return StatusCue("historical", "no finite verb", at)


def _outer(sentence: Sentence, governor: int, status: Status, cue: str) -> StatusCue:
    """ "may agree to", "does not plan to", "has refused to": the status by the words before the governor."""
    at = governor - 1
    while at >= 0:
        low = sentence.low(at)
        if low in _NEGATIONS or low.endswith("n't") or (low == "no" and status in {"planned", "asserted"}):
            return StatusCue("negated", f"{low} {cue}", at)
        if low in _MODALS and status in {"asserted", "planned"}:
            return StatusCue(_MODALS[low], f"{low} {cue}", at)
        if low in _HEDGES and status in {"asserted", "planned"}:
            return StatusCue("unconfirmed", f"{low} {cue}", at)
        if low.startswith(_TURNING_DOWN) and status in {"planned", "asserted"}:
            return StatusCue("negated", f"{low} {cue}", at)
        if not (low in AUXILIARIES or is_adverb(low) or low in DETERMINERS or low == "in"):
            break
        at -= 1
    return StatusCue(status, cue, at + 1 if status != "demanded" else governor)
