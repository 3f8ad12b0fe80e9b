"""A sketch: what stories remember of an article to compare others with it. Hashed words and facts, no text."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from functools import cached_property
from itertools import chain, pairwise, takewhile
from operator import attrgetter
from typing import Final

import msgspec
import numpy as np

from firstwire.core.stories.fact_words import (
    ACT_NAMES,
    ADVISING,
    ANALYSIS,
    CALLING,
    CHANGING,
    CLAUSE_WORDS,
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
    WANTED,
    WANTING,
    united,
)
from firstwire.core.stories.identity import language_key
from firstwire.core.stories.roles import BY, ordered_word
from firstwire.core.stories.second_look import StoryReader
from firstwire.core.stories.sketch_words import KnownPieces, KnownWord, TextWords, known_pieces, words_in
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
_QUOTED = re.compile(r"^['\"‘“]|['\"’”]$|['\"‘“].{12,}['\"’”]")
_MAGNITUDE = re.compile(r"(?:magnitude|\bM)[ -]?(\d\.\d)|(\d\.\d)[- ]magnitude", re.IGNORECASE)
_DECIMAL = re.compile(r"\d\.\d")
"""Searched for first, ten times as fast: few texts have a number that may be a magnitude."""
_NOTHING = frozenset({0})
_TERM_OF = attrgetter("term")
_YEARS = frozenset(map(float, range(1900, 2101)))
WANTED_WORDS = 7
"""Behind a word that wants something, among which the act must stand."""
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
    beginning: bytes = b""
    """For a second look; empty where none is taken, and in sketches of earlier versions."""
    is_demand: bool | None = None
    """Whether the title wants an act; None in sketches of earlier versions."""

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
    text: frozenset[int]
    """The terms of what was read of the text, without the title."""


def sketch_of(
    article: ArticleText,
    rarities: Rarities,
    vectors: WordVectors,
    text: str | None = None,
    *,
    reader: StoryReader | None = None,
) -> tuple[Sketch, Style, Facts]:
    """The sketch of an article, with the style of its writing and its facts in words.

    `text`: summary and body, if only a part of them is the article's own. `reader`: who takes second looks at it.
    """
    language = language_key(article.language)
    pieces = known_pieces(language, rarities)
    text = (text if text is not None else text_of(article))[:TEXT_CHARACTERS]
    title = _title_of(article.title, pieces)
    body = words_in(text, pieces, LEAD_CHARACTERS)
    lead = body.known[: body.in_lead]
    names = _Names(title, body)
    title_names = {word.term: word.nation for _, word in names.in_title}
    title_terms = tuple(_distinct(title.known))
    lead_terms = tuple(_distinct(title.known, lead))[:LEAD_TERMS]
    standing_out = [*title.standing_out(), *names.standing_out]
    lows = [word.low for word in title.known]
    acts = united({word.act for word in title.known})
    subjects = united({word.subject for word in title.known})
    folded_title = article.title.casefold()
    lead_nations = {word.nation for at, word in names.in_body if at < body.in_lead} | set(title_names.values())
    sketch = Sketch(
        article_id=article.article_id,
        source=hash_of(f"outlet {article.source}") if article.source else 0,
        hours=round(parse_timestamp(article.fetched_at).timestamp() / 3600, 4),
        title=title_terms,
        order=_order(title.known),
        title_names=title_names,
        names=frozenset({word.term for _, word in names.in_body}.union(title_names)),
        words=frozenset(_distinct(title.known, body.known)),
        lead=lead_terms,
        subject=_subject(title.known, title_names),
        places=_places(title.known, title_names),
        phrases=_phrases(title, body, names),
        nations=frozenset({word.nation for _, word in standing_out} - _NOTHING),
        lead_nations=frozenset(lead_nations - _NOTHING),
        acts=acts,
        lead_acts=acts | united({word.act for word in lead[: _first_sentences(body)]}),
        subjects=subjects,
        lead_subjects=subjects | united({word.subject for word in lead}),
        tolls=_tolls(article.title, text, title, body, names) if language == "en" else {},
        figures=frozenset([word.figure_hash for _, word in standing_out if len(word.figure) >= 2]),
        title_figures=frozenset([word.figure_hash for word in title.known if word.figure]),
        marks=marks_of(article.title),
        qualifiers=frozenset([hash_of(low) for low in lows if low in QUALIFIERS]),
        is_denial=_DENIAL.search(folded_title) is not None,
        has_negation=any(low in DENYING or low.endswith("n't") for low in lows),
        is_expected=not EXPECTING.isdisjoint(lows),
        is_explainer="?" in article.title or not EXPLAINING.isdisjoint(lows),
        is_reaction=not REACTING.isdisjoint(lows),
        is_round_up=_ROUND_UP.search(folded_title) is not None and "what we know so far" not in folded_title,
        vectors=_directions(vectors, title_terms, title_names, lead_terms) if language == "en" else bytes(3 * SIZE),
        beginning=reader.beginning(article.title, text) if reader is not None and language == "en" else b"",
        is_demand=_is_demand(title.known),
    )
    style = Style(
        is_question="?" in article.title,
        is_quoted=_QUOTED.search(article.title) is not None,
        is_analysis=_ANALYSIS.search(f"{article.title} {text[:160]}".casefold()) is not None,
        personal=sum(map(PERSONAL.__contains__, lows)),
        advising=sum(map(ADVISING.__contains__, lows)),
        trading=sum(map(TRADING.__contains__, lows)),
        changing=sum(map(CHANGING.__contains__, lows)),
        first_person=sum([word.first_person for _, word in names.standing_out]) / (1 + len(text) / 500),
        title_words=len(lows),
        title_as_written={word.term: word.low for word in title.known if word.term},
        text=frozenset(_distinct(body.known)),
    )
    return sketch, style, _facts(sketch, title, body, names)


def _title_of(title: str, pieces: KnownPieces) -> TextWords:
    words = words_in(title[: TITLE_WORDS_AT_MOST * 12], pieces, 0)
    return words._replace(known=words.known[:TITLE_WORDS_AT_MOST])


def _is_demand(title: Sequence[KnownWord]) -> bool:
    """Whether an act stands a few words behind the first word that wants something, and none before."""
    for at, word in enumerate(title):
        near = [one.low for one in title[at + 1 : at + 3]]
        wants = word.low in WANTING or (word.low in WANTED and near[:1] != ["to"])  # "residents urged to leave"
        if wants or not CALLING.get(word.low, frozenset()).isdisjoint(near):
            wanted = takewhile(lambda one: one.low not in CLAUSE_WORDS, title[at + 1 : at + 1 + WANTED_WORDS])
            return not any(one.act for one in title[:at]) and any(one.act for one in wanted)
    return False


def _distinct(*parts: Iterable[KnownWord]) -> dict[int, None]:
    """The distinct terms of some words, in order, without function words."""
    found = dict.fromkeys(map(_TERM_OF, chain(*parts)))
    found.pop(0, None)
    return found


def _directions(vectors: WordVectors, title: Sequence[int], names: Container[int], lead: Sequence[int]) -> bytes:
    others = [term for term in title if term not in names]
    of_title = vectors.mean(title)
    of_others = vectors.mean(others) if len(others) < len(title) else of_title
    directions = np.concatenate((of_title, of_others, vectors.mean(lead)))
    return np.rint(directions * 127).astype(np.int8).tobytes()


def _facts(sketch: Sketch, title: TextWords, body: TextWords, names: _Names) -> Facts:
    acts = tuple(name for at, name in enumerate(ACT_NAMES) if sketch.acts >> at & 1) if sketch.acts else ()
    in_lead = [(at, word) for at, word in names.in_body if at < body.in_lead]
    found = dict.fromkeys((*_named(names.in_title, title.begins), *_named(in_lead, body.begins)))
    places = [
        one.written for word, one in pairwise(title.known) if word.low in _PLACED_BY and one.term in sketch.places
    ]
    return Facts(
        names=tuple(found)[:FACTS_NAMED],
        places=tuple(dict.fromkeys(places)),
        numbers=tuple([Quantity(of=kind, value=value) for kind, value in sorted(sketch.tolls.items())]),
        marks=sketch.marks,
        acts=acts,
        direction=next((name for name in acts if name in DIRECTIONS), None),
        denies=sketch.is_denial,
        expects=sketch.is_expected,
    )


def _named(names: Iterable[tuple[int, KnownWord]], begins: Container[int]) -> list[str]:
    """Names as written, adjacent ones together."""
    found: list[list[str]] = []
    last = -2
    for at, word in names:
        written = word.written.replace("’", "'").removesuffix("'s")
        if at == last + 1 and at not in begins:
            found[-1].append(written)
        else:
            found.append([written])
        last = at
    return [" ".join(together) for together in found]


def text_of(article: ArticleText) -> str:
    return "\n".join(filter(None, (article.summary, article.body)))


class _Names:
    """Which words are names: by their capitals, which mean nothing at the beginning of a sentence or in a headline in
    capitals, unless the word has one elsewhere in the text."""

    def __init__(self, title: TextWords, body: TextWords) -> None:
        self._title_begins = title.begins
        self._body = body.known
        self.standing_out = body.standing_out()
        """Of the body."""
        self._with_capital = [word.low for at, word in self.standing_out if word.is_capital and at not in body.begins]
        with_capital = frozenset(self._with_capital)
        self.in_body = [
            (at, word)
            for at, word in self.standing_out
            if word.is_capital and word.term and (at not in body.begins or word.nation or word.low in with_capital)
        ]
        """The names, with their places."""
        content = [word for word in title.known if word.term and not word.figure]
        capitals = sum([word.is_capital for word in content])
        self._has_capitals_throughout = len(content) >= 4 and capitals > 0.7 * len(content)
        self.in_title = [(at, word) for at, word in title.standing_out() if self._is_name_in_title(at, word)]

    def _is_name_in_title(self, at: int, word: KnownWord) -> bool:
        if not word.is_capital or not word.term:
            return False
        if word.nation:
            return True
        if word.act and self._without_capital(word.low):
            return False
        if at not in self._title_begins and not self._has_capitals_throughout:
            return True
        capitals, others = self._with_capital.count(word.low), self._without_capital(word.low)
        if capitals or others:
            return capitals > others
        return word.term & RARITY_MASK >= NAME_RARITY and not word.act and not word.low.endswith(("ing", "ed"))

    @property
    def follow_each_other(self) -> bool:
        """Whether names that follow each other in the title belong together: not where every word has a capital."""
        return not self._has_capitals_throughout

    def _without_capital(self, low: str) -> int:
        """How often the body has a word without a capital."""
        return self._lows.count(low)

    @cached_property
    def _lows(self) -> list[str]:
        return [word.low for word in self._body if not word.is_capital]


def _order(title: Sequence[KnownWord]) -> tuple[int, ...]:
    found = [
        BY if word.low in _BY else ordered_word(word.term >> HASH_SHIFT, word.is_capital)
        for word in title
        if word.term or word.low in _BY
    ]
    return tuple(dict.fromkeys(found)) if len(found) <= ORDERED_WORDS else ()


def _first_sentences(body: TextWords) -> int:
    """The number of words of the lead's first three sentences."""
    beginnings = sorted([at for at in body.begins if at < body.in_lead])
    return beginnings[3] if len(beginnings) > 3 else body.in_lead


def _subject(title: Sequence[KnownWord], names: Container[int]) -> frozenset[int]:
    found = set()
    for word in title:
        if word.act and not word.is_capital:
            break
        if word.term in names:
            found.add(word.term)
    return frozenset(found)


def _places(title: Sequence[KnownWord], names: Container[int]) -> frozenset[int]:
    return frozenset([then.term for word, then in pairwise(title) if word.low in _PLACED_BY and then.term in names])


def _phrases(title: TextWords, body: TextWords, names: _Names) -> dict[int, frozenset[int]]:
    in_title = title.standing_out() if names.follow_each_other else []
    found: dict[int, set[int]] = {}
    for standing_out, begins in ((in_title, title.begins), (names.standing_out, body.begins)):
        for (at, one), (then, other) in pairwise(standing_out):
            is_phrase = then == at + 1 and one.is_capital and other.is_capital and then not in begins
            if is_phrase and one.term and other.term:
                found.setdefault(one.term, set()).add(other.term)
    return {name: frozenset(others) for name, others in found.items()}


def _tolls(heading: str, text: str, title: TextWords, body: TextWords, names: _Names) -> dict[str, float]:
    found: dict[str, float] = {}
    for part, standing_out in ((title, title.standing_out()), (body, names.standing_out)):
        for at, word in standing_out:
            number = word.number
            if number is None or number in _YEARS or word.low == "one":
                continue
            kind = _counted(part, at)
            if kind is not None:
                found[kind] = max(found.get(kind, 0), number)
    if _DECIMAL.search(text) or _DECIMAL.search(heading):
        for match in _MAGNITUDE.finditer(f"{heading}\n{text}"):
            found.setdefault("magnitude", float(match[1] or match[2]))
    return found


def _counted(part: TextWords, at: int) -> str | None:
    """What a number counts: by a noun among the next four words, or a verb among the last four."""
    for place, word in enumerate(part.known[at + 1 : at + 5], at + 1):
        if word.number is not None or place in part.begins:
            break
        if word.low in TOLLS:
            return TOLLS[word.low]
    for word in reversed(part.known[max(0, at - 4) : at]):
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
