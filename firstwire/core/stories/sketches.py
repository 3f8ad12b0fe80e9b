"""A sketch: what stories remember of an article to compare others with it. Hashed words and facts, no text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Final

import msgspec
import numpy as np

from firstwire.core.stories.fact_words import (
    ACT_NAMES,
    ADVISING,
    ANALYSIS,
    CHANGING,
    DENIAL,
    DENYING,
    DIRECTIONS,
    EXPECTING,
    EXPLAINING,
    PERSONAL,
    QUALIFIERS,
    REACTING,
    ROUND_UP,
    TOLLS,
    TOLLS_BEFORE,
    TRADING,
    united,
)
from firstwire.core.stories.identity import language_key
from firstwire.core.stories.roles import BY, ordered_word
from firstwire.core.stories.sketch_words import WordAt, count_words, known_words, words_in
from firstwire.core.stories.story_marks import marks_of
from firstwire.core.stories.story_terms import HASH_SHIFT, RARITY_MASK, hash_of
from firstwire.core.stories.word_vectors import SIZE, Vectors, WordVectors
from firstwire.core.text.rarities import Rarities
from schemas.article import ArticleText, Facts, Quantity
from schemas.times import parse_timestamp

TEXT_CHARACTERS: Final = 1500
"""Characters read of summary and body: some 250 words; what is told later is background."""
LEAD_CHARACTERS: Final = 600
LEAD_TERMS: Final = 60
NAME_RARITY: Final = 40
"""The rarity step from which a capitalized word of a headline in capitals may be a name: one in 1,800 texts."""
TITLE_WORDS_AT_MOST: Final = 40
FACTS_NAMED: Final = 12
ORDERED_WORDS: Final = 16
"""A title with more content words is prose, whose word order is not significant."""

_ROUND_UP = re.compile(ROUND_UP)
_DENIAL = re.compile(DENIAL)
_ANALYSIS = re.compile(ANALYSIS)
_FIRST_PERSON = re.compile(r"\b(?:I|my|we|our|us)\b")
_QUOTED = re.compile(r"^['\"‘“]|['\"’”]$|['\"‘“].{12,}['\"’”]")
_MAGNITUDE = re.compile(r"(?:magnitude|\bM)[ -]?(\d\.\d)|(\d\.\d)[- ]magnitude", re.IGNORECASE)
_YEARS = range(1900, 2101)
_BY = frozenset({"by", "von", "par", "por", "da", "dal", "door", "przez"})
_PLACED_BY = frozenset({"in", "at", "near", "off", "across", "outside", "from", "to"})


class Sketch(msgspec.Struct, frozen=True, array_like=True):
    """One article. Terms are integers as in `story_terms`; sets of classes are integers with a bit for each class."""

    article_id: str
    source: int
    """Hash of the outlet; 0 if it is not named."""
    hours: float
    """`fetched_at` in hours since 1970."""
    title: tuple[int, ...]
    """The distinct terms of the title, in order."""
    order: tuple[int, ...]
    """The words of a headline as `roles.are_swapped` compares them; empty for a long title."""
    title_names: dict[int, int]
    """The names in the title, each with the hash of the nation it stands for, or 0."""
    names: frozenset[int]
    words: frozenset[int]
    lead: tuple[int, ...]
    """The distinct terms of title and lead."""
    subject: frozenset[int]
    """Names before the first act of the title."""
    places: frozenset[int]
    """Names after a preposition of place in the title."""
    phrases: dict[int, frozenset[int]]
    """By name: the names that follow it directly, as in "Kestrel Air"."""
    nations: frozenset[int]
    lead_nations: frozenset[int]
    acts: int
    lead_acts: int
    subjects: int
    lead_subjects: int
    tolls: dict[str, float]
    """The highest number of dead, hurt, missing …, and the magnitude of a quake."""
    figures: frozenset[int]
    """Hashes of the numbers of several digits."""
    title_figures: frozenset[int]
    marks: tuple[str, ...]
    qualifiers: frozenset[int]
    """Hashes of `fact_words.QUALIFIERS`."""
    is_denial: bool
    has_negation: bool
    is_expected: bool
    is_explainer: bool
    is_reaction: bool
    is_round_up: bool
    vectors: bytes
    """Directions of title, title without names, and lead: three times SIZE signed bytes."""

    def directions(self) -> Vectors:
        """Shape (3, SIZE)."""
        return np.frombuffer(self.vectors, np.int8).reshape(3, SIZE).astype(np.float32) / np.float32(127)


class Style(msgspec.Struct, frozen=True):
    """How an article is written, which shows whether it brings news or color; not remembered."""

    is_question: bool
    is_quoted: bool
    is_analysis: bool
    personal: int
    advising: int
    trading: int
    changing: int
    first_person: float
    title_words: int
    title_as_written: dict[int, str]
    """The title's words by term."""


def sketch_of(
    article: ArticleText, rarities: Rarities, vectors: WordVectors, text: str | None = None
) -> tuple[Sketch, Style, Facts]:
    """The sketch of an article, with the style of its writing and its facts in words.

    `text`: summary and body, if only a part of them is the article's own.
    """
    language = language_key(article.language)
    known = known_words(language, rarities)
    text = (text if text is not None else text_of(article))[:TEXT_CHARACTERS]
    lead_text = text[:LEAD_CHARACTERS]
    title = words_in(article.title[: TITLE_WORDS_AT_MOST * 12], known)[:TITLE_WORDS_AT_MOST]
    body = words_in(text, known)
    lead = body[: count_words(lead_text, known)] if len(text) > len(lead_text) else body
    names = _Names(title, body)
    title_names = {at.word.term: at.word.nation for at in title if names.is_name_in_title(at)}
    body_names = {at.word.term for at in body if names.is_name(at)}
    title_terms = tuple(dict.fromkeys(at.word.term for at in title if at.word.term))
    lead_terms = tuple(dict.fromkeys((*title_terms, *(at.word.term for at in lead if at.word.term))))[:LEAD_TERMS]
    in_lead = [at.word for at in lead if names.is_name(at)]
    nations = frozenset(at.word.nation for at in (*title, *body) if at.word.nation)
    lows = [at.word.low for at in title]
    acts = united(at.word.act for at in title)
    subjects = united(at.word.subject for at in title)
    opening = lead[: _first_sentences(lead)]
    folded_title = article.title.casefold()
    means = [
        vectors.mean(terms) for terms in (title_terms, [t for t in title_terms if t not in title_names], lead_terms)
    ]
    packed = np.rint(np.concatenate(means) * 127).astype(np.int8).tobytes() if language == "en" else bytes(3 * SIZE)
    sketch = Sketch(
        article_id=article.article_id,
        source=hash_of(f"outlet {article.source}") if article.source else 0,
        hours=round(parse_timestamp(article.fetched_at).timestamp() / 3600, 4),
        title=title_terms,
        order=_order(title),
        title_names=title_names,
        names=frozenset(body_names | title_names.keys()),
        words=frozenset(at.word.term for at in (*title, *body) if at.word.term),
        lead=lead_terms,
        subject=_subject(title, title_names),
        places=_places(title, title_names),
        phrases=_phrases(title, body, names),
        nations=nations,
        lead_nations=frozenset(w.nation for w in in_lead if w.nation) | {n for n in title_names.values() if n},
        acts=acts,
        lead_acts=acts | united(at.word.act for at in opening),
        subjects=subjects,
        lead_subjects=subjects | united(at.word.subject for at in lead),
        tolls=_tolls(article.title, text, title, body) if language == "en" else {},
        figures=frozenset(hash_of(at.word.figure) for at in (*title, *body) if len(at.word.figure) >= 2),
        title_figures=frozenset(hash_of(at.word.figure) for at in title if at.word.figure),
        marks=marks_of(article.title),
        qualifiers=frozenset(hash_of(low) for low in lows if low in QUALIFIERS),
        is_denial=_DENIAL.search(folded_title) is not None,
        has_negation=any(low in DENYING or low.endswith("n't") for low in lows),
        is_expected=any(low in EXPECTING for low in lows),
        is_explainer="?" in article.title or any(low in EXPLAINING for low in lows),
        is_reaction=any(low in REACTING for low in lows),
        is_round_up=_ROUND_UP.search(folded_title) is not None and "what we know so far" not in folded_title,
        vectors=packed,
    )
    style = Style(
        is_question="?" in article.title,
        is_quoted=_QUOTED.search(article.title) is not None,
        is_analysis=_ANALYSIS.search(f"{article.title} {text[:160]}".casefold()) is not None,
        personal=sum(low in PERSONAL for low in lows),
        advising=sum(low in ADVISING for low in lows),
        trading=sum(low in TRADING for low in lows),
        changing=sum(low in CHANGING for low in lows),
        first_person=len(_FIRST_PERSON.findall(text)) / (1 + len(text) / 500),
        title_words=len(lows),
        title_as_written={at.word.term: at.word.low for at in title if at.word.term},
    )
    return sketch, style, _facts(sketch, title, lead, names)


def _facts(sketch: Sketch, title: Sequence[WordAt], lead: Sequence[WordAt], names: _Names) -> Facts:
    acts = tuple(name for at, name in enumerate(ACT_NAMES) if sketch.acts >> at & 1)
    found = dict.fromkeys((*_names_in(title, names.is_name_in_title), *_names_in(lead, names.is_name)))
    places = [
        one.written for (word, _), (one, _) in pairwise(title) if word.low in _PLACED_BY and one.term in sketch.places
    ]
    return Facts(
        names=tuple(found)[:FACTS_NAMED],
        places=tuple(dict.fromkeys(places)),
        numbers=tuple(Quantity(of=kind, value=value) for kind, value in sorted(sketch.tolls.items())),
        marks=sketch.marks,
        acts=acts,
        direction=next((name for name in acts if name in DIRECTIONS), None),
        denies=sketch.is_denial,
        expects=sketch.is_expected,
    )


def _names_in(text: Sequence[WordAt], is_name: Callable[[WordAt], bool]) -> Iterator[str]:
    """Names as written, adjacent ones together."""
    together: list[str] = []
    for at in text:
        if at.begins and together:
            yield " ".join(together)
            together = []
        if is_name(at):
            together.append(at.word.written.replace("’", "'").removesuffix("'s"))
        elif together:
            yield " ".join(together)
            together = []
    if together:
        yield " ".join(together)


def text_of(article: ArticleText) -> str:
    return "\n".join(filter(None, (article.summary, article.body)))


class _Names:
    """Which words are names: by their capitals, which mean nothing at the beginning of a sentence or in a headline in
    capitals, unless the word has one elsewhere in the text."""

    def __init__(self, title: Sequence[WordAt], body: Sequence[WordAt]) -> None:
        self._with_capital: dict[str, int] = {}
        self._without: dict[str, int] = {}
        for word, begins in body:
            if not word.is_capital:
                self._without[word.low] = self._without.get(word.low, 0) + 1
            elif not begins:
                self._with_capital[word.low] = self._with_capital.get(word.low, 0) + 1
        content = [at.word for at in title if at.word.term and not at.word.figure]
        capitals = sum(word.is_capital for word in content)
        self._has_capitals_throughout = len(content) >= 4 and capitals > 0.7 * len(content)

    def is_name(self, at: WordAt) -> bool:
        word, begins = at
        if not word.is_capital or not word.term:
            return False
        return not begins or word.nation != 0 or word.low in self._with_capital

    def is_name_in_title(self, at: WordAt) -> bool:
        word, begins = at
        if not word.is_capital or not word.term:
            return False
        if word.nation:
            return True
        if word.act and word.low in self._without:
            return False
        if not begins and not self._has_capitals_throughout:
            return True
        capitals, others = self._with_capital.get(word.low, 0), self._without.get(word.low, 0)
        if capitals or others:
            return capitals > others
        return word.term & RARITY_MASK >= NAME_RARITY and not word.act and not word.low.endswith(("ing", "ed"))

    @property
    def follow_each_other(self) -> bool:
        """Whether names that follow each other in the title belong together: not where every word has a capital."""
        return not self._has_capitals_throughout


def _order(title: Sequence[WordAt]) -> tuple[int, ...]:
    found = [
        BY if word.low in _BY else ordered_word(word.term >> HASH_SHIFT, word.is_capital)
        for word, _ in title
        if word.term or word.low in _BY
    ]
    return tuple(dict.fromkeys(found)) if len(found) <= ORDERED_WORDS else ()


def _first_sentences(lead: Sequence[WordAt]) -> int:
    """The number of words of the first two sentences."""
    beginnings = [at for at, word in enumerate(lead) if word.begins]
    return beginnings[3] if len(beginnings) > 3 else len(lead)


def _subject(title: Sequence[WordAt], names: dict[int, int]) -> frozenset[int]:
    found = set()
    for word, _ in title:
        if word.act and not word.is_capital:
            break
        if word.term in names:
            found.add(word.term)
    return frozenset(found)


def _places(title: Sequence[WordAt], names: dict[int, int]) -> frozenset[int]:
    return frozenset(
        then.word.term for at, then in pairwise(title) if at.word.low in _PLACED_BY and then.word.term in names
    )


def _phrases(title: Sequence[WordAt], body: Sequence[WordAt], names: _Names) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    for text in (title, body) if names.follow_each_other else (body,):
        for one, other in pairwise(text):
            if one.word.is_capital and other.word.is_capital and not other.begins and one.word.term and other.word.term:
                found.setdefault(one.word.term, set()).add(other.word.term)
    return {name: frozenset(others) for name, others in found.items()}


def _tolls(title: str, text: str, *parts: Sequence[WordAt]) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in parts:
        for at, (word, _) in enumerate(part):
            number = word.number
            if number is None or number in _YEARS or word.low == "one":
                continue
            kind = _counted(part, at)
            if kind is not None:
                found[kind] = max(found.get(kind, 0), number)
    for match in _MAGNITUDE.finditer(f"{title}\n{text}"):
        found.setdefault("magnitude", float(match[1] or match[2]))
    return found


def _counted(part: Sequence[WordAt], at: int) -> str | None:
    """What a number counts: by a noun among the next four words, or a verb among the last four."""
    for word, begins in part[at + 1 : at + 5]:
        if word.number is not None or begins:
            break
        if word.low in TOLLS:
            return TOLLS[word.low]
    for word, _ in reversed(part[max(0, at - 4) : at]):
        if word.low in TOLLS_BEFORE:
            return TOLLS_BEFORE[word.low]
    return None


_PACKER = msgspec.msgpack.Encoder()
_UNPACKER = msgspec.msgpack.Decoder(Sketch)


def packed(sketch: Sketch) -> bytes:
    return _PACKER.encode(sketch)


def unpacked(data: bytes) -> Sketch:
    """Raises msgspec.DecodeError for bytes that are no sketch."""
    return _UNPACKER.decode(data)
