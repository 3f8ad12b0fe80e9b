"""Resolves "it", "the country" and "we": the speaker of the sentence, or the actor of the preceding one."""

from __future__ import annotations

from firstwire.core.entities.sentence import Sentence
from firstwire.core.events.circumstances import StatusCue
from firstwire.core.events.name_rows import ActorSpan, can_act, row_ending
from firstwire.core.events.noun_phrases import actors_of
from firstwire.core.events.subjects import chain_start, is_anaphor, leading_subject, nation_of_person
from firstwire.core.text.closed_words import is_adverb
from firstwire.core.text.word_lists import word_set

_SPEAKING = word_set("said says told announced declared stated added wrote")
_OPENING = word_set("by in on after before while when having since upon with")
_SPEAKERS = frozenset({"we", "i"})


def pointed_at(sentence: Sentence, before: Sentence | None, verb: int, end: int) -> ActorSpan | None:
    """The actors if the verb's subject is a pronoun, or its clause begins the sentence without a subject."""
    if _opens_sentence(sentence, verb):
        return _after_comma(sentence, verb)
    start = chain_start(sentence, end)
    if not is_anaphor(sentence, start - 1):
        return None
    speaking = sentence.low(start - 1) in _SPEAKERS or sentence.low(start - 2) in {"my", "our"}
    if speaking and sentence.low(start - 2) == ":":  # "Kenya's Kibaki: we recognize"
        return leading_subject(sentence, start - 2) or nation_of_person(sentence, start - 2)
    if speaking and (speaker := _speaker(sentence, verb)) is not None:
        return speaker
    return leading_subject(before, len(before.words)) if before is not None else None


def _opens_sentence(sentence: Sentence, verb: int) -> bool:
    """ "By recognizing Kosovo, Kenya …", "Having formally recognized Kosovo, Kenya …"."""
    before = [sentence.low(place) for place in range(verb)]
    return 0 < len(before) < 4 and before[0] in _OPENING and all(is_adverb(low) or low in _OPENING for low in before)


def _after_comma(sentence: Sentence, verb: int) -> ActorSpan | None:
    for place in range(verb + 1, min(len(sentence.words), verb + 20)):
        if sentence.low(place - 1) == "," and can_act(sentence, place):
            return row_ending(sentence, place)
    return None


def _speaker(sentence: Sentence, verb: int) -> ActorSpan | None:
    """ "We recognize Kosovo, Ruto said", "… said the Kenyan president"."""
    for place in range(verb + 1, len(sentence.words)):
        if sentence.low(place) in _SPEAKING:
            near = (place - 1, place + 1, place - 2, place + 2)
            named = next((at for at in near if 0 <= at < len(sentence.words) and can_act(sentence, at)), None)
            return row_ending(sentence, named) if named is not None else None
    return None


def owner_of_governor(sentence: Sentence, judgement: StatusCue) -> ActorSpan | None:
    """ "Russia's decision to recognize", "Russia's surprising plan to recognize"."""
    if not judgement.cue.endswith(" to"):
        return None
    if judgement.cue in {"decision to", "choice to", "move to"}:  # "the decision by Russia to recognize"
        named = (judgement.subject_end + place for place in (-1, 2, 3))
        makers = [row_ending(sentence, place) for place in named if sentence.mention(place) is not None]
        maker = next((each for each in makers if _is_made_by(sentence, each.first)), None)
        if maker is not None:
            return maker
    for place in range(judgement.subject_end, max(0, judgement.subject_end - 3), -1):
        if sentence.low(place) in {"'s", "'"} and sentence.mention(place - 1) is not None:
            return ActorSpan(tuple(actors_of(sentence, place - 1)), place - 1, place - 1)
        if sentence.words[min(place, len(sentence.words) - 1)].is_punctuation:
            return None
    return None


def _is_made_by(sentence: Sentence, name: int) -> bool:
    before = name - 2 if sentence.low(name - 1) == "the" else name - 1
    return sentence.low(before) in {"by", "of"}


def speaker_before(sentence: Sentence, end: int) -> ActorSpan | None:
    """The possessor in "its government": the first name that can act, or a people, "Palestinians call on …"."""
    mention = sentence.mention(0)
    if mention is not None and mention.role == "demonym" and mention.text.endswith("s") and end > 0:
        return ActorSpan((mention.entity,), 0, 0)
    return leading_subject(sentence, end)
