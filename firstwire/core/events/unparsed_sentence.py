"""A sentence of a language that no parser reads: its words, their classes, and the names that may be parties.

A class means the same in every language.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import msgspec

from firstwire.core.entities.sentence import Sentence, Word
from firstwire.core.entities.unlisted_names import unknown_entity, unlisted_places
from firstwire.core.events.act_features import names_before, party_of, plain_word
from firstwire.core.language.word_classes import (
    ACTS,
    HAN,
    LINKS,
    STANDINGS,
    ClassedWords,
    WordClasses,
    without_particles,
)
from schemas.record import Entity

CLASSES_OF_ACT = {
    "recognize": ("recognize", "regard", "give", "get"),
    "withdraw_recognition": ("derecognize", "withdraw", "recognize"),
    "establish_relations": ("begin",),
    "restore_relations": ("restore",),
    "upgrade_relations": ("raise",),
    "downgrade_relations": ("lower",),
    "suspend_relations": ("suspend",),
    "sever_relations": ("end",),
    "open_embassy": ("open",),
    "close_embassy": ("close",),
    "accredit_ambassador": ("accredit",),
    "expel_ambassador": ("expel",),
    "recall_ambassador": ("recall",),
    "summon_ambassador": ("summon",),
    "impose_sanctions": ("impose", "sanction_verb"),
    "lift_sanctions": ("lift",),
    "list_terror": ("list",),
    "delist_terror": ("unlist",),
    "sign": ("sign",),
    "ratify": ("ratify",),
    "first": ("first", "first_time", "no_other", "only"),
}
"""The classes of words that tell an act. A language without any of them does not read it."""
_STEM = 5
"""Letters by which words are alike."""
_FAR = 8
"""Words between an act and what it recognizes."""
_WIDER = 1.75
"""So many more in Chinese, whose words are counted by characters."""
_STANDING_WORDS, _NOUN_WITHIN = 8, 4
"""The words of a standing at most (in Chinese characters are counted), and how near its noun is."""
_GOVERNMENTS = frozenset({"state_noun", "government_noun"})
_WITHOUT_CAPITALS = frozenset({"ar", "fa", "zh"})
_RECOGNIZING = frozenset({"recognize", "derecognize", "regard"})
_RECOGNIZED = _GOVERNMENTS | {"independence", "legitimate"}
_YEAR_DIGITS = 4
_EARLIEST = 1700
_SOLAR_YEARS = (1300, 1450)
_SOLAR_HIJRI = 621
"""Between the years of the Persian calendar and those of the Gregorian one."""


def in_single_words(sentence: Sentence) -> Sentence:
    """The sentence with every Chinese character as a word, and without marks that nobody sees, which Persian has inside
    its words."""
    words: list[Word] = []
    for word in sentence.words:
        if word.mention is not None or not HAN.search(word.low) or len(word.low) != len(word.text):
            words += [word] if word.low else []
            continue
        words += [Word(word.text[at], low, word.start + at, word.start + at + 1) for at, low in enumerate(word.low)]
    return msgspec.structs.replace(sentence, words=words)


def word_read(word: Word, year: int) -> str:
    """As `plain_word`, with years told from other numbers, as one of the past mostly dates history, and letters with
    their accents: French `a` is no `à`, Italian `e` no `è`."""
    plain = plain_word(word)
    if len(plain) == 1:
        return word.text.lower()
    if plain != "#number" or len(word.low) != _YEAR_DIGITS:
        return plain
    number = int(word.low)
    number += _SOLAR_HIJRI if _SOLAR_YEARS[0] < number < _SOLAR_YEARS[1] else 0
    if _EARLIEST < number < year:
        return "#year-past"
    return "#year" if number in {year, year + 1} else plain


Origin = Literal["listed", "unlisted", "body", "before"]


@dataclass(frozen=True)
class Candidate:
    """A name that may be a party. `at` is the position of its last word; 0 if the sentence does not name it."""

    at: int
    entity: Entity
    leader: Entity | None
    """Who acts for `entity`, if the text names him."""
    origin: Origin
    """"body": what stands between a word of recognition and "government"; "before": a name of the sentence before."""

    @property
    def is_here(self) -> bool:
        return self.origin != "before"


class UnparsedSentence:
    """A sentence with its words by class, under the one `before` it, in news of a `year`."""

    def __init__(self, sentence: Sentence, before: Sentence | None, classes: WordClasses, year: int) -> None:
        self.sentence = in_single_words(sentence)
        self.before = before
        self.year = year
        self.language = classes.language
        words = [word_read(word, year) for word in self.sentence.words]
        self._plain = [without_particles(word, self.language) for word in words]
        self.classed = classes.find(words)
        self._far = int(_FAR * _WIDER) if self.language == "zh" else _FAR
        self._beside = 2 if self.language == "zh" else 1

    def word_of(self, action: str) -> int:
        """The position of the word that tells an act, for its evidence: the first of the act's class, else of any."""
        wanted = CLASSES_OF_ACT.get(action, ())
        places = [each.first for each in self.classed if each.name in wanted] or self.known_words()
        return places[0] if places else 0

    def known_words(self) -> list[int]:
        """The positions of words that may tell an act."""
        return sorted({each.first for each in self.classed if each.name in ACTS})

    @cached_property
    def _recognizing(self) -> list[ClassedWords]:
        return [each for each in self.classed if each.name in _RECOGNIZING]

    def names_the_recognized_alone(self) -> bool:
        """Whether all words of recognition name somebody in passing: "the internationally recognized government"."""
        standings = [each for each in self.classed if each.name in STANDINGS and self._is_attribute(each)]
        return bool(standings) and all(
            any(one.first <= act.first <= one.last for one in standings) for act in self._recognizing
        )

    def _is_attribute(self, standing: ClassedWords) -> bool:
        """Whether it stands beside a government or state, or the name of one, with nothing between: "the government is
        recognized internationally" tells something."""
        words, first, last = self.sentence.words, standing.first, standing.last
        if last - first >= _STANDING_WORDS or any(word.mention is not None for word in words[first : last + 1]):
            return False
        if any(
            (each.name == "negated" and first <= each.first <= last) or (each.name == "by" and each.first == last + 1)
            for each in self.classed
        ):
            return False
        nouns = [each for each in self.classed if each.name in _GOVERNMENTS]
        before = first - 2 if first > 1 and words[first - 1].low == "," else first - 1
        for beside, near in (
            (before, range(before - _NOUN_WITHIN, first)),
            (last + 1, range(last + 1, last + 1 + _NOUN_WITHIN)),
        ):
            found = [each for each in nouns if each.first in near and each.last in near]
            is_beside = 0 <= beside < len(words) and (
                words[beside].mention is not None or any(each.first <= beside <= each.last for each in found)
            )
            if found and is_beside:
                return True
        return False

    def is_seat(self, party: Entity, others: Collection[Entity]) -> bool:
        """Whether somebody is named by the capital alone, and that as the place of another: "the Taliban in Kabul"."""
        named = [(at, word.mention) for at, word in enumerate(self.sentence.words) if word.mention is not None]
        at_places = {each.last + 1: each.first - 1 for each in self.classed if each.name == "in_at"}
        ids = {each.id for each in others} - {party.id}
        placed = {at for at, mention in named if mention.entity.id in ids}
        mine = [(at, mention) for at, mention in named if mention.entity.id == party.id]
        return bool(mine) and all(mention.role == "capital" and at_places.get(at) in placed for at, mention in mine)

    def tells_rank(self) -> bool:
        return any(each.name in CLASSES_OF_ACT["first"] for each in self.classed)

    @cached_property
    def word_features(self) -> dict[str, float]:
        """Classes and beginnings of words: what can be known without the encoder."""
        found = dict.fromkeys([f"p:{word if word[0] == '#' else word[:_STEM]}" for word in self._plain], 1.0)
        found |= dict.fromkeys([f"C:{each.name}" for each in self.classed if each.name not in STANDINGS], 1.0)
        found[f"lang:{self.language}"] = 1.0
        return found

    @cached_property
    def candidates(self) -> list[Candidate]:
        """The listed names, the unlisted ones, bodies without a name, and those of the sentence before, which "it" may
        mean."""
        found = list(self._listed())
        found += self._unlisted({each.entity.id for each in found})
        found += self._bodies()
        return [*found, *self._named_before({each.entity.id for each in found})]

    def _listed(self) -> Iterator[Candidate]:
        for at, word in enumerate(self.sentence.words):
            if word.mention is not None:
                yield Candidate(at, *party_of(word.mention), "listed")

    def _unlisted(self, known: set[str]) -> Iterator[Candidate]:
        if self.language in _WITHOUT_CAPITALS:
            return
        acts = {each.first for each in self._recognizing}
        for first, last, mention in unlisted_places(self.sentence):
            if mention.entity.id in known or (self.language == "de" and " " not in mention.text):
                continue  # German nouns are capitalized
            if first == last and last in acts:
                continue  # "Opinión | Reconozcamos a": the verb has a capital
            known.add(mention.entity.id)
            yield Candidate(last, mention.entity, None, "unlisted")

    def _bodies(self) -> Iterator[Candidate]:
        """States and governments that no list has: what stands between a word of recognition and "government"."""
        acts = self._recognizing
        nouns = [each for each in self.classed if each.name in _RECOGNIZED]
        seen: set[tuple[int, int]] = set()
        for noun in nouns:
            if not acts:
                return
            act = min(acts, key=lambda each: abs(each.first - noun.first))
            first, last = self._phrase(act, noun)
            if (first, last) in seen or first > last:
                continue
            seen.add((first, last))
            words = self.sentence.words
            text = self.sentence.source[words[first].start : words[last].end]
            yield Candidate(last, unknown_entity(text, "organization"), None, "body")

    def _phrase(self, act: ClassedWords, noun: ClassedWords) -> tuple[int, int]:
        """From behind the act to the noun, or from the noun to the act; the noun and its neighbors, if they are far
        apart."""
        if act.last < noun.first <= act.last + self._far:
            first, last = act.last + 1, noun.last
        elif noun.last < act.first <= noun.last + self._far:
            first, last = noun.first, act.first - 1
        else:
            first, last = noun.first, min(noun.last + 2 * self._beside, len(self.sentence.words) - 1)
        while first < last and self._is_edge(first):
            first += 1
        while first < last and self._is_edge(last):
            last -= 1
        return first, last

    def _is_edge(self, at: int) -> bool:
        """Whether a word at the edge of a phrase is no part of it: a particle, a mark."""
        if self.sentence.words[at].is_punctuation:
            return True
        return any(each.first <= at <= each.last and each.name in LINKS for each in self.classed)

    def _named_before(self, known: set[str]) -> Iterator[Candidate]:
        for _, _, entity, leader in names_before(self.before, known):
            yield Candidate(0, entity, leader, "before")
