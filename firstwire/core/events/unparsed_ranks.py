"""Ranks in a sentence that no parser has read: what a nation is the first to do, of whom, and who is the second."""

from __future__ import annotations

import re
from collections.abc import Iterator

from firstwire.core.events.unparsed_sentence import UnparsedSentence
from firstwire.core.language.word_classes import LINKS, RANKS, ClassedWords
from firstwire.core.text.folding import fold_text

_NUMBERS = {
    2: "втор друг deuxi second segund zweit drug ثاني دوم ikinci 第二",
    3: "трет terc terz troisi dritt trzec ثالث سوم ucuncu 第三",
    4: "четв quatri cuart quart viert czwart رابع چهارم dorduncu 第四",
    5: "пят п'ят cinqui quint funft piat خامس پنجم besinci 第五",
    6: "шест шост sixi sext sest sechst szost سادس ششم altinci 第六",
    7: "седьм сьом septi sept sett siebt siodm سابع هفتم yedinci 第七",
    10: "десят dixi decim zehnt dziesiat عاشر دهم onuncu 第十",
}
ORDINALS = tuple((fold_text(stem), number) for number, stems in _NUMBERS.items() for stem in stems.split())
"""Beginnings of ordinals of all languages: the lexicon says which words are ordinals."""
_FIGURE = re.compile(r"\d{1,3}(?!\d)")
_BESIDE_NOUN = 4
"""Positions between an ordinal and "country"."""
_WORDS = 4
"""Words that name an act."""
_NO_ACT = RANKS | LINKS | {"announce"}
_RANKING = ("first", "first_time", "no_other", "only")
_SCOPE_WORDS = 3
_SCOPE_CHARACTERS = 8
"""In Chinese."""


def first_act_name(looked: UnparsedSentence) -> str:
    """The first words behind the rank that tell something, joined by hyphens, or else those before it: the same words
    tell the same act. Empty if there are none."""
    rank = _rank(looked)
    behind = list(_telling(looked, range(rank.last + 1 if rank is not None else 0, len(looked.sentence.words))))
    before = list(_telling(looked, range(rank.first if rank is not None else 0)))
    words = behind if len(behind) > 1 else before + behind
    if looked.language == "zh":
        return "".join(words[: 2 * _WORDS])
    return "-".join(words[:_WORDS])


def number_ranked(looked: UnparsedSentence) -> int | None:
    """The ordinal beside "country", above the first: "the *21st* country to". None if there is none."""
    nouns = [each for each in looked.classed if each.name == "nation_noun"]
    places = {at for each in looked.classed if each.name == "ordinal" for at in range(each.first, each.last + 1)}
    words = looked.sentence.words
    for noun in nouns:
        for at in range(max(0, noun.first - _BESIDE_NOUN), min(len(words), noun.last + 2)):
            found = _FIGURE.match(words[at].low)
            if found is not None and words[at].low != found[0] and int(found[0]) > 1:
                return int(found[0])
            if at in places:
                text = "".join(word.low for word in words[at : at + 2]) if looked.language == "zh" else words[at].low
                return next((number for stem, number in ORDINALS if text.startswith(stem)), None)
    return None


def first_scope(looked: UnparsedSentence) -> str | None:
    """The words between "first" and "country", or behind both: "first *Arab* country". None: of all."""
    rank = _rank(looked)
    nouns = [each for each in looked.classed if each.name == "nation_noun"]
    if rank is None or not nouns:
        return None
    far = _SCOPE_CHARACTERS if looked.language == "zh" else _SCOPE_WORDS
    noun = min(nouns, key=lambda each: abs(each.first - rank.first))
    between = range(min(rank.last, noun.last) + 1, max(rank.first, noun.first))
    behind = list(_narrowing(looked, max(rank.last, noun.last) + 1, far))
    places = [at for at in between if _narrows(looked, at)] if 0 < len(between) <= far else behind
    if not places:
        return None
    words = looked.sentence.words
    return looked.sentence.source[words[places[0]].start : words[places[-1]].end]


def _rank(looked: UnparsedSentence) -> ClassedWords | None:
    ranks = [each for each in looked.classed if each.name in _RANKING]
    return min(ranks, key=lambda each: (_RANKING.index(each.name), each.first)) if ranks else None


def _telling(looked: UnparsedSentence, places: range) -> Iterator[str]:
    """The words that tell something: no names, numbers, particles, ranks."""
    skipped = {at for each in looked.classed if each.name in _NO_ACT for at in range(each.first, each.last + 1)}
    for at in places:
        word = looked.sentence.words[at]
        if word.mention is None and at not in skipped and word.low[:1].isalpha():
            yield word.low


def _narrowing(looked: UnparsedSentence, start: int, far: int) -> Iterator[int]:
    """The adjectives directly behind the ranked noun, until a word of a class."""
    for at in range(start, min(start + far, len(looked.sentence.words))):
        if not _narrows(looked, at):
            return
        yield at


def _narrows(looked: UnparsedSentence, at: int) -> bool:
    word = looked.sentence.words[at]
    is_group = word.mention is not None and word.mention.entity.kind == "organization"
    is_plain = word.mention is None and word.low[:1].isalpha()
    return is_group or (is_plain and not any(each.first <= at <= each.last for each in looked.classed))
