"""The ranked subject and the status of the claim: "X becomes", "making X", "X, the", headline "X first to"."""

from __future__ import annotations

import re

from firstwire.core.entities.sentence import Sentence
from firstwire.core.events.choosing import CHOOSING, chosen_subject
from firstwire.core.events.circumstances import StatusCue
from firstwire.core.events.dates import past_cue
from firstwire.core.events.name_rows import ActorSpan
from firstwire.core.events.noun_phrases import actors_of
from firstwire.core.events.ranked_nouns import kind_of_noun
from firstwire.core.events.ranked_phrases import does_so, kind_ranked
from firstwire.core.events.status import judge
from firstwire.core.events.subjects import clause_subject, leading_subject, nearest_subject
from firstwire.core.text.closed_words import (
    AUXILIARIES,
    CLAUSE_OPENERS,
    DETERMINERS,
    LEADER_HEADS,
    TIME_WORDS,
    is_adverb,
)
from firstwire.core.text.word_lists import word_set
from schemas.event import Status

_BECOME = word_set("become becomes became becoming")


_BE = word_set("is are was were be been remains remain")


_MAKE = word_set("make makes made making")
_WINNING = re.compile(r"(?:defeat|beat|win|won\b|overt(?:akes|ook|aken)|oust|surpass|edges|clinch|scor|land)")
_LINKING = frozenset({",", "and", "-", "–", "—", "'s"})
_LINKING_FAR = _BECOME | _BE | _MAKE | CHOOSING | {"as"}
_LINK_REACH = 9
_WON_REACH = 20
_EPITHET = 14
_HOW_NEAR: dict[str, Status] = {"of": "conditional", "to": "conditional", "after": "historical", "since": "historical"}
_OF_OFFICE = word_set("of in at to for from")
_ANNOUNCING = word_set("will plans planned intention intends expected")
_NO_BODIES = frozenset({"nation", "person", "leader"})


def ranked_subject(sentence: Sentence, at: int, head: int, published_on: str) -> tuple[ActorSpan, StatusCue] | None:
    """The ranked subject and the status of the claim, by the words before the ordinal."""
    place = at - 1
    negated = presented = False
    while place >= 0 and (
        sentence.low(place) in DETERMINERS | {"world", "'s", "also", "as", "officially"}
        or is_adverb(sentence.low(place))
        or (sentence.low(place) == "on" and sentence.low(place + 1) in TIME_WORDS)
        or sentence.low(place + 1) == "'s"
    ):
        negated = negated or sentence.low(place) in {"not", "never", "hardly"}
        presented = presented or sentence.low(place) == "as"
        place -= 1
    low = sentence.low(place)
    chosen = chosen_subject(sentence, place, published_on) if presented or low in CHOOSING else None
    if chosen is not None:
        return chosen
    if low in _BECOME | _BE:
        placed = _of_verb(sentence, place, published_on)
        if placed is None or not negated:
            return placed
        return placed[0], StatusCue("negated", "not", placed[1].subject_end)
    making = _making(sentence, place)
    if making is not None:
        return making
    if low == "," or (low in {"and", "-", "–", "—"} and place > 0):
        return _apposition(sentence, place, head, published_on)
    if place < 0:
        return _before_name(sentence, head)
    if sentence.mention(place) is not None:  # headline: "Norway first to …"
        found = nearest_subject(sentence, place + 1)
        return (found, _headline(sentence, negated=negated)) if found is not None else None
    return None


def _before_name(sentence: Sentence, head: int) -> tuple[ActorSpan, StatusCue] | None:
    """ "The first woman to lead the union, Jane Doe, said": background, like any epithet."""
    comma = next(
        (at for at in range(head + 1, min(len(sentence.words), head + _EPITHET)) if sentence.low(at) == ","), None
    )
    mention = sentence.mention(comma + 1) if comma is not None else None
    if comma is None or mention is None or mention.entity.kind == "nation" or sentence.low(comma + 2) != ",":
        return None
    return ActorSpan(tuple(actors_of(sentence, comma + 1)), comma + 1, comma + 1), StatusCue(
        "historical", "an epithet", 0
    )


def may_be_linked(sentence: Sentence, at: int) -> bool:
    """Whether the word before an ordinal may link it to a subject: a verb of being or choosing, a comma, a name."""
    place = at - 1
    while place >= 0 and (sentence.low(place) in DETERMINERS or is_adverb(sentence.low(place))):
        place -= 1
    if place < 0 or sentence.low(place) in _LINKING or sentence.words[place].text[:1].isupper():
        return True
    return any(sentence.low(before) in _LINKING_FAR for before in range(max(0, at - _LINK_REACH), at))


def _headline(sentence: Sentence, *, negated: bool) -> StatusCue:
    if negated:
        return StatusCue("negated", "not", 0)
    asked = sentence.text.rstrip().endswith("?")
    return StatusCue("unconfirmed", "?", 0) if asked else StatusCue("asserted", "headline", 0)


def _of_verb(sentence: Sentence, verb: int, published_on: str) -> tuple[ActorSpan, StatusCue] | None:
    low = sentence.low(verb)
    if low == "becoming":
        if sentence.low(verb - 1) in _HOW_NEAR:
            near = clause_subject(sentence, verb)
            status, cue = _HOW_NEAR[sentence.low(verb - 1)], f"{sentence.low(verb - 1)} becoming"
            return (near, StatusCue(status, cue, verb)) if near is not None else None
        beside = (
            actors_of(sentence, verb - 1) if _is_beside(sentence, verb - 1) else []
        )  # "with Ireland becoming the first"
        found = ActorSpan(tuple(beside), verb - 1, verb - 1) if beside else clause_subject(sentence, verb)
        return (found, judge_main_clause(sentence, found.last, verb, published_on)) if found is not None else None
    won = _winning(sentence, verb) if sentence.low(verb - 1) == "to" else None
    if won is not None:
        judgement = judge(sentence, won, published_on)
        return nearest_subject(sentence, judgement.subject_end) or ActorSpan((), verb, verb), judgement
    past = low in {"became", "was", "were"}
    judgement = judge(sentence, verb, published_on, past=past)
    found = nearest_subject(sentence, judgement.subject_end) or ActorSpan((), verb, verb)
    if judgement.cue == "who" and low == "becomes":  # "goes to Jane Doe, who becomes the first"
        judgement = StatusCue("asserted", "becomes", judgement.subject_end)
    if (sentence.low(verb - 1) in {"would", "could", "might"} and sentence.low(verb + 1) == "been") or (
        low == "been" and {"would", "could"} & {sentence.low(verb - 2), sentence.low(verb - 3)}
    ):
        judgement = StatusCue("negated", "would have been", judgement.subject_end)
    elif (
        (low in {"was", "were"} and judgement.status == "asserted")
        or low in {"remains", "remain"}
        or (low in {"is", "are"} and sentence.low(verb + 2) == "only")
    ):
        judgement = StatusCue("historical", low, judgement.subject_end)
    return found, judgement


def _is_beside(sentence: Sentence, name: int) -> bool:
    """ "With Ireland becoming the first": not the object in "ratifies the Treaty of Lisbon, becoming"."""
    mention = sentence.mention(name)
    listed = mention is not None and mention.role != "unlisted"
    return listed or any(sentence.low(place) == "with" for place in range(name - 4, name))


def _winning(sentence: Sentence, verb: int) -> int | None:
    """The verb of "defeats Jones to become the first": its consequence has happened."""
    for place in range(verb - 2, max(-1, verb - _WON_REACH), -1):
        if _WINNING.match(sentence.low(place)) and sentence.mention(place) is None:
            return place
        if sentence.low(place) in CLAUSE_OPENERS | {","}:
            return None
    return None


def _making(sentence: Sentence, place: int) -> tuple[ActorSpan, StatusCue] | None:
    """ "…, making Chile the first", "which would make it the first"."""
    for verb in range(place, max(-1, place - 8), -1):
        if sentence.low(verb) not in _MAKE:
            if sentence.low(verb) in CLAUSE_OPENERS:
                return None
            continue
        named = nearest_subject(sentence, place + 1) if sentence.mention(place) is not None else None
        if named is None or named.first < verb:
            actors = [entity for at in range(verb + 1, place + 1) for entity in actors_of(sentence, at)]
            named = ActorSpan(tuple(actors), verb, place) if actors else clause_subject(sentence, verb)
        if named is None:
            named = ActorSpan((), verb, verb)  # "makes it": the referent may be in the preceding sentence
        before = sentence.low(verb - 1)
        if before == "would" and any(sentence.low(at) in _ANNOUNCING for at in range(named.last + 1, verb)):
            return named, StatusCue("planned", "would", verb)
        statuses: dict[str, Status] = {
            "would": "conditional",
            "could": "conditional",
            "will": "planned",
            "may": "unconfirmed",
        }
        if before in statuses:
            return named, StatusCue(statuses[before], before, verb)
        main = leading_subject(sentence, verb)
        judged = judge_main_clause(sentence, main.last if main is not None else 0, verb, None)
        return named, judged
    return None


def _apposition(sentence: Sentence, comma: int, head: int, published_on: str) -> tuple[ActorSpan, StatusCue] | None:
    """ "…, the first country to do so": news of the clause. "Egypt, the first Arab nation to …,": background."""
    found = leading_subject(sentence, comma)
    beside = sentence.mention(comma - 1)
    if beside is not None and _is_choice(sentence, comma - 1, head):
        owner = ActorSpan(tuple(actors_of(sentence, comma - 1)), comma - 1, comma - 1)
        return owner, judge(sentence, comma - 2, published_on)
    of = comma - 3 if sentence.low(comma - 2) in DETERMINERS else comma - 2
    oblique = beside is not None and beside.role == "unlisted" and sentence.low(of) in _OF_OFFICE
    if oblique and found is not None and found.last < comma - 1 and _ranks_people(sentence, head):
        beside = None  # "is elected bishop of Aarhus, the first woman to be"
    if beside is not None and beside.entity.kind == "organization" and kind_ranked(sentence, head) in _NO_BODIES:
        beside = None  # "is admitted to the Union, the first state to be"
    if beside is not None and not (
        sentence.low(head) in LEADER_HEADS and beside.role not in {"leader", "unlisted"} and found is not None
    ):
        owner = ActorSpan(tuple(actors_of(sentence, comma - 1)), comma - 1, comma - 1)
        if not (found is not None and found.last == comma - 1 and does_so(sentence, head)):
            if does_so(sentence, head) and found is not None:
                return found, judge_main_clause(sentence, found.last, comma, published_on)
            return owner, StatusCue("historical", "an epithet", comma)
    if found is None:
        return None
    return found, judge_main_clause(sentence, found.last, comma, published_on)


def _ranks_people(sentence: Sentence, head: int) -> bool:
    return kind_of_noun(sentence, head) == "person" or sentence.low(head) in LEADER_HEADS


def _is_choice(sentence: Sentence, name: int, head: int) -> bool:
    """ "Elects Doe, the first woman to …": the epithet ends the sentence and is its news."""
    ends = all(sentence.low(place) not in {",", ";"} for place in range(head, len(sentence.words)))
    return ends and sentence.low(name - 1) in CHOOSING


def judge_main_clause(sentence: Sentence, subject_end: int, end: int, published_on: str | None) -> StatusCue:
    """The status of the clause that a participle or apposition belongs to: "will ban …, becoming the first"."""
    statuses: dict[str, Status] = {
        "will": "planned",
        "shall": "planned",
        "would": "conditional",
        "could": "conditional",
        "may": "unconfirmed",
        "might": "unconfirmed",
        "not": "negated",
        "plans": "planned",
        "vows": "planned",
        "pledges": "planned",
        "intends": "planned",
        "considers": "unconfirmed",
        "considering": "unconfirmed",
        "refuses": "negated",
        "hopes": "planned",
        "aims": "planned",
        "if": "conditional",
    }
    for place in range(subject_end + 1, end):
        low = sentence.low(place)
        if low in statuses:
            return StatusCue(statuses[low], low, place)
        if low == "to" and place == subject_end + 1:
            return StatusCue("planned", "to", place)
        if low in {",", ";"} and sentence.low(place + 1) not in AUXILIARIES:
            break
    if published_on is not None and (cue := past_cue(sentence, max(subject_end + 1, end - 1), published_on, past=True)):
        return StatusCue("historical", cue, end)
    return StatusCue("asserted", "said as a fact", end)
