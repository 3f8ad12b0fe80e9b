"""A sentence as the encoder sees it: its words with names masked, the sentence before, and where each name stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from firstwire.core.entities.sentence import Sentence, Word
from firstwire.core.entities.unlisted_names import is_headline, unlisted_places
from firstwire.core.events.act_features import names_before, party_of, plain_word
from schemas.record import Entity

HEADLINE, HOME = "#headline", "#home"
"""Marks: the sentence is a headline; the nation of the dateline, whose government "the government" is."""
OTHER = "#name"
"""Stands before the words of a listed name that is no nation, organization, leader or capital."""
_YEARS = range(1900, 2100)
MARKS = (
    *("#nation", "#demonym", "#capital", "#organization", "#leader", OTHER, HEADLINE, HOME),
    *("#past-year", "#this-year", "#next-year"),
)
"""All words that stand for something else."""
_MASKED = frozenset(MARKS) - {OTHER}


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
    """`words` and `before`: of the sentence and of the one before. `places`: of the sentence's own words in `words`."""

    words: tuple[str, ...]
    before: tuple[str, ...]
    places: tuple[int, ...]
    parties: tuple[Party, ...]


def encoder_input(sentence: Sentence, before: Sentence | None, year: int) -> EncoderInput:
    """`year` is that of publication. The sentence before is given if a name in it may be meant by "it"."""
    words = [HEADLINE] if is_headline(sentence) else []
    places = []
    for word in sentence.words:
        shown = list(_shown(word, year))
        places.append(len(words) + len(shown) - 1)
        words += shown
    parties = list(_here(sentence, places))
    known = {each.entity.id for each in parties}
    behind: list[str] = []
    if sentence.home is not None and sentence.home.id not in known:
        known.add(sentence.home.id)
        parties.append(Party(0, sentence.home, None, is_here=False, place=len(words)))
        behind.append(HOME)
    named = {id(word): (entity, leader) for _, word, entity, leader in names_before(before, known)}
    if named and before is not None:
        for word in before.words:
            behind += _shown(word, year)
            if id(word) in named:
                parties.append(Party(0, *named[id(word)], is_here=False, place=len(words) + len(behind) - 1))
    return EncoderInput(tuple(words), tuple(behind), tuple(places), tuple(parties))


def _shown(word: Word, year: int) -> Iterator[str]:
    plain = plain_word(word)
    if plain in _MASKED:
        yield plain
    elif word.mention is not None:
        yield OTHER
        yield word.text
    elif word.text.isdigit() and len(word.text) == len("2000") and int(word.text) in _YEARS:
        told = int(word.text)
        yield "#past-year" if told < year else "#this-year" if told == year else "#next-year"
    else:
        yield word.text


def _here(sentence: Sentence, places: Sequence[int]) -> Iterator[Party]:
    for at, word in enumerate(sentence.words):
        if word.mention is not None:
            entity, leader = party_of(word.mention)
            yield Party(at, entity, leader, is_here=True, place=places[at])
    for _, last, mention in unlisted_places(sentence):
        yield Party(last, mention.entity, None, is_here=True, place=places[last])
