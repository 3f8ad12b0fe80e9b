"""The plain forms of an act: actor, verb and target in this order, with a rank, or denied. One parser, all or nothing.

"Kenya formally recognized Kosovo …", "Kenya becomes the first nation to recognize Kosovo", "Kenya has not recognized
Kosovo". The words between the parts are closed lists; the parts must be those of the finding.
"""

from __future__ import annotations

import msgspec

from firstwire.core.entities.sentence import Sentence
from firstwire.core.events.actions import ACTIONS, Action
from firstwire.core.events.findings import FoundAct
from firstwire.core.events.plain_objects import object_end
from firstwire.core.events.plain_subjects import PlainSubject, plain_subject, time_end
from firstwire.core.text.closed_words import DETERMINERS, LEADER_HEADS, NATION_HEADS, PREPOSITIONS, ordinal_of
from firstwire.core.text.word_lists import word_set

_ADVERBS = word_set(
    """
    formally officially diplomatically fully now today yesterday finally unilaterally jointly legally immediately
    unconditionally hereby publicly abruptly quietly openly explicitly mutually recently just
    monday tuesday wednesday thursday friday saturday sunday
    """
)
"""Adverbs that leave the act what it is."""
_ADVERBS_OF_DENIAL = word_set("formally officially diplomatically currently ever")
_HAVE = word_set("has have 've")
_DO = word_set("do does did has have")
_DENY = word_set("denies denied")
_BECOME = word_set("become becomes became")
_IS = word_set("is are")
_IRREGULAR = word_set("cut shut broke broken froze frozen took taken withdrew withdrawn threw thrown struck")
_RANKED_NATIONS = NATION_HEADS - {"parliament", "administration", "capital", "jurisdiction", "territory"}
_BODIES = frozenset({"nation", "organization"})
_SCOPE_LENGTH = 4
_PLACE_LENGTH = 5
_TAIL_LINKS = word_set("becoming thus the as")


class PlainForm(msgspec.Struct, frozen=True):
    """A sentence in one of the forms: its name, its last word, and the positions of words that deny the act."""

    name: str
    end: int
    denied: tuple[int, ...] = ()


class Misfit(msgspec.Struct, frozen=True):
    """Why a sentence has none of the forms."""

    reason: str


def plain_form(finding: FoundAct) -> PlainForm | Misfit:
    """The form of the finding's sentence."""
    sentence = finding.sentence
    subject = plain_subject(sentence)
    if isinstance(subject, str):
        return Misfit(subject)
    listed = [action for action in ACTIONS if action.name == finding.action]
    recognizes = finding.action in {"recognize", "withdraw_recognition"}
    if any(action.is_reversed and action.verbs.match(sentence.low(finding.verb)) for action in listed):
        return Misfit("the subject is the target")
    if finding.status == "negated":
        return _denial(finding, subject, listed)
    after = _after_adverbs(sentence, subject.end, _ADVERBS | _HAVE)
    if finding.ordinal is not None and sentence.low(after) in _BECOME | _IS:
        return _ranked(finding, subject, after, listed)
    if not (listed or recognizes):
        return Misfit("the rank is stated in another form")
    if after != finding.verb:
        return Misfit(_between(sentence, after, finding.verb))
    if not _is_finite(sentence, finding.verb, subject):
        return Misfit(f"'{sentence.low(finding.verb)}' is no finite verb of the actor")
    found = _with_object(finding, subject, listed, "the plain active form")
    if isinstance(found, PlainForm) and finding.ordinal is not None and not _ranks_after(sentence, found.end, finding):
        return Misfit("the rank is stated in another form")
    return found


def _with_object(
    finding: FoundAct, subject: PlainSubject, listed: list[Action], name: str, denied: tuple[int, ...] = ()
) -> PlainForm | Misfit:
    end = object_end(finding, subject, listed)
    return Misfit(end) if isinstance(end, str) else PlainForm(name, end, denied)


def _denial(finding: FoundAct, subject: PlainSubject, listed: list[Action]) -> PlainForm | Misfit:
    sentence, verb = finding.sentence, finding.verb
    same = {each.id for each in subject.entities} <= {each.id for each in finding.actors}
    if not same:
        return Misfit("it is denied of somebody else")
    at = _after_adverbs(sentence, subject.end, _ADVERBS_OF_DENIAL)
    if sentence.low(at) in _DENY:
        place = at + 1
        if sentence.low(place) == "that":
            place += 1
        if sentence.low(place) in {"it", "they"}:
            place += 1
        while sentence.low(place) in _HAVE | {"had", "having", "ever"}:
            place += 1
        place = _after_adverbs(sentence, place, _ADVERBS_OF_DENIAL)
        if place != verb:
            return Misfit(_between(sentence, place, verb))
        return _with_object(finding, subject, listed, "a plain denial", (at,))
    denied = at
    if (sentence.low(at) in _DO and sentence.low(at + 1) == "not") or (
        sentence.low(at) in _HAVE and sentence.low(at + 1) == "never"
    ):
        denied = at + 1
    elif not (sentence.low(at) == "never" or sentence.low(at) in {"doesn't", "don't", "didn't", "hasn't", "haven't"}):
        return Misfit(_between(sentence, at, verb))
    place = _after_adverbs(sentence, denied + 1, _ADVERBS_OF_DENIAL)
    if place != verb:
        return Misfit(_between(sentence, place, verb))
    return _with_object(finding, subject, listed, "a plain denial", (denied,))


def _ranked(finding: FoundAct, subject: PlainSubject, link: int, listed: list[Action]) -> PlainForm | Misfit:
    """ "… becomes the first Arab country in the world to formally recognize …"."""
    sentence = finding.sentence
    at = _after_adverbs(sentence, link + 1, _ADVERBS)
    at += sentence.low(at) == "the"
    if ordinal_of(sentence.low(at)) != finding.ordinal:
        return Misfit("the rank is stated in another form")
    head = _ranked_noun(sentence, at, subject)
    if head is None or _may_be_region(sentence, at, head, subject):
        return Misfit("the rank is not one of states")
    to = _end_of_scope(sentence, head + 1)
    verb = _after_adverbs(sentence, to + 1, _ADVERBS) if to is not None else None
    if verb is None or verb != finding.verb:
        return Misfit(_between(sentence, head + 1, finding.verb))
    if listed or finding.action in {"recognize", "withdraw_recognition"}:
        return _with_object(finding, subject, listed, "the plain form with a rank")
    if sentence.low(verb).startswith("recogni") and any(each.kind in _BODIES for each in finding.targets):
        return Misfit("a recognition that is not read as one")
    if sentence.low(head) in {"state", "states"} and to == head + 1 == at + 2:
        return Misfit("a state without a scope may be one of a federation")  # "Georgia becomes the first state to"
    ranked = {each.id for each in finding.actors}
    if ranked not in (
        {each.id for each in subject.entities},
        {each.id for each in subject.entities if each.kind == "leader"},
    ):
        return Misfit("the actor is not the one before the verb")
    return PlainForm("the plain form with a rank", max(finding.last, verb))


def _ranked_noun(sentence: Sentence, ordinal: int, subject: PlainSubject) -> int | None:
    """The noun of "first Arab country"; the ordinal itself in "first to"."""
    if sentence.low(ordinal + 1) == "to":
        return ordinal
    heads = LEADER_HEADS if subject.is_leader else _RANKED_NATIONS
    for at in range(ordinal + 1, ordinal + 2 + _SCOPE_LENGTH):
        if sentence.low(at) in heads:
            return at + 1 if sentence.low(at + 1) in heads else at
        if not sentence.low(at) or sentence.words[at].is_punctuation or sentence.low(at) in PREPOSITIONS | {"to"}:
            return None
    return None


def _may_be_region(sentence: Sentence, ordinal: int, head: int, subject: PlainSubject) -> bool:
    """ "Washington becomes the first U.S. state": the name of a capital or nation that a region bears too."""
    if subject.is_capital:
        return True
    own = {each.id for each in subject.entities}
    scope = (sentence.mention(place) for place in range(ordinal + 1, head))
    return any(each is not None and each.entity.kind == "nation" and each.entity.id not in own for each in scope)


def _end_of_scope(sentence: Sentence, at: int) -> int | None:
    """The position of "to" after "in the world", "of the European Union", "ever"."""
    at += sentence.low(at) in {"ever", "anywhere"}
    if sentence.low(at) in {"in", "of", "from", "outside"}:
        inside = range(at + 1, at + 1 + _PLACE_LENGTH)
        at = next((place for place in inside if sentence.low(place) == "to"), at)
        if any(sentence.words[place].is_punctuation for place in range(inside.start, at)):
            return None
    return at if sentence.low(at) == "to" else None


def _ranks_after(sentence: Sentence, end: int, finding: FoundAct) -> bool:
    """ "…, the first country to do so", "…, becoming the second nation to do so"."""
    at = end + 1
    while at < len(sentence.words) and not (sentence.words[at].is_punctuation and sentence.low(at) != "'s"):
        at += 1
    at += 1
    while sentence.low(at) in _TAIL_LINKS:
        at += 1
    return ordinal_of(sentence.low(at)) == finding.ordinal


def _after_adverbs(sentence: Sentence, at: int, adverbs: frozenset[str]) -> int:
    """The position after adverbs and "on Thursday"."""
    while True:
        if sentence.low(at) in adverbs:
            at += 1
        elif sentence.low(at) == "on" and (end := time_end(sentence, at)) > at:
            at = end
        else:
            return at


def _is_finite(sentence: Sentence, verb: int, subject: PlainSubject) -> bool:
    low = sentence.low(verb)
    return low.endswith(("s", "ed")) or low in _IRREGULAR or (subject.is_plural and not low.endswith("ing"))


def _between(sentence: Sentence, at: int, verb: int) -> str:
    if at > verb:
        return "the act is not named by a verb after the actor"
    if sentence.mention(at) is not None or sentence.low(at) in DETERMINERS:
        return "another noun phrase is between the actor and the verb"
    return f"governed by '{sentence.low(at)}'"
