"""A dependency parse of a sentence, as plain values: what a parser says, handed in by whoever runs one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import msgspec

from firstwire.core.entities.gazetteer import Mention
from firstwire.core.entities.sentence import Sentence, Word
from firstwire.core.entities.unlisted_names import is_headline
from firstwire.core.language.lexicon import Lexicon, singular
from firstwire.core.text.word_lists import word_set
from schemas.record import EntityKind

ROOT = -1


class Parse(msgspec.Struct, frozen=True):
    """One entry for each word: its Penn tag, the position of its head (ROOT for none), and its relation to the head."""

    tags: tuple[str, ...]
    heads: tuple[int, ...]
    relations: tuple[str, ...]


class SentenceParser(Protocol):
    """Parses sentences given as words."""

    def load(self) -> None:
        """Make ready, which takes a second or so; the first parse does it otherwise."""

    def __call__(self, words: Sequence[str]) -> Parse: ...


_STAND_INS: dict[EntityKind, str] = {
    "nation": "Kenya",
    "organization": "NATO",
    "leader": "Putin",
    "person": "Smith",
    "subnational": "Crimea",
    "other": "Smith",
}
"""A name of several words is shown to the parser as one well-known proper noun, which it never mistakes for a verb."""
_DEMONYM, _PEOPLE = "Kenyan", "Kenyans"
_WITHOUT_NOT = {"won't": "will", "can't": "can", "cannot": "can"}
"""The parser sees the auxiliary alone: the words here are whole, and it knows only their parts."""
_FINITE = frozenset({"VBZ", "VBD", "VBP"})
_NAME_PARTS = frozenset({"compound", "nmod"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_LOOSE = frozenset({"ccomp", "dep", "parataxis"})
"""Relations by which a parser hangs a clause below the next one of its row."""
_CLAUSES = frozenset({"advcl", "ccomp", "conj"})
_ROW_BREAKS = frozenset({"nsubj", "nsubjpass", "csubj", "expl", "mark", "aux"})
"""Relations of words that a clause in the middle of a row lacks."""
_SAME_IN_PAST = frozenset({"cut", "put", "set", "hit", "shut", "quit", "let"})
"""Base forms that may be past as well: "Kenya cut ties" does not make a plural of Kenya."""
_HEADLINE_BREAKS = frozenset(":;-–—")
_LONGEST_ABBREVIATION = 4
_RANK_REACH = 9
_PLAIN_VERB = "reject"
_BEFORE_NOUNS = word_set("the a an its their his her of in on for with from no any this that 's new first")
_AFTER_NOUNS = word_set("of on in for to with by over at from against and or 's : , . ? !")
_BEFORE_BASE_FORMS = word_set("to and will would shall should could can may might must not n't : ,")
"""Grammar of the masks, not of the language: where a form that is both noun and verb is a verb."""


def words_to_parse(sentence: Sentence, lexicon: Lexicon) -> list[str]:
    """The words as the parser is to see them, one for each.

    Names are masked, headlines in capitals are in lower case, rare verbs are replaced by plain ones, and the comma of
    "Kenya, Iran sign pact" is an "and": a small parser takes such headlines for heaps of nouns.
    """
    has_capitals = is_headline(sentence)
    return [_shown(sentence, at, lexicon, has_capitals=has_capitals) for at in range(len(sentence.words))]


def _shown(sentence: Sentence, at: int, lexicon: Lexicon, *, has_capitals: bool) -> str:
    word = sentence.words[at]
    if word.mention is not None:
        return _masked(sentence, at, word.mention, lexicon)
    if word.low == "-" and word.start > sentence.words[at - 1].end:
        return ","  # "Kenya recognizes Kosovo - state TV"
    if word.low == "," and _joins_subjects(sentence, at, lexicon):
        return "and"
    if word.low.endswith("n't") or word.low in _WITHOUT_NOT:
        return _WITHOUT_NOT.get(word.low, word.low[:-3])
    if word.low == "as" and _opens_clause(sentence, at, lexicon):
        return "while"
    if sentence.low(at - 1) == "to" and _is_ranked_verb(sentence, at, lexicon):
        return _PLAIN_VERB
    plain = lexicon.shown(word.low)
    if plain is not None and not _is_noun_here(sentence, at, lexicon):
        return plain
    if has_capitals and (not word.text.isupper() or len(word.text) > _LONGEST_ABBREVIATION):
        return word.text.lower()
    return word.text


def _is_ranked_verb(sentence: Sentence, at: int, lexicon: Lexicon) -> bool:
    """Whether a base form is the verb of "first country to tax income", which a parser takes for a noun."""
    low = sentence.low(at)
    if low not in lexicon.lemmas.verbs.get(low, ()) or low in lexicon.verbs or lexicon.is_a(low, "becoming"):
        return False
    reach = range(max(0, at - _RANK_REACH), at - 1)
    return any(sentence.low(each) == "first" or sentence.low(each)[:1].isdigit() for each in reach)


def _joins_subjects(sentence: Sentence, at: int, lexicon: Lexicon) -> bool:
    """Whether a comma stands between two names at the beginning of a headline, before its verb."""
    one, other = sentence.mention(at - 1), sentence.mention(at + 1)
    begins = at == 1 or sentence.low(at - 2) in _HEADLINE_BREAKS
    if not begins or one is None or other is None or one.entity.id == other.entity.id:
        return False  # "Nairobi, Kenya"
    following = sentence.words[at + 2] if at + 2 < len(sentence.words) else None
    return following is not None and following.text.islower() and following.low not in {"and", "'s"}


def _opens_clause(sentence: Sentence, at: int, lexicon: Lexicon) -> bool:
    """Whether "as" begins a clause, "as Ethiopia hesitates": a name and a verb in the third person follow."""
    if at + 2 >= len(sentence.words):
        return False
    one, verb = sentence.words[at + 1], sentence.low(at + 2)
    is_name = one.mention is not None or one.text[:1].isupper() or one.low in lexicon.words["pointing"]
    return is_name and verb.endswith("s") and not verb.endswith("'s") and lexicon.verb(verb) not in {verb, ""}


def _is_verb_form(low: str, lexicon: Lexicon) -> bool:
    return low.isalpha() and (lexicon.verb(low) in lexicon.verbs or lexicon.verb(low) in lexicon.governors)


def _is_noun_here(sentence: Sentence, at: int, lexicon: Lexicon) -> bool:
    """Whether a form of a rare verb is a noun: "the recall". A base form is a verb after a name or auxiliary only."""
    before, low = sentence.low(at - 1), sentence.low(at)
    if before in _BEFORE_NOUNS:
        return True
    if singular(low) in lexicon.nouns:  # "Kenya sanctions Iran", not "Kenya sanctions on Iran"
        return at != 1 or sentence.mention(0) is None or sentence.low(at + 1) in _AFTER_NOUNS
    is_base = lexicon.verb(low) == low
    is_after_name = at > 0 and sentence.words[at - 1].text[:1].isupper()
    return is_base and at > 0 and not is_after_name and before not in _BEFORE_BASE_FORMS


def _masked(sentence: Sentence, at: int, mention: Mention, lexicon: Lexicon) -> str:
    text = sentence.words[at].text
    is_plain = " " not in text and text[:1].isupper() and not text.isupper()
    if mention.entity.kind == "nation" and _is_people(sentence, at, lexicon):
        return _PEOPLE
    if mention.role != "demonym":
        return text if is_plain else _STAND_INS[mention.entity.kind]
    return text if is_plain else _DEMONYM


def _is_people(sentence: Sentence, at: int, lexicon: Lexicon) -> bool:
    """Whether a name at the beginning of a headline is a plural: "Swiss drop embargo"."""
    begins = at == 0 or sentence.low(at - 1) in _HEADLINE_BREAKS
    verb = sentence.low(at + 1)
    is_base = verb == lexicon.verb(verb) and verb not in _SAME_IN_PAST and _is_verb_form(verb, lexicon)
    return begins and is_base and sentence.low(at + 2) not in _AFTER_NOUNS


def mended(parse: Parse) -> Parse:
    """A parse without five mistakes that small parsers make in headlines and rows of clauses.

    "Kenya drops Taipei, recognizes Beijing" is a row, with the first clause at its head; what is coordinated with
    "if Panama frees the crew" in the present tense belongs to that clause, not to "Cuba will lift"; the name before a
    finite verb is its subject; a verb with a subject is no part of a noun; "decree recognizing independence" has a
    participle with an object.
    """
    heads, relations = list(parse.heads), list(parse.relations)
    for at, tag in enumerate(parse.tags):
        if tag in _FINITE:
            _give_subject(parse, heads, relations, at)
            _free_verb(parse, heads, relations, at)
        if tag == "VBG":
            _give_object(parse, heads, relations, at)
        if not tag.startswith("VB"):
            continue
        before = _clause_before(parse, heads, relations, at) if tag != "VB" else None
        if before is not None:
            heads[before], relations[before] = heads[at], relations[at]
            heads[at], relations[at] = before, "conj"
        elif tag == "VBZ" and relations[at] == "conj" and parse.tags[heads[at]] == "VB":
            heads[at] = _last_present(parse, heads, relations, at) or heads[at]
    return Parse(parse.tags, tuple(heads), tuple(relations))


def _give_subject(parse: Parse, heads: list[int], relations: list[str], at: int) -> None:
    """ "Tanzania signs": a name that is no part of a verb."""
    below = [each for each in range(at) if heads[each] == at]
    names = [each for each in below if relations[each] in _NAME_PARTS and parse.tags[each].startswith("NNP")]
    if names and not any(relations[each] in _SUBJECTS for each in below):
        relations[names[-1]] = "nsubj"


def _free_verb(parse: Parse, heads: list[int], relations: list[str], at: int) -> None:
    """ "Oman renews threat to": a verb with a subject is no part of the noun that follows."""
    noun = heads[at]
    has_subject = any(heads[each] == at and relations[each] in _SUBJECTS for each in range(at))
    if relations[at] in _NAME_PARTS and noun > at and has_subject and parse.tags[noun].startswith("NN"):
        heads[at], relations[at] = heads[noun], relations[noun]
        heads[noun], relations[noun] = at, "dobj"


def _give_object(parse: Parse, heads: list[int], relations: list[str], at: int) -> None:
    """ "A decree recognizing independence": not an adjective of "independence"."""
    noun, before = heads[at], at - 1
    if relations[at] == "amod" and noun > at > 0 and parse.tags[before].startswith("NN") and heads[noun] == before:
        heads[at], relations[at] = before, "acl"
        heads[noun], relations[noun] = at, "dobj"


def _clause_before(parse: Parse, heads: list[int], relations: list[str], at: int) -> int | None:
    """A clause with a subject that hangs before a verb without one."""
    below = [each for each in range(len(heads)) if heads[each] == at]
    if any(relations[each] in _ROW_BREAKS for each in below):
        return None
    for each in below:
        is_clause = each < at and relations[each] in _LOOSE and parse.tags[each].startswith("VB")
        if is_clause and any(heads[one] == each and relations[one] in _SUBJECTS for one in range(each)):
            return each
    return None


def _last_present(parse: Parse, heads: list[int], relations: list[str], at: int) -> int | None:
    """The last verb in the present tense that stands in a clause of its own, "if Panama frees", not below this one."""
    for each in range(at - 1, 0, -1):
        if parse.tags[each] == "VBZ" and relations[each] in _CLAUSES:
            above = each
            while above not in {at, ROOT}:
                above = heads[above]
            return each if above == ROOT else None
    return None


class Tree:
    """A sentence with its parse. Positions are those of `sentence.words`."""

    def __init__(self, sentence: Sentence, parse: Parse) -> None:
        self.sentence = sentence
        self.parse = mended(parse)
        self._children: list[list[int]] = [[] for _ in sentence.words]
        for at, head in enumerate(self.parse.heads):
            if head != ROOT:
                self._children[head].append(at)

    def __len__(self) -> int:
        return len(self.sentence.words)

    def word(self, at: int) -> Word:
        return self.sentence.words[at]

    def low(self, at: int) -> str:
        return self.sentence.low(at)

    def mention(self, at: int) -> Mention | None:
        return self.sentence.mention(at)

    def tag(self, at: int) -> str:
        return self.parse.tags[at]

    def relation(self, at: int) -> str:
        return self.parse.relations[at]

    def head(self, at: int) -> int:
        return self.parse.heads[at]

    def children(self, at: int, *relations: str) -> list[int]:
        """The dependents of a word with one of the relations, or all of them, in order."""
        found = self._children[at]
        return [each for each in found if self.parse.relations[each] in relations] if relations else found

    def below(self, at: int) -> Iterator[int]:
        """A word and all that depends on it."""
        left = [at]
        while left:
            place = left.pop()
            yield place
            left += reversed(self._children[place])

    def is_verb(self, at: int) -> bool:
        return self.parse.tags[at].startswith("VB")

    def row(self, at: int) -> list[int]:
        """A word and those coordinated with it: "Kenya, Iran and Chile"."""
        left, found = [at], []
        while left:
            place = left.pop()
            found.append(place)
            left += reversed(self.children(place, "conj"))
        return found
