"""The atoms of all queries, each once: conditions on an article that queries share.

A *mark* is an atom that is looked up: a word, wildcard or entity in a scope, a value, or that a field has any value.
Any other atom is a *trial* (a phrase, an exact term, a NEAR, a pattern for values): it names two marks that it
requires, and is evaluated only where both are present and a query that may still match needs it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from firstwire.core.watches.document import Document
from firstwire.core.watches.query import EntityTerm, Exact, Near, Or, Phrase, Term, Value
from firstwire.core.watches.rarity import ENTITY_SHARE, VALUE_SHARES, word_share
from firstwire.core.watches.tokens import WILDCARDS, fold_word
from firstwire.core.watches.trials import Scope, Trial, trial_of
from firstwire.core.watches.vocabulary import Vocabulary
from firstwire.core.watches.wildcards import has_wildcard

NEVER, ALWAYS = 0, 1


class Atoms:
    """Atoms by number, in order of first appearance; 0 never holds, 1 always holds."""

    def __init__(self) -> None:
        self.shares: list[float] = [0.0, 1.0]
        """By atom: the estimated share of articles in which it holds."""
        self.needs: list[tuple[int, int]] = [(NEVER, NEVER), (ALWAYS, ALWAYS)]
        """By atom: the two marks that it requires, the rarer first; a mark requires itself."""
        self.trials: dict[int, Trial] = {}
        self._vocabularies: dict[Scope, Vocabulary] = {}
        self._entities: dict[tuple[str, Scope], int] = {}
        self._values: dict[tuple[str, str], int] = {}
        self._known: dict[tuple[object, ...], int] = {}

    def phrase(self, phrase: Phrase, scope: Scope) -> int:
        """A term or phrase; a single word is a mark."""
        words = phrase.words
        if len(words) == 1:
            return self._word(words[0], scope)
        key = (words, scope)
        found = self._known.get(key)
        return self._trial(key, phrase, scope, self._marks(phrase, scope)) if found is None else found

    def exact(self, exact: Exact, scope: Scope) -> int:
        """An exact term; it requires its words, folded."""
        key = ("=", exact.words, scope)
        found = self._known.get(key)
        return self._trial(key, exact, scope, self._marks(exact, scope)) if found is None else found

    def entity(self, entity: EntityTerm, scope: Scope) -> int:
        """An entity, a mark."""
        key = (entity.id, scope)
        if key not in self._entities:
            self._entities[key] = self._add(ENTITY_SHARE, None)
        return self._entities[key]

    def near(self, near: Near, scope: Scope) -> int:
        """A NEAR between two terms; one with alternatives on a side requires no mark."""
        left, right = near.left, near.right
        if isinstance(left, Or) or isinstance(right, Or):
            known = self._known.get((near, scope))
            return self._trial((near, scope), near, scope, ()) if known is None else known
        key = (*_key(left), *_key(right), near.distance, near.ordered, scope)
        found = self._known.get(key)
        if found is not None:
            return found
        return self._trial(key, near, scope, {*self._marks(left, scope), *self._marks(right, scope)})

    def value(self, value: Value) -> int:
        """A value: a mark without wildcards, else a trial that requires any value of its field."""
        if not has_wildcard(value.pattern):
            return self._mark(self._values, (value.field, value.pattern), VALUE_SHARES[value.field])
        key = ("*", value.field, value.pattern)
        if key in self._known:
            return self._known[key]
        any_value = self._mark(self._values, (value.field, "*"), 1.0)
        return self._add_trial(key, trial_of(value, None), (any_value, any_value), VALUE_SHARES[value.field])

    def share_of(self, literals: Iterable[int]) -> float:
        """The estimated share of articles in which one of the literals, none negated, holds."""
        return sum(self.shares[literal // 2] for literal in literals)

    def marks_of(self, document: Document) -> list[int]:
        """The marks that hold for an article, possibly with duplicates."""
        found: list[int] = []
        for scope, vocabulary in self._vocabularies.items():
            found += vocabulary.marks_of(_words(document, scope))
        if self._entities:
            for text in document.filled:
                for key in ((name, scope) for name in text.names for scope in (None, text.name)):
                    if key in self._entities:
                        found.append(self._entities[key])
        if self._values:
            for field in VALUE_SHARES:
                keys = _value_keys(field, document.values(field))
                found += [self._values[key] for key in keys if key in self._values]
        return found

    def _marks(self, term: Term, scope: Scope) -> set[int]:
        """The marks that a term requires."""
        match term:
            case EntityTerm():
                return {self.entity(term, scope)}
            case Exact():
                return {self._word(fold_word(word), scope) for word in term.words}
            case Phrase():
                return {self._word(word, scope) for word in term.words}

    def _word(self, word: str, scope: Scope) -> int:
        vocabulary = self._vocabularies.get(scope)
        if vocabulary is None:
            vocabulary = self._vocabularies[scope] = Vocabulary()
        found = vocabulary.known.get(word)
        if found is None:
            found = self._add(word_share(word), None)
            vocabulary.add(word, found)
        return found

    def _mark(self, marks: dict[tuple[str, str], int], key: tuple[str, str], share: float) -> int:
        if key not in marks:
            marks[key] = self._add(share, None)
        return marks[key]

    def _trial(self, key: tuple[object, ...], leaf: Phrase | Exact | Near, scope: Scope, needed: Iterable[int]) -> int:
        marks = sorted([(self.shares[mark], mark) for mark in needed])
        if not marks:
            needs, share = (ALWAYS, ALWAYS), 1.0
        else:
            share, rarest = marks[0]
            needs = (rarest, marks[1][1] if len(marks) > 1 else rarest)
        return self._add_trial(key, trial_of(leaf, scope), needs, share)

    def _add_trial(self, key: tuple[object, ...], trial: Trial, needs: tuple[int, int], share: float) -> int:
        number = self._known[key] = self._add(share, needs)
        self.trials[number] = trial
        return number

    def _add(self, share: float, needs: tuple[int, int] | None) -> int:
        number = len(self.shares)
        self.shares.append(share)
        self.needs.append((number, number) if needs is None else needs)
        return number


def _key(term: Term) -> tuple[str, object]:
    """A term as part of a key, cheaper to compare than the node."""
    match term:
        case EntityTerm():
            return "@", term.id
        case Exact():
            return "=", term.words
        case Phrase():
            return "", term.words


def _words(document: Document, scope: Scope) -> set[str]:
    """The distinct folded tokens of a scope."""
    texts = [field.folded for field in document.filled if scope in (None, field.name)]
    return set().union(*texts)


def _value_keys(field: str, values: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The patterns without wildcards that match a field's values: a language also by its first subtags."""
    for value in values:
        yield field, value
        if field == "lang":
            yield from ((field, value[:at]) for at, char in enumerate(value) if char == "-")
    if values:
        yield field, WILDCARDS[0]
