"""What the learned reading looks at where no parser reads the language: words, their classes, and who stands where.

A class means the same in every language, so that one model reads all of them: what it learns from Russian news about
"recognize" before a name, it knows in Persian too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise

import msgspec

from firstwire.core.entities.sentence import Sentence, Word
from firstwire.core.entities.unlisted_names import unknown_entity, unlisted_places
from firstwire.core.events.act_features import (
    BEGIN,
    END,
    LEAD_SENTENCES,
    Candidate,
    count_of_bodies,
    names_before,
    party_of,
    plain_word,
)
from firstwire.core.language.word_classes import ACTS, HAN, LINKS, ClassedWords, WordClasses, without_particles

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
_NEAR = 6
"""Positions between two classes whose order counts."""
_AROUND = 7
_CLASSES_AROUND = 14
"""Words, and classes, on each side of a name that say what it does."""
_WIDER = 1.75
"""So many more in Chinese, whose words are counted by characters."""
_WITHOUT_CAPITALS = frozenset({"ar", "fa", "zh"})
_RECOGNIZING = frozenset({"recognize", "derecognize", "regard"})
_RECOGNIZED = frozenset({"state_noun", "government_noun", "independence", "legitimate"})
_YEAR_DIGITS = 4
_EARLIEST = 1700
_SOLAR_YEARS = (1300, 1450)
_SOLAR_HIJRI = 621
"""Between the years of the Persian calendar and those of the Gregorian one."""
_ATTACHED = 3
"""Letters of the longest particle that is written onto a name."""
_QUESTIONS = ("?", "؟", "？")
_FULL_STOPS = (".", "。", "!", "！")


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


class UnparsedFeatures:
    """The features of a sentence and of the names in it."""

    def __init__(self, sentence: Sentence, before: Sentence | None, classes: WordClasses, year: int) -> None:
        """`year`: of publication."""
        self.sentence = in_single_words(sentence)
        self._before = before
        self.language = classes.language
        words = [word_read(word, year) for word in self.sentence.words]
        self._plain = [without_particles(word, self.language) for word in words]
        self.stems = [word if word[0] == "#" else word[:_STEM] for word in self._plain]
        self.classed = classes.find(words)
        is_chinese = self.language == "zh"
        self._reach = int(_AROUND * _WIDER) if is_chinese else _AROUND
        self._class_reach = int(_CLASSES_AROUND * _WIDER) if is_chinese else _CLASSES_AROUND
        self._beside = 2 if is_chinese else 1

    def word_of(self, action: str) -> int:
        """The position of the word that tells an act, for its evidence: the first of the act's class, else of any."""
        wanted = CLASSES_OF_ACT.get(action, ())
        places = [each.first for each in self.classed if each.name in wanted] or self.known_words()
        return places[0] if places else 0

    def known_words(self) -> list[int]:
        """The positions of words that may tell an act."""
        return sorted({each.first for each in self.classed if each.name in ACTS})

    @cached_property
    def of_sentence(self) -> dict[str, float]:
        found = dict.fromkeys(self._of_words(), 1.0)
        found |= dict.fromkeys(self._of_classes(), 1.0)
        sentence = self.sentence
        found[f"k:{min(count_of_bodies(sentence), 3)}"] = 1.0
        found[f"lang:{self.language}"] = 1.0
        found["length"] = len(self.stems) / 30
        field: str = sentence.field
        if field == "body" and sentence.number < LEAD_SENTENCES:
            field = "lead"
        found[f"field:{field}"] = 1.0
        if any(mark in sentence.text for mark in _QUESTIONS):
            found["?"] = 1.0
        if field == "title" and not sentence.text.endswith(_FULL_STOPS):
            found["headline"] = 1.0
        return found

    def _of_words(self) -> Iterator[str]:
        stems = [BEGIN, *self.stems, END]
        yield from (f"w:{word}" for word in self._plain)
        yield from (f"p:{stem}" for stem in self.stems)
        yield from (f"b:{one} {other}" for one, other in pairwise(stems))
        yield from (f"s:{one} {other}" for one, other in zip(stems, stems[2:], strict=False))
        if self.language == "zh":
            yield from (f"t:{a}{b}{c}" for a, b, c in zip(stems, stems[1:], stems[2:], strict=False))

    def _of_classes(self) -> Iterator[str]:
        names = sorted({each.name for each in self.classed})
        yield from (f"C:{name}" for name in names)
        yield from (f"U:{one}+{other}" for at, one in enumerate(names) for other in names[at + 1 :])
        for one in self.classed:
            for other in self.classed:
                if one.first < other.first <= one.last + _NEAR:
                    yield f"O:{one.name}>{other.name}"

    @cached_property
    def candidates(self) -> list[Candidate]:
        """The listed names, the unlisted ones, bodies without a name, and those of the sentence before, which "it" may
        mean."""
        found = list(self._listed())
        found += self._unlisted({each.entity.id for each in found})
        found += self._bodies()
        return [*found, *self._named_before({each.entity.id for each in found})]

    def _listed(self) -> Iterator[Candidate]:
        words = self.sentence.words
        named = [at for at, word in enumerate(words) if word.mention is not None]
        for order, at in enumerate(named):
            mention = words[at].mention
            assert mention is not None
            entity, leader = party_of(mention)
            low = words[at].text.lower()
            features = (
                f"t:{self.stems[at]}",
                f"kind:{entity.kind}",
                f"o:{min(order, 3)}",
                f"last:{order == len(named) - 1}",
                f"n:{min(len(named), 4)}",
                f"lang:{self.language}:{min(order, 2)}",
                f"end:{self.language}:{low[-2:]}",
                f"end1:{self.language}:{low[-1:]}",
                f"attached:{self.language}:{self._attached(at)}",
                *self._around(at, at),
            )
            yield Candidate(at, entity, leader, features)

    def _attached(self, at: int) -> str:
        """The particles written onto a name: the "to" in front of Arabic names."""
        start = self.sentence.words[at].start
        begin = start
        while begin > self.sentence.start and start - begin < _ATTACHED and self.sentence.source[begin - 1].isalpha():
            begin -= 1
        return self.sentence.source[begin:start]

    def _unlisted(self, known: set[str]) -> Iterator[Candidate]:
        if self.language in _WITHOUT_CAPITALS:
            return
        for first, last, mention in unlisted_places(self.sentence):
            if mention.entity.id in known or (self.language == "de" and " " not in mention.text):
                continue  # German nouns are capitalized
            known.add(mention.entity.id)
            features = ("t:#unlisted", "kind:unlisted", *self._around(first, last))
            yield Candidate(last, mention.entity, None, features)

    def _bodies(self) -> Iterator[Candidate]:
        """States and governments that no list has: what stands between a word of recognition and "government"."""
        acts = [each for each in self.classed if each.name in _RECOGNIZING]
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
            features = (
                "t:#body",
                f"body:{noun.name}",
                f"body:{noun.name}:{act.name}:{act.first < noun.first}",
                f"body:n:{min(3, sum(word.mention is not None for word in words))}",
                f"body:inside:{min(2, sum(word.mention is not None for word in words[first : last + 1]))}",
                f"body:length:{min(6, last - first)}",
                *self._around(first, last),
            )
            yield Candidate(last, unknown_entity(text, "organization"), None, features)

    def _phrase(self, act: ClassedWords, noun: ClassedWords) -> tuple[int, int]:
        """From behind the act to the noun, or from the noun to the act; the noun and its neighbors, if they are far
        apart."""
        far = self._reach + 1
        if act.last < noun.first <= act.last + far:
            first, last = act.last + 1, noun.last
        elif noun.last < act.first <= noun.last + far:
            first, last = noun.first, act.first - 1
        else:
            first, last = noun.first, min(noun.last + 2 * self._beside, len(self.stems) - 1)
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
        here = sum(word.mention is not None for word in self.sentence.words)
        for order, _, entity, leader in names_before(self._before, known):
            features = (
                "t:#before",
                f"before:{min(order, 3)}",
                f"before:kind:{entity.kind}",
                f"before:n:{min(here, 3)}",
            )
            yield Candidate(0, entity, leader, features, is_here=False)

    def _around(self, first: int, last: int) -> list[str]:
        """The words and classes on both sides of a name, each once."""
        found = [*self._words_around(first, last), *self._classes_around(first, last)]
        found += [f"{self.language}:{name}" for name in found if name[:3] in {"AL:", "AR:", "NL:", "NR:"}]
        return list(dict.fromkeys(found))

    def _words_around(self, first: int, last: int) -> Iterator[str]:
        stems = self.stems
        before = [stems[first - step] if first >= step else BEGIN for step in (3, 2, 1)]
        after = [stems[last + step] if last + step < len(stems) else END for step in (1, 2, 3)]
        yield f"c-1:{before[2]}"
        yield f"c-2:{before[1]}"
        yield f"c-2-1:{before[1]} {before[2]}"
        yield f"c1:{after[0]}"
        yield f"c2:{after[1]}"
        yield f"c12:{after[0]} {after[1]}"
        yield from (f"L:{stem}" for stem in stems[max(0, first - self._reach) : first])
        yield from (f"R:{stem}" for stem in stems[last + 1 : last + 1 + self._reach])
        if self.language == "zh":
            yield f"cL:{''.join(before)}"
            yield f"cR:{''.join(after)}"

    def _classes_around(self, first: int, last: int) -> Iterator[str]:
        left = [each for each in self.classed if 0 < first - each.last <= self._class_reach]
        right = [each for each in self.classed if 0 < each.first - last <= self._class_reach]
        yield from (f"CL:{each.name}" for each in left)
        yield from (f"CR:{each.name}" for each in right)
        for step in (1, 2, 3):
            low, high = self._beside * (step - 1), self._beside * step
            yield from (f"c-{step}C:{each.name}" for each in left if low < first - each.last <= high)
            yield from (f"c{step}C:{each.name}" for each in right if low < each.first - last <= high)
        for kind, those_left, those_right in (("N", left, right), ("A", _acts(left), _acts(right))):
            if those_left:
                yield f"{kind}L:{max(those_left, key=lambda each: each.last).name}"
            if those_right:
                yield f"{kind}R:{min(those_right, key=lambda each: each.first).name}"


def _acts(classed: Sequence[ClassedWords]) -> list[ClassedWords]:
    return [each for each in classed if each.name in ACTS]
