"""A sentence of a language that no parser reads as the encoder of these languages sees it.

As in English, names are masked, and the sentence before is given. Words keep the space before them, as pieces of these
languages do, and a masked name keeps its ending, which tells the case.
"""

from __future__ import annotations

from collections.abc import Container, Iterator

from firstwire.core.entities.sentence import Sentence, Word
from firstwire.core.events.act_features import names_before
from firstwire.core.events.encoder_input import HEADLINE, MASKED, OTHER, EncoderInput, Party, marks_of_place
from firstwire.core.events.unparsed_sentence import UnparsedSentence, word_read
from firstwire.core.language.word_classes import HAN

_ENDING = 2
"""Letters of a name's ending."""
_YEARS = {"#year-past": "#past-year", "#year": "#this-year"}
_WITHOUT_ENDINGS = frozenset({"ar", "fa", "zh"})


def unparsed_input(looked: UnparsedSentence) -> EncoderInput:
    """The input of a sentence whose words and names are known."""
    shown = _Shown(looked.language, looked.year)
    words = list(_marks_of(looked.sentence))
    named = {each.at for each in looked.candidates if each.is_here}
    places = shown.add(looked.sentence, words, ends=named)
    parties = [
        Party(each.at, each.entity, each.leader, is_here=True, place=places[each.at])
        for each in looked.candidates
        if each.is_here
    ]
    around: list[str] = []
    if looked.before is not None:
        around += _marks_of(looked.before)
        at_words = shown.add(looked.before, around, ends=())
        known = {each.entity.id for each in parties}
        place_of = {id(word): at for word, at in zip(looked.before.words, at_words, strict=True)}
        parties += [
            Party(0, entity, leader, is_here=False, place=len(words) + place_of[id(word)])
            for _, word, entity, leader in names_before(looked.before, known)
        ]
    return EncoderInput(tuple(words), tuple(around), tuple(places), tuple(parties))


def _marks_of(sentence: Sentence) -> Iterator[str]:
    yield from marks_of_place(sentence)
    if sentence.field == "title":
        yield HEADLINE


class _Shown:
    """Words as they are shown, in a language, in news of a year."""

    def __init__(self, language: str, year: int) -> None:
        self._language = language
        self._year = year

    def add(self, sentence: Sentence, words: list[str], ends: Container[int]) -> list[int]:
        """Adds the words of a sentence; the place of each among them. Chinese characters are joined again, up to those
        that are in `ends`."""
        places = []
        for at, word in enumerate(sentence.words):
            if at and at - 1 not in ends and _is_one_run(sentence.words[at - 1], word):
                words[-1] += word.text
            else:
                words += self._of(sentence, word)
            places.append(len(words) - 1)
        return places

    def _of(self, sentence: Sentence, word: Word) -> Iterator[str]:
        read = word_read(word, self._year)
        space = " " if word.start == sentence.start or sentence.source[word.start - 1].isspace() else ""
        if word.mention is None:
            yield _YEARS.get(read, space + word.text)
            return
        if read not in MASKED:
            yield OTHER
            yield space + word.text
            return
        if self._language not in _WITHOUT_ENDINGS:
            yield word.text[-_ENDING:].lower()
        yield read


def _is_one_run(one: Word, other: Word) -> bool:
    """Whether two words are Chinese without a space or a name between them."""
    is_joined = one.mention is None and other.mention is None and one.end == other.start
    return is_joined and all(HAN.search(each.low) is not None for each in (one, other))
