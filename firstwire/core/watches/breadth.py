"""Queries that require only common words, and so match a large share of all articles in a language."""

from __future__ import annotations

from dataclasses import dataclass

from firstwire.core.text.rarities import Rarities, stem_of
from firstwire.core.watches.query import And, InField, Near, Node, Not, Or, Phrase, Value
from firstwire.core.watches.wildcards import has_wildcard

COMMON = 20
"""Steps of rarity: `first` and `people` are at most this rare, `government` is rarer. About one article in four
has such a word."""
ASSUMED_LANGUAGE = "en"


def too_broad(root: Node, rarities: Rarities) -> list[Node] | None:
    """The common words that suffice for a query; None where every alternative requires something rarer."""
    words = _common(root, _Common(rarities, languages_of(root)))
    return words or None


@dataclass(frozen=True)
class _Common:
    """The words that are common in one of a query's languages."""

    rarities: Rarities
    languages: list[str]

    def __contains__(self, word: str) -> bool:
        return any(self.rarities.of(stem_of(word, each), each) <= COMMON for each in self.languages)


def _common(node: Node, common: _Common) -> list[Node] | None:
    """The common words that suffice for a node; empty if it narrows nothing, None if it requires something rarer."""
    match node:
        case Phrase(words=(word,)) if not has_wildcard(word) and word in common:
            return [node]
        case InField():
            return _common(node.part, common)
        case Not() | Value(field="lang"):
            return []
        case Near():
            return _all_common((node.left, node.right), common)
        case And():
            return _all_common(node.parts, common)
        case Or():
            found = [_common(part, common) for part in node.parts]
            return next((words for words in found if words), [] if all(words == [] for words in found) else None)
        case _:
            return None


def _all_common(parts: tuple[Node, ...], common: _Common) -> list[Node] | None:
    words: list[Node] = []
    for part in parts:
        found = _common(part, common)
        if found is None:
            return None
        words += found
    return words


def languages_of(root: Node) -> list[str]:
    """The languages that a query names, by their first subtags; English where it names none."""
    return _named(root) or [ASSUMED_LANGUAGE]


def _named(node: Node) -> list[str]:
    match node:
        case Value(field="lang"):
            return [] if has_wildcard(node.pattern) else [node.pattern.partition("-")[0]]
        case And() | Or():
            return [language for part in node.parts for language in _named(part)]
        case _:
            return []
