"""A sentence as the encoder sees it: its words with names masked, what stands around it, where each name stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from firstwire.core.entities.sentence import Sentence, SentenceContext, Word
from firstwire.core.entities.unlisted_names import is_headline, unlisted_places
from firstwire.core.events.act_features import LEAD_SENTENCES, names_before, party_of, plain_word
from schemas.record import Entity

HEADLINE, HOME = "#headline", "#home"
"""Marks: a headline; the nation of the dateline, whose government "the government" is."""
LEAD, LATER = "#lead", "#later"
"""Marks of a sentence of the body: news comes first, background later."""
OTHER = "#name"
"""Stands before the words of a listed name that is no nation, organization, leader or capital."""
_YEARS = range(1900, 2100)
MARKS = (
    *("#nation", "#demonym", "#capital", "#organization", "#leader", OTHER, HEADLINE, HOME),
    *("#past-year", "#this-year", "#next-year"),
    *(LEAD, LATER),
)
"""All words that stand for something else."""
MASKED = frozenset(MARKS) - {OTHER}
"""Those that stand for a name."""


@dataclass(frozen=True)
class Party:
    """Somebody who may be a party of an act. `at` is the position of the name's last word; 0 if the sentence does not
    name him."""

    at: int
    entity: Entity
    leader: Entity | None
    """Who acts for `entity`, if the text names him."""
    is_here: bool
    """Whether the sentence names him."""
    place: int
    """The position of his name in the words that the encoder sees."""


@dataclass(frozen=True)
class EncoderInput:
    """`words`: of the sentence. `around`: of what stands around it. `places`: of the sentence's words in `words`."""

    words: tuple[str, ...]
    around: tuple[str, ...]
    places: tuple[int, ...]
    parties: tuple[Party, ...]


def encoder_input(sentence: Sentence, context: SentenceContext, year: int) -> EncoderInput:
    """`year` is that of publication. The headline is given, and the sentence before if "it" may mean a name in it."""
    words = list(_marks_of(sentence))
    places = []
    for word in sentence.words:
        shown = list(_shown(word, year))
        places.append(len(words) + len(shown) - 1)
        words += shown
    parties = list(_here(sentence, places))
    known = {each.entity.id for each in parties}
    around: list[str] = []
    if sentence.home is not None and sentence.home.id not in known:
        known.add(sentence.home.id)
        parties.append(Party(0, sentence.home, None, is_here=False, place=len(words)))
        around.append(HOME)
    before = {id(word): party for _, word, *party in names_before(context.before, known)}
    if context.headline is not None:
        around.append(HEADLINE)
        named = {id(word): party for _, word, *party in names_before(context.headline, known)}
        parties += _around(context.headline, named, around, len(words), year)
    if before and context.before is not None:
        parties += _around(context.before, before, around, len(words), year)
    return EncoderInput(tuple(words), tuple(around), tuple(places), tuple(parties))


def _marks_of(sentence: Sentence) -> Iterator[str]:
    yield from marks_of_place(sentence)
    if is_headline(sentence):
        yield HEADLINE


def marks_of_place(sentence: Sentence) -> Iterator[str]:
    """The mark of a sentence of the body."""
    if sentence.field == "body":
        yield LEAD if sentence.number < LEAD_SENTENCES else LATER


def _around(
    sentence: Sentence, named: Mapping[int, Sequence[Any]], around: list[str], offset: int, year: int
) -> Iterator[Party]:
    """Adds the words of a sentence to `around`; the parties among them, which are `named` by the identity of a word."""
    for word in sentence.words:
        around += _shown(word, year)
        if id(word) in named:
            entity, leader = named[id(word)]
            yield Party(0, entity, leader, is_here=False, place=offset + len(around) - 1)


def _shown(word: Word, year: int) -> Iterator[str]:
    plain = plain_word(word)
    if plain in MASKED:
        yield plain
    elif word.mention is not None:
        yield OTHER
        yield word.text
    elif word.text.isdecimal() and len(word.text) == len("2000") and int(word.text) in _YEARS:
        told = int(word.text)
        yield "#past-year" if told < year else "#this-year" if told == year else "#next-year"
    else:
        yield word.text


def _here(sentence: Sentence, places: Sequence[int]) -> Iterator[Party]:
    for at, word in enumerate(sentence.words):
        if word.mention is not None:
            entity, leader = party_of(word.mention)
            yield Party(at, entity, leader, is_here=True, place=places[at])
    for first, last, mention in unlisted_places(sentence):
        if not _is_owned(sentence, first):
            yield Party(last, mention.entity, None, is_here=True, place=places[last])


def _is_owned(sentence: Sentence, first: int) -> bool:
    """ "Kenya's Kibaki" acts for Kenya."""
    return sentence.low(first - 1) in {"'s", "’s"} and sentence.mention(first - 2) is not None
