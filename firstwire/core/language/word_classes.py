"""The words of a language by what they say of states and their acts: which of them recognize, sever, plan, deny, rank.

They stand for syntax where no parse is at hand: the same class means the same in every language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from firstwire.core.text.folding import fold_text
from firstwire.core.text.word_lists import word_set

ACTS = word_set(
    """
    recognize derecognize regard begin restore end suspend raise lower open close accredit expel recall summon impose
    sanction_verb lift list unlist sign ratify withdraw give get
    """
)
OBJECTS = word_set(
    """
    ties mission envoy sanctions list_noun terror treaty credentials independence legitimate state_noun government_noun
    """
)
PARTIES = word_set("acting not_acting")
STANDINGS = word_set("recognized_by_all")
"""What somebody is said to be in passing: "the internationally recognized government"."""
STATUSES = word_set("planned demanded conditional negated unconfirmed historical false_news reaction announce")
RANKS = word_set("first ordinal first_time since only no_other nation_noun person_noun become world")
LINKS = word_set("with against from in_at of by to as and after because")
CLASSES = ACTS | OBJECTS | PARTIES | STANDINGS | STATUSES | RANKS | LINKS
"""All classes. Those of LINKS are particles that mark who does what to whom."""

STEM_MARK = "*"
WITHIN = 6
"""The next word of a phrase follows so many positions behind at most: "stellte … ein"."""
HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_KEY = 3
"""Letters by which stems are looked up."""
_CACHED = 20_000
"""Words whose classes are kept: the news repeats its words."""
_CONJUNCTIONS, _PREFIXES = "وف", "وفبلك"
_ARTICLES = ("ال", "لل")
_SHORTEST = 4
"""Letters that a word must have more than to lose a prefix."""


_Phrase = tuple[tuple[str, ...], str]
"""The parts of a phrase, and its class."""


@dataclass(frozen=True)
class ClassedWords:
    """Words of a class, from position `first` to `last` of a sentence."""

    name: str
    first: int
    last: int


class WordClasses:
    """The forms of a language by class: words, stems that end in `*`, and phrases of both, whose parts may stand apart.

    Forms of Chinese are characters, and so are the words of its sentences.
    """

    def __init__(self, language: str, rows: Iterable[tuple[str, str]]) -> None:
        """`rows`: class and form. Words of one letter keep their accents."""
        self.language = language
        self._words: dict[str, set[str]] = {}
        self._stems: dict[str, list[tuple[str, str]]] = {}
        self._phrases: dict[str, list[_Phrase]] = {}
        self._characters: dict[str, list[tuple[str, str]]] = {}
        for name, form in rows:
            self._add(name, _folded(form))
        self._known = lru_cache(maxsize=_CACHED)(self._looked_up)

    def find(self, words: Sequence[str]) -> list[ClassedWords]:
        """The classes of folded words, by place. Words that begin with `#` have none."""
        found: set[ClassedWords] = set()
        for at, word in enumerate(words):
            if word[0] == "#":
                continue
            names, phrases = self._known(word)
            found.update(ClassedWords(name, at, at) for name in names)
            for parts, name in phrases:
                end = self._end_of_phrase(parts, words, at)
                if end is not None:
                    found.add(ClassedWords(name, at, end))
            found.update(self._of_characters(words, at))
        return sorted(found, key=lambda each: (each.first, each.last, each.name))

    def _add(self, name: str, form: str) -> None:
        parts = form.split()
        if HAN.match(form):
            self._characters.setdefault(form[0], []).append(("".join(parts), name))
        elif len(parts) > 1:
            self._phrases.setdefault(parts[0][:_KEY].rstrip(STEM_MARK), []).append((tuple(parts), name))
        elif form.endswith(STEM_MARK):
            self._stems.setdefault(form[:_KEY].rstrip(STEM_MARK), []).append((form[:-1], name))
        else:
            self._words.setdefault(form, set()).add(name)

    def _looked_up(self, word: str) -> tuple[tuple[str, ...], tuple[_Phrase, ...]]:
        """The classes of a word, and the phrases that may begin with it."""
        names: set[str] = set()
        phrases: set[_Phrase] = set()
        for form in self._forms(word):
            names |= self._words.get(form, set())
            for key in _keys(form):
                names |= {name for stem, name in self._stems.get(key, ()) if form.startswith(stem)}
                phrases |= {phrase for phrase in self._phrases.get(key, ()) if self._is(phrase[0][0], word)}
        return tuple(sorted(names)), tuple(sorted(phrases))

    def _end_of_phrase(self, parts: tuple[str, ...], words: Sequence[str], at: int) -> int | None:
        """The last position of a phrase whose first word is at `at`; None if it does not go on."""
        for part in parts[1:]:
            following = range(at + 1, min(len(words), at + WITHIN + 1))
            found = next((each for each in following if self._is(part, words[each])), None)
            if found is None:
                return None
            at = found
        return at

    def _is(self, part: str, word: str) -> bool:
        if part.endswith(STEM_MARK):
            return any(form.startswith(part[:-1]) for form in self._forms(word))
        return part in self._forms(word)

    def _of_characters(self, words: Sequence[str], at: int) -> Iterator[ClassedWords]:
        for form, name in self._characters.get(words[at], ()):
            if "".join(words[at : at + len(form)]) == form:
                yield ClassedWords(name, at, at + len(form) - 1)

    def _forms(self, word: str) -> tuple[str, ...]:
        """The word, and in Arabic what it is without the particles written onto it."""
        if self.language != "ar":
            return (word,)
        bare = word[1:] if len(word) >= _SHORTEST and word[0] in _PREFIXES else word
        without_article = [each[2:] for each in (word, bare) if len(each) > _SHORTEST and each.startswith(_ARTICLES)]
        return tuple(dict.fromkeys((word, bare, *without_article)))


def _folded(form: str) -> str:
    """A form as words are: folded, but for words of one letter."""
    plain = form.lower().replace("’", "'").replace("'", " ")
    return " ".join(part if len(part) == 1 else fold_text(part) for part in plain.split())


def without_particles(word: str, language: str) -> str:
    """An Arabic word without conjunction, preposition and article; any other as it is."""
    if language != "ar":
        return word
    if len(word) > _SHORTEST and word[0] in _CONJUNCTIONS:
        word = word[1:]
    if len(word) > _SHORTEST and word.startswith(_ARTICLES):
        return word[2:]
    if len(word) > _SHORTEST + 1 and word[0] in "بل" and word[1:3] == _ARTICLES[0]:
        return word[3:]
    return word


def _keys(form: str) -> Iterator[str]:
    """What a stem of the form may be looked up by."""
    for length in range(1, _KEY + 1):
        if length <= len(form):
            yield form[:length]
