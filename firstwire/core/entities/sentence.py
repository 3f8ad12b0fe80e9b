"""A sentence as words, where each name is one word.

Quotation marks, text in parentheses, and contrasted names ("Kenya, not Malawi, …") are omitted.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

import msgspec

from firstwire.core.entities.gazetteer import Mention
from firstwire.core.text.closed_words import TIME_WORDS
from firstwire.core.text.datelines import dateline_end
from firstwire.core.text.folding import fold_text
from schemas.record import Entity, Field, Span

_WORD_OR_MARK = re.compile(r"\w+n['’]t\b|['’]s\b|s['’](?=\s)|[^\W_]+(?:[-‑][^\W_]+)*|[^\s\"“”„«»‘]")
_PARENTHESES = re.compile(r"[(\[][^()\[\]]*[)\]]")
_APOSTROPHES = frozenset("'’")


class Word(msgspec.Struct, frozen=True):
    """A word, a name of several words, or a punctuation mark; offsets are code points of the field."""

    text: str
    low: str
    start: int
    end: int
    mention: Mention | None = None
    bound: bool = False
    """A name that is part of a compound: `US-led`, `anti-Taliban`."""

    @property
    def is_punctuation(self) -> bool:
        return not self.low[:1].isalnum() and self.low not in {"'s", "’s"}


class Sentence(msgspec.Struct, frozen=True):
    """One sentence of a field. `number` counts from 0 in the field."""

    field: Field
    source: str
    """The whole field, for evidence."""
    number: int
    start: int
    end: int
    words: list[Word]
    home: Entity | None = None
    """The nation of the dateline, whose government "the government" is."""

    @property
    def text(self) -> str:
        return self.source[self.start : self.end]

    def span(self, first: int, last: int) -> Span:
        """The evidence from word `first` to word `last`, both included."""
        start, end = self.words[first].start, self.words[last].end
        return Span(field=self.field, start=start, end=end, text=self.source[start:end])

    def low(self, at: int) -> str:
        """The folded word at a position; empty beyond either end."""
        return self.words[at].low if 0 <= at < len(self.words) else ""

    def names_day(self) -> bool:
        """Whether a day of the last week is named: "on Monday", "today"."""
        return any(word.low in TIME_WORDS for word in self.words)

    def mention(self, at: int) -> Mention | None:
        return self.words[at].mention if 0 <= at < len(self.words) else None


class SentenceContext(msgspec.Struct, frozen=True):
    """What stands around a sentence: the one `before` it in its field, and the `headline`, unless it is that itself."""

    before: Sentence | None = None
    headline: Sentence | None = None

    @property
    def referring(self) -> Sentence | None:
        """The sentence that may have the referent of "it"."""
        return self.before or self.headline


def read_sentence(
    field: Field,
    source: str,
    number: int,
    span: tuple[int, int],
    mentions: Sequence[Mention],
    home: Entity | None = None,
) -> Sentence:
    """The sentence at `span` of a field, given all mentions in the field."""
    words: list[Word] = []
    at, end = span
    for mention in mentions[bisect_left(mentions, at, key=lambda each: each.start) :]:
        if mention.end > end:
            break
        words += _plain_words(source, at, mention.start)
        words.append(_name(source, mention))
        at = mention.end
    words += _plain_words(source, at, end)
    hidden = [match.span() for match in _PARENTHESES.finditer(source, *span)]
    shown = [word for word in words if not any(low <= word.start < high for low, high in hidden)] if hidden else words
    return Sentence(field, source, number, *span, _without_contrasts(shown), home)


def home_of(field: Field, source: str, mentions: Sequence[Mention]) -> Entity | None:
    """The nation of the place in the dateline of a summary or body."""
    end = 0 if field == "title" else dateline_end(source)
    for mention in mentions:
        if mention.end > end:
            return None
        for each in (mention.entity, mention.country):
            if each is not None and each.kind == "nation":
                return each
    return None


def _without_contrasts(words: list[Word]) -> list[Word]:
    """The words without contrasted names: ", not Malawi,", "but not Malawi", ", unlike Malawi,"."""
    kept: list[Word] = []
    at = 0
    while at < len(words):
        end = _end_of_contrast(words, at) if kept and kept[-1].mention is not None else None
        if end is None:
            kept.append(words[at])
        at = end or at + 1
    return kept


def _end_of_contrast(words: list[Word], start: int) -> int | None:
    """The end of the contrast that begins at `start`, after a name; None if there is none."""
    at = start
    for optional in ({","}, {"and", "but"}):
        at += at < len(words) and words[at].low in optional
    if at == start or at + 1 >= len(words) or words[at].low not in {"not", "unlike"}:
        return None
    at += 2 if words[at + 1].low == "the" else 1
    if at >= len(words) or words[at].mention is None or words[at].bound:
        return None
    following = words[at + 1].low if at + 1 < len(words) else ""
    if following in {"'s", "'"}:
        return None
    return at + 2 if following == "," and words[start].low == "," else at + 1


def _plain_words(source: str, start: int, end: int) -> list[Word]:
    found: list[Word] = []
    piece = source[start:end]
    folded = fold_text(piece) if piece.isascii() else None  # folds one to one: far cheaper than word by word
    for match in _WORD_OR_MARK.finditer(source, start, end):
        text = match[0]
        if text in _APOSTROPHES:
            continue
        if text in {"s'", "s’"}:
            text = text[0]
        at = match.start()
        if folded is not None:
            low = folded[at - start : at - start + len(text)]
        else:
            low = fold_text(text).replace("’", "'").replace("‑", "-")
        found.append(Word(text, low, at, at + len(text)))
    return found


def _name(source: str, mention: Mention) -> Word:
    before = source[max(0, mention.start - 2) : mention.start]
    after = source[mention.end : mention.end + 2]
    bound = (len(before) == 2 and before[1] == "-" and before[0].isalpha()) or (
        len(after) == 2 and after[0] == "-" and after[1].isalpha()
    )
    return Word(mention.text, fold_text(mention.text), mention.start, mention.end, mention, bound)
