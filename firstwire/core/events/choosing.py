"""Ranked persons who are chosen or join: "is sworn in as the first …", "elects X as its first …"."""

from __future__ import annotations

from firstwire.core.entities.sentence import Sentence
from firstwire.core.events.circumstances import StatusCue
from firstwire.core.events.name_rows import ActorSpan
from firstwire.core.events.noun_phrases import actors_of
from firstwire.core.events.status import judge
from firstwire.core.events.subjects import nearest_subject
from firstwire.core.text.closed_words import AUXILIARIES, CLAUSE_OPENERS
from firstwire.core.text.word_lists import word_set

_CHOOSES = word_set(
    "elects names appoints chooses picks selects confirms nominates installs inaugurates crowns admits swears swore"
)
_CHOSEN = word_set(
    """
    elected named appointed chosen chose picked selected confirmed nominated installed inaugurated crowned ordained
    consecrated sworn inducted admitted accepted welcomed promoted certified
    """
)
_JOINS = word_set("joins joined join joining enters entered enter emerges emerged serves served takes took begins")
CHOOSING = _CHOOSES | _CHOSEN
_CHOICE_REACH = 12


def chosen_subject(sentence: Sentence, place: int, published_on: str) -> tuple[ActorSpan, StatusCue] | None:
    """The person elected, sworn in or admitted; `place` is the position before "as the first"."""
    for verb in range(place, max(-1, place - _CHOICE_REACH), -1):
        low = sentence.low(verb)
        if low in CLAUSE_OPENERS:
            return None
        if low in CHOOSING | _JOINS and sentence.mention(verb) is None:
            return _by_verb(sentence, verb, place, published_on)
    return None


def _by_verb(sentence: Sentence, verb: int, place: int, published_on: str) -> tuple[ActorSpan, StatusCue] | None:
    low = sentence.low(verb)
    judgement = judge(sentence, verb, published_on, past=low in _CHOSEN)
    if low.startswith("nominat") and judgement.status == "asserted":
        judgement = StatusCue("planned", low, judgement.subject_end)
    chosen = next((at for at in range(verb + 1, place + 1) if _is_somebody(sentence, at)), None)
    passive = sentence.low(verb - 1) in AUXILIARIES - {"has", "have", "had"} or low == "sworn"
    active = low in _CHOOSES or (low in _CHOSEN and not passive)
    if active and chosen is not None and low not in _JOINS:
        return ActorSpan(tuple(actors_of(sentence, chosen)), chosen, chosen), judgement
    found = nearest_subject(sentence, judgement.subject_end) or ActorSpan((), verb, verb)
    return found, judgement


def _is_somebody(sentence: Sentence, at: int) -> bool:
    mention = sentence.mention(at)
    return mention is not None and mention.role != "demonym" and sentence.low(at + 1) != "'s"
