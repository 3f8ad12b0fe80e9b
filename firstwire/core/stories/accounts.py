"""An account: what an article tells of its happening, as weighted hashed terms, names, marks and its title's order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from firstwire.core.stories.identity import language_key
from firstwire.core.stories.roles import BY, ordered_word
from firstwire.core.stories.story_marks import marks_of
from firstwire.core.stories.story_vectors import PAIR
from firstwire.core.stories.story_words import FUNCTION_WORDS
from firstwire.core.text.sentences import split_sentences
from firstwire.core.text.tokens import SPACELESS, Token, tokenize

TERMS_AT_MOST = 80
"""Terms read of one article, in its order: a title and three sentences have about thirty words and as many pairs."""

LEAD_SENTENCES = 3
LEAD_CHARACTERS = 600
TITLE_WORDS_KEPT = 16
"""A title of more words that count is prose, whose order says little."""
NAMES_AT_MOST = 16

LEAD_WEIGHT = 0.7
"""Of a word in the lead; one of the title weighs 1."""
NAME_WEIGHT = 1.2
"""A name weighs so many times a word: it says which of many alike."""
PAIR_WEIGHT = 0.7
"""Of two words that follow each other, as a part of what one of them would weigh."""
TAG_WEIGHT = 0.5
"""Of an entity, beside the words that name it."""

_SPACELESS = re.compile(f"[{SPACELESS}]")
_BY = re.compile(r"\b(?:by|von|par|por|da|dal|door|przez)\b", re.IGNORECASE)
_POSSESSIVE = re.compile(r"[’']s\b")


@dataclass(frozen=True)
class TitleEntity:
    """An entity where the title names it, in code points; of a leader or capital the id of whom it acts for."""

    entity_id: str
    start: int
    end: int


@dataclass(frozen=True)
class Account:
    """`terms`: weight by hash. `title`: hashes in order. `names` are of the text, `marks` of the title."""

    language: str
    at: str
    terms: dict[int, float]
    names: frozenset[int]
    title: tuple[int, ...]
    marks: tuple[str, ...]


def account_of(
    *,
    title: str,
    lead: str,
    language: str,
    at: str,
    tags: Sequence[str] = (),
    title_entities: Sequence[TitleEntity] = (),
) -> Account:
    """The account of an article. `lead` is its summary or body: the first sentences count. `at` is when it came."""
    key = language_key(language)
    head = _read(title, key)
    body = _read(_beginning(lead), key)
    names = _names(head, title) | _names(body, "")
    terms = _weighted(head, 1.0, key)
    for term, weight in _weighted(body, LEAD_WEIGHT, key).items():
        terms.setdefault(term, weight)
    kept = {
        term: weight * (NAME_WEIGHT if term in names else 1.0) for term, weight in list(terms.items())[:TERMS_AT_MOST]
    }
    names &= kept.keys()
    entities = {tag: term_of(f"entity {tag}", key) for tag in sorted({*tags, *(e.entity_id for e in title_entities)})}
    for term in entities.values():
        kept[term] = TAG_WEIGHT
    return Account(
        language=key,
        at=at,
        terms=kept,
        names=frozenset(sorted(names)[:NAMES_AT_MOST]),
        title=_ordered(title, head, title_entities, entities),
        marks=marks_of(title),
    )


@lru_cache(maxsize=1 << 16)
def term_of(word: str, language: str) -> int:
    """The hash, 31 bits and a zero, that stands for a word of a language, or for what no word can be."""
    hashed = blake2b(f"{language} {word}".encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return int.from_bytes(hashed, "big") & ~PAIR


def stem_of(word: str, language: str) -> str:
    """A word without its English endings; cutting more brings unlike words together and was found to cost."""
    if language == "en" and len(word) > 4 and word.isalpha():
        for ending in ("ies", "ied", "ing", "es", "ed", "s"):
            if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
                word = word[: -len(ending)]
                break
        word = word.removesuffix("e")
    return word


@dataclass(frozen=True)
class _Word:
    term: int
    start: int
    is_capital: bool


def _read(text: str, language: str) -> list[_Word]:
    tokens = tokenize(_POSSESSIVE.sub("  ", text))
    found = []
    previous: Token | None = None
    for token in tokens:
        word = token.text
        if _SPACELESS.match(word):
            pair = previous is not None and previous.end == token.start and _SPACELESS.match(previous.text)
            if pair and previous is not None:
                found.append(_Word(term_of(previous.text + word, language), previous.start, False))
        elif word not in FUNCTION_WORDS and (len(word) > 1 or word.isdigit()):
            capital = text[token.start].isupper() and not _begins(text, token.start)
            found.append(_Word(term_of(stem_of(word, language), language), token.start, capital))
        previous = token
    return found


def _weighted(read: Sequence[_Word], weight: float, language: str) -> dict[int, float]:
    """Words and pairs of words as they come, each once."""
    weights: dict[int, float] = {}
    before: _Word | None = None
    for word in read:
        weights[word.term] = weight
        if before is not None:
            weights[term_of(f"{before.term} {word.term}", language) | PAIR] = weight * PAIR_WEIGHT
        before = word
    return weights


def _begins(text: str, start: int) -> bool:
    """Whether a capital there may be the sentence's, not the word's."""
    before = text[:start].rstrip(" \"'“‘«(")
    return not before or before[-1] in ".!?:;|\n-–—"


def _names(read: Sequence[_Word], title: str) -> frozenset[int]:
    """Words with a capital of their own; where most words have one, as in headline case, it says nothing."""
    capitals = [word for word in read if word.is_capital]
    if title and len(capitals) * 2 > len(read):
        return frozenset()
    return frozenset(word.term for word in capitals)


def _beginning(lead: str) -> str:
    lead = lead[:LEAD_CHARACTERS]
    spans = split_sentences(lead)[:LEAD_SENTENCES]
    return lead[: spans[-1][1]] if spans else ""


def _ordered(
    title: str, head: Sequence[_Word], mentions: Sequence[TitleEntity], entities: dict[str, int]
) -> tuple[int, ...]:
    """The title's words in order, an entity by whatever name as one."""
    placed = [
        (word.start, ordered_word(word.term, title[word.start].isupper()))
        for word in head
        if not any(mention.start <= word.start < mention.end for mention in mentions)
    ]
    placed += [(mention.start, ordered_word(entities[mention.entity_id], True)) for mention in mentions]
    placed += [(match.start(), BY) for match in _BY.finditer(title)]
    return tuple(dict.fromkeys(word for _, word in sorted(placed))) if len(placed) <= TITLE_WORDS_KEPT else ()
