"""Personal acts of office-holders, which are no acts of their nation: a test, a game, a book, an award, a trial."""

from __future__ import annotations

import re

from firstwire.core.entities.sentence import Sentence
from firstwire.core.entities.unlisted_names import unlisted_in
from firstwire.core.events.name_rows import ActorSpan
from firstwire.core.events.noun_phrases import is_holder_of_office
from firstwire.core.events.ranked_phrases import repeats_act
from firstwire.core.text.word_lists import word_set
from schemas.record import Entity

_ACT_REACH = 9
"""Words of the act that are searched: what makes it personal is near its verb ("appear in a video game")."""

_OF_OFFICE = re.compile(
    r"(?:visit|travel|arriv|enter|fl(?:y|ies|ew)$|land(?:s|ed)?$|cross|sets?$|me(?:e)?ts?$|host|welcom|recogni[sz]|acknowledg"
    r"|address|ban(?:s|ned|ning)?$|outlaw|prohibit|legali[sz]|order|decree|deploy|send|sent$|ratif|sign|impos|lift|mandat"
    r"|approv|authori[sz]|introduc|declar|announc|veto|withdr[ae]w|open|clos|abolish|apologi[sz]|pardon|fund|financ|nominat"
    r"|appoint)"
)
"""Verbs of acts of office, whatever they are about: "to ban video games"."""

_HEALTH = word_set(
    """
    positive negative virus coronavirus covid covid-19 vaccine vaccines vaccinated vaccination jab booster inoculated
    surgery transplant hospitalized hospitalised quarantine
    """
)
_LEISURE = word_set(
    """
    game games match tournament marathon triathlon golf tennis football cricket judo karate boxing parade march carnival
    concert musical film movie sitcom series album song podcast selfie tattoo skydive swim dance sing cycle surf
    """
)
_LETTERS = word_set("book books novel memoir memoirs autobiography cookbook bestseller")
_HONORS = word_set("award awards awarded prize medal trophy oscar grammy nobel doctorate jubilee birthday")
_LAW = word_set(
    """
    trial tried convicted conviction indicted indictment arrested jailed imprisoned charged sentenced prosecuted
    fingerprinted fined sued guilty jury mugshot bail
    """
)
_PROTEST = word_set("picket")
_FAMILY = word_set("wedding married marry wed divorce divorced abdicate baby")
_PERSONAL = _HEALTH | _LEISURE | _LETTERS | _HONORS | _LAW | _PROTEST | _FAMILY


def personally_by(
    sentence: Sentence, before: Sentence | None, subject: ActorSpan, start: int
) -> tuple[Entity, ...] | None:
    """The actors of a ranked act that is personal, without the nation; None if it is an act of office.

    `start` is the beginning of the act; "to do so" refers to what the subject did. Empty if only an office is named.
    """
    if repeats_act(sentence, start):
        personal = any(_is_personal(each, 0, len(each.words)) for each in (sentence, before) if each is not None)
    else:
        personal = _is_personal(sentence, start, start + _ACT_REACH)
    if not personal:
        return None
    unlisted = unlisted_in(sentence) | (unlisted_in(before) if before is not None else frozenset())
    people = tuple(each for each in subject.actors if each.kind in {"leader", "person"} or each.id in unlisted)
    named = sentence.mention(subject.first)
    is_office = named is not None and is_holder_of_office(sentence, subject.first)
    return people if people or is_office else None


def _is_personal(sentence: Sentence, start: int, end: int) -> bool:
    """Whether the words hold a personal act and no verb of office before it."""
    for at in range(start, min(len(sentence.words), end)):
        word = sentence.words[at]
        if word.mention is not None:
            continue
        if word.low in _PERSONAL:
            return True
        if _OF_OFFICE.match(word.low):
            return False
    return False
